"""What a store in memory holds, and the rules of its tables."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from overt.core.transparency import CompactRange
from overt.errors import (
    RecordConflictError,
    RecordNotFoundError,
    StoreUnavailableError,
    TrialError,
    ValueRefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from overt.core.live_counts import LiveCounts

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class FakeSecret:
    """A secret as it is kept here: in the clear, as nothing is written to a disk.

    Attributes:
        deployment_id: Whose.
        kind: What it is.
        row_id: The row that it belongs to.
        plaintext: The bytes.
    """

    deployment_id: str
    kind: str
    row_id: str
    plaintext: bytes


@dataclass(slots=True)
class Tables:
    """Everything that is kept; records never change, so that copies share them.

    Attributes:
        rows: Table -> identifier -> record.
        minutes: (deployment, camera, minute) -> counts.
        scores: (deployment, score in hundredths) -> searches.
        secrets: Identifier -> secret.
        keys: Deployment -> whether its key is there; False once destroyed.
        lines: Lines of the audit log.
        last_hash: Hash of the last line.
        tree: State of the log's tree.
        is_read_only: Whether this copy is a reader's.
        is_spoiled: Whether the store has refused something in this copy.
    """

    rows: dict[str, dict[Any, Any]] = field(default_factory=dict)
    minutes: dict[tuple[str, str, datetime], LiveCounts] = field(default_factory=dict)
    scores: dict[tuple[str, int], int] = field(default_factory=dict)
    secrets: dict[str, FakeSecret] = field(default_factory=dict)
    keys: dict[str, bool] = field(default_factory=dict)
    lines: list[bytes] = field(default_factory=list)
    last_hash: bytes = bytes(32)
    tree: CompactRange = field(default_factory=CompactRange)
    is_read_only: bool = False
    is_spoiled: bool = False

    def copy(self, *, is_read_only: bool) -> Tables:
        """Return a copy that may be changed, unless it is a reader's.

        Args:
            is_read_only: Whether it is.
        """
        return Tables(
            rows={name: dict(table) for name, table in self.rows.items()},
            minutes=dict(self.minutes),
            scores=dict(self.scores),
            secrets=dict(self.secrets),
            keys=dict(self.keys),
            lines=list(self.lines),
            last_hash=self.last_hash,
            tree=self.tree,
            is_read_only=is_read_only,
        )

    def table(self, name: str) -> dict[Any, Any]:
        """Return a table: identifier -> record.

        Args:
            name: Of the table.
        """
        return self.rows.setdefault(name, {})

    def begin_writing(self, deployment_id: str | None = None) -> None:
        """Let pass only a unit that may write, for a deployment that is there.

        Args:
            deployment_id: Whose row is written; None where no deployment is needed.

        Raises:
            TrialError: It may not, or the deployment is not there.
        """
        if self.is_read_only:
            raise self.refused(StoreUnavailableError("this unit of work only reads"))
        if deployment_id is not None and deployment_id not in self.table("deployments"):
            raise self.refused(RecordConflictError(f"there is no deployment {deployment_id}"))

    def require_actor(self, actor_id: str) -> None:
        """Let pass only the row of an account that is there.

        Args:
            actor_id: Whose row is written.

        Raises:
            TrialError: There is no such account.
        """
        if actor_id not in self.table("actors"):
            raise self.refused(RecordConflictError(f"there is no account {actor_id}"))

    def refused(self, error: TrialError) -> TrialError:
        """Return an error after which nothing of the unit can be committed.

        Args:
            error: What the store says.
        """
        self.is_spoiled = True
        return error


class FakeRows(Generic[Record]):
    """Records of one table by their identifier."""

    def __init__(self, tables: Callable[[], Tables], name: str, key: str) -> None:
        """Use a table.

        Args:
            tables: Returns the unit's copy.
            name: Of the table.
            key: Field that identifies a record.
        """
        self._tables = tables
        self._name = name
        self._key = key

    def add(self, record: Record) -> None:
        """Insert a new record.

        Args:
            record: Its identifier must be new.

        Raises:
            TrialError: The identifier is taken, or a value is refused.
        """
        tables = self._tables()
        tables.begin_writing(getattr(record, "deployment_id", None) if self._is_part else None)
        key = getattr(record, self._key)
        if key in tables.table(self._name):
            raise tables.refused(RecordConflictError(f"{self._name}: {key} is there already"))
        self._put(tables, record)

    def get(self, key: str) -> Record:
        """Return the record of an identifier.

        Args:
            key: Identifier.

        Raises:
            RecordNotFoundError: There is none.
        """
        found = self.get_or_none(key)
        if found is None:
            msg = f"{self._name}: there is no {key}"
            raise RecordNotFoundError(msg, key=key)
        return found

    def get_or_none(self, key: str) -> Record | None:
        """Return the record of an identifier, or None where there is none.

        Args:
            key: Identifier.
        """
        found: Record | None = self._tables().table(self._name).get(key)
        return found

    def save(self, record: Record) -> None:
        """Replace a record.

        Args:
            record: There is one with its identifier.
        """
        tables = self._tables()
        tables.begin_writing()
        self.get(getattr(record, self._key))
        self._put(tables, record)

    def where(self, by: str, **wanted: object) -> tuple[Record, ...]:
        """Return records with these values of fields, in order.

        Args:
            by: Field that orders them; then the identifier.
            **wanted: Field and value; None takes every value, a set any of its members.
        """

        def fits(record: Record) -> bool:
            return all(
                value is None
                or getattr(record, name) == value
                or (isinstance(value, set) and getattr(record, name) in value)
                for name, value in wanted.items()
            )

        found = filter(fits, self._tables().table(self._name).values())
        return tuple(sorted(found, key=lambda r: (getattr(r, by), getattr(r, self._key))))

    def delete_of(self, deployment_id: str) -> int:
        """Delete the records of a deployment and return how many there were.

        Args:
            deployment_id: Whose.
        """
        gone = [getattr(r, self._key) for r in self.where(self._key, deployment_id=deployment_id)]
        return self.delete(gone)

    def delete(self, keys: Iterable[str]) -> int:
        """Delete records and return how many.

        Args:
            keys: Identifiers of records that are there.
        """
        tables = self._tables()
        tables.begin_writing()
        table, gone = tables.table(self._name), tuple(keys)
        for key in gone:
            del table[key]
        return len(gone)

    @property
    def _is_part(self) -> bool:
        return self._name != "deployments"

    def _put(self, tables: Tables, record: Record) -> None:
        refuse_values(tables, record)
        tables.table(self._name)[getattr(record, self._key)] = record


def refuse_values(tables: Tables, record: object) -> None:
    """Let pass only values that a database can keep.

    Args:
        tables: Of the unit.
        record: A frozen dataclass.

    Raises:
        TrialError: A text with a zero byte, a naive or local time, a category that is no code.
    """
    for name in (f.name for f in fields(record)):  # type: ignore[arg-type] # any dataclass
        value = getattr(record, name)
        is_bad = isinstance(value, str) and "\0" in value
        is_bad |= isinstance(value, datetime) and value.utcoffset() != timedelta(0)
        if name == "category":
            is_bad |= not value or value != value.lower() or " " in value
        if is_bad:
            raise tables.refused(ValueRefusedError(f"{name}: the store cannot hold this value"))
