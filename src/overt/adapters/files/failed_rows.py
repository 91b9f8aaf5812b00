"""The file of refused rows: which, and why; for whoever offered them."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMNS = ("row", "reference", "reasons", "quality", "same_face_rows")
_FORMULA = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")  # the wide ones too, as spreadsheets do


def require_writable(path: Path) -> None:
    """Let pass only a file that can be made or replaced; nothing is left of the attempt.

    Args:
        path: Of the file.

    Raises:
        OutputUnwritableError: It is a folder, or its own folder takes no file.
    """
    if path.is_dir():
        msg = f"{path.name} cannot be written (it is a folder)"
        raise OutputUnwritableError(msg)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-"):
            pass
    except OSError as error:
        msg = f"{path.name} cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error


def write_failed_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write the refused rows, readable by their owner only, whole or not at all.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.

    Args:
        path: The file to make or replace.
        rows: One cell a column of ``COLUMNS``.

    Raises:
        OutputUnwritableError: The file cannot be written.
    """
    try:
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                _write(file, rows)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(path)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        msg = f"{path.name} cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error


def failed_rows_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return the same as text, for whoever asks for it over HTTP.

    Args:
        rows: One cell a column of ``COLUMNS``.
    """
    target = io.StringIO(newline="")
    _write(target, rows)
    return target.getvalue()


def _write(file: IO[str], rows: Iterable[Sequence[str]]) -> None:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([_plain(cell) for cell in row] for row in rows)


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
