"""The cameras of a live run: those of the authority, or those named for a rehearsal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.adapters.video.camera import Camera
from overt.adapters.video.camera_address import leads_here
from overt.adapters.video.camera_connection import CameraLimits
from overt.adapters.video.camera_group import GroupedCamera
from overt.adapters.video.open_source import is_endless, open_source
from overt.adapters.video.redaction import redacted
from overt.core.deployment import DeploymentKind
from overt.errors import CameraForbiddenError, SettingInvalidError
from overt.services.take_step import log_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from overt.bootstrap.live_request import RunRequest
    from overt.bootstrap.purging import Service
    from overt.core.deployment import Deployment
    from overt.core.zone import Zone
    from overt.ports.engine import Clock, FrameSource

REHEARSAL_SITE = "rehearsal"
ACTION = "open a camera of this machine"
FORBIDDEN = (
    "the address of camera {} leads to this machine itself; expected one elsewhere, or "
    "OVERT_CAMERAS_HERE=true where this machine passes cameras on"
)
_LIMITS = CameraLimits()


@dataclass(frozen=True, slots=True)
class LiveCamera:
    """A camera of a run.

    Attributes:
        camera_id: Which camera.
        site_id: At which site.
        location: Its address, with credentials: never shown.
        zone: The only part of its picture that is looked at; None looks at all of it.
        limits: How long to wait for it, and whether it may send us elsewhere.
    """

    camera_id: str
    site_id: str
    location: str
    zone: Zone | None
    limits: CameraLimits = _LIMITS


def cameras_of(
    request: RunRequest, service: Service, deployment: Deployment, site_ids: tuple[str, ...]
) -> Iterator[LiveCamera]:
    """Yield the cameras of the sites, or those named for a rehearsal.

    Args:
        request: What was asked.
        service: Store and vault, for the cameras' addresses.
        deployment: Whose cameras.
        site_ids: At which sites.

    Raises:
        SettingInvalidError: Cameras are named for a real deployment, none for a rehearsal, or
            a real deployment's camera is a recording.
    """
    if deployment.kind is DeploymentKind.REHEARSAL:
        if not request.cameras:
            msg = "a rehearsal needs --camera NAME=ADDRESS, found none"
            raise SettingInvalidError(msg, setting="--camera")
        for camera_id, location in request.cameras:
            yield LiveCamera(camera_id, REHEARSAL_SITE, location, None, _limits(request))
        return
    if request.cameras:
        msg = "--camera is for rehearsals; the authority names a deployment's cameras"
        raise SettingInvalidError(msg, setting="--camera")
    sites = deployment.application.sites if deployment.application else ()
    for site in (site for site in sites if site.site_id in site_ids):
        for plan in site.cameras:
            with service.store.reading() as uow:
                location = uow.secrets.get(plan.location_secret_id).decode()
            where = (plan.camera_id, site.site_id, location)
            camera = LiveCamera(*where, plan.zone, _limits(request))
            if not isinstance(_opened(camera, service.workplace.clock), Camera):
                msg = (
                    f"camera {plan.camera_id} of a real deployment must be live; found "
                    f"{redacted(location)}: footage is not searched afterwards (R-34)"
                )
                raise SettingInvalidError(msg)
            yield camera


def require_elsewhere(request: RunRequest, service: Service, cameras: Iterable[LiveCamera]) -> None:
    """Let pass only cameras that are not this machine itself, unless its settings allow them.

    Somebody who may type an address could otherwise have services of this machine asked that
    listen to nobody else. What is refused is logged.

    Args:
        request: Who asks.
        service: Store and time.
        cameras: Of the run.

    Raises:
        CameraForbiddenError: One of them is.
    """
    if request.may_use_this_machine:
        return
    here = [camera.camera_id for camera in cameras if leads_here(camera.location)]
    if not here:
        return
    error = CameraForbiddenError(FORBIDDEN.format(", ".join(here)), camera_id=here[0])
    now = service.workplace.clock.now()
    with service.workplace.open() as uow:
        log_refusal(uow, error, ACTION, request.actor_id, request.deployment_id, now)
    raise error


def grouped(camera: LiveCamera, clock: Clock) -> GroupedCamera:
    """Return a camera as the group of a run takes it; nothing is opened.

    Args:
        camera: Where it is.
        clock: Its frames are stamped with.
    """
    is_live = is_endless(_opened(camera, clock))
    return GroupedCamera(camera.camera_id, lambda: _opened(camera, clock), is_live)


def _opened(camera: LiveCamera, clock: Clock) -> FrameSource:
    return open_source(
        camera.location,
        camera_id=camera.camera_id,
        clock=clock,
        started_at=clock.now(),
        fps=25.0,
        limits=camera.limits,
    )


def _limits(request: RunRequest) -> CameraLimits:
    return _LIMITS if request.may_use_this_machine else replace(_LIMITS, max_redirects=0)
