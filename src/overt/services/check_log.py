"""Check the stored log now, and sign how far it has come (R-70)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.checkpoint import Checkpoint
from overt.services.export_audit import log_checkpoint
from overt.services.verify_audit import verify_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from overt.core.signed_note import SignedNote
    from overt.ports.audit import NoteSigner, NoteVerifier
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.verify_audit import VerifiedLog
    from overt.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class CheckedLog:
    """A log in which every event is as it was recorded.

    Attributes:
        verified: Its size and root, and the checkpoints that it agrees with.
        checked_at: When that was found, aware UTC.
        note: The checkpoint that was signed of it, or None.
    """

    verified: VerifiedLog
    checked_at: datetime
    note: SignedNote | None


def check_log(
    workplace: Workplace,
    reading: UnitOfWorkFactory,
    verifier: NoteVerifier | None,
    *,
    checkpoints: Sequence[bytes] = (),
    signer: NoteSigner | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> CheckedLog:
    """Return what the stored log is, after checking every line, the tree and the checkpoints.

    Args:
        workplace: Where it is logged that a checkpoint was signed.
        reading: Opens a unit of work that only looks, so that the log does not grow meanwhile.
        verifier: The log's key; without it, no signature is checked.
        checkpoints: Signed notes obtained elsewhere; of any age.
        signer: Signs a checkpoint of what was found right; None signs none.
        progress: Called now and then with the events checked, and with how many there are.

    Raises:
        IntegrityError: The log is not what was recorded; see ``verify_stored``.
    """
    with reading() as uow:
        n_events = uow.audit.size()
        progress(0, n_events)
        verified = verify_stored(
            uow.audit,
            checkpoints=checkpoints,
            verifier=verifier,
            progress=lambda n_done: progress(n_done, n_events),
        )
        note = None
        if signer is not None:
            note = signer.sign(Checkpoint(signer.origin, uow.audit.tree().head()).text())
    if note is not None:
        log_checkpoint(workplace, note)
    return CheckedLog(verified, workplace.clock.now(), note)
