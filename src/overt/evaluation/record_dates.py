"""Days and dates of a published record: a day of the week that a date did not have."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from overt.evaluation.record_flags import FlagCode, impossible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.evaluation.record_flags import Flag
    from overt.evaluation.reported_deployment import ReportedDeployment

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHORTEST = 3  # letters that tell days, and months, apart
_WRITTEN = re.compile(
    r"(?:\b(?P<day>(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?)\b,?\s+)?"
    r"\b(?P<number>\d{1,2})(?:st|nd|rd|th)?\s+"
    r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<year>\d{4})\b",
    re.IGNORECASE,
)


def date_flags(reported: ReportedDeployment) -> Iterator[Flag]:
    """Yield what the dates of a row say against each other.

    Args:
        reported: One row.
    """
    stated, day = reported.texts.get("date"), reported.texts.get("day")
    on = _iso(stated) if stated else None
    if stated and on is None:
        yield impossible(FlagCode.UNREADABLE, "expected a date such as 2019-05-29", "date")
    weekday = _weekday(day) if day else None
    if day and weekday is None:
        yield impossible(FlagCode.UNREADABLE, "expected a day such as Wednesday", "day")
    if on is not None and weekday is not None:
        yield from _day_of(on, weekday, "date", "day")
    yield from _written(reported.texts.get("operation", ""), on)


def _written(text: str, on: date | None) -> Iterator[Flag]:
    found = list(_WRITTEN.finditer(text))
    for match in found:
        month = 1 + [m[:_SHORTEST].lower() for m in _MONTHS].index(match["month"].lower())
        written = _date(int(match["year"]), month, int(match["number"]))
        if written is None:
            message = "the operation names a day that its month does not have"
            yield impossible(FlagCode.UNREADABLE, message, "operation")
            continue
        weekday = _weekday(match["day"] or "")
        if weekday is not None:
            yield from _day_of(written, weekday, "operation")
        if on is not None and written != on and len(found) == 1:
            message = f"the operation was on {_long(written)}, by its date on {_long(on)}"
            yield impossible(FlagCode.DATE_DIFFERS, message, "date", "operation")


def _day_of(on: date, weekday: int, *columns: str) -> Iterator[Flag]:
    if on.weekday() == weekday:
        return
    fits = [
        f"{on.day} {name}"
        for month, name in enumerate(_MONTHS, start=1)
        if (same := _date(on.year, month, on.day)) is not None and same.weekday() == weekday
    ]
    hint = f"; a {_DAYS[weekday]} of that year were {', '.join(fits)}" if fits else ""
    message = f"{_long(on)} was a {_DAYS[on.weekday()]}, not a {_DAYS[weekday]}{hint}"
    yield impossible(FlagCode.DAY_DIFFERS, message, *columns)


def _weekday(text: str) -> int | None:
    start = text.strip().lower().removesuffix(".")
    if len(start) < _SHORTEST:
        return None
    found = [number for number, day in enumerate(_DAYS) if day.lower().startswith(start)]
    return found[0] if found else None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _long(on: date) -> str:
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
