"""Export the audit log, and sign how far it has come; both only after verifying it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_chain import ChainCheck
from overt.core.audit_events import EventKind
from overt.core.checkpoint import Checkpoint, parse_checkpoint
from overt.services.verify_audit import verify_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.core.canonical_json import JsonValue
    from overt.core.signed_note import SignedNote
    from overt.ports.audit import AuditLog, NoteSigner
    from overt.services.workplace import Workplace


def export_audit(log: AuditLog, signer: NoteSigner) -> Iterator[bytes]:
    """Yield a file's parts: each event's line, an empty line, the signed checkpoint.

    Args:
        log: Inside one unit of work, so that it does not grow meanwhile.
        signer: The log's key.

    Raises:
        AuditChainBrokenError: An event was changed, removed, moved or put in.
        AuditTruncatedError: Events are missing at the end.
        RootMismatchError: The stored tree is not that of the events.
    """
    head = log.tree().head()
    check = ChainCheck()
    for line in log.lines():
        check.add(line)
        yield line + b"\n"
    check.finish([head])
    yield f"\n{signer.sign(Checkpoint(signer.origin, head).text())}".encode()


def sign_checkpoint(
    log: AuditLog, signer: NoteSigner, *, progress: Callable[[int], None] = lambda _: None
) -> SignedNote:
    """Return a signed checkpoint of all events, after checking every one of them.

    A log must not sign what contradicts an earlier checkpoint (c2sp.org/tlog-checkpoint).

    Args:
        log: Inside one unit of work, so that it does not grow meanwhile.
        signer: The log's key.
        progress: Called now and then with the number of events so far.

    Raises:
        AuditChainBrokenError: An event was changed, removed, moved or put in.
        AuditTruncatedError: Events are missing at the end.
        LogTreeDamagedError: The stored tree is not that of the events.
    """
    verify_stored(log, progress=progress)
    return signer.sign(Checkpoint(signer.origin, log.tree().head()).text())


def log_checkpoint(workplace: Workplace, note: SignedNote) -> None:
    """Log that a checkpoint was signed, so that nobody can deny having given it out.

    Signing and logging are two units of work: verifying takes long, and nobody else
    could write meanwhile.

    Args:
        workplace: Store, time.
        note: From :func:`sign_checkpoint`.
    """
    head = parse_checkpoint(note.text).head
    details: dict[str, JsonValue] = {"size": head.size, "root": head.root.hex()}
    kind, now = EventKind.CHECKPOINT_SIGNED, workplace.clock.now()
    with workplace.open() as uow:
        uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, None, details))
        uow.commit()
