from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from tests.unit.core.governed import (
    APPLICANT,
    APPLIED_AT,
    BUILT_AT,
    CLOSES,
    DAY,
    DIGEST,
    ENGAGER,
    ENGINEER,
    EVALUATOR,
    EVERYONE,
    HOUR,
    INSPECTOR,
    MINUTE,
    OFFICER,
    OPENS,
    OPERATOR,
    POLICY,
    SECOND_APPLICANT,
    SECOND_OFFICER,
    a_build,
    a_calibration,
    a_consent,
    a_notice,
    a_plan,
    a_ready_rehearsal,
    a_rehearsal,
    a_site,
    an_actor,
    an_application,
    applied,
    authorised,
    calibrated,
    cancelled_early,
    checked,
    drafted,
    ended_early,
    live,
    orally_authorised,
    published_at_last,
    purged_in_time,
    ready,
    refused_at_once,
    some_facts,
    suspended_at_once,
    with_signs,
    with_watchlist,
)

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.authority import AuthorityStatus, Window
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.deployment_authority import (
    apply_,
    authorise,
    draft,
    ratify,
    record_consent,
    refuse,
)
from overt.core.deployment_closing import published, purged
from overt.core.deployment_live import calibrate, end, go_live, join_sites, resume, suspend
from overt.core.deployment_notices import announce, place_notice, plan_signs, remove_notice
from overt.core.deployment_watchlist import approve_watchlist, check_freshness, watchlist_built
from overt.core.deployment_withdrawal import (
    cancel,
    restore_authority,
    suspend_authority,
    withdraw,
)
from overt.core.roles import Rank, Role
from overt.core.watchlist import ListKind
from overt.errors import (
    ApplicationIncompleteError,
    ConsentMissingError,
    DeploymentNotReadyError,
    NoticeInvalidError,
    RankTooLowError,
    RatificationOverdueError,
    ReasonMissingError,
    RoleForbiddenError,
    SeparationOfDutiesError,
    ThresholdTooLowError,
    WrongKindError,
    WrongStateError,
)

S = DeploymentState

IN_STATE = {
    S.DRAFT: drafted,
    S.APPLIED: applied,
    S.AUTHORISED: orally_authorised,
    S.WATCHLIST_APPROVED: lambda: with_watchlist(orally_authorised()),
    S.NOTIFIED: lambda: with_signs(with_watchlist(orally_authorised())),
    S.CALIBRATED: ready,
    S.LIVE: live,
    S.SUSPENDED: suspended_at_once,
    S.ENDED: ended_early,
    S.PURGED: purged_in_time,
    S.PUBLISHED: published_at_last,
    S.REFUSED: refused_at_once,
    S.CANCELLED: cancelled_early,
}

STEPS = {
    "apply_": lambda d: apply_(d, APPLICANT, an_application(), POLICY, APPLIED_AT),
    "authorise": lambda d: authorise(d, OFFICER, POLICY, APPLIED_AT, reason="Necessary"),
    "refuse": lambda d: refuse(d, OFFICER, POLICY, APPLIED_AT, reason="Not necessary"),
    "ratify": lambda d: ratify(d, SECOND_OFFICER, POLICY, APPLIED_AT + HOUR),
    "suspend_authority": lambda d: suspend_authority(d, OFFICER, reason="Question"),
    "restore_authority": lambda d: restore_authority(d, OFFICER, reason="Answered"),
    "withdraw": lambda d: withdraw(d, OFFICER, POLICY, OPENS, reason="No longer necessary"),
    "cancel": lambda d: cancel(d, APPLICANT, POLICY, OPENS, reason="No officers"),
    "watchlist_built": lambda d: watchlist_built(d, APPLICANT, a_build(), POLICY, BUILT_AT),
    "approve_watchlist": lambda d: approve_watchlist(d, SECOND_APPLICANT, POLICY, BUILT_AT),
    "check_freshness": lambda d: check_freshness(
        d, OPERATOR, OPENS, feed_sha256=DIGEST, n_rows=3, n_removed=0
    ),
    "announce": lambda d: announce(d, APPLICANT, APPLIED_AT, where="Website"),
    "plan_signs": lambda d: plan_signs(
        d,
        APPLICANT,
        (a_plan()[0], replace(a_plan()[1], latitude_deg=51.502)),
        POLICY,
        reason="Ways",
    ),
    "place_notice": lambda d: place_notice(d, OPERATOR, a_notice("new"), POLICY, OPENS),
    "remove_notice": lambda d: remove_notice(d, OPERATOR, "north-0-1", POLICY, OPENS),
    "calibrate": lambda d: calibrate(d, ENGINEER, a_calibration(), POLICY, OPENS, reason="Test"),
    "go_live": lambda d: go_live(d, OPERATOR, some_facts(), POLICY, OPENS),
    "join_sites": lambda d: join_sites(d, OPERATOR, some_facts(), POLICY, OPENS),
    "suspend": lambda d: suspend(d, OPERATOR, reason="Rain"),
    "resume": lambda d: resume(d, OPERATOR, some_facts(), POLICY, OPENS, reason="Dry"),
    "end": lambda d: end(d, OPERATOR, POLICY, OPENS + HOUR, reason="Done"),
    "purged": lambda d: purged(d, None, OPENS + DAY, n_rows=1, n_files=0),
    "published": lambda d: published(d, OFFICER, OPENS + DAY, record_sha256=DIGEST),
}

_PREPARING = {S.AUTHORISED, S.WATCHLIST_APPROVED, S.NOTIFIED, S.CALIBRATED}
_BEFORE = _PREPARING | {S.DRAFT, S.APPLIED}
_STAY = {state: state for state in S}

# Step -> state before -> state after; "?" where the state is right and something else is missing.
TABLE = {
    "apply_": {S.DRAFT: S.APPLIED},
    "authorise": {S.APPLIED: S.AUTHORISED},
    "refuse": {S.APPLIED: S.REFUSED},
    "ratify": {
        **{s: s for s in (S.AUTHORISED, S.WATCHLIST_APPROVED, S.NOTIFIED)},
        **dict.fromkeys((S.CALIBRATED, S.LIVE, S.SUSPENDED, S.ENDED, S.PURGED), "?"),
    },
    "suspend_authority": {**{s: s for s in _PREPARING | {S.SUSPENDED}}, S.LIVE: S.SUSPENDED},
    "restore_authority": dict.fromkeys(_PREPARING | {S.SUSPENDED}, "?"),
    "withdraw": {**dict.fromkeys(_PREPARING, S.CANCELLED), S.LIVE: S.ENDED, S.SUSPENDED: S.ENDED},
    "cancel": dict.fromkeys(_BEFORE, S.CANCELLED),
    "watchlist_built": {**dict.fromkeys(_PREPARING, S.AUTHORISED), S.SUSPENDED: S.SUSPENDED},
    "approve_watchlist": dict.fromkeys(_PREPARING | {S.SUSPENDED}, "?"),
    "check_freshness": {
        **{s: s for s in _PREPARING | {S.SUSPENDED, S.LIVE}},
        S.AUTHORISED: "?",
    },
    "announce": {
        **{s: s for s in (S.AUTHORISED, S.WATCHLIST_APPROVED, S.NOTIFIED)},
        **dict.fromkeys((S.CALIBRATED, S.SUSPENDED), "?"),
    },
    "plan_signs": {  # the signs that stand do not fill it
        **{s: s for s in (S.AUTHORISED, S.WATCHLIST_APPROVED, S.SUSPENDED)},
        **dict.fromkeys((S.NOTIFIED, S.CALIBRATED), S.WATCHLIST_APPROVED),
    },
    "place_notice": {s: s for s in _PREPARING | {S.SUSPENDED, S.LIVE}},
    "remove_notice": {
        **dict.fromkeys((S.AUTHORISED, S.WATCHLIST_APPROVED), "?"),
        **dict.fromkeys((S.NOTIFIED, S.CALIBRATED), S.WATCHLIST_APPROVED),
        **{s: s for s in (S.SUSPENDED, S.LIVE, S.ENDED)},
    },
    "calibrate": {
        **{s: s for s in _PREPARING | {S.SUSPENDED}},
        S.NOTIFIED: S.CALIBRATED,
    },
    "go_live": {**dict.fromkeys(_BEFORE, "not ready"), S.CALIBRATED: S.LIVE},
    "join_sites": {S.LIVE: S.LIVE},
    "suspend": {S.LIVE: S.SUSPENDED},
    "resume": {S.SUSPENDED: S.LIVE},
    "end": {S.LIVE: S.ENDED, S.SUSPENDED: S.ENDED},
    "purged": {S.ENDED: S.PURGED, S.CANCELLED: S.CANCELLED, S.REFUSED: S.REFUSED},
    "published": {S.PURGED: S.PUBLISHED},
}


def test_the_builders_are_in_their_states():
    """The table below starts from every state."""
    assert {state: build().state for state, build in IN_STATE.items()} == _STAY
    assert STEPS.keys() == TABLE.keys()


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_in_every_state(step, state):
    """Design 3: what the table does not allow is refused by the state, and says so."""
    deployment, expected = IN_STATE[state](), TABLE[step].get(state)

    if expected is None:
        with pytest.raises(WrongStateError, match=f"the deployment is {state}") as refused:
            STEPS[step](deployment)
        assert refused.value.fields["state"] == state
    elif expected == "?":
        with pytest.raises(WrongStateError) as refused:
            STEPS[step](deployment)
        assert "state" not in refused.value.fields
    elif expected == "not ready":
        with pytest.raises(DeploymentNotReadyError):
            STEPS[step](deployment)
    else:
        assert STEPS[step](deployment).deployment.state == expected


@pytest.mark.parametrize("step", STEPS)
def test_every_step_makes_an_event_that_the_log_takes(step):
    """R-70: of the closed list, with its fields, without personal data."""
    first = {
        "restore_authority": STEPS["suspend_authority"](live()).deployment,
        "approve_watchlist": STEPS["watchlist_built"](authorised()).deployment,
    }
    allowed = [state for state, after in TABLE[step].items() if after in set(S)]
    deployment = first[step] if step in first else IN_STATE[allowed[0]]()
    change = STEPS[step](deployment)

    event = AuditEvent(change.event_kind, OPENS, "someone", "d-1", change.details)
    assert event.kind is change.event_kind


@pytest.mark.parametrize("step", STEPS)
def test_a_step_leaves_what_it_was_given(step):
    """A deployment is a value: the old one is as it was."""
    for state in TABLE[step]:
        deployment = IN_STATE[state]()
        before = replace(deployment)
        with contextlib.suppress(WrongStateError, DeploymentNotReadyError):
            STEPS[step](deployment)
        assert deployment == before


MAY = {
    "apply_": {Role.APPLICANT},
    "authorise": {Role.AUTHORISING_OFFICER},
    "refuse": {Role.AUTHORISING_OFFICER},
    "ratify": {Role.AUTHORISING_OFFICER},
    "suspend_authority": {Role.AUTHORISING_OFFICER},
    "restore_authority": {Role.AUTHORISING_OFFICER},
    "withdraw": {Role.AUTHORISING_OFFICER},
    "cancel": {Role.APPLICANT, Role.AUTHORISING_OFFICER},
    "watchlist_built": {Role.APPLICANT},
    "approve_watchlist": {Role.APPLICANT, Role.AUTHORISING_OFFICER},
    "check_freshness": {Role.APPLICANT, Role.OPERATOR, Role.SYSTEM_ENGINEER},
    "announce": {Role.APPLICANT, Role.AUTHORISING_OFFICER},
    "plan_signs": {Role.APPLICANT, Role.SYSTEM_ENGINEER, Role.EVALUATOR},
    "place_notice": {
        *(Role.APPLICANT, Role.OPERATOR, Role.ENGAGEMENT_OFFICER),
        *(Role.SYSTEM_ENGINEER, Role.EVALUATOR),
    },
    "remove_notice": {
        *(Role.APPLICANT, Role.OPERATOR, Role.ENGAGEMENT_OFFICER),
        *(Role.SYSTEM_ENGINEER, Role.EVALUATOR),
    },
    "calibrate": {Role.SYSTEM_ENGINEER, Role.EVALUATOR},
    "go_live": {Role.OPERATOR, Role.SYSTEM_ENGINEER},
    "join_sites": {Role.OPERATOR, Role.SYSTEM_ENGINEER},
    "suspend": {Role.OPERATOR, Role.SYSTEM_ENGINEER, Role.AUTHORISING_OFFICER},
    "resume": {Role.OPERATOR, Role.SYSTEM_ENGINEER},
    "end": {Role.OPERATOR, Role.SYSTEM_ENGINEER, Role.AUTHORISING_OFFICER},
    "purged": {Role.SYSTEM_ENGINEER},
    "published": {Role.AUTHORISING_OFFICER, Role.EVALUATOR},
}


def by(step, actor):
    """Take a step, from a state that allows it, by this person."""
    oral = orally_authorised()
    blank = watchlist_built(authorised(), APPLICANT, a_build(), POLICY, BUILT_AT).deployment
    paused = suspend_authority(live(), OFFICER, reason="Question").deployment
    a, p, o = an_application(), POLICY, OPENS
    return {
        "apply_": lambda: apply_(drafted(), actor, a, p, APPLIED_AT),
        "authorise": lambda: authorise(applied(), actor, p, APPLIED_AT, reason="x"),
        "refuse": lambda: refuse(applied(), actor, POLICY, o, reason="x"),
        "ratify": lambda: ratify(oral, actor, p, APPLIED_AT + HOUR),
        "suspend_authority": lambda: suspend_authority(live(), actor, reason="x"),
        "restore_authority": lambda: restore_authority(paused, actor, reason="x"),
        "withdraw": lambda: withdraw(live(), actor, p, o, reason="x"),
        "cancel": lambda: cancel(ready(), actor, p, o, reason="x"),
        "watchlist_built": lambda: watchlist_built(authorised(), actor, a_build(), p, o),
        "approve_watchlist": lambda: approve_watchlist(blank, actor, p, o),
        "check_freshness": lambda: check_freshness(
            ready(), actor, o, feed_sha256=DIGEST, n_rows=1, n_removed=0
        ),
        "announce": lambda: announce(oral, actor, o, where="x"),
        "plan_signs": lambda: plan_signs(authorised(), actor, a_plan(), p, reason="x"),
        "place_notice": lambda: place_notice(authorised(), actor, a_notice(), p, o),
        "remove_notice": lambda: remove_notice(ready(), actor, "north-0-1", p, o),
        "calibrate": lambda: calibrate(authorised(), actor, a_calibration(), p, o, reason="x"),
        "go_live": lambda: go_live(ready(), actor, some_facts(), p, o),
        "join_sites": lambda: join_sites(live(), actor, some_facts(), p, o),
        "suspend": lambda: suspend(live(), actor, reason="x"),
        "resume": lambda: resume(suspended_at_once(), actor, some_facts(), p, o, reason="x"),
        "end": lambda: end(live(), actor, p, o, reason="x"),
        "purged": lambda: purged(ended_early(), actor, o, n_rows=1, n_files=0),
        "published": lambda: published(purged_in_time(), actor, o, record_sha256=DIGEST),
    }[step]()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_by_every_role(step, role):
    """R-04, design 1: auditors and observers change nothing, and nobody does another's work."""
    actor = an_actor("somebody-else", role, rank=Rank.CHIEF_SUPERINTENDENT)

    if role in MAY[step]:
        assert by(step, actor).deployment.deployment_id == "d-1"
    else:
        with pytest.raises(RoleForbiddenError):
            by(step, actor)


BLANKS = {
    "authorise": lambda r: authorise(applied(), OFFICER, POLICY, APPLIED_AT, reason=r),
    "refuse": lambda r: refuse(applied(), OFFICER, POLICY, APPLIED_AT, reason=r),
    "suspend_authority": lambda r: suspend_authority(live(), OFFICER, reason=r),
    "restore_authority": lambda r: restore_authority(
        suspend_authority(live(), OFFICER, reason="x").deployment, OFFICER, reason=r
    ),
    "withdraw": lambda r: withdraw(live(), OFFICER, POLICY, OPENS, reason=r),
    "cancel": lambda r: cancel(ready(), APPLICANT, POLICY, OPENS, reason=r),
    "announce": lambda r: announce(orally_authorised(), APPLICANT, APPLIED_AT, where=r),
    "calibrate": lambda r: calibrate(ready(), ENGINEER, a_calibration(), POLICY, OPENS, reason=r),
    "suspend": lambda r: suspend(live(), OPERATOR, reason=r),
    "suspend by itself": lambda r: suspend(live(), None, reason=r),
    "resume": lambda r: resume(
        suspended_at_once(), OPERATOR, some_facts(), POLICY, OPENS, reason=r
    ),
    "end": lambda r: end(live(), OPERATOR, POLICY, OPENS, reason=r),
    "draft": lambda r: draft("d", r, DeploymentKind.OPERATIONAL, APPLICANT, POLICY, APPLIED_AT),
}


@pytest.mark.parametrize("step", BLANKS)
def test_a_decision_needs_its_reason(step):
    """R-07: blanks are none."""
    with pytest.raises(ReasonMissingError):
        BLANKS[step]("  ")


# --- apply, authorise, ratify -------------------------------------------------------------


def test_a_draft_names_its_policy():
    """R-72: by digest."""
    assert drafted().policy_hash == POLICY.digest()
    assert drafted().created_by == APPLICANT.actor_id


@pytest.mark.parametrize("actor", [a for a in EVERYONE if Role.APPLICANT not in a.roles])
def test_only_applicants_draft(actor):
    """R-04: an evaluator may draft a rehearsal."""
    with pytest.raises(RoleForbiddenError):
        draft("d", "x", DeploymentKind.OPERATIONAL, actor, POLICY, APPLIED_AT)
    if actor is EVALUATOR:
        assert draft("d", "x", DeploymentKind.REHEARSAL, actor, POLICY, APPLIED_AT)


def test_an_application_with_gaps_is_refused_with_all_of_them():
    """R-02: the draft stays a draft, and the message names every gap."""
    application = an_application(aim="", necessity=" ", categories=())

    with pytest.raises(ApplicationIncompleteError, match=r"R-02 aim.*R-02 necessity.*R-10") as no:
        apply_(drafted(), APPLICANT, application, POLICY, APPLIED_AT)
    assert no.value.fields == {"requirements": "R-02 R-10", "n_unmet": 3}


def test_an_application_is_kept_with_its_digest():
    """R-02: the log names what was asked for."""
    change = apply_(drafted(), SECOND_APPLICANT, an_application(), POLICY, APPLIED_AT)

    assert change.details["application_sha256"] == an_application().digest()
    assert change.deployment.applied_by == SECOND_APPLICANT.actor_id
    assert change.deployment.applied_at == APPLIED_AT


BOTH = an_actor("both", Role.APPLICANT, Role.AUTHORISING_OFFICER, rank=Rank.CHIEF_SUPERINTENDENT)


def drafted_by(actor, applicant):
    """Return an application drafted by one person and submitted by another."""
    deployment = draft(
        "d-1", "Square", DeploymentKind.OPERATIONAL, actor, POLICY, APPLIED_AT
    ).deployment
    return apply_(deployment, applicant, an_application(), POLICY, APPLIED_AT).deployment


@pytest.mark.parametrize(("first", "second"), [(BOTH, APPLICANT), (APPLICANT, BOTH), (BOTH, BOTH)])
def test_nobody_decides_their_own_application(first, second):
    """R-04: who drafted or submitted it neither grants, refuses, ratifies nor restores it."""
    deployment = drafted_by(first, second)
    oral = authorise(deployment, INSPECTOR, POLICY, APPLIED_AT, reason="x", is_oral=True).deployment
    paused = suspend_authority(oral, BOTH, reason="x").deployment

    with pytest.raises(SeparationOfDutiesError):
        authorise(deployment, BOTH, POLICY, APPLIED_AT, reason="x")
    with pytest.raises(SeparationOfDutiesError):
        refuse(deployment, BOTH, POLICY, APPLIED_AT, reason="x")
    with pytest.raises(SeparationOfDutiesError):
        ratify(oral, BOTH, POLICY, APPLIED_AT)
    with pytest.raises(SeparationOfDutiesError):
        restore_authority(paused, BOTH, reason="x")


def test_a_written_authority():
    """R-03: by a superintendent, with reason and conditions; nothing to ratify."""
    deployment = authorise(
        applied(), OFFICER, POLICY, APPLIED_AT, reason=" Necessary ", conditions=" North only "
    ).deployment
    authority = deployment.authority

    assert (authority.granted_by, authority.rank) == (OFFICER.actor_id, Rank.SUPERINTENDENT)
    assert (authority.reason, authority.conditions) == ("Necessary", "North only")
    assert (authority.is_oral, authority.ratify_by) == (False, None)
    assert authority.status is AuthorityStatus.IN_FORCE


@pytest.mark.parametrize(
    ("rank", "is_oral", "expected"),
    [
        (Rank.CHIEF_INSPECTOR, False, False),
        (Rank.SUPERINTENDENT, False, True),
        (Rank.SERGEANT, True, False),
        (Rank.INSPECTOR, True, True),
        (None, True, False),
    ],
)
def test_the_rank_of_an_authority(rank, is_oral, expected):
    """R-03: superintendent in writing, inspector by word of mouth."""
    actor = an_actor("a", Role.AUTHORISING_OFFICER, rank=rank)

    if expected:
        assert authorise(applied(), actor, POLICY, APPLIED_AT, reason="x", is_oral=is_oral)
    else:
        with pytest.raises(RankTooLowError):
            authorise(applied(), actor, POLICY, APPLIED_AT, reason="x", is_oral=is_oral)


def test_an_oral_authority_is_ratified_in_writing():
    """R-03: by another officer of the full rank, before the deadline."""
    oral = orally_authorised()
    deadline = oral.authority.ratify_by
    ratified = ratify(oral, OFFICER, POLICY, deadline - MINUTE).deployment

    assert ratified.authority.ratified_by == OFFICER.actor_id
    assert not ratified.authority.is_ratification_overdue(deadline + DAY)
    with pytest.raises(WrongStateError, match="there is none"):
        ratify(ratified, SECOND_OFFICER, POLICY, deadline - MINUTE)
    with pytest.raises(RatificationOverdueError, match="has lapsed"):
        ratify(oral, OFFICER, POLICY, deadline)


def test_who_granted_it_or_too_low_a_rank_cannot_ratify():
    """R-03, R-04: a second officer, of the rank for written authorities."""
    chief = replace(SECOND_OFFICER, actor_id="oral")
    oral = authorise(applied(), chief, POLICY, APPLIED_AT, reason="x", is_oral=True).deployment

    with pytest.raises(SeparationOfDutiesError, match="who granted it"):
        ratify(oral, chief, POLICY, APPLIED_AT)
    with pytest.raises(RankTooLowError):
        ratify(oral, INSPECTOR, POLICY, APPLIED_AT)


def test_an_oral_authority_can_be_ratified_after_the_end():
    """R-03: the deployment may be shorter than the deadline."""
    going = with_signs(with_watchlist(orally_authorised()))
    over = end(replace(going, state=S.LIVE), OPERATOR, POLICY, OPENS, reason="x").deployment

    ratified = ratify(over, OFFICER, POLICY, APPLIED_AT + HOUR).deployment
    assert ratified.authority.ratified_at == APPLIED_AT + HOUR


# --- watchlist ----------------------------------------------------------------------------


def test_the_authorising_officer_never_edits_the_watchlist():
    """Design 1: who granted the authority cannot compose, nor ratify what they composed."""
    granted = authorise(applied(), BOTH, POLICY, APPLIED_AT, reason="x").deployment
    with pytest.raises(SeparationOfDutiesError, match="who granted the authority"):
        watchlist_built(granted, BOTH, a_build(), POLICY, BUILT_AT)

    oral = orally_authorised()
    ratified = ratify(oral, BOTH, POLICY, APPLIED_AT).deployment
    with pytest.raises(SeparationOfDutiesError, match="who ratified it"):
        watchlist_built(ratified, BOTH, a_build(), POLICY, BUILT_AT)

    built = watchlist_built(oral, BOTH, a_build(), POLICY, APPLIED_AT).deployment
    with pytest.raises(SeparationOfDutiesError, match="composed the watchlist"):
        ratify(built, BOTH, POLICY, APPLIED_AT)


def test_the_composer_does_not_approve():
    """R-16: a second person does, and may be the authorising officer; once."""
    built = watchlist_built(authorised(), APPLICANT, a_build(), POLICY, BUILT_AT).deployment

    with pytest.raises(SeparationOfDutiesError, match="who composed"):
        approve_watchlist(built, APPLICANT, POLICY, BUILT_AT)
    approved = approve_watchlist(built, OFFICER, POLICY, BUILT_AT).deployment
    assert approved.watchlist.approved_by == OFFICER.actor_id
    with pytest.raises(WrongStateError, match=r"version 1 .* already approved"):
        approve_watchlist(approved, SECOND_APPLICANT, POLICY, BUILT_AT)


def test_a_watchlist_that_is_built_again_starts_anew():
    """R-12, R-14, R-16: approval and check are those of its own version."""
    again = watchlist_built(ready(), APPLICANT, a_build(), POLICY, OPENS).deployment

    assert again.watchlist.version == 2
    assert again.watchlist.approved_by is None
    assert again.watchlist.freshness_checked_at is None
    assert again.state is S.AUTHORISED
    assert approve_watchlist(again, OFFICER, POLICY, OPENS).deployment.state is S.CALIBRATED


def test_a_check_against_the_feed_takes_entries_off():
    """R-14: also while live, and by the software itself."""
    change = check_freshness(live(), None, OPENS + HOUR, feed_sha256=DIGEST, n_rows=9, n_removed=2)
    watchlist = change.deployment.watchlist

    assert (watchlist.n_entries, watchlist.n_templates) == (18, 18)
    assert watchlist.freshness_checked_at == OPENS + HOUR
    assert watchlist.freshness_feed_sha256 == DIGEST
    assert change.details == {"feed_sha256": DIGEST, "n_rows": 9, "n_removed": 2}


# --- notices ------------------------------------------------------------------------------


def test_public_notice_is_given_once():
    """R-60: the first one counts, so that a later one cannot replace it."""
    with pytest.raises(WrongStateError, match="the first one counts"):
        announce(authorised(), APPLICANT, APPLIED_AT, where="x")


def test_a_sign_is_logged_by_whoever_put_it_up():
    """R-62: with place and photograph in the log."""
    sign = a_notice(placed_by="somebody", removed_at=OPENS)
    change = place_notice(authorised(), ENGAGER, sign, POLICY, OPENS)

    assert change.deployment.notices == (a_notice(placed_by=ENGAGER.actor_id),)
    assert change.details["photo_sha256"] == a_notice().photo_sha256
    assert change.details["distance_m"] == 120


def test_a_sign_is_logged_once_in_time_and_at_a_site():
    """R-62: one id, not ahead of time, at a place that was applied for."""
    signed = place_notice(authorised(), OPERATOR, a_notice(), POLICY, OPENS).deployment

    with pytest.raises(WrongStateError, match="logged already"):
        place_notice(signed, OPERATOR, a_notice(), POLICY, OPENS)
    with pytest.raises(NoticeInvalidError, match="once it stands"):
        place_notice(authorised(), OPERATOR, a_notice(placed_at=CLOSES), POLICY, OPENS)
    with pytest.raises(NoticeInvalidError, match="'moon'"):
        place_notice(authorised(), OPERATOR, a_notice(site_id="moon"), POLICY, OPENS)


def test_a_sign_that_is_gone():
    """R-62: the state falls back, the sign stays in the record, and goes only once."""
    gone = remove_notice(ready(), OPERATOR, "north-0-1", POLICY, OPENS).deployment

    assert gone.state is S.WATCHLIST_APPROVED
    assert [notice.removed_at for notice in gone.notices] == [OPENS, None]
    with pytest.raises(WrongStateError, match="none called north-0-1"):
        remove_notice(gone, OPERATOR, "north-0-1", POLICY, OPENS)


# --- live ---------------------------------------------------------------------------------


def test_live_keeps_when_and_where():
    """R-01: since when, at which sites and until when."""
    deployment = live()

    assert deployment.live_since == OPENS
    assert [(s.site_id, s.closes_at) for s in deployment.live_sites] == [("north", CLOSES)]


@pytest.mark.parametrize(
    ("threshold", "authorised_at", "words"),
    [(0.929, 0.9, "0.93, the policy's floor"), (0.94, 0.95, "0.95, the authorised one")],
)
def test_a_threshold_that_could_never_be_live_is_not_fixed(threshold, authorised_at, words):
    """R-40, R-41: told to whoever types it, not only at the gate; a rehearsal's is free."""
    deployment = authorised(an_application(threshold=authorised_at))
    low = a_calibration(threshold=threshold)
    with pytest.raises(ThresholdTooLowError, match=words):
        calibrate(deployment, ENGINEER, low, POLICY, OPENS, reason="Test")

    rehearsal = a_ready_rehearsal()
    change = calibrate(rehearsal, ENGINEER, low, POLICY, OPENS, reason="Test")
    assert change.deployment.calibration.threshold == threshold


def test_an_operating_point_is_changed_with_reason_and_trace():
    """R-40: the log has the threshold before and after."""
    change = calibrate(
        ready(), EVALUATOR, a_calibration(threshold=0.95), POLICY, OPENS, reason="Too many alerts"
    )

    assert change.details["previous_threshold"] == 0.94
    assert change.details["threshold"] == 0.95
    assert change.deployment.calibration.fixed_by == EVALUATOR.actor_id
    assert change.deployment.calibration.fixed_at == OPENS


def test_a_second_site_joins_while_the_first_is_live():
    """R-01: each site under the same authority, each with its own end."""
    later = a_site("south", windows=(Window(OPENS + HOUR, CLOSES + HOUR),))
    deployment = live(an_application(sites=(a_site(), later)))
    at = OPENS + HOUR
    fresh = with_signs(checked(deployment, at), "south", at=at)
    south = some_facts(site_ids=("south",))

    with pytest.raises(DeploymentNotReadyError):
        join_sites(checked(deployment, at), OPERATOR, south, POLICY, at)
    change = join_sites(fresh, OPERATOR, south, POLICY, at)
    both = change.deployment.live_sites
    assert [(s.site_id, s.closes_at) for s in both] == [("north", CLOSES), ("south", CLOSES + HOUR)]
    assert change.deployment.live_since == OPENS
    assert change.details == {"site_ids": ("south",)}
    again = join_sites(change.deployment, OPERATOR, south, POLICY, at).deployment
    assert len(again.live_sites) == 2


def test_a_suspended_deployment_is_at_no_site():
    """R-07: and says who stopped it, and why."""
    deployment = suspended_at_once()

    assert (deployment.live_since, deployment.live_sites) == (None, ())
    assert (deployment.suspended_by, deployment.suspended_reason) == (OPERATOR.actor_id, "Rain")


@pytest.mark.parametrize(("actor", "by_whom"), [(None, SYSTEM_ACTOR), (OFFICER, OFFICER.actor_id)])
def test_the_software_and_the_officer_can_stop_it(actor, by_whom):
    """R-07, design 3: a lost camera needs nobody's hand."""
    assert suspend(live(), actor, reason="x").deployment.suspended_by == by_whom
    assert end(live(), actor, POLICY, OPENS, reason="x").deployment.state is S.ENDED


def test_every_gate_is_passed_again_to_resume():
    """Design 3: half an hour later the check for freshness is too old."""
    paused, at = suspended_at_once(), OPENS + HOUR

    with pytest.raises(DeploymentNotReadyError, match="R-14"):
        resume(paused, OPERATOR, some_facts(), POLICY, at, reason="Dry")
    again = resume(checked(paused, at), OPERATOR, some_facts(), POLICY, at, reason="Dry").deployment
    assert (again.live_since, again.suspended_by, again.suspended_reason) == (at, None, None)


def test_an_authority_suspended_while_live_stops_the_cameras():
    """R-07: an operator cannot resume before the officer restores it."""
    stopped = suspend_authority(live(), OFFICER, reason="Question").deployment

    assert (stopped.state, stopped.live_sites) == (S.SUSPENDED, ())
    assert (stopped.suspended_by, stopped.suspended_reason) == (OFFICER.actor_id, "Question")
    with pytest.raises(DeploymentNotReadyError, match="R-01 an authority in force: suspended"):
        resume(stopped, OPERATOR, some_facts(), POLICY, OPENS, reason="x")
    restored = restore_authority(stopped, SECOND_OFFICER, reason="Answered").deployment
    assert restored.state is S.SUSPENDED
    assert restored.authority.status_reason is None
    assert resume(restored, OPERATOR, some_facts(), POLICY, OPENS, reason="x").deployment


def test_an_authority_is_not_taken_back_twice():
    """R-07: what is suspended can be withdrawn, and nothing else."""
    paused = suspend_authority(ready(), OFFICER, reason="x").deployment

    with pytest.raises(WrongStateError, match="found suspended"):
        suspend_authority(paused, OFFICER, reason="x")
    with pytest.raises(WrongStateError, match="found in_force"):
        restore_authority(ready(), OFFICER, reason="x")
    gone = withdraw(paused, OFFICER, POLICY, OPENS, reason="x").deployment
    assert (gone.state, gone.authority.status) == (S.CANCELLED, AuthorityStatus.WITHDRAWN)


# --- end ----------------------------------------------------------------------------------


def test_an_end_sets_the_deadline_of_the_purge():
    """R-19: 24 hours after it."""
    deployment = end(live(), OPERATOR, POLICY, OPENS + HOUR, reason="Done").deployment

    assert deployment.purge_due_at == OPENS + HOUR + DAY
    assert (deployment.ended_at, deployment.end_reason) == (OPENS + HOUR, "Done")
    assert (deployment.live_since, deployment.live_sites) == (None, ())


@pytest.mark.parametrize("build", [drafted, applied, authorised, ready])
def test_what_was_built_for_a_cancelled_deployment_is_purged_too(build):
    """R-19: no watchlist outlives its deployment, and no address of a camera its draft."""
    deployment = cancel(build(), APPLICANT, POLICY, OPENS, reason="x").deployment

    assert deployment.purge_due_at == OPENS + DAY


def test_what_was_kept_for_a_refused_deployment_is_purged_too():
    """R-19: the addresses of its cameras, as an application holds them."""
    deployment = refuse(applied(), OFFICER, POLICY, OPENS, reason="x").deployment

    assert deployment.purge_due_at == OPENS + DAY


def test_a_purge_is_recorded_once():
    """R-19: a cancelled deployment stays cancelled and keeps the time."""
    cancelled = cancelled_early()
    change = purged(cancelled, ENGINEER, OPENS, n_rows=3, n_files=1)

    assert (change.deployment.state, change.deployment.purged_at) == (S.CANCELLED, OPENS)
    assert change.details["n_rows"] == 3
    with pytest.raises(WrongStateError, match="there is nothing"):
        purged(change.deployment, ENGINEER, OPENS, n_rows=0, n_files=0)


# --- rehearsals ---------------------------------------------------------------------------


def test_a_rehearsal_is_not_applied_for_and_an_operation_has_no_volunteers():
    """R-22: never mixed."""
    rehearsal = drafted(DeploymentKind.REHEARSAL)

    with pytest.raises(WrongKindError, match="expected kind operational"):
        apply_(rehearsal, APPLICANT, an_application(), POLICY, APPLIED_AT)
    with pytest.raises(WrongKindError, match="expected kind rehearsal"):
        record_consent(drafted(), EVALUATOR, a_consent(), POLICY, APPLIED_AT)
    with pytest.raises(WrongKindError):
        announce(a_rehearsal(), APPLICANT, APPLIED_AT, where="x")
    with pytest.raises(WrongStateError, match="found none"):
        suspend_authority(a_rehearsal(), OFFICER, reason="x")
    with pytest.raises(WrongStateError, match="there is none"):
        ratify(a_rehearsal(), OFFICER, POLICY, APPLIED_AT)


@pytest.mark.parametrize(
    ("kind", "list_kind"),
    [("rehearsal", ListKind.OPERATIONAL), ("operational", ListKind.BLUE)],
)
def test_a_list_of_the_other_kind_is_refused(kind, list_kind):
    """R-22: a rehearsal can never use an operational watchlist, nor the reverse."""
    deployment = a_rehearsal() if kind == "rehearsal" else authorised()

    with pytest.raises(WrongKindError, match=f"{kind} cannot search the {list_kind} list"):
        watchlist_built(deployment, APPLICANT, a_build(list_kind), POLICY, BUILT_AT)


@pytest.mark.parametrize(
    "changes", [{"document_sha256": "x"}, {"valid_until": APPLIED_AT}], ids=["digest", "over"]
)
def test_consent_without_forms_or_time(changes):
    """Design 3: the forms are named by their digest, and the consent lies ahead."""
    with pytest.raises(ConsentMissingError):
        a_rehearsal(**changes)


def test_consent_is_recorded_once_by_who_may():
    """Design 3: an applicant or evaluator, in a draft."""
    with pytest.raises(RoleForbiddenError):
        record_consent(drafted(DeploymentKind.REHEARSAL), OPERATOR, a_consent(), POLICY, APPLIED_AT)
    with pytest.raises(WrongStateError):
        record_consent(a_rehearsal(), EVALUATOR, a_consent(), POLICY, APPLIED_AT)


@pytest.mark.parametrize("actor", [EVALUATOR, OPERATOR, ENGINEER])
def test_a_rehearsal_from_start_to_end(actor):
    """Design 3: the same machine, by an evaluator, operator or engineer."""
    facts = some_facts(site_ids=("hall",))  # no site of an authority, so it never closes
    going = go_live(a_ready_rehearsal(), actor, facts, POLICY, OPENS).deployment

    assert (going.state, going.live_since, going.live_sites) == (S.LIVE, OPENS, ())
    assert suspend(going, actor, reason="x").deployment.state is S.SUSPENDED
    assert end(going, actor, POLICY, OPENS, reason="x").deployment.state is S.ENDED


def test_signs_of_one_site_make_it_notified():
    """R-62: two of them at one place; one at each of two places are not enough."""
    application = an_application(sites=(a_site("north"), a_site("south")))
    deployment = with_watchlist(authorised(application))
    for site_id in ("north", "south"):
        sign = a_notice(site_id, site_id=site_id)
        deployment = place_notice(deployment, OPERATOR, sign, POLICY, OPENS).deployment

    assert deployment.state is S.WATCHLIST_APPROVED
    assert with_signs(deployment, "south").state is S.NOTIFIED
    assert calibrated(deployment).state is S.WATCHLIST_APPROVED
