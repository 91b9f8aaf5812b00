"""What a force has published, as a CSV file: every column may be empty, none may be unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.adapters.files.csv_rows import open_csv
from overt.errors import ListFileInvalidError, RecordFileInvalidError
from overt.evaluation.reported_deployment import (
    COLUMNS,
    ReportedDeployment,
    reported_deployment,
)

if TYPE_CHECKING:
    from pathlib import Path

MAX_ROWS = 100_000


def read_published(path: Path) -> tuple[ReportedDeployment, ...]:
    """Return the rows of a published record, in order.

    A column that is misspelt would go unchecked without anybody noticing; it is refused.

    Args:
        path: CSV with some of the columns of docs/evaluation.md, in any order.

    Raises:
        RecordFileInvalidError: It is no such file, or has no row or too many.
    """
    rows: list[ReportedDeployment] = []
    try:
        with open_csv(path, required=(), optional=COLUMNS) as lines:
            for line in lines:
                if line.cells is None:
                    unreadable = ("number of cells",)
                    rows.append(ReportedDeployment(line.number, unreadable=unreadable))
                else:
                    rows.append(reported_deployment(line.number, line.cells))
                if len(rows) > MAX_ROWS:
                    msg = f"list {path.name}: expected at most {MAX_ROWS} rows"
                    raise RecordFileInvalidError(msg, file=path.name)
    except ListFileInvalidError as error:
        raise RecordFileInvalidError(error.message, file=path.name) from error
    if not rows:
        msg = f"list {path.name}: there is no row to check"
        raise RecordFileInvalidError(msg, file=path.name)
    return tuple(rows)
