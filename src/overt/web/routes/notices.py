"""Notices: the announcement ahead of the day, signs put up and taken down."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.bootstrap.watchlists import digest_of_sent_photograph
from overt.core.notice import NoticePlacement
from overt.errors import RequestInvalidError
from overt.services.place_notice import announce, place_notice, remove_notice
from overt.web.access import allow
from overt.web.body_limit import a_file, takes
from overt.web.deps import OfConsole, OfPerson, console_of, policy_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, show
from overt.web.sent_form import NOTHING, OfForm, SentForm
from overt.web.sign_rows import REHEARSAL_SITE, plans_of, standings_of
from overt.web.wall_time import comes_twice, wall_moment

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.errors import TrialError
    from overt.services.sign_in import SignedIn

router = APIRouter(include_in_schema=False)

_SEVERAL = 2
_ADDRESS = re.compile(r"https?://[^\s/.]+(\.[^\s/.]+)+(/\S*)?")
_FEWEST_WORDS = 3
"""A publication is named with its day or number: ``Example Gazette, 3 March 2026``."""


@router.get("/deployments/{deployment_id}/notices")
@allow(*DESK)
def notices(request: Request, deployment_id: str) -> Response:
    """Show how people are told."""
    return _page(request, deployment_id)


@router.post("/deployments/{deployment_id}/notices/announce")
@allow(*WHO["announce"])
def announced(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Log the public notice; the first one counts."""

    def work() -> str:
        actor_id = person.actor.actor_id
        announce(console.workplace, actor_id, deployment_id, where=_where_told(form))
        return f"/deployments/{deployment_id}/notices?done=announced"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


@router.post("/deployments/{deployment_id}/notices")
@allow(*WHO["place_notice"])
@takes(a_file)
def placed(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Log a sign; of its photograph only the digest is kept."""

    def work() -> str:
        deployment = read_deployment(console, deployment_id)
        notice = _notice(console, person, deployment, form)
        place_notice(console.workplace, person.actor.actor_id, deployment_id, notice)
        return f"/deployments/{deployment_id}/notices?done=placed"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


@router.post("/deployments/{deployment_id}/notices/{notice_id}/remove")
@allow(*WHO["remove_notice"])
def removed(
    request: Request,
    deployment_id: str,
    notice_id: str,
    console: OfConsole,
    person: OfPerson,
    form: OfForm,
) -> Response:
    """Log that a sign was taken down or is gone."""

    def work() -> str:
        remove_notice(console.workplace, person.actor.actor_id, deployment_id, notice_id)
        return f"/deployments/{deployment_id}/notices?done=removed"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


def _where_told(form: SentForm) -> str:
    """Return where the public was told: an address, or a publication with its day or number."""
    where = form.text("where").strip()
    has_number = any(letter.isdigit() for letter in where)
    if not _ADDRESS.fullmatch(where) and (len(where.split()) < _FEWEST_WORDS or not has_number):
        msg = "say where the public is told: the address of a page that begins with https://, or a "
        msg += "publication with its day, such as Example Gazette, 3 March 2026"
        raise RequestInvalidError(msg, field="where")
    if not form.has("is_told"):
        msg = "confirm that the public is told there: it is logged at once, and never taken back"
        raise RequestInvalidError(msg, field="is_told")
    return where


def _notice(
    console: Console, person: SignedIn, deployment: Deployment, form: SentForm
) -> NoticePlacement:
    site_id = form.text("site") or REHEARSAL_SITE
    placed_at = wall_moment(form, "at", _zone_at(console, deployment, site_id))
    files = form.sent_files("photo")
    if not files:
        msg = "a sign is logged with a photograph that shows it standing"
        raise RequestInvalidError(msg, field="photo")
    return NoticePlacement(
        notice_id=console.workplace.ids.new("notice"),
        site_id=site_id,
        placed_at=placed_at or console.workplace.clock.now(),
        latitude_deg=_number(form, "latitude", "degrees such as 51.5074"),
        longitude_deg=_number(form, "longitude", "degrees such as -0.1278"),
        distance_m=_number(form, "distance", "metres"),
        photo_sha256=digest_of_sent_photograph(files[0].content, console.settings),
        placed_by=person.actor.actor_id,
    )


def _number(form: SentForm, name: str, expected: str) -> float:
    try:
        number = float(form.text(name).strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        msg = f"{name}: expected {expected}"
        raise RequestInvalidError(msg, field=name)
    return number


def _zone_at(console: Console, deployment: Deployment, site_id: str) -> str:
    site = deployment.application.site(site_id) if deployment.application else None
    return site.time_zone if site else console.settings.time_zone


def _page(
    request: Request,
    deployment_id: str,
    form: SentForm = NOTHING,
    error: TrialError | None = None,
) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    sites = deployment.application.sites if deployment.application else ()
    zone, policy = (
        _zone_at(console, deployment, form.text("site")),
        policy_of(console, deployment),
    )
    problem, status = refusal_of(error)
    return show(
        request,
        "notices.html",
        deployment,
        problem=problem,
        form=form,
        status=status,
        sites=sites,
        site_choices=[(site.site_id, f"{site.site_id}: {site.place}") for site in sites],
        wall=zone if len({site.time_zone for site in sites}) < _SEVERAL else "the site's own zone",
        zones={site.site_id: site.time_zone for site in sites},
        here=console.settings.time_zone,
        rules=policy.notices,
        advance=policy.number("notices.advance_notice").text(),
        is_twice=comes_twice(form.text("at"), zone),
        plans=plans_of(deployment, policy, console.workplace.clock.now()),
        standings=standings_of(deployment, policy, console.workplace.clock.now()),
        signs=sorted(deployment.notices, key=lambda notice: notice.placed_at, reverse=True),
    )
