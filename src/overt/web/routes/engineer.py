"""The engineer's screens: cameras and their zones, model packs, the machine; no alert, no face."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from overt.bootstrap.machine_health import machine_health
from overt.bootstrap.model_packs import known_packs, verify_files
from overt.core.deployment import DeploymentState
from overt.core.roles import Role
from overt.core.zone_text import MOST_CORNERS
from overt.errors import (
    CameraForbiddenError,
    CameraUnreachableError,
    RecordConflictError,
    RecordNotFoundError,
    SettingInvalidError,
    TrialError,
    WrongStateError,
    ZoneInvalidError,
)
from overt.services.save_zone import save_zone
from overt.services.take_still import take_still
from overt.services.view_cameras import camera_of, cameras_of
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson
from overt.web.engineer_views import camera_rows, pack_rows
from overt.web.error_handlers import status_of
from overt.web.pages import pages_of
from overt.web.routes.alert_pictures import cameras_of as running_cameras
from overt.web.tasks import TaskKind

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.services.view_preview import PreviewLooks
    from overt.web.live_events import LogFollower
    from overt.web.tasks import Task, Tasks

router = APIRouter(include_in_schema=False)

_S = DeploymentState
_WITH_CAMERAS = (
    *(_S.LIVE, _S.SUSPENDED, _S.CALIBRATED, _S.NOTIFIED, _S.WATCHLIST_APPROVED),
    *(_S.AUTHORISED, _S.APPLIED, _S.DRAFT),
)
"""States in which cameras matter, those in which they run first."""

_PACKS = "model_packs"
_Key = Annotated[str, Query(max_length=300)]
_KeyField = Annotated[str, Form(max_length=300)]
_ZoneField = Annotated[str, Form(max_length=4096)]


@router.get("/cameras")
@allow(Role.SYSTEM_ENGINEER)
def choose(request: Request, console: OfConsole) -> Response:
    """Show which deployments have cameras, those that run first."""
    with console.reading() as uow:
        found = uow.deployments.list(_WITH_CAMERAS)
    ordered = sorted(found, key=lambda deployment: _WITH_CAMERAS.index(deployment.state))
    return pages_of(request).show(request, "engineer/choose.html", deployments=ordered)


@router.get("/cameras/packs")
@allow(Role.SYSTEM_ENGINEER)
def packs(request: Request, console: OfConsole) -> Response:
    """Show the model packs with licence, threshold, evidence, and whether they are right."""
    return _packs_page(request, console)


@router.get("/cameras/packs/progress")
@allow(Role.SYSTEM_ENGINEER)
def packs_part(request: Request, console: OfConsole) -> Response:
    """Show the packs and how their verification goes, as a part of the page."""
    return pages_of(request).show(request, "engineer/packs_part.html", **_packs(request, console))


@router.post("/cameras/packs/verify")
@allow(Role.SYSTEM_ENGINEER)
def verify_packs(request: Request, console: OfConsole, person: OfPerson) -> Response:
    """Begin to verify every file of every pack."""

    def work(task: Task) -> object:
        def progress(n_done: int, n_total: int) -> None:
            task.n_done, task.n_total = n_done, n_total

        return verify_files(console.settings, progress)

    try:
        _tasks(request).start(TaskKind.VERIFY_PACKS, _PACKS, person.actor.actor_id, work)
    except WrongStateError as error:
        return _packs_page(request, console, problem=error)
    return RedirectResponse("/cameras/packs", status_code=303)


@router.get("/cameras/machine")
@allow(Role.SYSTEM_ENGINEER)
def machine(request: Request, console: OfConsole) -> Response:
    """Show how the machine is: purge worker, store, followers, disk, memory."""
    follower: LogFollower = request.app.state.follower
    now = console.workplace.clock.now()
    health = console.health()
    return pages_of(request).show(
        request,
        "engineer/machine.html",
        now=now,
        worker=health,
        is_worker_well=health.is_healthy(now),
        machine=machine_health(console.settings, console.reading),
        follower=follower,
        running=console.runs.running,
        ended=console.runs.ended,
    )


@router.get("/cameras/{deployment_id}")
@allow(Role.SYSTEM_ENGINEER)
def cameras(
    request: Request,
    deployment_id: str,
    console: OfConsole,
    saved: Annotated[str, Query(max_length=16)] = "",
) -> Response:
    """Show the cameras of a deployment with their health."""
    values = _cameras(console, deployment_id)
    is_saved = saved == "zone"
    return pages_of(request).show(request, "engineer/cameras.html", is_saved=is_saved, **values)


@router.get("/cameras/{deployment_id}/health")
@allow(Role.SYSTEM_ENGINEER)
def cameras_part(request: Request, deployment_id: str, console: OfConsole) -> Response:
    """Show how the cameras are, as a part of the page."""
    return pages_of(request).show(
        request, "engineer/health_part.html", **_cameras(console, deployment_id)
    )


@router.get("/cameras/{deployment_id}/preview.jpg")
@allow(Role.SYSTEM_ENGINEER)
def preview(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, camera: _Key
) -> Response:
    """Return a running camera's newest picture, everybody coarse; 204 where it gives none now."""
    with console.reading() as uow:
        deployment = uow.deployments.get(deployment_id)
    if camera not in running_cameras(console, deployment):
        msg = f"no such camera of {deployment_id} runs here"
        raise RecordNotFoundError(msg, key=deployment_id)
    looks: PreviewLooks = request.app.state.preview_looks
    looks.note(person.actor.actor_id, deployment_id, camera)
    content = console.stills.of_run(camera)
    if content is None:
        return Response(status_code=204)
    return Response(content, media_type="image/jpeg")


@router.get("/cameras/{deployment_id}/zone")
@allow(Role.SYSTEM_ENGINEER)
def zone(request: Request, deployment_id: str, console: OfConsole, camera: _Key) -> Response:
    """Show a camera's zone, to be drawn while the application is a draft."""
    return _zone_page(request, console, deployment_id, camera)


@router.post("/cameras/{deployment_id}/still")
@allow(Role.SYSTEM_ENGINEER)
def still(
    request: Request,
    deployment_id: str,
    console: OfConsole,
    person: OfPerson,
    camera: _KeyField,
    zone: _ZoneField = "",
    seen: _ZoneField = "",
) -> Response:
    """Take a coarse picture to draw on; what was drawn so far stays."""
    drawn = (zone, seen) if zone else None
    try:
        picture = take_still(
            console.workplace,
            console.stills,
            person.actor.actor_id,
            deployment_id,
            camera,
            is_running=console.runs.running == deployment_id,
        )
    except (
        CameraForbiddenError,
        CameraUnreachableError,
        SettingInvalidError,
        WrongStateError,
    ) as error:
        return _zone_page(request, console, deployment_id, camera, refused=error, drawn=drawn)
    return _zone_page(request, console, deployment_id, camera, picture=picture, drawn=drawn)


@router.post("/cameras/{deployment_id}/zone")
@allow(Role.SYSTEM_ENGINEER)
def draw(
    request: Request,
    deployment_id: str,
    console: OfConsole,
    person: OfPerson,
    camera: _KeyField,
    zone: _ZoneField,
    seen: _ZoneField = "",
) -> Response:
    """Save a zone into the draft; one that is no zone is shown again, and why."""
    try:
        save_zone(console.workplace, person.actor.actor_id, deployment_id, camera, zone, seen=seen)
    except (ZoneInvalidError, RecordConflictError, WrongStateError) as error:
        drawn = (zone, seen)
        return _zone_page(request, console, deployment_id, camera, refused=error, drawn=drawn)
    return RedirectResponse(f"/cameras/{deployment_id}?saved=zone", status_code=303)


def _zone_page(
    request: Request,
    console: Console,
    deployment_id: str,
    key: str,
    *,
    picture: bytes | None = None,
    refused: TrialError | None = None,
    drawn: tuple[str, str] | None = None,
) -> Response:
    with console.reading() as uow:
        deployment = uow.deployments.get(deployment_id)
        camera = camera_of(uow, deployment, key)
    zone, seen = drawn or (camera.zone, camera.zone)
    return pages_of(request).show(
        request,
        "engineer/zone.html",
        status=status_of(refused) if refused else 200,
        deployment=deployment,
        camera=camera,
        zone=zone,
        seen=seen,
        picture=base64.b64encode(picture).decode() if picture else None,
        problem=refused.message if refused else None,
        is_running=console.runs.running == deployment_id,
        most_corners=MOST_CORNERS,
    )


def _cameras(console: Console, deployment_id: str) -> dict[str, Any]:
    with console.reading() as uow:
        deployment = uow.deployments.get(deployment_id)
        known = cameras_of(uow, deployment)
        minutes = uow.counts.minutes(deployment_id)
    status = console.runs.status(deployment_id)
    is_running = console.runs.running == deployment_id
    running = running_cameras(console, deployment)
    now = console.workplace.clock.now()
    return {
        "deployment": deployment,
        "rows": camera_rows(known, running, status, minutes, now),
        "is_running": is_running,
        "run": status,
    }


def _packs_page(
    request: Request, console: Console, *, problem: TrialError | None = None
) -> Response:
    values = _packs(request, console)
    return pages_of(request).show(
        request,
        "engineer/packs.html",
        status=status_of(problem) if problem else 200,
        problem=problem.message if problem else None,
        **values,
    )


def _packs(request: Request, console: Console) -> dict[str, Any]:
    task = _tasks(request).find(TaskKind.VERIFY_PACKS, _PACKS)
    return {"task": task, "packs": pack_rows(known_packs(console.settings), task)}


def _tasks(request: Request) -> Tasks:
    tasks: Tasks = request.app.state.tasks
    return tasks
