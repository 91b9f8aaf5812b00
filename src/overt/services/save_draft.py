"""Save a draft of the application while it is written; apply with it once it is whole (R-02)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.application_draft import ApplicationDraft
from overt.core.application_form import ApplicationForm, form_document, form_of_document
from overt.core.application_reading import read_form
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.deployment_authority import apply_
from overt.core.deployment_steps import require_kind, require_state
from overt.core.roles import Role, require
from overt.errors import ApplicationIncompleteError, RecordConflictError, RuleError
from overt.services.apply_for_authority import LOCATION
from overt.services.judge_addresses import wrong_addresses
from overt.services.take_step import acting, log_refusal, record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from overt.core.application_form import CameraForm
    from overt.core.authority import Application, CameraPlan
    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

_SAVE, _APPLY = "save a draft of the application", "apply for an authority"


def draft_mark(draft: ApplicationDraft | None) -> str:
    """Return what tells one saving of a draft from the next; blank before the first.

    Args:
        draft: As stored, or None.
    """
    return "" if draft is None else f"{draft.saved_at.isoformat()} {draft.saved_by}"


def read_draft(
    reading: UnitOfWorkFactory, deployment_id: str
) -> tuple[ApplicationForm, ApplicationDraft | None]:
    """Return the form as it was saved last, and its draft; an empty one and None before that.

    Args:
        reading: Opens a unit of work that only looks.
        deployment_id: Whose.

    Raises:
        RecordNotFoundError: There is no such deployment.
    """
    with reading() as uow:
        uow.deployments.get(deployment_id)
        draft = uow.drafts.get_or_none(deployment_id)
    return (form_of_document(draft.document) if draft else ApplicationForm()), draft


def save_draft(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    form: ApplicationForm,
    addresses: Mapping[str, str],
    *,
    seen: str,
) -> ApplicationDraft:
    """Return the draft as it is stored now; nothing is written where nothing has changed.

    The addresses of cameras carry credentials: they are encrypted with the same commit.
    A camera without a new one keeps the one that it had, whatever secret the form names.

    Args:
        workplace: Store, time.
        actor_id: An applicant.
        deployment_id: A draft, operational.
        form: As typed; nothing about it is judged.
        addresses: Key of a camera -> address, where one was typed.
        seen: Mark of the draft that the typing began with.

    Raises:
        RecordConflictError: Somebody has saved it since; it names who.
        RuleError: Not this person, or not now; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        _require_drafting(workplace, uow, actor_id, deployment_id)
        stored = uow.drafts.get_or_none(deployment_id)
        if stored is not None and not addresses and _is_same(stored, form):
            return stored
        _require_seen(stored, seen)
        kept = _with_secrets(uow, deployment_id, form, addresses, stored)
        document = form_document(kept)
        draft = ApplicationDraft(deployment_id, actor_id, now, document)
        uow.drafts.save(draft)
        details = {"document_sha256": hashlib.sha256(document.encode()).hexdigest()}
        kind = EventKind.APPLICATION_DRAFT_SAVED
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return draft


def apply_with_draft(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    *,
    seen: str,
    is_address: Callable[[str], bool],
) -> Deployment:
    """Return the deployment with its draft as the application, ready to be decided.

    The draft is gone with the same commit, and the cameras' addresses belong to the application.

    Args:
        workplace: Store, time, rules.
        actor_id: An applicant.
        deployment_id: A draft.
        seen: Mark of the draft that is meant.
        is_address: Whether a text is the address of a live camera.

    Raises:
        ApplicationIncompleteError: Fields are missing or cannot be read; it names all of them.
        RecordConflictError: Somebody has saved another draft since; it names who.
        RuleError: Not allowed now; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, _APPLY, deployment_id, now)
        policy = workplace.policies.get(deployment.policy_hash)
        stored = uow.drafts.get_or_none(deployment_id)
        _require_seen(stored, seen)
        form = form_of_document(stored.document) if stored else ApplicationForm()
        read = read_form(form, policy, now)
        try:
            require(actor, Role.APPLICANT, _APPLY)
            if lacking := (*read.lacking, *wrong_addresses(uow, form, is_address)):
                unmet = tuple((each[1], each[0], each[2]) for each in lacking)
                msg = "the application cannot be decided"
                raise ApplicationIncompleteError(msg, unmet=unmet)
            apply_(deployment, actor, read.application, policy, now)
        except RuleError as error:
            log_refusal(uow, error, _APPLY, actor_id, deployment_id, now)
            raise
        application = _taken_over(uow, deployment_id, read.application)
        uow.drafts.delete(deployment_id)
        saved = record(uow, apply_(deployment, actor, application, policy, now), actor_id, now)
        uow.commit()
    return saved


def _require_drafting(
    workplace: Workplace, uow: UnitOfWork, actor_id: str, deployment_id: str
) -> None:
    deployment = uow.deployments.get(deployment_id)
    now = workplace.clock.now()
    actor = acting(uow, actor_id, _SAVE, deployment_id, now)
    try:
        require_kind(deployment, DeploymentKind.OPERATIONAL, _SAVE)
        require_state(deployment, "apply_")
        require(actor, Role.APPLICANT, _SAVE)
    except RuleError as error:
        log_refusal(uow, error, _SAVE, actor_id, deployment_id, now)
        raise


def _require_seen(stored: ApplicationDraft | None, seen: str) -> None:
    if draft_mark(stored) != seen:
        who = stored.saved_by if stored else "nobody"
        at = f" at {stored.saved_at:%H:%M:%SZ}" if stored else ""
        msg = f"{who} saved this draft{at}, after you opened it; open it again to go on from there"
        raise RecordConflictError(msg)


def _is_same(stored: ApplicationDraft, form: ApplicationForm) -> bool:
    """Return whether a draft says what a form does: it came twice, or nothing was changed."""
    known = {camera.key: camera.secret_id for camera in form_of_document(stored.document).cameras()}
    return form_document(_naming(form, known)) == stored.document


def _naming(form: ApplicationForm, secret_ids: Mapping[str, str]) -> ApplicationForm:
    """Return the form whose cameras name these secrets, and no other."""

    def naming(camera: CameraForm) -> CameraForm:
        return replace(camera, secret_id=secret_ids.get(camera.key, ""))

    sites = tuple(replace(s, cameras=tuple(naming(c) for c in s.cameras)) for s in form.sites)
    return replace(form, sites=sites)


def _with_secrets(
    uow: UnitOfWork,
    deployment_id: str,
    form: ApplicationForm,
    addresses: Mapping[str, str],
    stored: ApplicationDraft | None,
) -> ApplicationForm:
    earlier = form_of_document(stored.document) if stored else ApplicationForm()
    known = {camera.key: camera.secret_id for camera in earlier.cameras()}
    new = {
        camera.key: uow.secrets.put(deployment_id, LOCATION, camera.key, address.encode())
        for camera in form.cameras()
        if (address := addresses.get(camera.key, "").strip())
    }
    after = _naming(form, {**known, **new})
    for secret_id in set(known.values()) - {camera.secret_id for camera in after.cameras()}:
        uow.secrets.delete(secret_id)
    return after


def _taken_over(uow: UnitOfWork, deployment_id: str, application: Application) -> Application:
    """Return the application whose secrets stand under site and camera, as everywhere else."""

    def taken_over(site_id: str, camera: CameraPlan) -> CameraPlan:
        address = uow.secrets.get(camera.location_secret_id)
        uow.secrets.delete(camera.location_secret_id)
        row = f"{site_id}/{camera.camera_id}"
        secret_id = uow.secrets.put(deployment_id, LOCATION, row, address)
        return replace(camera, location_secret_id=secret_id)

    sites = (
        replace(site, cameras=tuple(taken_over(site.site_id, camera) for camera in site.cameras))
        for site in application.sites
    )
    return replace(application, sites=tuple(sites))
