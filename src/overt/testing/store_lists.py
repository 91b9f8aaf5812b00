"""The store's port in memory: watchlists, volunteers, who was listed when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.blue_list import BluePass, Volunteer
from overt.core.listed_period import ListedPeriod, covers
from overt.core.watchlist import EntryStatus, WatchlistEntry, remove_entry
from overt.errors import RecordConflictError
from overt.testing.store_tables import FakeRows, Tables, refuse_values

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import date, datetime, tzinfo


class FakeEntries(FakeRows[WatchlistEntry]):
    """The ``WatchlistEntries`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "watchlist_entries", "entry_id")

    def add_many(self, entries: Iterable[WatchlistEntry]) -> int:
        """Add new ones and return how many.

        Args:
            entries: May be thousands.
        """
        n_added = 0
        for entry in entries:
            self.add(entry)
            n_added += 1
        return n_added

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
        wanted = None if statuses is None else set(statuses)
        return self.where(
            "entry_id", deployment_id=deployment_id, list_kind=list_kind, status=wanted
        )

    def approve_many(
        self, entry_ids: Collection[str], approved_by: str, approved_at: datetime
    ) -> None:
        """Keep that entries are approved.

        Args:
            entry_ids: Composed, by the rules approved; may be thousands.
            approved_by: Who approved them.
            approved_at: When, aware UTC.
        """
        for entry_id in entry_ids:
            entry = replace(self.get(entry_id), approved_by=approved_by, approved_at=approved_at)
            self.save(replace(entry, status=EntryStatus.APPROVED))

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
        self._tables().begin_writing()
        statuses = (EntryStatus.COMPOSED, EntryStatus.APPROVED)
        standing = self.of_deployment(deployment_id, list_kind=list_kind, statuses=statuses)
        for entry in standing:
            gone = remove_entry(entry, removed_at, reason=reason)
            self.save(replace(gone, image_secret_id=None, template_secret_id=None))
        return len(standing)


class FakePasses(FakeRows[BluePass]):
    """The ``Passes`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "blue_passes", "pass_id")
        self._volunteers: FakeRows[Volunteer] = FakeRows(tables, "volunteers", "volunteer_id")

    def add_volunteer(self, volunteer: Volunteer) -> None:
        """Add a new one.

        Args:
            volunteer: With the record of consent.
        """
        self._volunteers.add(volunteer)

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
        return self._volunteers.where("volunteer_id", deployment_id=deployment_id)

    def add(self, record: BluePass) -> None:
        """Add a pass that has started.

        Args:
            record: With volunteer, camera and start.

        Raises:
            TrialError: The identifier is taken, or there is no such volunteer.
        """
        tables = self._tables()
        if record.volunteer_id not in tables.table("volunteers"):
            msg = f"there is no volunteer {record.volunteer_id}"
            raise tables.refused(RecordConflictError(msg))
        super().add(record)

    def of_deployment(self, deployment_id: str) -> tuple[BluePass, ...]:
        """Return a deployment's passes in the order of their start.

        Args:
            deployment_id: Whose.
        """
        return self.where("started_at", deployment_id=deployment_id)

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's passes and volunteers; return how many rows there were.

        Args:
            deployment_id: Whose.
        """
        return super().delete_of(deployment_id) + self._volunteers.delete_of(deployment_id)


class FakePeriods:
    """The ``ListedPeriods`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._tables = tables

    def add(self, period: ListedPeriod) -> None:
        """Add a period; the same reference, deployment and start again changes nothing.

        Args:
            period: Open or closed.
        """
        tables = self._tables()
        tables.begin_writing(period.deployment_id)
        refuse_values(tables, period)
        key = period.reference, period.deployment_id, period.listed_from
        tables.table("listed_periods").setdefault(key, period)

    def add_many(self, periods: Iterable[ListedPeriod]) -> None:
        """Add periods; one that is there already changes nothing.

        Args:
            periods: Of one deployment; may be thousands.
        """
        for period in periods:
            self.add(period)

    def close(
        self, deployment_id: str, listed_until: datetime, *, reference: str | None = None
    ) -> int:
        """End open periods and return how many.

        Args:
            deployment_id: Whose watchlist.
            listed_until: When the entry left the gallery, exclusive.
            reference: Only of this reference; None takes all.
        """
        tables = self._tables()
        tables.begin_writing()
        table = tables.table("listed_periods")
        still_open = [
            (key, period)
            for key, period in table.items()
            if period.listed_until is None
            and period.deployment_id == deployment_id
            and reference in {None, period.reference}
        ]
        table.update({key: replace(p, listed_until=listed_until) for key, p in still_open})
        return len(still_open)

    def references(self) -> Iterator[str]:
        """Yield every reference that was ever listed, each once, in no order."""
        yield from {p.reference for p in self._tables().table("listed_periods").values()}

    def is_known(self, reference: str) -> bool:
        """Return whether a reference was ever listed, whenever that was.

        Args:
            reference: The force's own reference for the person.
        """
        return reference in set(self.references())

    def was_listed(self, reference: str, on: date, zone: tzinfo) -> tuple[ListedPeriod, ...]:
        """Return the periods that touch a local day, oldest first.

        Args:
            reference: The force's own reference for the person.
            on: The day.
            zone: The time zone in which the question is asked.
        """
        periods = self._tables().table("listed_periods").values()
        found = (p for p in periods if p.reference == reference and covers(p, on, zone))
        return tuple(sorted(found, key=lambda p: (p.listed_from, p.deployment_id)))
