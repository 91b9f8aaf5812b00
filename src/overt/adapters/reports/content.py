"""What a report's document says, read in the order in which it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Part: TypeAlias = "Mapping[str, Any]"  # one object of the document, as JSON holds it

_BARE = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")

VERDICT_MARKS = {
    "shown": "\u2713",
    "contradicted": "\u2717",
    "not shown": "~",
    "not defined": "\u2013",
}
"""A sign before each verdict's word, so that colour is never what tells them apart."""


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number in its place in the list of numbers.

    Attributes:
        index: From 1, in the order in which numbers are met.
        number_id: Its identifier in the document.
        text: As it is printed.
        query: What gives it.
    """

    index: int
    number_id: str
    text: str
    query: str


def tables_of(document: Part) -> Iterator[Part]:
    """Yield the tables of all sections.

    Args:
        document: Of a report.
    """
    for section in document["sections"]:
        yield from section["tables"]


def figures_of(document: Part) -> Iterator[Part]:
    """Yield the figures of all sections.

    Args:
        document: Of a report.
    """
    for section in document["sections"]:
        yield from section["figures"]


def numbers_of(document: Part) -> dict[str, PrintedNumber]:
    """Return every number by its identifier, counted as a reader meets them.

    Args:
        document: Of a report.
    """
    met = dict.fromkeys([*_met(document), *sorted(document["numbers"])])
    return {
        number_id: PrintedNumber(
            index,
            number_id,
            document["numbers"][number_id]["text"],
            document["numbers"][number_id]["query"],
        )
        for index, number_id in enumerate(met, start=1)
    }


def text_of(cell: object, document: Part) -> str:
    """Return what is printed in a cell.

    Args:
        cell: Of a table: a text, or a number by its identifier.
        document: Which holds the number.
    """
    if isinstance(cell, str):
        return cell
    return str(document["numbers"][number_in(cell)]["text"])


def number_in(cell: object) -> str:
    """Return the identifier of a cell's number; an empty text where it holds none.

    Args:
        cell: Of a table.
    """
    return str(cell["number"]) if isinstance(cell, dict) else ""


def numeric_columns(table: Part, document: Part) -> tuple[bool, ...]:
    """Return of each column whether a bare number stands in its cells, to be set to the right.

    Args:
        table: Of a report.
        document: Which holds its numbers.
    """
    rows = [[text_of(cell, document) for cell in row] for row in table["rows"]]
    return tuple(_is_numeric([row[at] for row in rows]) for at in range(_width(table)))


def number_columns(table: Part) -> tuple[bool, ...]:
    """Return of each column whether a number with its query stands in it.

    Args:
        table: Of a report.
    """
    rows: Sequence[Sequence[object]] = table["rows"]
    return tuple(any(number_in(row[at]) for row in rows) for at in range(_width(table)))


def _width(table: Part) -> int:
    return len(table["columns"])


def _is_numeric(texts: Sequence[str]) -> bool:
    bare = [text for text in texts if _BARE.fullmatch(text)]
    others = [text for text in texts if text and not text.startswith("not defined")]
    return bool(bare) and len(bare) == len(others)


def _met(document: Part) -> Iterator[str]:
    for finding in document["findings"]:
        yield from finding["numbers"]
    for table in tables_of(document):
        for row in table["rows"]:
            yield from filter(None, map(number_in, row))
