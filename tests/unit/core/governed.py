"""Builders: people, an application, and a deployment in each state of its life cycle."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from tests.unit.core.policy_tables import SHIPPED

from overt.core.authority import (
    Application,
    CameraPlan,
    DocumentKind,
    GoverningDocument,
    SensitivePlace,
    Site,
    Window,
)
from overt.core.deployment import Calibration, ConsentRecord, DeploymentKind, PackUse
from overt.core.deployment_authority import apply_, authorise, draft, record_consent, refuse
from overt.core.deployment_closing import published, purged
from overt.core.deployment_live import calibrate, end, go_live, suspend
from overt.core.deployment_notices import announce, place_notice
from overt.core.deployment_watchlist import (
    WatchlistBuild,
    approve_watchlist,
    check_freshness,
    watchlist_built,
)
from overt.core.deployment_withdrawal import cancel
from overt.core.gates import LiveFacts
from overt.core.notice import NoticePlacement, PlannedSign
from overt.core.roles import Actor, Rank, Role
from overt.core.watchlist import ListKind
from overt.core.zone import whole_frame

POLICY = SHIPPED
DIGEST = "a" * 64
APPLIED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
OPENS = datetime(2026, 3, 3, 10, tzinfo=UTC)
CLOSES = datetime(2026, 3, 3, 16, tzinfo=UTC)
BUILT_AT = OPENS - timedelta(hours=4)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def an_actor(actor_id: str, *roles: Role, rank: Rank | None = None) -> Actor:
    """Return somebody with these roles."""
    return Actor(actor_id, frozenset(roles), rank)


APPLICANT = an_actor("applicant-1", Role.APPLICANT)
SECOND_APPLICANT = an_actor("applicant-2", Role.APPLICANT)
OFFICER = an_actor("authority-1", Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT)
SECOND_OFFICER = an_actor("authority-2", Role.AUTHORISING_OFFICER, rank=Rank.CHIEF_SUPERINTENDENT)
INSPECTOR = an_actor("authority-3", Role.AUTHORISING_OFFICER, rank=Rank.INSPECTOR)
OPERATOR = an_actor("operator-1", Role.OPERATOR, rank=Rank.CONSTABLE)
ENGAGER = an_actor("engager-1", Role.ENGAGEMENT_OFFICER, rank=Rank.CONSTABLE)
ENGINEER = an_actor("engineer-1", Role.SYSTEM_ENGINEER)
EVALUATOR = an_actor("evaluator-1", Role.EVALUATOR)
AUDITOR = an_actor("auditor-1", Role.AUDITOR)
OBSERVER = an_actor("observer-1", Role.OBSERVER)
EVERYONE = (
    *(APPLICANT, SECOND_APPLICANT, OFFICER, SECOND_OFFICER, INSPECTOR, OPERATOR, ENGAGER),
    *(ENGINEER, EVALUATOR, AUDITOR, OBSERVER),
)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, where several must differ."""
    return hashlib.sha256(text.encode()).hexdigest()


def a_site(site_id: str = "north", **changes: object) -> Site:
    """Return a site with one window and one camera."""
    site = Site(
        site_id=site_id,
        place=f"The square, {site_id}",
        time_zone="Europe/London",
        reason_code="serious_crime_here",
        reason_evidence="INT-2026-11",
        presence_grounds="Arrests of listed people were made here",
        sensitive_places=tuple(
            SensitivePlace(kind, "none within 300 m")
            for kind in POLICY.location.sensitive_places.enabled
        ),
        windows=(Window(OPENS, CLOSES),),
        cameras=(CameraPlan(f"{site_id}-camera", f"secret-{site_id}", whole_frame()),),
    )
    return replace(site, **changes)


def an_application(**changes: object) -> Application:
    """Return an application in which nothing is missing."""
    application = Application(
        aim="Find people wanted by the courts",
        legal_basis="Common law; Data Protection Act 2018, Part 3",
        necessity="Arrests at home have failed",
        less_intrusive_options="Patrols with photographs were tried",
        proportionality="One square, six hours, a small list",
        sites=(a_site(),),
        categories=("wanted_by_courts",),
        size_cap=100,
        threshold=0.93,
        threshold_evidence="TEST-7",
        notice_plan="Four signs on every way in",
        no_public_notice_code=None,
        no_public_notice_reason="",
        documents=tuple(
            GoverningDocument(kind, digest_of(kind), date(2026, 12, 31)) for kind in DocumentKind
        ),
    )
    return replace(application, **changes)


def a_notice(notice_id: str = "sign-1", **changes: object) -> NoticePlacement:
    """Return a sign 120 m before the zone; each identifier has a photograph of its own."""
    notice = NoticePlacement(
        notice_id=notice_id,
        site_id="north",
        placed_at=OPENS - HOUR,
        latitude_deg=51.5,
        longitude_deg=-0.1,
        distance_m=120,
        photo_sha256=digest_of(notice_id),
        placed_by=OPERATOR.actor_id,
    )
    return replace(notice, **changes)


def a_plan() -> tuple[PlannedSign, ...]:
    """Return a plan of two signs: one where ``a_notice`` stands, one 111 m north of it."""
    return (
        PlannedSign("west", "north", 51.5, -0.1, 120),
        PlannedSign("east", "north", 51.501, -0.1, 150),
    )


def a_calibration(**changes: object) -> Calibration:
    """Return an operating point of a pack that may be used operationally."""
    calibration = Calibration(
        operating_point_digest="point",
        threshold=0.94,
        evidence="CALIBRATION-3",
        fixed_at=OPENS - HOUR,
        fixed_by=ENGINEER.actor_id,
        pack_name="overt-default",
        pack_digest="pack",
        pack_use=PackUse.OPERATIONAL,
    )
    return replace(calibration, **changes)


def some_facts(**changes: object) -> LiveFacts:
    """Return what the edge finds when all is well."""
    facts = LiveFacts(
        site_ids=("north",),
        operating_point_digest="point",
        pack_digest="pack",
        n_on_both_lists=0,
        purge_healthy=True,
        purge_overdue=(),
        observers_page_up=True,
        store_writable=True,
    )
    return replace(facts, **changes)


def a_build(list_kind: ListKind = ListKind.OPERATIONAL, n_entries: int = 20) -> WatchlistBuild:
    """Return what composing a watchlist gave."""
    return WatchlistBuild(list_kind, n_entries, n_entries, 1)


def a_consent(**changes: object) -> ConsentRecord:
    """Return the consent to a rehearsal with cameras."""
    consent = ConsentRecord(DIGEST, 4, EVALUATOR.actor_id, APPLIED_AT, CLOSES, False)
    return replace(consent, **changes)


@cache
def drafted(kind=DeploymentKind.OPERATIONAL):
    """Return a draft."""
    return draft("d-1", "Square", kind, APPLICANT, POLICY, APPLIED_AT).deployment


@cache
def applied(application=None):
    """Return a deployment that is applied for."""
    wanted = application or an_application()
    return apply_(drafted(), APPLICANT, wanted, POLICY, APPLIED_AT).deployment


@cache
def authorised(application=None):
    """Return a deployment with a written authority and its public notice."""
    deployment = authorise(
        applied(application), OFFICER, POLICY, APPLIED_AT + HOUR / 2, reason="Necessary"
    ).deployment
    at = APPLIED_AT + HOUR
    return announce(deployment, APPLICANT, at, where="https://force.example/notices").deployment


@cache
def orally_authorised(application=None):
    """Return a deployment with an urgent oral authority that waits for its ratification."""
    return authorise(
        applied(application),
        INSPECTOR,
        POLICY,
        APPLIED_AT + HOUR / 2,
        reason="Cannot wait",
        is_oral=True,
    ).deployment


@cache
def with_watchlist(deployment=None, at=BUILT_AT, n_entries=20):
    """Return a deployment with an approved watchlist."""
    built = watchlist_built(
        deployment or authorised(), APPLICANT, a_build(n_entries=n_entries), POLICY, at
    ).deployment
    return approve_watchlist(built, SECOND_APPLICANT, POLICY, at + HOUR).deployment


@cache
def with_signs(deployment=None, site_id="north", at=OPENS - HOUR):
    """Return a deployment with two signs at one site, where ``a_plan`` has them."""
    deployment = deployment or with_watchlist()
    plan = tuple(replace(planned, site_id=site_id) for planned in a_plan())
    others = tuple(sign for sign in deployment.sign_plan if sign.site_id != site_id)
    named = tuple(replace(sign, plan_id=f"{site_id} {sign.plan_id}") for sign in plan)
    deployment = replace(deployment, sign_plan=(*others, *(named if others else plan)))
    for n, planned in enumerate(plan, start=1):
        name = f"{site_id}-{len(deployment.notices)}-{n}"
        sign = a_notice(name, site_id=site_id, placed_at=at, latitude_deg=planned.latitude_deg)
        deployment = place_notice(deployment, OPERATOR, sign, POLICY, at).deployment
    return deployment


@cache
def calibrated(deployment=None):
    """Return a deployment with an operating point, before the check for freshness."""
    return calibrate(
        deployment or with_signs(), ENGINEER, a_calibration(), POLICY, OPENS - HOUR, reason="Test"
    ).deployment


@cache
def checked(deployment, at):
    """Return a deployment after a check against the feed that found nothing."""
    return check_freshness(
        deployment, OPERATOR, at, feed_sha256=DIGEST, n_rows=5, n_removed=0
    ).deployment


@cache
def ready(application=None):
    """Return a deployment that may go live at ``OPENS``."""
    prepared = calibrated(with_signs(with_watchlist(authorised(application))))
    return checked(prepared, OPENS - 10 * MINUTE)


@cache
def live(application=None):
    """Return a live deployment."""
    return go_live(ready(application), OPERATOR, some_facts(), POLICY, OPENS).deployment


@cache
def suspended_at_once():
    """Return a suspended deployment."""
    return suspend(live(), OPERATOR, reason="Rain").deployment


@cache
def ended_early():
    """Return an ended deployment."""
    return end(live(), OPERATOR, POLICY, OPENS + HOUR, reason="Done").deployment


@cache
def purged_in_time():
    """Return a purged deployment."""
    return purged(ended_early(), None, OPENS + 2 * HOUR, n_rows=30, n_files=0).deployment


@cache
def published_at_last():
    """Return a published deployment."""
    return published(purged_in_time(), OFFICER, OPENS + DAY, record_sha256=DIGEST).deployment


@cache
def refused_at_once():
    """Return a refused deployment."""
    return refuse(applied(), OFFICER, POLICY, APPLIED_AT + HOUR, reason="Not necessary").deployment


@cache
def cancelled_early():
    """Return a deployment that was cancelled when it had a watchlist."""
    return cancel(
        with_watchlist(), APPLICANT, POLICY, BUILT_AT + 2 * HOUR, reason="No officers"
    ).deployment


@cache
def a_rehearsal(**changes: object):
    """Return a rehearsal with consent."""
    return record_consent(
        drafted(DeploymentKind.REHEARSAL), EVALUATOR, a_consent(**changes), POLICY, APPLIED_AT
    ).deployment


@cache
def a_ready_rehearsal(**changes: object):
    """Return a rehearsal that may go live, for live cameras as soon as signs are up."""
    rehearsal = a_rehearsal(**changes)
    build = a_build(ListKind.BLUE)
    built = watchlist_built(rehearsal, EVALUATOR, build, POLICY, BUILT_AT).deployment
    approved = approve_watchlist(built, APPLICANT, POLICY, BUILT_AT).deployment
    return calibrate(
        approved, EVALUATOR, a_calibration(), POLICY, BUILT_AT, reason="Test"
    ).deployment
