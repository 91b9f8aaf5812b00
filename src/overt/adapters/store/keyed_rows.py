"""Records under an identifier; most belong to one deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import delete, insert, select, update

from overt.errors import RecordNotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import ColumnElement

    from overt.adapters.store.rows import RowsOf
    from overt.adapters.store.transaction import Transaction

Record = TypeVar("Record")

_AT_ONCE = 1000


class KeyedRows(Generic[Record]):
    """What most repositories do, on one transaction."""

    def __init__(self, transaction: Transaction, rows: RowsOf[Record]) -> None:
        """Use a table in a transaction.

        Args:
            transaction: Of the unit of work.
            rows: How records become rows; the table has one column as primary key.
        """
        self._transaction = transaction
        self._rows = rows
        (self._key,) = rows.table.primary_key.columns

    def add(self, records: Iterable[Record]) -> int:
        """Insert new records and return how many.

        Args:
            records: May be many, or none.
        """
        n_added, part = 0, []
        for record in records:
            part.append(self._rows.row(record))
            if len(part) == _AT_ONCE:
                n_added += self._insert(part)
                part = []
        return n_added + self._insert(part)

    def get(self, key: str) -> Record:
        """Return the record of an identifier.

        Args:
            key: Identifier.

        Raises:
            RecordNotFoundError: There is none.
        """
        found = self.get_or_none(key)
        if found is None:
            raise self._missing(key)
        return found

    def get_or_none(self, key: str) -> Record | None:
        """Return the record of an identifier, or None where there is none.

        Args:
            key: Identifier.
        """
        row = self._transaction.row(select(*self._rows.columns).where(self._key == key))
        return None if row is None else self._rows.record(row)

    def save(self, record: Record) -> None:
        """Replace a record.

        Args:
            record: As read and then changed.

        Raises:
            RecordNotFoundError: There is none with its identifier.
        """
        values = self._rows.row(record)
        if not self._update(values):
            raise self._missing(values[self._key.name])

    def put(self, record: Record) -> None:
        """Add or replace a record.

        Args:
            record: As it shall be.
        """
        values = self._rows.row(record)
        if not self._update(values):
            self._insert([values])

    def change_many(self, keys: Collection[str], values: Mapping[str, Any]) -> None:
        """Give the same values to many records.

        Args:
            keys: Identifiers; may be thousands, or none.
            values: What the columns take.

        Raises:
            RecordNotFoundError: There is none with one of these identifiers.
        """
        wanted, changed = tuple(keys), update(self._rows.table).values(values)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            if self._transaction.run(changed.where(self._key.in_(some))) != len(some):
                msg = f"{self._rows.table.name}: one of {len(some)} records is not there"
                raise RecordNotFoundError(msg, table=self._rows.table.name)

    def where(self, *conditions: ColumnElement[bool], by: ColumnElement[Any]) -> tuple[Record, ...]:
        """Return the records that meet all conditions.

        Args:
            *conditions: On columns of the table.
            by: The column that orders them; then by identifier.
        """
        query = select(*self._rows.columns).where(*conditions).order_by(by, self._key)
        return tuple(self._rows.record(row) for row in self._transaction.rows(query))

    def delete_of(self, deployment_id: str) -> int:
        """Delete the records of a deployment and return how many there were.

        Args:
            deployment_id: Whose.
        """
        table = self._rows.table
        return self._transaction.run(delete(table).where(table.c.deployment_id == deployment_id))

    def _update(self, row: dict[str, Any]) -> int:
        """Return how many rows have its identifier, once they hold its values: 1 or 0."""
        table, key = self._rows.table, row[self._key.name]
        return self._transaction.run(update(table).where(self._key == key).values(row))

    def _insert(self, rows: list[dict[str, Any]]) -> int:
        if rows:
            self._transaction.run(insert(self._rows.table), rows)
        return len(rows)

    def _missing(self, key: str) -> RecordNotFoundError:
        msg = f"{self._rows.table.name}: there is no {key}"
        return RecordNotFoundError(msg, table=self._rows.table.name, key=key)
