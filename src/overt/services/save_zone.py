"""Save the zone of a camera into the draft of an application (R-02)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.application_draft import ApplicationDraft
from overt.core.application_form import form_document, form_of_document
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.deployment_steps import require_kind, require_state
from overt.core.roles import Role, require
from overt.core.zone_text import typed_zone, zone_text
from overt.errors import RecordConflictError, RecordNotFoundError, RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.core.application_form import ApplicationForm, CameraForm
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ACTION = "draw a camera's zone"


def save_zone(
    workplace: Workplace, actor_id: str, deployment_id: str, key: str, text: str, *, seen: str
) -> ApplicationDraft:
    """Return the draft in which one camera has another zone; all else stays as it was written.

    Args:
        workplace: Store, time.
        actor_id: A system engineer.
        deployment_id: A draft.
        key: Which camera.
        text: Corners in order, such as ``0,0 1,0 1,1 0,1``.
        seen: The zone that the drawing began with.

    Raises:
        ZoneInvalidError: It is no simple polygon inside the picture.
        RecordConflictError: Somebody has drawn another one since.
        RuleError: Not this person, or no longer a draft; the refusal has been logged.
        RecordNotFoundError: There is no such deployment, draft, camera or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        _require_may_draw(workplace, uow, actor_id, deployment_id)
        zone = zone_text(typed_zone(text).corners_xy)
        draft = uow.drafts.get_or_none(deployment_id)
        form = form_of_document(draft.document) if draft else None
        camera = _camera(form, key)
        if draft is None or form is None or camera is None:
            msg = f"the draft of {deployment_id} has no such camera"
            raise RecordNotFoundError(msg, key=deployment_id)
        if camera.zone.strip() != seen.strip():
            msg = "somebody has drawn another zone since you opened this page; open it again"
            raise RecordConflictError(msg, deployment_id=deployment_id)
        document = form_document(_with_zone(form, key, zone))
        saved = ApplicationDraft(deployment_id, actor_id, now, document)
        uow.drafts.save(saved)
        details = {"document_sha256": hashlib.sha256(document.encode()).hexdigest()}
        kind = EventKind.APPLICATION_DRAFT_SAVED
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return saved


def _require_may_draw(
    workplace: Workplace, uow: UnitOfWork, actor_id: str, deployment_id: str
) -> None:
    deployment, now = uow.deployments.get(deployment_id), workplace.clock.now()
    actor = acting(uow, actor_id, ACTION, deployment_id, now)
    try:
        require(actor, Role.SYSTEM_ENGINEER, ACTION)
        require_kind(deployment, DeploymentKind.OPERATIONAL, ACTION)
        require_state(deployment, "apply_")
    except RuleError as error:
        log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
        raise


def _camera(form: ApplicationForm | None, key: str) -> CameraForm | None:
    cameras = form.cameras() if form is not None else ()
    return next((camera for camera in cameras if camera.key == key), None)


def _with_zone(form: ApplicationForm, key: str, zone: str) -> ApplicationForm:
    sites = tuple(
        replace(
            site,
            cameras=tuple(replace(c, zone=zone) if c.key == key else c for c in site.cameras),
        )
        for site in form.sites
    )
    return replace(form, sites=sites)
