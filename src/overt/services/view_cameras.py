"""The cameras of a deployment, as its draft or its application names them; never an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.application_form import form_of_document
from overt.core.deployment import DeploymentState
from overt.core.zone_text import typed_zone, zone_text
from overt.errors import RecordNotFoundError, ZoneInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class CameraView:
    """A camera as an engineer sees it.

    Attributes:
        key: Tells the cameras of a deployment apart: the row of a draft, or ``SITE/CAMERA``.
        camera_id: What it is called; blank while nobody has named it.
        site_id: At which site; may be blank in a draft.
        place: Where that is.
        zone: Its corners as they are typed.
        zone_problem: What is wrong with them, or None.
        secret_id: Secret that holds its address; blank where none was given.
        is_editable: Whether its zone can still be drawn: only in a draft.
    """

    key: str
    camera_id: str
    site_id: str
    place: str
    zone: str
    zone_problem: str | None
    secret_id: str
    is_editable: bool

    @property
    def name(self) -> str:
        """Return what it is called on a page."""
        return self.camera_id or "a camera without a name"


def cameras_of(uow: UnitOfWork, deployment: Deployment) -> tuple[CameraView, ...]:
    """Return the cameras of a deployment in the order in which they were written down.

    Args:
        uow: An open unit of work.
        deployment: Whose; a rehearsal has none before it runs.
    """
    if deployment.application is not None:
        return tuple(_planned(deployment))
    if deployment.state is DeploymentState.DRAFT:
        return tuple(_drafted(uow, deployment.deployment_id))
    return ()


def camera_of(uow: UnitOfWork, deployment: Deployment, key: str) -> CameraView:
    """Return one camera.

    Args:
        uow: An open unit of work.
        deployment: Whose.
        key: Which.

    Raises:
        RecordNotFoundError: There is none.
    """
    found = next((camera for camera in cameras_of(uow, deployment) if camera.key == key), None)
    if found is None:
        msg = f"{deployment.deployment_id} has no such camera"
        raise RecordNotFoundError(msg, key=deployment.deployment_id)
    return found


def _planned(deployment: Deployment) -> Iterator[CameraView]:
    for site in deployment.application.sites if deployment.application else ():
        for camera in site.cameras:
            yield CameraView(
                key=f"{site.site_id}/{camera.camera_id}",
                camera_id=camera.camera_id,
                site_id=site.site_id,
                place=site.place,
                zone=zone_text(camera.zone.corners_xy),
                zone_problem=None,
                secret_id=camera.location_secret_id,
                is_editable=False,
            )


def _drafted(uow: UnitOfWork, deployment_id: str) -> Iterator[CameraView]:
    draft = uow.drafts.get_or_none(deployment_id)
    for site in form_of_document(draft.document).sites if draft else ():
        for camera in site.cameras:
            yield CameraView(
                key=camera.key,
                camera_id=camera.camera_id.strip(),
                site_id=site.site_id.strip(),
                place=site.place.strip(),
                zone=camera.zone.strip(),
                zone_problem=_problem(camera.zone),
                secret_id=camera.secret_id,
                is_editable=True,
            )


def _problem(text: str) -> str | None:
    try:
        typed_zone(text)
    except ZoneInvalidError as error:
        return error.message
    return None
