"""The watchlists, the volunteers and their passes, and who was listed when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select, update

from overt.adapters.store import schema
from overt.adapters.store.keyed_rows import KeyedRows
from overt.adapters.store.rows import RowsOf
from overt.core.blue_list import BluePass, Volunteer
from overt.core.listed_period import ListedPeriod, bounds_of_day
from overt.core.watchlist import EntryStatus, WatchlistEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date, datetime, tzinfo

    from overt.adapters.store.transaction import Transaction

_ENTRIES = RowsOf(WatchlistEntry, schema.watchlist_entries)
_VOLUNTEERS = RowsOf(Volunteer, schema.volunteers)
_PASSES = RowsOf(BluePass, schema.blue_passes)
_PERIODS = RowsOf(ListedPeriod, schema.listed_periods)


class SqlWatchlistEntries:
    """The ``WatchlistEntries`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction
        self._rows = KeyedRows(transaction, _ENTRIES)

    def add_many(self, entries: Iterable[WatchlistEntry]) -> int:
        """Add new ones and return how many.

        Args:
            entries: May be thousands.
        """
        return self._rows.add(entries)

    def get(self, entry_id: str) -> WatchlistEntry:
        """Return one.

        Args:
            entry_id: Which.
        """
        return self._rows.get(entry_id)

    def of_deployment(
        self,
        deployment_id: str,
        *,
        list_kind: str | None = None,
        statuses: Collection[str] | None = None,
    ) -> tuple[WatchlistEntry, ...]:
        """Return a deployment's entries, by identifier.

        Args:
            deployment_id: Whose.
            list_kind: Only of this list; None takes both.
            statuses: Only with these statuses; None takes all.
        """
        table = schema.watchlist_entries
        conditions = [table.c.deployment_id == deployment_id]
        if list_kind is not None:
            conditions.append(table.c.list_kind == str(list_kind))
        if statuses is not None:
            conditions.append(table.c.status.in_([str(status) for status in statuses]))
        return self._rows.where(*conditions, by=table.c.entry_id)

    def save(self, entry: WatchlistEntry) -> None:
        """Replace one.

        Args:
            entry: As read and then changed.
        """
        self._rows.save(entry)

    def approve_many(
        self, entry_ids: Collection[str], approved_by: str, approved_at: datetime
    ) -> None:
        """Keep that entries are approved.

        Args:
            entry_ids: Composed, by the rules approved; may be thousands.
            approved_by: Who approved them.
            approved_at: When, aware UTC.
        """
        approved = {"approved_by": approved_by, "approved_at": approved_at}
        self._rows.change_many(entry_ids, {"status": str(EntryStatus.APPROVED), **approved})

    def take_off_all(
        self, deployment_id: str, list_kind: str, removed_at: datetime, *, reason: str
    ) -> int:
        """Remove every entry that stands on a list; return how many there were.

        Args:
            deployment_id: Whose.
            list_kind: Which list.
            removed_at: When they left, aware UTC.
            reason: Why.
        """
        table = schema.watchlist_entries
        stands = (
            (table.c.deployment_id == deployment_id)
            & (table.c.list_kind == str(list_kind))
            & (table.c.status != str(EntryStatus.REMOVED))
        )
        removed = {
            "status": str(EntryStatus.REMOVED),
            "removed_at": removed_at,
            "removed_reason": reason,
            "image_secret_id": None,
            "template_secret_id": None,
        }
        return self._transaction.run(update(table).where(stands).values(removed))

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's entries and return how many there were.

        Args:
            deployment_id: Whose.
        """
        return self._rows.delete_of(deployment_id)


class SqlPasses:
    """The ``Passes`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._volunteers = KeyedRows(transaction, _VOLUNTEERS)
        self._passes = KeyedRows(transaction, _PASSES)

    def add_volunteer(self, volunteer: Volunteer) -> None:
        """Add a new one.

        Args:
            volunteer: With the record of consent.
        """
        self._volunteers.add([volunteer])

    def save_volunteer(self, volunteer: Volunteer) -> None:
        """Replace one.

        Args:
            volunteer: As read and then changed.
        """
        self._volunteers.save(volunteer)

    def volunteer(self, volunteer_id: str) -> Volunteer:
        """Return one.

        Args:
            volunteer_id: Which.
        """
        return self._volunteers.get(volunteer_id)

    def volunteers(self, deployment_id: str) -> tuple[Volunteer, ...]:
        """Return a deployment's volunteers, by identifier.

        Args:
            deployment_id: Whose.
        """
        table = schema.volunteers
        return self._volunteers.where(
            table.c.deployment_id == deployment_id, by=table.c.volunteer_id
        )

    def add(self, blue_pass: BluePass) -> None:
        """Add a pass that has started.

        Args:
            blue_pass: With volunteer, camera and start.
        """
        self._passes.add([blue_pass])

    def save(self, blue_pass: BluePass) -> None:
        """Replace one, such as when it ends.

        Args:
            blue_pass: As read and then changed.
        """
        self._passes.save(blue_pass)

    def get(self, pass_id: str) -> BluePass:
        """Return one.

        Args:
            pass_id: Which.
        """
        return self._passes.get(pass_id)

    def of_deployment(self, deployment_id: str) -> tuple[BluePass, ...]:
        """Return a deployment's passes in the order of their start.

        Args:
            deployment_id: Whose.
        """
        table = schema.blue_passes
        return self._passes.where(table.c.deployment_id == deployment_id, by=table.c.started_at)

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's passes and volunteers; return how many rows there were.

        Args:
            deployment_id: Whose.
        """
        n_passes = self._passes.delete_of(deployment_id)
        return n_passes + self._volunteers.delete_of(deployment_id)


class SqlListedPeriods:
    """The ``ListedPeriods`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction

    def add(self, period: ListedPeriod) -> None:
        """Add a period; the same reference, deployment and start again changes nothing.

        Args:
            period: Open or closed.
        """
        self.add_many([period])

    def add_many(self, periods: Iterable[ListedPeriod]) -> None:
        """Add periods; one that is there already changes nothing.

        Args:
            periods: Of one deployment; may be thousands.
        """
        by_key = {(p.deployment_id, p.reference, p.listed_from): p for p in periods}
        table = schema.listed_periods
        is_theirs = table.c.deployment_id.in_({deployment_id for deployment_id, _, _ in by_key})
        keys = select(table.c.deployment_id, table.c.reference, table.c.listed_from)
        for row in self._transaction.rows(keys.where(is_theirs)):
            by_key.pop((row.deployment_id, row.reference, row.listed_from), None)
        if by_key:
            self._transaction.run(insert(table), [_PERIODS.row(p) for p in by_key.values()])

    def close(
        self, deployment_id: str, listed_until: datetime, *, reference: str | None = None
    ) -> int:
        """End open periods and return how many.

        Args:
            deployment_id: Whose watchlist.
            listed_until: When the entry left the gallery, exclusive.
            reference: Only of this reference; None takes all.
        """
        table = schema.listed_periods
        is_open = (table.c.deployment_id == deployment_id) & table.c.listed_until.is_(None)
        if reference is not None:
            is_open &= table.c.reference == reference
        return self._transaction.run(update(table).where(is_open).values(listed_until=listed_until))

    def references(self) -> Iterator[str]:
        """Yield every reference that was ever listed, each once, in no order."""
        query = select(schema.listed_periods.c.reference).distinct()
        yield from (row.reference for row in self._transaction.rows(query))

    def is_known(self, reference: str) -> bool:
        """Return whether a reference was ever listed, whenever that was.

        Args:
            reference: The force's own reference for the person.
        """
        table = schema.listed_periods
        query = select(table.c.reference).where(table.c.reference == reference).limit(1)
        return any(True for _ in self._transaction.rows(query))

    def was_listed(self, reference: str, on: date, zone: tzinfo) -> tuple[ListedPeriod, ...]:
        """Return the periods that touch a local day, oldest first.

        Args:
            reference: The force's own reference for the person.
            on: The day.
            zone: The time zone in which the question is asked.
        """
        table = schema.listed_periods
        start, end = bounds_of_day(on, zone)
        query = (
            select(*_PERIODS.columns)
            .where(table.c.reference == reference, table.c.listed_from < end)
            .where(or_(table.c.listed_until.is_(None), table.c.listed_until > start))
            .order_by(table.c.listed_from, table.c.deployment_id)
        )
        return tuple(_PERIODS.record(row) for row in self._transaction.rows(query))
