"""Pictures of alerts and cameras: for those who decide, never kept by the browser (R-32, R-53)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.core.deployment import DeploymentState
from overt.core.roles import Role
from overt.errors import RecordNotFoundError
from overt.services.view_alert import view_alert_portrait, view_crop
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, read_deployment

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.services.view_preview import PreviewLooks

router = APIRouter(include_in_schema=False)

_JPEG = "image/jpeg"
_VIEWERS = (Role.OPERATOR, Role.ENGAGEMENT_OFFICER, Role.AUDITOR, Role.EVALUATOR)


@router.get("/alerts/{alert_id}/crop")
@allow(*_VIEWERS)
def crop(alert_id: str, console: OfConsole, person: OfPerson) -> Response:
    """Return what the camera saw; who may see the alert may see it, and it is logged."""
    return Response(view_crop(console.workplace, person.actor.actor_id, alert_id), media_type=_JPEG)


@router.get("/alerts/{alert_id}/portrait")
@allow(*_VIEWERS)
def portrait(alert_id: str, console: OfConsole, person: OfPerson) -> Response:
    """Return the listed photograph; who may see the alert may see it, and it is logged."""
    content = view_alert_portrait(console.workplace, person.actor.actor_id, alert_id)
    return Response(content, media_type=_JPEG)


@router.get("/live/{deployment_id}/preview/{camera_id}.jpg")
@allow(Role.OPERATOR)
def preview(
    request: Request, deployment_id: str, camera_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Return a camera's newest picture, coarse but for alerts; 204 where it gives none now."""
    deployment = read_deployment(console, deployment_id)
    if camera_id not in cameras_of(console, deployment):
        msg = f"no camera {camera_id} of {deployment_id} runs here"
        raise RecordNotFoundError(msg, key=camera_id)
    looks: PreviewLooks = request.app.state.preview_looks
    looks.note(person.actor.actor_id, deployment_id, camera_id)
    content = console.previews.picture(camera_id)
    if content is None:
        return Response(status_code=204)
    return Response(content, media_type=_JPEG)


def cameras_of(console: Console, deployment: Deployment) -> tuple[str, ...]:
    """Return the cameras of a deployment that is live here; empty where it is not.

    Args:
        console: With the live run.
        deployment: Which.
    """
    is_live = deployment.state is DeploymentState.LIVE
    if not is_live or console.runs.running != deployment.deployment_id:
        return ()
    status = console.runs.status(deployment.deployment_id)
    if status is not None and status.camera_ids:
        return status.camera_ids
    sites = deployment.application.sites if deployment.application else ()
    live = {site.site_id for site in deployment.live_sites}
    return tuple(c.camera_id for site in sites if site.site_id in live for c in site.cameras)
