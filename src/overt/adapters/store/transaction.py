"""One transaction on one connection, with the store's errors instead of the library's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from overt.adapters.store.border import TRANSLATED, store_border
from overt.errors import StoreUnavailableError, TrialError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from sqlalchemy import Connection, CursorResult, Executable, Row

    from overt.adapters.store.engine import Database

    Result = TypeVar("Result")
    Values = Sequence[Mapping[str, Any]] | Mapping[str, Any]


class Transaction:
    """Begins with its first statement and ends with a commit; may then begin again.

    A statement that the store refuses spoils the transaction: all that is left is to leave it.
    """

    def __init__(self, database: Database, *, writes: bool) -> None:
        """Take no connection yet.

        Args:
            database: The store.
            writes: Whether it may write; if so it waits until no other does.
        """
        self._database = database
        self._writes = writes
        self._connection: Connection | None = None
        self._is_spoiled = False

    def connection(self) -> Connection:
        """Return the connection, inside a transaction that has begun.

        Raises:
            StoreUnavailableError: Another unit of work writes for too long, the store is gone,
                or this transaction is spoiled.
        """
        if self._is_spoiled:
            msg = "a statement of this unit of work was refused; leave it and begin another"
            raise StoreUnavailableError(msg)
        if self._connection is None:
            self._connection = self._begun()
        return self._connection

    def guarded(self, work: Callable[[Connection], Result]) -> Result:
        """Return what a piece of work on the connection returns.

        Args:
            work: Uses the connection and leaves the transaction open.

        Raises:
            TrialError: What the work raises, or what the store's refusal becomes.
        """
        connection = self.connection()
        try:
            with store_border():
                return work(connection)
        except TrialError as error:
            self._is_spoiled = isinstance(error.__cause__, tuple(TRANSLATED))
            raise

    def run(self, statement: Executable, values: Values | None = None) -> int:
        """Execute a statement and return how many rows it touched.

        Args:
            statement: Insert, update or delete.
            values: Parameters; a list of them runs it once each.
        """
        return self.guarded(lambda c: c.execute(statement, values).rowcount)

    def rows(self, statement: Executable, values: Values | None = None) -> Sequence[Row[Any]]:
        """Return every row of a query.

        Args:
            statement: A select.
            values: Parameters.
        """
        return self.guarded(lambda c: c.execute(statement, values).all())

    def row(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        """Return the only row of a query, or None.

        Args:
            statement: A select.
            values: Parameters.
        """
        return self.guarded(lambda c: c.execute(statement, values).one_or_none())

    def stream(self, statement: Executable) -> Iterator[Row[Any]]:
        """Yield the rows of a query, some hundreds at a time.

        Args:
            statement: A select.
        """
        options: Mapping[str, Any] = {"yield_per": 256}
        result: CursorResult[Any] = self.guarded(
            lambda c: c.execute(statement, execution_options=options)
        )
        parts = result.partitions()
        while part := self.guarded(lambda _: next(parts, None)):
            yield from part

    def commit(self) -> None:
        """Make it last; when this returns, it is on the disk.

        Raises:
            StoreUnavailableError: The transaction is spoiled, or the store is gone.
        """
        if self._connection is None and not self._is_spoiled:
            return
        connection = self.connection()
        self._is_spoiled = True  # until it has gone well
        try:
            with store_border():
                connection.commit()
            self._is_spoiled = False
        finally:
            self.leave()

    def leave(self) -> None:
        """Take back what was not committed, and free the connection and the turn to write."""
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        try:
            with store_border():
                connection.close()  # rolls back
        except TrialError:
            connection.invalidate()  # the store is gone, and has taken it back by itself
        finally:
            if self._writes:
                self._database.turn.release()

    def _begun(self) -> Connection:
        database = self._database
        if self._writes and not database.turn.acquire(timeout=database.busy_s):
            msg = f"another unit of work has been writing for {database.busy_s} s"
            raise StoreUnavailableError(msg)
        connection: Connection | None = None
        try:
            with store_border():
                engine = database.writer if self._writes else database.reader
                connection = engine.connect()
                connection.begin()
        except BaseException:
            if connection is not None:
                connection.close()
            if self._writes:
                database.turn.release()
            raise
        return connection
