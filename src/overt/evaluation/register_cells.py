"""Cells of the public register, read from a published record and from nothing else (R-64).

Page, table and feed cannot say different things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

Cell: TypeAlias = "str | int | float | bool | None"
Document: TypeAlias = Mapping[str, object]

_WALL = "%Y-%m-%d %H:%M %Z"
INTERVAL_MEANING = (
    "The interval says how far chance alone could have moved the figure: in 95 of 100 such"
    " deployments it holds the true rate."
)


class ColumnGroup(StrEnum):
    """Columns that belong together; the value heads them on a page."""

    WHERE_AND_WHEN = "Where and when"
    WATCHLIST = "Watchlist"
    SETTINGS = "Settings"
    COUNTED = "What was counted"
    FALSE_ALERTS = "False alerts"
    VOLUNTEERS = "Volunteers"
    PEOPLE = "What people did"
    NOTICES = "Notices and signs"
    PROOF = "Proof"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: In tables.
        title: On pages.
        group: Where on the page.
        meaning: What it is, in a sentence or two.
        read: Returns its cell of a published record.
        is_on_page: Whether a page shows it; numbers behind a rate's words stand in tables only.
    """

    name: str
    title: str
    group: ColumnGroup
    meaning: str
    read: Callable[[Document], Cell]
    is_on_page: bool = True


def value_at(document: Document, path: str) -> object:
    """Return what a record has at a dotted path, or None where it has nothing there.

    Args:
        document: A published record.
        path: Names with dots between: ``alerts.total``.
    """
    found: object = document
    for name in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def rows_at(document: Document, path: str) -> list[Mapping[str, object]]:
    """Return the rows of a list that a record has at a dotted path; none where it has no list.

    Args:
        document: A published record.
        path: Names with dots between.
    """
    found = value_at(document, path)
    rows = found if isinstance(found, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


def cell(path: str) -> Callable[[Document], Cell]:
    """Return a reader of one value.

    Args:
        path: Names with dots between.
    """

    def read(document: Document) -> Cell:
        found = value_at(document, path)
        return found if isinstance(found, str | int | float) else None

    return read


def joined(path: str, name: str) -> Callable[[Document], Cell]:
    """Return a reader of one field of some rows; each text once.

    Args:
        path: Of the rows.
        name: Of the field.
    """

    def read(document: Document) -> Cell:
        texts = (str(row[name]) for row in rows_at(document, path))
        return "; ".join(dict.fromkeys(texts)) or None

    return read


def listed(path: str) -> Callable[[Document], Cell]:
    """Return a reader of a list of texts.

    Args:
        path: Of the list.
    """

    def read(document: Document) -> Cell:
        found = value_at(document, path)
        return "; ".join(map(str, found)) or None if isinstance(found, list) else None

    return read


def counted(path: str) -> Callable[[Document], Cell]:
    """Return a reader of counts by name, in words: ``Wanted by courts: 3``.

    Args:
        path: Of the counts.
    """

    def read(document: Document) -> Cell:
        counts = value_at(document, path)
        if not isinstance(counts, Mapping):
            return None
        return "; ".join(f"{name}: {count_text(count)}" for name, count in counts.items()) or None

    return read


def number_of(path: str) -> Callable[[Document], Cell]:
    """Return a reader of how many rows there are.

    Args:
        path: Of the rows.
    """
    return lambda document: len(rows_at(document, path))


def count_text(count: object) -> str:
    """Return a count of people as it is printed; one that is withheld says so.

    Args:
        count: Of a group; None where the policy withholds it.
    """
    return f"{count:,}" if isinstance(count, int) else "withheld"


def first_day(document: Document) -> Cell:
    """Return the day of the first window, on the calendar there.

    Args:
        document: A published record.
    """
    windows = [rows_at(site, "windows") for site in rows_at(document, "sites")]
    starts = [str(window["starts_at"]) for of_site in windows for window in of_site]
    return _there(document, min(starts), "%Y-%m-%d") if starts else None


def ran_from(document: Document) -> Cell:
    """Return when cameras first ran, on the wall there.

    Args:
        document: A published record.
    """
    starts = [str(span["started_at"]) for span in rows_at(document, "ran.spans")]
    return _there(document, min(starts), _WALL) if starts else None


def ran_until(document: Document) -> Cell:
    """Return when cameras last ran, on the wall there.

    Args:
        document: A published record.
    """
    ends = [str(span["ended_at"]) for span in rows_at(document, "ran.spans")]
    return _there(document, max(ends), _WALL) if ends else None


def zone_of_record(document: Document) -> str:
    """Return the time zone of a record's first site; UTC where it has none.

    Args:
        document: A published record.
    """
    sites = rows_at(document, "sites")
    return str(sites[0]["time_zone"]) if sites else "UTC"


def rate_columns(name: str, path: str, group: ColumnGroup, title: str) -> tuple[Column, ...]:
    """Return the numbers behind a rate's words, for tables.

    Args:
        name: Of the column with its words.
        path: Of the rate in a record.
        group: Where on the page.
        title: Of the rate.
    """
    parts = (
        ("count", "numerator", "What was counted above the line."),
        ("total", "denominator", "What it is a share of."),
        ("percent", "in percent", "The share; empty where nothing was there to count."),
        ("low_percent", "interval from, in percent", INTERVAL_MEANING),
        ("high_percent", "interval to, in percent", INTERVAL_MEANING),
    )
    return tuple(
        Column(
            f"{name}_{part}",
            f"{title}: {words}",
            group,
            meaning,
            cell(f"{path}.{part}"),
            is_on_page=False,
        )
        for part, words, meaning in parts
    )


def equality_columns() -> tuple[Column, ...]:
    """Return people spoken to by group, in words, for tables; a page has tables of its own."""
    groups = (("ethnicity", "ethnicity"), ("age_band", "age"), ("sex", "sex"))
    sets = (("engaged", "People spoken to"), ("after_false_alert", "Those after a false alert"))
    return tuple(
        Column(
            f"{part}_by_{name}",
            f"{title} by {words}",
            ColumnGroup.PEOPLE,
            "As people said or officers perceived it, never from a picture; small groups are"
            " withheld.",
            counted(f"equality.{name}.{part}"),
            is_on_page=False,
        )
        for name, words in groups
        for part, title in sets
    )


def _there(document: Document, moment: str, part: str) -> str:
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone_of_record(document)))
    return local.strftime(part)
