"""Published records as tables for programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from overt.core.register import one_line
from overt.evaluation.register_columns import COLUMNS, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.evaluation.register_cells import Cell, Document

FORMAT = "overt register 1"
_FORMULA = ("=", "+", "-", "@")  # what a program of tables would work out instead of showing


def records_csv(records: Iterable[Document]) -> bytes:
    """Return records in UTF-8 with a line of headings; every line ends as RFC 4180 asks.

    Args:
        records: Published ones, in order.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    for record in records:
        writer.writerow([_cell(value) for value in cells_of(record).values()])
    return out.getvalue().encode()


def records_json(texts: Iterable[str]) -> bytes:
    """Return records in one document; each stands in it as it was published.

    Args:
        texts: Of published records, in order.
    """
    records = ",\n".join(text.rstrip("\n") for text in texts)
    return f'{{"format": "{FORMAT}", "records": [\n{records}\n]}}\n'.encode()


def _cell(value: Cell) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return value
    line = one_line(value)
    return f"'{line}" if line.startswith(_FORMULA) else line
