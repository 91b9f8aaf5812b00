"""Lists in CSV as other systems write them: rows as text, one at a time, refused when unclear.

Nothing is guessed: a file is UTF-8, has the columns that it should have, and its cells are
text. A wrong encoding read as another one would change a reference without anybody noticing.
"""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from overt.errors import ListFileInvalidError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

MAX_LINE_BYTES = 65_536  # a row of a watchlist has a few hundred
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_UTF_8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row.

    Attributes:
        number: Its number as a spreadsheet shows it; the columns' names are row 1.
        cells: By column, as they were written; None where there are more or fewer than columns.
    """

    number: int
    cells: dict[str, str] | None


@contextmanager
def open_csv(
    path: Path,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    on_bytes: Callable[[bytes], object] = lambda _: None,
) -> Iterator[Iterator[CsvRow]]:
    """Open a list; its rows are read as they are asked for, never all at once.

    Args:
        path: A file.
        required: Columns that it must have, in any order.
        optional: Columns that it may have; any other is refused.
        on_bytes: Called with the file's bytes as they are read, for a digest.

    Yields:
        Rows, without empty ones.

    Raises:
        ListFileInvalidError: It is no file, no UTF-8, has other columns or broken quotes.
    """
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise _invalid(path, "there is no such file")
        with path.open("rb") as file:
            _refuse_other_encodings(path, file)
            yield _rows(
                path, csv.reader(_lines(path, file, on_bytes), strict=True), required, optional
            )
    except OSError as error:
        raise _invalid(path, f"cannot be read ({type(error).__name__})") from error


def _refuse_other_encodings(path: Path, file: IO[bytes]) -> None:
    start = file.read(4096)
    file.seek(0)
    for mark, name in _MARKS.items():
        if start.startswith(mark):
            raise _invalid(path, f"expected UTF-8, found {name}; save it as CSV UTF-8")
    if not start:
        raise _invalid(path, "the file is empty")


def _lines(path: Path, file: IO[bytes], on_bytes: Callable[[bytes], object]) -> Iterator[str]:
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        on_bytes(raw)
        if len(raw) > MAX_LINE_BYTES:
            raise _invalid(path, f"line {number} is longer than {MAX_LINE_BYTES} bytes")
        text = raw.removeprefix(_UTF_8_MARK) if number == 1 else raw
        if b"\0" in text:
            raise _invalid(path, f"line {number} holds a zero byte; save it as CSV UTF-8")
        try:
            yield text.decode("utf-8")
        except UnicodeDecodeError as error:
            problem = f"line {number} is not UTF-8; it may be Latin-1 or Windows-1252"
            raise _invalid(path, f"{problem}; save it as CSV UTF-8") from error


def _rows(
    path: Path, reader: Iterator[list[str]], required: Sequence[str], optional: Sequence[str]
) -> Iterator[CsvRow]:
    number = 0
    columns: list[str] | None = None
    try:
        for cells in reader:
            number += 1
            if columns is None:
                columns = _columns(path, cells, required, optional)
            elif any(cell.strip() for cell in cells):
                is_whole = len(cells) == len(columns)
                yield CsvRow(number, dict(zip(columns, cells, strict=True)) if is_whole else None)
    except csv.Error as error:
        raise _invalid(path, f"after row {number}: quotes or fields that do not end") from error
    if columns is None:
        raise _invalid(path, "there is no row of columns' names")


def _columns(
    path: Path, cells: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> list[str]:
    found = [cell.strip().lower() for cell in cells]
    known = (*required, *optional)
    # What stands in an unknown column's place is not repeated: it may be somebody's data.
    problems = {
        "missing": [name for name in required if name not in found],
        "twice": [name for name in known if found.count(name) > 1],
        "unknown": [f"column {i}" for i, name in enumerate(found, 1) if name not in known],
    }
    if any(problems.values()):
        words = "; ".join(
            f"{what}: {', '.join(names)}" for what, names in problems.items() if names
        )
        hint = "; cells are separated by commas" if len(found) == 1 and len(required) > 1 else ""
        raise _invalid(path, f"expected the columns {', '.join(required)}; {words}{hint}")
    return found


def _invalid(path: Path, problem: str) -> ListFileInvalidError:
    return ListFileInvalidError(f"list {path.name}: {problem}", file=path.name)
