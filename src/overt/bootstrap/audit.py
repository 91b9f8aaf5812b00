"""The audit log for the command line: verify, export, sign, show."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from overt.adapters.audit.checkpoints import Ed25519NoteSigner, Ed25519NoteVerifier
from overt.adapters.audit.export_file import ExportFile, read_note, write_export
from overt.adapters.audit.signing import (
    PUBLIC_SUFFIX,
    parse_verifier_key,
    read_signing_key,
    read_verifier_key,
)
from overt.adapters.clock import SystemClock
from overt.adapters.store.audit_in_transaction import AuditInTransaction
from overt.adapters.store.engine import default_url, open_database
from overt.adapters.store.migrate import stored_version
from overt.adapters.store.transaction import Transaction
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.errors import StoreUnknownError
from overt.services.export_audit import export_audit, sign_checkpoint
from overt.services.verify_audit import verify_export, verify_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from overt.core.audit import LoggedEvent
    from overt.core.canonical_json import JsonValue
    from overt.services.verify_audit import VerifiedLog
    from overt.settings import Settings

_READ_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a log is compared with.

    Attributes:
        checkpoints: Files with signed checkpoints that were obtained elsewhere.
        public_key: The log's verifier key or a file with it; None takes this machine's own.
    """

    checkpoints: tuple[Path, ...] = ()
    public_key: str | None = None


def signing_key_path(settings: Settings) -> Path:
    """Return where this machine keeps the key of its audit log.

    Args:
        settings: Of this machine.
    """
    return settings.home / "keys" / "audit.key"


def verify_file(
    path: Path, evidence: Evidence, settings: Settings, progress: Callable[[int], None]
) -> VerifiedLog:
    """Return what an exported log is; no database is opened.

    Args:
        path: The exported log.
        evidence: Checkpoints and key.
        settings: Of this machine.
        progress: Called now and then with the number of events so far.

    Raises:
        AuditFileUnreadableError: A file cannot be read.
        AuditKeyInvalidError: The key is not written as one.
        IntegrityError: The log is not what was recorded; see ``verify_export``.
    """
    return verify_export(
        ExportFile(path),
        checkpoints=_notes(evidence.checkpoints),
        verifier=_verifier(evidence.public_key, settings),
        progress=progress,
    )


def verify_store(
    evidence: Evidence, settings: Settings, progress: Callable[[int], None]
) -> VerifiedLog:
    """Return what the log in this machine's store is.

    Args:
        evidence: Checkpoints and key.
        settings: Of this machine.
        progress: Called now and then with the number of events so far.

    Raises:
        AuditFileUnreadableError: A file cannot be read.
        AuditKeyInvalidError: The key is not written as one.
        IntegrityError: The log is not what was recorded; see ``verify_stored``.
        StoreUnknownError: There is no store on this machine.
    """
    with _log(settings) as (log, _):
        return verify_stored(
            log,
            checkpoints=_notes(evidence.checkpoints),
            verifier=_verifier(evidence.public_key, settings),
            progress=progress,
        )


def export(path: Path, actor_id: str, settings: Settings) -> int:
    """Write the log to a file with a signed checkpoint; return how many events it holds.

    That it was exported is the last event in it.

    Args:
        path: What to make; a file of that name is replaced.
        actor_id: Who exports.
        settings: Of this machine.

    Raises:
        SigningKeyMissingError: There is no key to sign with.
        IntegrityError: The log is not what was recorded.
        OutputUnwritableError: The file cannot be written.
        StoreUnknownError: There is no store on this machine.
    """
    signer = Ed25519NoteSigner(read_signing_key(signing_key_path(settings)))
    with _log(settings, writes=True) as (log, transaction):
        details: dict[str, JsonValue] = {"what": "audit_log", "n_rows": log.size()}
        event = AuditEvent(EventKind.DATA_EXPORTED, SystemClock().now(), actor_id, details=details)
        log.append(event)
        transaction.commit()
    with _log(settings) as (log, _):
        write_export(path, export_audit(log, signer))
        return log.size()


def checkpoint(settings: Settings, progress: Callable[[int], None]) -> str:
    """Return a signed checkpoint of the log in this machine's store, after verifying it.

    Args:
        settings: Of this machine.
        progress: Called now and then with the number of events so far.

    Raises:
        SigningKeyMissingError: There is no key to sign with.
        IntegrityError: The log is not what was recorded.
        StoreUnknownError: There is no store on this machine.
    """
    signer = Ed25519NoteSigner(read_signing_key(signing_key_path(settings)))
    with _log(settings) as (log, _):
        return str(sign_checkpoint(log, signer, progress=progress))


def last_events(
    settings: Settings, n_events: int, kind: EventKind | None
) -> tuple[LoggedEvent, ...]:
    """Return the latest events, oldest first.

    Args:
        settings: Of this machine.
        n_events: How many at the most.
        kind: Only of this kind; None takes all.

    Raises:
        AuditChainBrokenError: A row does not hold the line that its number and hash say.
        StoreUnknownError: There is no store on this machine.
    """
    found: list[LoggedEvent] = []
    with _log(settings) as (log, _):
        end = log.size()
        while end and len(found) < n_events:
            start = max(0, end - _READ_AT_ONCE)
            part = log.read(start, end - start)
            found = [e for e in part if kind is None or e.event.kind == kind] + found
            end = start
    return tuple(found[-n_events:])


@contextmanager
def _log(
    settings: Settings, *, writes: bool = False
) -> Iterator[tuple[AuditInTransaction, Transaction]]:
    """Open the log of this machine's store.

    Args:
        settings: Of this machine.
        writes: Whether the transaction may write.

    Yields:
        The log and its transaction.

    Raises:
        StoreUnknownError: There is no store on this machine.
    """
    url = default_url(settings.home)
    path = settings.home / "overt.db"
    if not path.exists():
        msg = f"there is no store in {settings.home}"
        raise StoreUnknownError(msg)
    database = open_database(url)
    try:
        if stored_version(database) is None:
            msg = f"the store in {settings.home} is empty"
            raise StoreUnknownError(msg)
        transaction = Transaction(database, writes=writes)
        try:
            yield AuditInTransaction(transaction), transaction
        finally:
            transaction.leave()
    finally:
        database.close()


def _notes(paths: Sequence[Path]) -> list[bytes]:
    return [read_note(path) for path in paths]


def _verifier(given: str | None, settings: Settings) -> Ed25519NoteVerifier | None:
    if given is None:
        own = signing_key_path(settings).with_suffix(PUBLIC_SUFFIX)
        return Ed25519NoteVerifier(read_verifier_key(own)) if own.exists() else None
    is_text = given.count("+") >= 2  # noqa: PLR2004 - a key has two, and a path hardly
    key = parse_verifier_key(given) if is_text else read_verifier_key(Path(given))
    return Ed25519NoteVerifier(key)
