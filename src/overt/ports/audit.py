"""What the services need from the audit log: a place to append, and keys to sign with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.audit import AuditEvent, LoggedEvent
    from overt.core.audit_search import AuditSearch
    from overt.core.signed_note import SignedNote
    from overt.core.transparency import CompactRange


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

    def search(
        self,
        wanted: AuditSearch,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> tuple[LoggedEvent, ...]:
        """Return events that are looked for, the newest first.

        AuditChainBrokenError where one of their lines was changed.

        Args:
            wanted: What they have to be.
            before: Only events with a smaller number: the newest of them.
            after: Only events with a larger number: the oldest of them.
            limit: How many at the most.
        """
        ...

    def lines(self, from_seq: int = 0) -> Iterator[bytes]:
        """Yield the lines as they are stored, without line breaks.

        AuditChainBrokenError where a row is missing or has not the hash stored with it.

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


class NoteSigner(Protocol):
    """The key of this log; it signs checkpoints and certificates."""

    @property
    def origin(self) -> str:
        """Return the name of the log, which is also the name of its key."""
        ...

    def verifier_text(self) -> str:
        """Return the public key as one line, to be published."""
        ...

    def sign(self, text: str) -> SignedNote:
        """Return a text as a signed note.

        Args:
            text: Ends with a line break.
        """
        ...


class NoteVerifier(Protocol):
    """A published key that is trusted."""

    @property
    def signer(self) -> str:
        """Return name and identifier of the key."""
        ...

    def verify(self, note: SignedNote) -> None:
        """Refuse a note that this key did not sign: SignatureWrongError.

        Args:
            note: With at least one signature.
        """
        ...


class ExportedLog(Protocol):
    """A log in a file, read line by line."""

    def lines(self) -> Iterator[bytes]:
        """Yield the lines without their line breaks; AuditTruncatedError where one is cut."""
        ...

    def note(self) -> bytes | None:
        """Return what stands behind the lines; None where the file ends without a checkpoint."""
        ...
