"""Numbers of live runs: by camera and minute, and the histogram of best scores."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from overt.adapters.store.schema import minute_counts, score_histogram
from overt.core.live_counts import LiveCounts, MinuteCounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row

    from overt.adapters.store.transaction import Transaction

_NAMES = tuple(f.name for f in fields(LiveCounts))
_COUNTS = tuple(minute_counts.c[name] for name in _NAMES)


class SqlCounts:
    """The ``Counts`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction

    def add_minute(self, minute: MinuteCounts) -> None:
        """Add to what is stored for this camera and minute.

        Args:
            minute: What was counted since the last call.
        """
        table = minute_counts
        place = {
            "deployment_id": minute.deployment_id,
            "camera_id": minute.camera_id,
            "minute": minute.minute,
        }
        counts = {name: getattr(minute.counts, name) for name in _NAMES}
        grown = {table.c[name]: table.c[name] + count for name, count in counts.items()}
        is_there = [table.c[name] == value for name, value in place.items()]
        if not self._transaction.run(update(table).where(*is_there).values(grown)):
            self._transaction.run(insert(table), {**place, **counts})

    def minutes(self, deployment_id: str) -> tuple[MinuteCounts, ...]:
        """Return a deployment's minutes, by time and camera.

        Args:
            deployment_id: Whose.
        """
        table = minute_counts
        query = (
            select(table.c.camera_id, table.c.minute, *_COUNTS)
            .where(table.c.deployment_id == deployment_id)
            .order_by(table.c.minute, table.c.camera_id)
        )
        return tuple(
            MinuteCounts(deployment_id, row.camera_id, row.minute, _counts(row))
            for row in self._transaction.rows(query)
        )

    def totals(self, deployment_id: str) -> LiveCounts:
        """Return the sum over cameras and minutes.

        Args:
            deployment_id: Whose.
        """
        sums = [func.coalesce(func.sum(column), 0).label(column.name) for column in _COUNTS]
        query = select(*sums).where(minute_counts.c.deployment_id == deployment_id)
        return _counts(self._transaction.rows(query)[0])

    def add_scores(self, deployment_id: str, histogram: Mapping[int, int]) -> None:
        """Add searches to the histogram of best scores.

        Args:
            deployment_id: Whose.
            histogram: Searches by best score in hundredths, rounded down.
        """
        table = score_histogram
        for score, searches in sorted(histogram.items()):
            place = {"deployment_id": deployment_id, "score_hundredths": score}
            is_there = [table.c[name] == value for name, value in place.items()]
            grown = {"searches": table.c.searches + searches}
            if not self._transaction.run(update(table).where(*is_there).values(grown)):
                self._transaction.run(insert(table), {**place, "searches": searches})

    def histogram(self, deployment_id: str) -> dict[int, int]:
        """Return searches by best score in hundredths, lowest first; no empty bin.

        Args:
            deployment_id: Whose.
        """
        table = score_histogram
        query = (
            select(table.c.score_hundredths, table.c.searches)
            .where(table.c.deployment_id == deployment_id, table.c.searches > 0)
            .order_by(table.c.score_hundredths)
        )
        return {row.score_hundredths: row.searches for row in self._transaction.rows(query)}


def _counts(row: Row[Any]) -> LiveCounts:
    return LiveCounts(**{name: int(getattr(row, name)) for name in _NAMES})
