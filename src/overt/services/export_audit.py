"""Export the audit log, and sign how far it has come; both only after verifying it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit_chain import ChainCheck
from overt.core.checkpoint import Checkpoint
from overt.services.verify_audit import verify_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.core.signed_note import SignedNote
    from overt.ports.audit import AuditLog, NoteSigner


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
