"""The plan of the signs: drawn as a table of positions, or sent as GeoJSON."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.bootstrap.notices import points_sent
from overt.core.geojson import signs_of
from overt.core.notice_papers import street_of
from overt.services.notice_papers import papers_of
from overt.services.place_notice import plan_signs
from overt.web.access import allow
from overt.web.body_limit import a_file, takes
from overt.web.deps import OfConsole, OfPerson, console_of, policy_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, show
from overt.web.sent_form import NOTHING, OfForm, SentForm
from overt.web.sign_rows import geojson_of_rows, plan_rows, sent_rows, site_ids_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.notice_map import GroundZone
    from overt.errors import TrialError

router = APIRouter(include_in_schema=False)


@router.get("/deployments/{deployment_id}/notices/plan")
@allow(*DESK)
def sign_plan(request: Request, deployment_id: str) -> Response:
    """Show where signs shall stand, to be written or read."""
    return _page(request, deployment_id)


@router.post("/deployments/{deployment_id}/notices/plan")
@allow(*WHO["plan_signs"])
@takes(a_file)
def planned(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Log a plan; it takes the place of the one before."""

    def work() -> str:
        files = form.sent_files("file")
        points = points_sent(files[0].content) if files else geojson_of_rows(sent_rows(form))
        signs = signs_of(points, _zone(console, deployment_id))
        actor_id, reason = person.actor.actor_id, form.text("reason")
        plan_signs(console.workplace, actor_id, deployment_id, signs, reason=reason)
        return f"/deployments/{deployment_id}/notices?done=planned"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


def _zone(console: Console, deployment_id: str) -> GroundZone | None:
    """Return the zone that was saved for this deployment's notices; distances are held to it."""
    papers, _ = papers_of(console.reading, deployment_id)
    if papers is None or papers.deployment_id != deployment_id:
        return None
    street = street_of(papers.document)
    return None if street is None else street.zone


def _page(
    request: Request,
    deployment_id: str,
    form: SentForm = NOTHING,
    error: TrialError | None = None,
) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    problem, status = refusal_of(error)
    return show(
        request,
        "sign_plan.html",
        deployment,
        problem=problem,
        form=form,
        status=status,
        rows=plan_rows(deployment, form),
        site_ids=site_ids_of(deployment),
        rules=policy_of(console, deployment).notices,
        has_zone=_zone(console, deployment_id) is not None,
    )
