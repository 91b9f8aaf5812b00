"""Volunteers: onto the blue list with their consent, off it when they withdraw (R-22)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.blue_list import Volunteer, stop_pass
from overt.core.deployment import DeploymentKind
from overt.core.deployment_steps import require_state
from overt.core.deployment_watchlist import WatchlistBuild, watchlist_built
from overt.core.reference import canonical_reference, is_reference
from overt.core.roles import Role, require
from overt.core.template_bytes import template_bytes, template_header, template_vector
from overt.core.watchlist import EntryStatus, ListKind, Urgency, WatchlistEntry
from overt.core.watchlist_refusals import RefusalReason
from overt.errors import NothingEnrolledError, PassWrongStateError, RuleError
from overt.services.compose_watchlist import require_known_pack
from overt.services.enrol_portraits import Portrait, PortraitRefused, enrol_portraits
from overt.services.list_faces import IMAGE, TEMPLATE
from overt.services.take_off_list import RemovalReason, fewer, take_off
from overt.services.take_step import acting, log_refusal, record

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from numpy.typing import NDArray

    from overt.core.deployment import Change, Deployment
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.ports.store import UnitOfWork
    from overt.services.enrol_portraits import Enroller
    from overt.services.workplace import Workplace

ADD, WITHDRAW = "add a volunteer", "withdraw a volunteer's consent"
CATEGORY = "volunteer"
_STANDING = (EntryStatus.COMPOSED, EntryStatus.APPROVED)


@dataclass(frozen=True, slots=True, eq=False)
class OfferedVolunteer:
    """Somebody who agreed, with their photograph.

    Attributes:
        reference: The force's or the trial's reference of them; never a name.
        consent_sha256: Digest of the signed consent, 64 hexadecimal digits.
        read_photograph: Returns (h, w, 3) uint8 pixels with no side longer than what it is
            given, or None where they cannot be read.
    """

    reference: str
    consent_sha256: str
    read_photograph: Callable[[int], NDArray[np.uint8] | None]


def add_volunteer(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    offer: OfferedVolunteer,
    enroller: Enroller,
) -> Volunteer:
    """Return the volunteer, whose entry waits for a second person on the blue list.

    In a rehearsal the blue list is what is searched: its status counts the new entry and
    asks for approval again. In an operational deployment it stands beside the watchlist and
    changes nothing about it.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An evaluator.
        deployment_id: Authorised, or a rehearsal with consent; not live.
        offer: Reference, consent, photograph.
        enroller: Model pack, its limits, and how a portrait is kept.

    Raises:
        RuleError: Not allowed now; the refusal has been logged.
        NothingEnrolledError: The photograph, or the reference, cannot be used.
        RecordNotFoundError: There is no such deployment or actor.
    """
    reference = canonical_reference(offer.reference)
    (outcome,) = enrol_portraits([offer.read_photograph], enroller)
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, ADD, deployment_id, now)
        policy = workplace.policies.get(deployment.policy_hash)
        volunteer_id, entry_id = (workplace.ids.new(kind) for kind in ("volunteer", "entry"))
        try:
            volunteer = Volunteer(volunteer_id, deployment_id, entry_id, offer.consent_sha256, now)
            require(actor, Role.EVALUATOR, ADD)
            require_state(deployment, "watchlist_built")
            require_known_pack(enroller, policy)
            others = uow.entries.of_deployment(
                deployment_id, list_kind=ListKind.BLUE, statuses=_STANDING
            )
            change = _rebuilt(deployment, actor, policy, now, n_entries=len(others) + 1)
        except RuleError as error:
            log_refusal(uow, error, ADD, actor_id, deployment_id, now)
            raise
        portrait = _usable(outcome, reference, others)
        _refuse_same_face(uow, deployment_id, others, portrait, enroller, policy)
        entry = _entry(reference, entry_id, deployment_id, actor_id, now)
        uow.entries.add_many([_with_secrets(uow, entry, portrait, enroller)])
        uow.passes.add_volunteer(volunteer)
        if change is not None:
            record(uow, change, actor_id, now)
        details = {
            "volunteer_id": volunteer_id,
            "entry_id": entry_id,  # so that passes and alerts are joined from the log alone
            "consent_sha256": offer.consent_sha256,
        }
        kind = EventKind.VOLUNTEER_CONSENTED
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return volunteer


def withdraw_consent(workplace: Workplace, actor_id: str, volunteer_id: str) -> Volunteer:
    """Return the volunteer withdrawn: their face is deleted at once, in any state.

    What they walked before stays counted; a pass that is open ends now.

    Args:
        workplace: Store, time.
        actor_id: An evaluator.
        volunteer_id: Who withdraws.

    Raises:
        RuleError: The actor is no evaluator, or they have withdrawn before; this is logged.
        RecordNotFoundError: There is no such volunteer or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        volunteer = uow.passes.volunteer(volunteer_id)
        deployment_id = volunteer.deployment_id
        actor = acting(uow, actor_id, WITHDRAW, deployment_id, now)
        try:
            _require_may_withdraw(actor, volunteer)
        except RuleError as error:
            log_refusal(uow, error, WITHDRAW, actor_id, deployment_id, now)
            raise
        entry = uow.entries.get(volunteer.entry_id)
        take_off(uow, entry, now, RemovalReason.CONSENT_WITHDRAWN)
        # Saved even where no count changes: a running gallery sees the new version.
        uow.deployments.save(fewer(uow.deployments.get(deployment_id), [entry]))
        _end_open_pass(uow, volunteer, actor, now)
        withdrawn = replace(volunteer, withdrawn_at=now)
        uow.passes.save_volunteer(withdrawn)
        details = {"volunteer_id": volunteer_id}
        kind = EventKind.CONSENT_WITHDRAWN
        uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, details))
        uow.commit()
    return withdrawn


def _rebuilt(
    deployment: Deployment, actor: Actor, policy: Policy, now: datetime, *, n_entries: int
) -> Change | None:
    """Return the rehearsal with its new list; None where the blue list is not what is searched."""
    if deployment.kind is not DeploymentKind.REHEARSAL:
        return None
    build = WatchlistBuild(ListKind.BLUE, n_entries, n_entries, 0)
    return watchlist_built(deployment, actor, build, policy, now)


def _usable(
    outcome: Portrait | PortraitRefused, reference: str, others: tuple[WatchlistEntry, ...]
) -> Portrait:
    reasons = list(outcome.reasons) if isinstance(outcome, PortraitRefused) else []
    if not is_reference(reference):
        reasons.append(RefusalReason.REFERENCE_UNUSABLE)
    if any(entry.reference == reference for entry in others):
        reasons.append(RefusalReason.REFERENCE_TWICE)
    if reasons or isinstance(outcome, PortraitRefused):
        raise _refused(*reasons)
    return outcome


def _refuse_same_face(
    uow: UnitOfWork,
    deployment_id: str,
    others: tuple[WatchlistEntry, ...],
    portrait: Portrait,
    enroller: Enroller,
    policy: Policy,
) -> None:
    """Compare with the blue list only: whether somebody is sought is no evaluator's business."""
    standing = {entry.entry_id for entry in others}
    if not standing:
        return
    header = template_header(enroller.models.embedder.pack_digest)
    stored = uow.secrets.read_all(deployment_id, TEMPLATE)
    rows = [template_vector(data, header) for row_id, data in stored if row_id in standing]
    scores = np.stack(rows) @ portrait.vector
    if scores.max() >= policy.threshold.same_face[enroller.pack_name]:
        raise _refused(RefusalReason.SAME_FACE_AS_ANOTHER)


def _refused(*reasons: RefusalReason) -> NothingEnrolledError:
    codes = ", ".join(reasons)
    msg = f"the volunteer cannot be listed: {codes}"
    return NothingEnrolledError(msg, reasons=codes)


def _entry(
    reference: str, entry_id: str, deployment_id: str, actor_id: str, now: datetime
) -> WatchlistEntry:
    return WatchlistEntry(
        entry_id=entry_id,
        deployment_id=deployment_id,
        list_kind=ListKind.BLUE,
        reference=reference,
        category=CATEGORY,
        justification="consent",
        image_source="the volunteer",
        image_date=now.date(),
        urgency=Urgency.GREEN,
        is_under_18=False,
        composed_by=actor_id,
        composed_at=now,
    )


def _with_secrets(
    uow: UnitOfWork, entry: WatchlistEntry, portrait: Portrait, enroller: Enroller
) -> WatchlistEntry:
    owner, row_id = entry.deployment_id, entry.entry_id
    vector = template_bytes(portrait.vector, enroller.models.embedder.pack_digest)
    return replace(
        entry,
        image_secret_id=uow.secrets.put(owner, IMAGE, row_id, portrait.picture),
        template_secret_id=uow.secrets.put(owner, TEMPLATE, row_id, vector),
    )


def _require_may_withdraw(actor: Actor, volunteer: Volunteer) -> None:
    require(actor, Role.EVALUATOR, WITHDRAW)
    if volunteer.withdrawn_at is not None:
        msg = "the consent is withdrawn already"
        raise PassWrongStateError(msg, volunteer_id=volunteer.volunteer_id)


def _end_open_pass(uow: UnitOfWork, volunteer: Volunteer, actor: Actor, now: datetime) -> None:
    for blue_pass in uow.passes.of_deployment(volunteer.deployment_id):
        if blue_pass.volunteer_id == volunteer.volunteer_id and blue_pass.stopped_at is None:
            uow.passes.save(stop_pass(blue_pass, actor, now, notes=RemovalReason.CONSENT_WITHDRAWN))
