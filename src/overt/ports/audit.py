"""What the services need from the audit log: a place to append, and keys to sign with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.audit import AuditEvent, LoggedEvent
    from overt.core.transparency import CompactRange, TreeHead


class AuditLog(Protocol):
    """The log inside one unit of work: what is appended stands or falls with its transaction."""

    def append(self, event: AuditEvent) -> LoggedEvent:
        """Add an event at the end and return it in its place.

        Args:
            event: What happened.
        """
        ...

    def read(self, from_seq: int = 0, limit: int = 1000) -> tuple[LoggedEvent, ...]:
        """Return events in their order; AuditChainBrokenError where a line was changed.

        Args:
            from_seq: Number of the first.
            limit: How many at the most.
        """
        ...

    def lines(self, from_seq: int = 0) -> Iterator[bytes]:
        """Yield the lines as they are stored, without line breaks, unchecked.

        Args:
            from_seq: Number of the first.
        """
        ...

    def size(self) -> int:
        """Return how many events there are."""
        ...

    def root(self) -> bytes:
        """Return the root hash over all events."""
        ...

    def tree(self) -> CompactRange:
        """Return the stored state of the tree; LogTreeDamagedError where it is none."""
        ...


class CheckpointSigner(Protocol):
    """The key of this log."""

    @property
    def origin(self) -> str:
        """Return the name of the log, which is also the name of its key."""
        ...

    def verifier_text(self) -> str:
        """Return the public key as one line, to be published."""
        ...

    def sign(self, head: TreeHead) -> str:
        """Return a signed checkpoint.

        Args:
            head: Size and root of the log.
        """
        ...


class ExportedLog(Protocol):
    """A log in a file, read line by line."""

    def lines(self) -> Iterator[bytes]:
        """Yield the lines without their line breaks; the last may lack its own in the file."""
        ...

    def note(self) -> bytes | None:
        """Return the checkpoint at the end; None where the file ends without one."""
        ...
