"""The answer to "was this reference listed on that date?": all that outlives a watchlist (R-20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, tzinfo


@dataclass(frozen=True, slots=True)
class ListedPeriod:
    """A time in which a reference stood on a deployment's watchlist; no name, no picture.

    Attributes:
        reference: The force's own reference for the person.
        deployment_id: Whose watchlist.
        category: Why, from the policy's closed list.
        listed_from: When the entry came into the gallery, aware UTC.
        listed_until: When it left, exclusive, aware UTC; None while it is in.
    """

    reference: str
    deployment_id: str
    category: str
    listed_from: datetime
    listed_until: datetime | None


def bounds_of_day(on: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the first moment of a local day and of the next, in UTC; 23 to 25 hours apart.

    Args:
        on: The day.
        zone: The time zone in which the question is asked.
    """
    start = datetime.combine(on, time.min, tzinfo=zone)
    end = datetime.combine(on + timedelta(days=1), time.min, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def covers(period: ListedPeriod, on: date, zone: tzinfo) -> bool:
    """Return whether a period touches a local day.

    Args:
        period: From, inclusive; until, exclusive.
        on: The day.
        zone: The time zone in which the question is asked.
    """
    start, end = bounds_of_day(on, zone)
    return period.listed_from < end and (period.listed_until is None or period.listed_until > start)
