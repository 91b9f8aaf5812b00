"""The audit log for the command line: verify, export, sign, show."""

from __future__ import annotations

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
from overt.bootstrap.store import open_reader, open_workplace
from overt.services.export_audit import export_audit, log_checkpoint, sign_checkpoint
from overt.services.read_audit import log_export, read_audit
from overt.services.verify_audit import verify_export, verify_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from overt.core.audit import LoggedEvent
    from overt.core.audit_events import EventKind
    from overt.services.verify_audit import VerifiedLog
    from overt.settings import Settings


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
        StoreMissingError: There is no store on this machine.
        AuditFileUnreadableError: A file cannot be read.
        AuditKeyInvalidError: The key is not written as one.
        IntegrityError: The log is not what was recorded; see ``verify_stored``.
    """
    with open_reader(settings) as reading, reading() as uow:
        return verify_stored(
            uow.audit,
            checkpoints=_notes(evidence.checkpoints),
            verifier=_verifier(evidence.public_key, settings),
            progress=progress,
        )


def export(path: Path, actor_id: str, settings: Settings) -> int:
    """Write the log to a file with a signed checkpoint; return how many events it holds.

    That it was exported is the last event in it.

    Args:
        path: What to make; a file of that name is replaced.
        actor_id: An auditor.
        settings: Of this machine.

    Raises:
        StoreMissingError: There is no store on this machine.
        SigningKeyMissingError: There is no key to sign with.
        RoleForbiddenError: The actor is no auditor.
        IntegrityError: The log is not what was recorded.
        OutputUnwritableError: The file cannot be written.
    """
    with open_workplace(settings) as workplace:
        signer = Ed25519NoteSigner(read_signing_key(signing_key_path(settings)))
        log_export(workplace, actor_id)
    with open_reader(settings) as reading, reading() as uow:
        write_export(path, export_audit(uow.audit, signer))
        return uow.audit.size()


def checkpoint(settings: Settings, progress: Callable[[int], None]) -> str:
    """Return a signed checkpoint of the log in this machine's store, after verifying it.

    That it was signed is the next event.

    Args:
        settings: Of this machine.
        progress: Called now and then with the number of events so far.

    Raises:
        StoreMissingError: There is no store on this machine.
        SigningKeyMissingError: There is no key to sign with.
        IntegrityError: The log is not what was recorded.
    """
    with open_reader(settings) as reading, reading() as uow:
        signer = Ed25519NoteSigner(read_signing_key(signing_key_path(settings)))
        note = sign_checkpoint(uow.audit, signer, progress=progress)
    with open_workplace(settings) as workplace:
        log_checkpoint(workplace, note)
    return str(note)


def last_events(
    settings: Settings, actor_id: str, n_events: int, kind: EventKind | None
) -> tuple[LoggedEvent, ...]:
    """Return the latest events, oldest first.

    Args:
        settings: Of this machine.
        actor_id: An auditor.
        n_events: How many at the most.
        kind: Only of this kind; None takes all.

    Raises:
        StoreMissingError: There is no store on this machine.
        RoleForbiddenError: The actor is no auditor.
        AuditChainBrokenError: An event is not as it was recorded.
    """
    with open_workplace(settings) as workplace:
        return read_audit(workplace, actor_id, n_events, kind)


def own_verifier(settings: Settings) -> Ed25519NoteVerifier | None:
    """Return what checks signatures of this machine's log; None where it has no key.

    Args:
        settings: Of this machine.

    Raises:
        AuditKeyInvalidError: The key is not written as one.
    """
    return _verifier(None, settings)


def verifier_of(public_key: str | None, settings: Settings) -> Ed25519NoteVerifier | None:
    """Return what checks a log's signatures; None where no key is given and none is here.

    Args:
        public_key: The log's verifier key or a file with it; None takes this machine's own.
        settings: Of this machine.

    Raises:
        AuditFileUnreadableError: The file cannot be read.
        AuditKeyInvalidError: The key is not written as one.
    """
    return _verifier(public_key, settings)


def own_signer(settings: Settings) -> Ed25519NoteSigner:
    """Return what signs for this machine's log.

    Args:
        settings: Of this machine.

    Raises:
        SigningKeyMissingError: There is no key to sign with.
    """
    return Ed25519NoteSigner(read_signing_key(signing_key_path(settings)))


def public_key_text(settings: Settings) -> str | None:
    """Return the public key of this machine's log as one line, or None where it has none.

    Args:
        settings: Of this machine.

    Raises:
        AuditKeyInvalidError: The key is not written as one.
    """
    path = signing_key_path(settings).with_suffix(PUBLIC_SUFFIX)
    return read_verifier_key(path).text() if path.exists() else None


def _notes(paths: Sequence[Path]) -> list[bytes]:
    return [read_note(path) for path in paths]


def _verifier(given: str | None, settings: Settings) -> Ed25519NoteVerifier | None:
    if given is None:
        own = signing_key_path(settings).with_suffix(PUBLIC_SUFFIX)
        return Ed25519NoteVerifier(read_verifier_key(own)) if own.exists() else None
    is_text = given.count("+") >= 2  # noqa: PLR2004 - a key has two, and a path hardly
    key = parse_verifier_key(given) if is_text else read_verifier_key(Path(given))
    return Ed25519NoteVerifier(key)
