"""The audit log on SQL: appends inside the caller's transaction, reads what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    Integer,
    LargeBinary,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    or_,
    select,
    table,
    update,
)

from overt.core.audit import LoggedEvent, broken, log_line, parse_line
from overt.core.audit_search import stamp
from overt.core.transparency import HASH_BYTES, CompactRange, leaf_hash
from overt.errors import LogTreeDamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection

    from overt.core.audit import AuditEvent
    from overt.core.audit_search import AuditSearch

_READ_AT_ONCE = 1000

_LOG = table("audit_log", column("seq"), column("line"), column("hash"))
_TREE = table("audit_tree", column("id"), column("size"), column("last_hash"), column("hashes"))
# Cast: SQLite may hold a text or a number where a row was damaged.
_LINE, _HASH = cast(_LOG.c.line, LargeBinary), cast(_LOG.c.hash, LargeBinary)
_LAST_HASH, _HASHES = cast(_TREE.c.last_hash, LargeBinary), cast(_TREE.c.hashes, LargeBinary)
_INSERT = insert(_LOG)
_STATE = select(_TREE.c.size, _LAST_HASH, _HASHES).where(_TREE.c.id == 1)
_LOCKED_STATE = _STATE.with_for_update()
_GROW = update(_TREE).where(_TREE.c.id == 1)
_ROWS = (
    select(_LOG.c.seq, _LINE, _HASH)
    .where(_LOG.c.seq >= bindparam("from_seq"))
    .order_by(_LOG.c.seq)
    .limit(bindparam("n_rows", type_=Integer))
)

# What stands in a line behind the time of its event, its number left out: the time is found
# from the end, as details may hold anything.
_STAMP_BYTES = len("2026-01-01T00:00:00.000000Z")
_BEHIND_STAMP = len('","previous_hash":"') + 2 * HASH_BYTES + len('","seq":') + len("}")


class SqlAuditLog:
    """The ``AuditLog`` port on one connection; the caller commits.

    What SQLAlchemy raises passes: the unit of work around it translates.
    """

    def __init__(self, connection: Connection) -> None:
        """Use a connection; for appending, its transaction must be the only one that writes.

        Args:
            connection: Of the unit of work.
        """
        self._connection = connection

    def append(self, event: AuditEvent) -> LoggedEvent:
        """Add an event at the end and return it in its place.

        Args:
            event: What happened.

        Raises:
            AuditEventInvalidError: The kind is unknown, or a field is missing.
            PersonalDataInLogError: The details could hold a face, a template or a name.
            LogTreeDamagedError: The stored state of the tree is none.
        """
        tree, previous_hash = self._read_state(is_locked=True)
        line = log_line(tree.size, event, previous_hash)
        logged = LoggedEvent(tree.size, event, previous_hash, leaf_hash(line))
        grown = tree.appended(logged.hash)
        self._connection.execute(_INSERT, {"seq": logged.seq, "line": line, "hash": logged.hash})
        self._connection.execute(
            _GROW,
            {"size": grown.size, "last_hash": logged.hash, "hashes": b"".join(grown.hashes)},
        )
        return logged

    def read(self, from_seq: int = 0, limit: int = _READ_AT_ONCE) -> tuple[LoggedEvent, ...]:
        """Return events in their order.

        Args:
            from_seq: Number of the first.
            limit: How many at the most.

        Raises:
            AuditChainBrokenError: A row does not hold the line that its number and hash say.
        """
        return tuple(_checked(*row) for row in self._rows(from_seq, limit))

    def search(
        self,
        wanted: AuditSearch,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> tuple[LoggedEvent, ...]:
        """Return events that are looked for, the newest first.

        The lines themselves are searched, so that no second table can tell something else.

        Args:
            wanted: What they have to be.
            before: Only events with a smaller number: the newest of them.
            after: Only events with a larger number: the oldest of them.
            limit: How many at the most.

        Raises:
            AuditChainBrokenError: A row does not hold the line that its number and hash say.
        """
        is_upwards = after is not None
        found: list[LoggedEvent] = []
        while len(found) < limit:
            n_rows = limit - len(found)
            rows = self._marked(wanted, before, after, n_rows, is_upwards=is_upwards)
            found += [logged for row in rows if wanted.fits(logged := _checked(*row))]
            if len(rows) < n_rows:
                break
            edge = rows[-1][0]
            before, after = (before, edge) if is_upwards else (edge, after)
        return tuple(reversed(found)) if is_upwards else tuple(found)

    def lines(self, from_seq: int = 0) -> Iterator[bytes]:
        """Yield the lines as they are stored, without line breaks.

        Args:
            from_seq: Number of the first.

        Raises:
            AuditChainBrokenError: A row is missing, or has not the hash stored with it.
        """
        while rows := self._rows(from_seq, _READ_AT_ONCE):
            for seq, line, digest in rows:
                if seq != from_seq:
                    raise broken(from_seq, f"it is missing; event {seq} follows")
                if leaf_hash(line) != digest:
                    raise broken(seq, "its line does not have the hash that is stored with it")
                yield line
                from_seq += 1

    def size(self) -> int:
        """Return how many events there are.

        Raises:
            LogTreeDamagedError: The stored state of the tree is none.
        """
        return self.tree().size

    def root(self) -> bytes:
        """Return the root hash over all events.

        Raises:
            LogTreeDamagedError: The stored state of the tree is none.
        """
        return self.tree().root()

    def tree(self) -> CompactRange:
        """Return the stored state of the tree.

        Raises:
            LogTreeDamagedError: It is missing, or no tree has such a state.
        """
        return self._read_state(is_locked=False)[0]

    def _read_state(self, *, is_locked: bool) -> tuple[CompactRange, bytes]:
        row = self._connection.execute(_LOCKED_STATE if is_locked else _STATE).one_or_none()
        if row is None:
            msg = "the store has no state of the audit log's tree"
            raise LogTreeDamagedError(msg)
        size, last_hash, joined = row
        if type(size) is not int or len(last_hash) != HASH_BYTES or len(joined) % HASH_BYTES:
            msg = "the stored state of the audit log's tree is not written as one"
            raise LogTreeDamagedError(msg)
        hashes = (joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES))
        return CompactRange(size, tuple(hashes)), last_hash

    def _marked(
        self,
        wanted: AuditSearch,
        before: int | None,
        after: int | None,
        n_rows: int,
        *,
        is_upwards: bool,
    ) -> list[tuple[int, bytes, bytes]]:
        seq, dialect = _LOG.c.seq, self._connection.dialect.name
        query = select(seq, _LINE, _HASH)
        for group in wanted.marks():
            query = query.where(or_(*(_holds(dialect, mark) for mark in group)))
        if wanted.since is not None:
            query = query.where(_stamp_in_line() >= stamp(wanted.since))
        if wanted.until is not None:
            query = query.where(_stamp_in_line() < stamp(wanted.until))
        if before is not None:
            query = query.where(seq < before)
        if after is not None:
            query = query.where(seq > after)
        query = query.order_by(seq if is_upwards else seq.desc()).limit(n_rows)
        return [(seq, line, digest) for seq, line, digest in self._connection.execute(query)]

    def _rows(self, from_seq: int, limit: int) -> list[tuple[int, bytes, bytes]]:
        rows = self._connection.execute(_ROWS, {"from_seq": from_seq, "n_rows": limit})
        return [(seq, line, digest) for seq, line, digest in rows]


def _checked(seq: int, line: bytes, digest: bytes) -> LoggedEvent:
    logged = parse_line(line, seq)
    if logged.hash != digest:
        raise broken(seq, "its line does not have the hash that is stored with it")
    return logged


def _holds(dialect: str, mark: bytes) -> ColumnElement[bool]:
    searched = literal(mark, LargeBinary)
    if dialect == "postgresql":
        return func.position(searched.op("IN")(_LINE)) > 0
    return func.instr(_LINE, searched) > 0


def _stamp_in_line() -> ColumnElement[bytes]:
    n_digits = func.length(cast(_LOG.c.seq, Text))
    first = func.length(_LINE) - n_digits - _BEHIND_STAMP - _STAMP_BYTES + 1
    return func.substr(_LINE, first, _STAMP_BYTES, type_=LargeBinary)
