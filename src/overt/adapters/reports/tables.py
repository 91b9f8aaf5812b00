"""Tables as CSV: what is printed, and beside each number where its counts and query stand."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from overt.adapters.reports.content import number_columns, number_in, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from overt.adapters.reports.content import Part

NUMBERS = "numbers"
"""Name of the table of all numbers; no other has it."""

_NUMBER_COLUMNS = ("text", "count", "total", "value", "unit", "low", "high", "level", "query")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would work out


def table_csv(table: Part, document: Part) -> bytes:
    """Return a table as CSV, UTF-8.

    A column of numbers has another beside it, with each number's identifier in the table of all
    numbers.

    Args:
        table: Of a report.
        document: Which holds its numbers.
    """
    with_ids = number_columns(table)
    return _csv([_head(table, with_ids), *_rows(table, document, with_ids)])


def numbers_csv(document: Part) -> bytes:
    """Return every number of a report as CSV, UTF-8: its counts, interval, and query.

    Args:
        document: Of a report.
    """
    numbers = document["numbers"]
    head = ["number", *_NUMBER_COLUMNS]
    rows = [
        [number_id, *(_cell(numbers[number_id].get(name)) for name in _NUMBER_COLUMNS)]
        for number_id in sorted(numbers)
    ]
    return _csv([head, *rows])


def _head(table: Part, with_ids: Sequence[bool]) -> list[str]:
    return [
        name
        for column, has_ids in zip(table["columns"], with_ids, strict=True)
        for name in ((column, f"{column}: number") if has_ids else (column,))
    ]


def _rows(table: Part, document: Part, with_ids: Sequence[bool]) -> Iterator[list[str]]:
    for row in table["rows"]:
        yield [
            text
            for cell, has_ids in zip(row, with_ids, strict=True)
            for text in (
                (text_of(cell, document), number_in(cell))
                if has_ids
                else (text_of(cell, document),)
            )
        ]


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")  # RFC 4180
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return file.getvalue().encode()


def _plain(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(",", "").replace(".", "", 1).isdigit()
