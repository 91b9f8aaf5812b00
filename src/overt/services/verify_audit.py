"""Verify the audit log: an exported file without the database, or the stored log itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import broken
from overt.core.audit_chain import ChainCheck
from overt.core.checkpoint import parse_checkpoint
from overt.core.signed_note import parse_note
from overt.errors import (
    AuditTruncatedError,
    LogTreeDamagedError,
    SignatureWrongError,
    SignedNoteInvalidError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from overt.core.audit_chain import VerifiedChain
    from overt.core.checkpoint import Checkpoint
    from overt.ports.audit import AuditLog, ExportedLog, NoteVerifier

_REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class VerifiedLog:
    """A log in which every event is as it was recorded.

    Attributes:
        size: Number of events.
        root: Root hash over all events.
        origin: Name of the log as its checkpoint gives it; None where there was none.
        signer: Key that signed every checkpoint; None where no key was given to check it.
        checkpoint_sizes: How many events each checkpoint counts, in ascending order.
    """

    size: int
    root: bytes
    origin: str | None
    signer: str | None
    checkpoint_sizes: tuple[int, ...]


def verify_export(
    log: ExportedLog,
    *,
    checkpoints: Sequence[bytes] = (),
    verifier: NoteVerifier | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> VerifiedLog:
    """Return what an exported log is, after checking every line and every checkpoint.

    R-70: it needs neither the database nor the machine that wrote the log.

    Args:
        log: The exported file.
        checkpoints: Signed notes obtained elsewhere, such as published ones; of any age.
        verifier: The log's key; without it, no signature is checked.
        progress: Called now and then with the number of events so far.

    Raises:
        AuditChainBrokenError: An event was changed, removed, moved or put in.
        AuditTruncatedError: Events are missing at the end, or the closing checkpoint is.
        RootMismatchError: The events are not those that were signed.
        SignedNoteInvalidError: A checkpoint is not written as one.
        SignatureWrongError: A checkpoint was not signed with the log's key.
    """
    older = [_opened(note, verifier) for note in checkpoints]
    check = ChainCheck([checkpoint.head.size for checkpoint in older])
    for line in log.lines():
        check.add(line)
        if check.size % _REPORT_EVERY == 0:
            progress(check.size)
    closing = _closing(log.note(), check.size, verifier, is_needed=not older)
    known = [*older, *closing]
    chain = check.finish(checkpoint.head for checkpoint in known)
    if closing and closing[0].head.size < chain.tree.size:
        raise broken(closing[0].head.size, "it stands behind what the closing checkpoint counts")
    return _verified(chain, known, verifier)


def verify_stored(
    log: AuditLog,
    *,
    checkpoints: Sequence[bytes] = (),
    verifier: NoteVerifier | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> VerifiedLog:
    """Return what the stored log is, after checking every row, the tree and every checkpoint.

    Args:
        log: Inside one unit of work, so that it does not grow meanwhile.
        checkpoints: Signed notes obtained elsewhere; of any age.
        verifier: The log's key; without it, no signature is checked.
        progress: Called now and then with the number of events so far.

    Raises:
        AuditChainBrokenError: An event was changed, removed, moved or put in.
        AuditTruncatedError: Events are missing at the end.
        RootMismatchError: The events are not those that were signed.
        LogTreeDamagedError: The stored state of the tree is not that of the events.
        SignedNoteInvalidError: A checkpoint is not written as one.
        SignatureWrongError: A checkpoint was not signed with the log's key.
    """
    known = [_opened(note, verifier) for note in checkpoints]
    stored = log.tree().head()
    check = ChainCheck([checkpoint.head.size for checkpoint in known])
    for line in log.lines():
        check.add(line)
        if check.size % _REPORT_EVERY == 0:
            progress(check.size)
    chain = check.finish((checkpoint.head for checkpoint in known), hint=stored)
    if stored.size > chain.tree.size:
        msg = f"event {chain.tree.size} is missing: {stored.size} were stored, up to the last"
        raise AuditTruncatedError(msg, seq=chain.tree.size, expected=stored.size)
    if stored != chain.tree.head():
        msg = f"the stored state of the tree is not that of the {chain.tree.size} events"
        raise LogTreeDamagedError(msg, size=chain.tree.size)
    return _verified(chain, known, verifier)


def _opened(note: bytes, verifier: NoteVerifier | None) -> Checkpoint:
    signed = parse_note(note)
    checkpoint = parse_checkpoint(signed.text)
    if verifier:
        verifier.verify(signed)
    if verifier and not verifier.signer.startswith(f"{checkpoint.origin}+"):
        msg = f"the checkpoint is of {checkpoint.origin}, not of the log of {verifier.signer}"
        raise SignatureWrongError(msg, signer=verifier.signer)
    return checkpoint


def _closing(
    note: bytes | None, size: int, verifier: NoteVerifier | None, *, is_needed: bool
) -> list[Checkpoint]:
    """Return the checkpoint at the end of the file; none where the file has none and needs none."""
    if note is None:
        if is_needed:
            msg = f"the file ends before event {size} without the checkpoint that closes a log"
            raise AuditTruncatedError(msg, seq=size)
        return []
    try:
        return [_opened(note, verifier)]
    except SignedNoteInvalidError as error:
        msg = f"what stands where event {size} or a checkpoint belongs is neither: {error.message}"
        raise SignedNoteInvalidError(msg, seq=size) from error


def _verified(
    chain: VerifiedChain, known: Sequence[Checkpoint], verifier: NoteVerifier | None
) -> VerifiedLog:
    return VerifiedLog(
        size=chain.tree.size,
        root=chain.tree.root(),
        origin=known[-1].origin if known else None,
        signer=verifier.signer if verifier and known else None,
        checkpoint_sizes=tuple(sorted(checkpoint.head.size for checkpoint in known)),
    )
