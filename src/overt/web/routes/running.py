"""Going live, suspending, ending: the cameras run in this service."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from overt.bootstrap.live_request import RunRequest
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.errors import RequestInvalidError, WrongStateError
from overt.services import go_live as steps
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, console_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, show
from overt.web.desk_stages import OVER, where_to_mend
from overt.web.error_handlers import wants_page
from overt.web.routes.deployments import conditions_of
from overt.web.sent_form import NOTHING, OfForm, SentForm
from overt.web.tasks import Task, TaskKind, progress_of, tasks_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.errors import TrialError
    from overt.services.live_figures import LiveFigures

router = APIRouter(include_in_schema=False)

N_CAMERAS = 4
"""Cameras that the form of a rehearsal has room for."""

_ADDRESS = re.compile(r"(?:rtsps?|https?)://.+|/dev/video[0-9]{1,3}", re.ASCII)


@router.get("/deployments/{deployment_id}/running")
@allow(*DESK)
def running(request: Request, deployment_id: str) -> Response:
    """Show whether the cameras run, what keeps them from it, and how they stop."""
    return _page(request, deployment_id)


@router.post("/deployments/{deployment_id}/running/start")
@allow(*WHO["go_live"])
def start(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Begin to go live, or to go on; how it goes is another page, as networks take seconds."""

    def work() -> str:
        deployment = read_deployment(console, deployment_id)
        if console.runs.running == deployment_id:
            msg = "the cameras of this deployment run already"
            raise WrongStateError(msg, deployment_id=deployment_id)
        is_rehearsal = deployment.kind is DeploymentKind.REHEARSAL
        before = console.runs.named_before(deployment_id)
        asked = RunRequest(
            deployment_id=deployment_id,
            actor_id=person.actor.actor_id,
            site_ids=form.texts("site"),
            cameras=_cameras(form, before) if is_rehearsal else (),
            reason=form.text("reason"),
            may_use_this_machine=console.settings.cameras_here,
        )
        tasks_of(request).start(
            TaskKind.GO_LIVE, deployment_id, asked.actor_id, partial(_started, console, asked)
        )
        return f"/deployments/{deployment_id}/running/starting"

    again = partial(_page, request, deployment_id, form)
    return answer(request, person, form, work, again)


@router.get("/deployments/{deployment_id}/running/starting")
@allow(*DESK)
def starting(request: Request, deployment_id: str) -> Response:
    """Show that the cameras are being started; once that is over, what came of it."""
    task = tasks_of(request).find(TaskKind.GO_LIVE, deployment_id)
    if not wants_page(request):
        return JSONResponse(progress_of(task))
    if task is None or task.result is not None:
        end = "?done=live" if task else ""
        return RedirectResponse(f"/deployments/{deployment_id}/running{end}", status_code=303)
    if task.is_over:
        return _page(request, deployment_id, error=task)
    return show(
        request,
        "waiting.html",
        read_deployment(console_of(request), deployment_id),
        title="The cameras are being started",
        what="Every condition is looked at, then cameras and networks are opened.",
        task=task,
    )


@router.post("/deployments/{deployment_id}/running/suspend")
@allow(*WHO["suspend"])
def suspend(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Stop the cameras, however old the page is; the deployment may go on later."""

    def work() -> str:
        actor_id = person.actor.actor_id
        steps.suspend(console.workplace, actor_id, deployment_id, reason=form.text("reason"))
        return f"/deployments/{deployment_id}/running?done=suspended"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


@router.post("/deployments/{deployment_id}/running/end")
@allow(*WHO["end"])
def end(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """End the deployment, however old the page is; the deadline of its purge runs from now."""

    def work() -> str:
        actor_id = person.actor.actor_id
        steps.end(console.workplace, actor_id, deployment_id, reason=form.text("reason"))
        return f"/deployments/{deployment_id}/closing?done=ended"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


def _started(console: Console, asked: RunRequest, _: Task) -> str:
    console.runs.start(asked)
    return asked.deployment_id


def _cameras(form: SentForm, before: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return names and addresses; a file of this machine is no address.

    Args:
        form: As sent; left empty, it takes the cameras of the last run.
        before: Their names; empty before a run.

    Raises:
        RequestInvalidError: None, one without name or address, one name twice, or a file.
    """
    pairs = zip(form.texts("camera"), form.texts("address"), strict=False)
    named = [(name.strip(), address.strip()) for name, address in pairs]
    cameras = tuple((name, address) for name, address in named if name or address)
    names = {name for name, _ in cameras}
    if before and not cameras:
        return ()
    if not cameras or "" in names or len(names) < len(cameras):
        msg = "a rehearsal needs cameras with different names, each with its address"
        raise RequestInvalidError(msg, field="camera")
    if not all(_ADDRESS.fullmatch(address) for _, address in cameras):
        msg = "an address is rtsp://..., rtsps://..., http://..., https://... or /dev/video0"
        raise RequestInvalidError(msg, field="address")
    return cameras


def _page(
    request: Request,
    deployment_id: str,
    form: SentForm = NOTHING,
    error: TrialError | Task | None = None,
) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    is_live = deployment.state is DeploymentState.LIVE
    unmet = () if is_live or deployment.state in OVER else conditions_of(console, deployment_id)
    names = form.texts("camera") or ("",)
    figures: LiveFigures = request.app.state.figures
    problem, status = refusal_of(error)
    return show(
        request,
        "running.html",
        deployment,
        problem=problem,
        form=form,
        status=status,
        step_here=request.url.path.rpartition("/")[2],
        is_live=is_live,
        is_over=deployment.state in OVER,
        is_running=console.runs.running == deployment_id,
        elsewhere=console.runs.running if console.runs.running != deployment_id else None,
        run=console.runs.status(deployment_id),
        advice=figures.of(deployment_id).look.advice if is_live else None,
        ended=console.runs.ended,
        unmet=[(each, where_to_mend(each, deployment)) for each in unmet],
        sites=deployment.application.sites if deployment.application else (),
        ticked=form.texts("site"),
        named_before=console.runs.named_before(deployment_id),
        camera_names=(*names, *("",) * N_CAMERAS)[:N_CAMERAS],
        task=tasks_of(request).find(TaskKind.GO_LIVE, deployment_id),
    )
