"""What a purge destroyed, and the certificate that says so (R-19).

The certificate is a signed checkpoint of the audit log with further lines: whoever holds it
can check it with the log alone, by ``overt audit verify --checkpoint``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

from overt.core.checkpoint import parse_checkpoint
from overt.errors import CertificateWrongError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from overt.core.checkpoint import Checkpoint

KIND = "destruction"
_TITLE = "destruction certificate, form 1"


@dataclass(frozen=True, slots=True)
class Remains:
    """A place where bytes were found that should be gone; says where, never what.

    Attributes:
        file: Name of the file.
        offset: At which byte.
    """

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan looked at, and what it found.

    Attributes:
        n_files: Files read to their end.
        n_bytes: Bytes read.
        n_windows: Different windows or marks that were searched for.
        remains: Every place where one was found.
        is_store_reached: Whether the store's own files were among them; those of a database
            server are not.
    """

    n_files: int
    n_bytes: int
    n_windows: int
    remains: tuple[Remains, ...]
    is_store_reached: bool = True


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What was destroyed, in numbers.

    Attributes:
        n_entries: Entries of the watchlist.
        n_alerts: Alerts with their decisions.
        n_volunteers_and_passes: Volunteers and their passes.
        n_images: Photographs of the watchlist.
        n_templates: Reference templates.
        n_crops: Pictures of alerts.
        n_probes: Templates of alerts.
        n_other_secrets: Other encrypted values, such as the cameras' addresses.
        n_drafts: Drafts of the application.
        n_keys: 1 where the deployment's key was destroyed, 0 where it never had one.
    """

    n_entries: int = 0
    n_alerts: int = 0
    n_volunteers_and_passes: int = 0
    n_images: int = 0
    n_templates: int = 0
    n_crops: int = 0
    n_probes: int = 0
    n_other_secrets: int = 0
    n_drafts: int = 0
    n_keys: int = 0

    def __add__(self, other: Destroyed) -> Destroyed:
        """Return the sum, count by count.

        Args:
            other: What to add.
        """
        mine, theirs = asdict(self), asdict(other)
        return Destroyed(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def n_rows(self) -> int:
        """Return how many rows that is."""
        return sum(asdict(self).values())


def destroyed_from(details: Mapping[str, object]) -> Destroyed:
    """Return the numbers that an event of the log holds.

    Args:
        details: Of the event; what is missing is 0.
    """
    names = (field.name for field in fields(Destroyed))
    found = {name: details.get(name, 0) for name in names}
    return Destroyed(**{name: n if isinstance(n, int) else 0 for name, n in found.items()})


class Searched(NamedTuple):
    """A search in numbers.

    Attributes:
        n_windows: What was searched for.
        n_remains: Places where it was found.
    """

    n_windows: int
    n_remains: int


@dataclass(frozen=True, slots=True)
class Destruction:
    """A purge as its certificate states it.

    Attributes:
        deployment_id: Of which deployment.
        purged_at: When it was complete, aware UTC.
        due_at: Until when it had to be, aware UTC.
        asked_by: Who asked for it; the software where its deadline did.
        destroyed: What, and how many.
        n_alerts_before: Alerts that were erased earlier, at the end of their own retention.
        n_files: Files that were deleted.
        scan: The search for remains of the encrypted bytes, afterwards.
        in_clear: The search for the same bytes unencrypted, which must be on no disk at any
            time; None where it could not be made, as the key was not at hand.
    """

    deployment_id: str
    purged_at: datetime
    due_at: datetime
    asked_by: str
    destroyed: Destroyed
    n_alerts_before: int
    n_files: int
    scan: ScanReport
    in_clear: Searched | None

    def lines(self) -> tuple[str, ...]:
        """Return it line by line, as it is signed."""
        counted = (f"{n.replace('_', ' ')[2:]}: {count}" for n, count in self._counts())
        return (
            _TITLE,
            f"deployment: {self.deployment_id}",
            f"purged at: {self.purged_at.isoformat()}",
            f"due at: {self.due_at.isoformat()}",
            f"asked by: {self.asked_by}",
            *counted,
            f"alerts erased earlier, by their retention: {self.n_alerts_before}",
            f"files deleted: {self.n_files}",
            f"files scanned: {self.scan.n_files}",
            f"bytes scanned: {self.scan.n_bytes}",
            f"store's files scanned: {'yes' if self.scan.is_store_reached else 'no, on a server'}",
            f"marks of encrypted bytes searched for: {self.scan.n_windows}",
            f"remains of encrypted bytes found: {len(self.scan.remains)}",
            f"windows of bytes in the clear searched for: {_or_none(self.in_clear, 0)}",
            f"remains of bytes in the clear found: {_or_none(self.in_clear, 1)}",
        )

    def text(self, checkpoint: Checkpoint) -> str:
        """Return the text to be signed: the log's head, then what was destroyed.

        Args:
            checkpoint: Of the log, with the event of this purge in it.
        """
        return checkpoint.text() + "".join(f"{line}\n" for line in self.lines())

    def _counts(self) -> tuple[tuple[str, int], ...]:
        return tuple(asdict(self.destroyed).items())


@dataclass(frozen=True, slots=True)
class ReadCertificate:
    """What a certificate's text says.

    Attributes:
        checkpoint: Of the log.
        stated: Each statement by its name, in order.
    """

    checkpoint: Checkpoint
    stated: Mapping[str, str]


def read_certificate(text: str) -> ReadCertificate:
    """Return what a certificate says.

    Args:
        text: Of the signed note.

    Raises:
        CertificateWrongError: It is the text of something else.
        SignedNoteInvalidError: It does not begin with a checkpoint.
    """
    checkpoint = parse_checkpoint(text)
    lines = text.removeprefix(checkpoint.text()).splitlines()
    pairs = [line.partition(": ") for line in lines[1:]]
    if lines[:1] != [_TITLE] or not all(separator for _, separator, _ in pairs):
        msg = f"a certificate of destruction says '{_TITLE}' below the log's head"
        raise CertificateWrongError(msg)
    return ReadCertificate(checkpoint, {name: value for name, _, value in pairs})


def _or_none(searched: Searched | None, place: int) -> str:
    return "not searched" if searched is None else str(searched[place])
