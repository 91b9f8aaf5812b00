"""Take a still picture of a camera to draw its zone on: coarse, and every look logged (R-32)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.roles import Role, require
from overt.errors import CameraUnreachableError, RuleError, WrongStateError
from overt.services.take_step import acting, log_refusal
from overt.services.view_cameras import camera_of

if TYPE_CHECKING:
    from overt.core.deployment import Deployment
    from overt.ports.live import Stills
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ACTION = "take a still of a camera"
_S = DeploymentState
_BEFORE_THE_END = frozenset(
    {
        *(_S.DRAFT, _S.APPLIED, _S.AUTHORISED, _S.WATCHLIST_APPROVED, _S.NOTIFIED),
        *(_S.CALIBRATED, _S.LIVE, _S.SUSPENDED),
    }
)


def take_still(
    workplace: Workplace,
    stills: Stills,
    actor_id: str,
    deployment_id: str,
    key: str,
    *,
    is_running: bool,
) -> bytes:
    """Return a coarse JPEG file's bytes; that somebody looked is logged before.

    Args:
        workplace: Store, time.
        stills: Where the picture comes from.
        actor_id: A system engineer.
        deployment_id: Which deployment; not over.
        key: Which of its cameras.
        is_running: Whether its cameras run: then none is opened a second time.

    Raises:
        RuleError: Not this person, the deployment is over, or the camera's address is not
            allowed; the refusal has been logged.
        CameraUnreachableError: It has no address, or gives no picture in time.
        RecordNotFoundError: There is no such deployment, camera or actor.
    """
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        camera = camera_of(uow, deployment, key)
        _require_may_look(workplace, uow, actor_id, deployment)
        if not camera.secret_id:
            msg = "the camera has no address yet; the applicant types it into the application"
            raise CameraUnreachableError(msg)
        location = uow.secrets.get(camera.secret_id).decode()
        details = {"camera_id": camera.camera_id or key}
        kind, now = EventKind.PREVIEW_VIEWED, workplace.clock.now()
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    if not is_running:
        return _of_camera(workplace, stills, location, (actor_id, deployment_id))
    picture = stills.of_run(camera.camera_id)
    if picture is None:
        msg = "the camera runs and gives no picture at present; try again"
        raise CameraUnreachableError(msg, camera_id=camera.camera_id)
    return picture


def _of_camera(
    workplace: Workplace, stills: Stills, location: str, who_where: tuple[str, str]
) -> bytes:
    """Return the picture of a camera that is opened once; a refusal is logged."""
    try:
        return stills.of_camera(location)
    except RuleError as error:
        with workplace.open() as uow:
            log_refusal(uow, error, ACTION, *who_where, workplace.clock.now())
        raise


def _require_may_look(
    workplace: Workplace, uow: UnitOfWork, actor_id: str, deployment: Deployment
) -> None:
    deployment_id, now = deployment.deployment_id, workplace.clock.now()
    actor = acting(uow, actor_id, ACTION, deployment_id, now)
    try:
        require(actor, Role.SYSTEM_ENGINEER, ACTION)
        if deployment.state not in _BEFORE_THE_END:
            msg = f"to {ACTION}, expected a deployment that is not over; it is {deployment.state}"
            raise WrongStateError(msg, deployment_id=deployment_id)
    except RuleError as error:
        log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
        raise
