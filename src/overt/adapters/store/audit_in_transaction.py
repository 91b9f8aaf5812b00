"""The audit log as part of a unit of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.adapters.store.audit_log import SqlAuditLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from overt.adapters.store.transaction import Transaction
    from overt.core.audit import AuditEvent, LoggedEvent
    from overt.core.audit_search import AuditSearch
    from overt.core.transparency import CompactRange

    Result = TypeVar("Result")


class AuditInTransaction:
    """The ``AuditLog`` port: what is appended stands or falls with the transaction."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction

    def append(self, event: AuditEvent) -> LoggedEvent:
        """Add an event at the end and return it in its place.

        Args:
            event: What happened.
        """
        return self._asked(lambda log: log.append(event))

    def read(self, from_seq: int = 0, limit: int = 1000) -> tuple[LoggedEvent, ...]:
        """Return events in their order.

        Args:
            from_seq: Number of the first.
            limit: How many at the most.
        """
        return self._asked(lambda log: log.read(from_seq, limit))

    def search(
        self,
        wanted: AuditSearch,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> tuple[LoggedEvent, ...]:
        """Return events that are looked for, the newest first.

        Args:
            wanted: What they have to be.
            before: Only events with a smaller number: the newest of them.
            after: Only events with a larger number: the oldest of them.
            limit: How many at the most.
        """
        return self._asked(lambda log: log.search(wanted, before=before, after=after, limit=limit))

    def lines(self, from_seq: int = 0) -> Iterator[bytes]:
        """Yield the lines as they are stored, without line breaks, unchecked.

        Args:
            from_seq: Number of the first.
        """
        lines = self._asked(lambda log: log.lines(from_seq))
        while (line := self._transaction.guarded(lambda _: next(lines, None))) is not None:
            yield line

    def size(self) -> int:
        """Return how many events there are."""
        return self._asked(lambda log: log.size())

    def root(self) -> bytes:
        """Return the root hash over all events."""
        return self._asked(lambda log: log.root())

    def tree(self) -> CompactRange:
        """Return the stored state of the tree."""
        return self._asked(lambda log: log.tree())

    def _asked(self, question: Callable[[SqlAuditLog], Result]) -> Result:
        return self._transaction.guarded(lambda connection: question(SqlAuditLog(connection)))
