"""The certificate of a deployment's destruction: issued, found, verified (R-19)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.certificate import Certificate
from overt.core.checkpoint import Checkpoint
from overt.core.destruction import (
    KIND,
    Destroyed,
    Searched,
    destroyed_from,
    read_certificate,
)
from overt.core.signed_note import parse_note
from overt.errors import CertificateWrongError, RecordNotFoundError
from overt.services.erase_alerts import ALERT_RETENTION
from overt.services.find_events import events_of
from overt.services.verify_audit import verify_stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from overt.core.destruction import Destruction
    from overt.ports.audit import NoteSigner, NoteVerifier
    from overt.ports.records import Ids
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory

PURGE = "purge"
"""Why biometrics were erased, as the log says it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What the log says was erased of a deployment.

    Attributes:
        by_purge: With the deployment.
        by_retention: Alerts whose own retention was over before.
        in_clear: What the search for unencrypted bytes found before the purge deleted
            anything; None where there was no key to make it.
    """

    by_purge: Destroyed
    by_retention: Destroyed
    in_clear: Searched | None


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """A certificate that is what was issued.

    Attributes:
        certificate: As kept.
        stated: Each statement by its name, in order.
        log_size: Events of the log that it speaks of; all of them stand as they were.
        signer: Key that signed it.
    """

    certificate: Certificate
    stated: Mapping[str, str]
    log_size: int
    signer: str


def issue_certificate(
    uow: UnitOfWork, signer: NoteSigner, ids: Ids, destruction: Destruction
) -> Certificate:
    """Return a certificate that is signed, kept and logged; the caller commits.

    Args:
        uow: An open unit of work, in which the purge is logged already.
        signer: The key of the audit log.
        ids: Makes its identifier.
        destruction: What was destroyed.
    """
    checkpoint = Checkpoint(signer.origin, uow.audit.tree().head())
    certificate = Certificate(
        certificate_id=ids.new("certificate"),
        deployment_id=destruction.deployment_id,
        kind=KIND,
        issued_at=destruction.purged_at,
        text=str(signer.sign(destruction.text(checkpoint))),
    )
    uow.certificates.add(certificate)
    event = AuditEvent(
        EventKind.CERTIFICATE_ISSUED,
        destruction.purged_at,
        SYSTEM_ACTOR,
        destruction.deployment_id,
        {
            "certificate_id": certificate.certificate_id,
            "certificate_sha256": _digest(certificate),
        },
    )
    uow.audit.append(event)
    return certificate


def destruction_certificate(uow: UnitOfWork, deployment_id: str) -> Certificate | None:
    """Return a deployment's certificate of destruction, or None.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.
    """
    issued = [c for c in uow.certificates.of_deployment(deployment_id) if c.kind == KIND]
    return issued[-1] if issued else None


def verify_certificate(
    reading: UnitOfWorkFactory, verifier: NoteVerifier, deployment_id: str
) -> VerifiedCertificate:
    """Return a deployment's certificate after checking signature, digest and the whole log.

    Args:
        reading: Opens a unit of work that only looks.
        verifier: The log's key.
        deployment_id: A purged deployment.

    Raises:
        RecordNotFoundError: It has none.
        CertificateWrongError: It is another deployment's, or not the one that was issued.
        SignatureWrongError: It is not signed with the log's key.
        IntegrityError: The log is not the one that it speaks of.
    """
    with reading() as uow:
        certificate = destruction_certificate(uow, deployment_id)
        if certificate is None:
            msg = f"there is no certificate of destruction for {deployment_id}"
            raise RecordNotFoundError(msg)
        written = certificate.text.encode()
        note = parse_note(written)
        verifier.verify(note)
        read = read_certificate(note.text)
        issued = [
            e.event.details for e in events_of(uow, deployment_id, EventKind.CERTIFICATE_ISSUED)
        ]
        is_issued = any(d.get("certificate_sha256") == _digest(certificate) for d in issued)
        if read.stated.get("deployment") != deployment_id or not is_issued:
            msg = f"the certificate kept for {deployment_id} is not the one that was issued"
            raise CertificateWrongError(msg, deployment_id=deployment_id)
        verify_stored(uow.audit, checkpoints=[written], verifier=verifier)
    return VerifiedCertificate(certificate, read.stated, read.checkpoint.head.size, verifier.signer)


def erased_so_far(uow: UnitOfWork, deployment_id: str) -> Erased:
    """Return what the log says was erased of a deployment.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.
    """
    sums, in_clear = {PURGE: Destroyed(), ALERT_RETENTION: Destroyed()}, None
    for logged in events_of(uow, deployment_id, EventKind.BIOMETRICS_ERASED):
        details = logged.event.details
        reason = str(details.get("reason"))
        sums[reason] = sums.get(reason, Destroyed()) + destroyed_from(details)
        counted = details.get("n_windows_in_clear"), details.get("n_remains_in_clear")
        if isinstance(counted[0], int) and isinstance(counted[1], int):
            in_clear = Searched(counted[0], counted[1])
    return Erased(sums[PURGE], sums[ALERT_RETENTION], in_clear)


def _digest(certificate: Certificate) -> str:
    return hashlib.sha256(certificate.text.encode()).hexdigest()
