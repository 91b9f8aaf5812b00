"""Windows from the time on the wall: clocks are put forward and back (R-01)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from overt.core.authority import Window
from overt.errors import TimeZoneUnknownError, WindowInvalidError

YEARS = range(2000, 2100)
"""Years that a time on the wall may be of; at the ends of the calendar no zone can be told."""


def window_in_zone(
    local_start: datetime,
    local_end: datetime,
    zone: str,
    *,
    start_fold: int | None = None,
    end_fold: int | None = None,
) -> Window:
    """Return the window between two times on the wall of one place.

    Args:
        local_start: Naive.
        local_end: Naive, later in UTC.
        zone: IANA name: ``Europe/London``.
        start_fold: 0 for the first, 1 for the second of two equal times when clocks
            go back; None where the time is not repeated.
        end_fold: The same for the end.

    Raises:
        TimeZoneUnknownError: There is no such zone.
        WindowInvalidError: A time that does not exist there, one that exists twice
            without a fold, an aware time, an absurd year, or an end not after the start.
    """
    place = zone_named(zone)
    return Window(_utc(local_start, place, start_fold), _utc(local_end, place, end_fold))


def moment_in_zone(local: datetime, zone: str, fold: int | None = None) -> datetime:
    """Return the moment at which a clock on the wall of one place shows a time, aware UTC.

    Args:
        local: Naive.
        zone: IANA name: ``Europe/London``.
        fold: 0 for the first, 1 for the second of two equal times when clocks go back;
            None where the time is not repeated.

    Raises:
        TimeZoneUnknownError: There is no such zone.
        WindowInvalidError: A time that does not exist there, one that exists twice
            without a fold, an aware time, or one of an absurd year.
    """
    return _utc(local, zone_named(zone), fold)


def is_twice(local: datetime, zone: str) -> bool:
    """Return whether a clock on the wall of one place shows a time twice.

    Args:
        local: Naive.
        zone: IANA name.

    Raises:
        TimeZoneUnknownError: There is no such zone.
        WindowInvalidError: It is of no year that a window can be of.
    """
    place = zone_named(zone)
    _require_year(local)
    first, second = (local.replace(tzinfo=place, fold=f).astimezone(UTC) for f in (0, 1))
    back = first.astimezone(place).replace(tzinfo=None, fold=0)
    return first != second and back == local.replace(fold=0)


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone of the IANA database.

    Args:
        name: ``Europe/London``; case matters.

    Raises:
        TimeZoneUnknownError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"expected the IANA name of a time zone such as Europe/London, found {name!r}"
        raise TimeZoneUnknownError(msg) from error


def _utc(local: datetime, place: ZoneInfo, fold: int | None) -> datetime:
    if local.tzinfo is not None:
        msg = f"expected a local time without an offset, found {local.isoformat()}"
        raise WindowInvalidError(msg)
    if fold not in {None, 0, 1}:
        msg = f"a fold is 0 or 1, found {fold}"
        raise WindowInvalidError(msg)
    _require_year(local)
    first, second = (local.replace(tzinfo=place, fold=f).astimezone(UTC) for f in (0, 1))
    if first.astimezone(place).replace(tzinfo=None, fold=0) != local.replace(fold=0):
        msg = f"{local.isoformat()} does not exist in {place.key}: clocks go forward over it"
        raise WindowInvalidError(msg)
    if first != second and fold is None:
        msg = (
            f"{local.isoformat()} exists twice in {place.key}, as {first.isoformat()} and "
            f"{second.isoformat()}: say which, the first (fold 0) or the second (fold 1)"
        )
        raise WindowInvalidError(msg)
    return second if fold == 1 else first


def _require_year(local: datetime) -> None:
    if local.year not in YEARS:
        msg = f"expected a year from {YEARS.start} to {YEARS.stop - 1}, found {local.year}"
        raise WindowInvalidError(msg)
