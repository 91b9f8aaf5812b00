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
    with open_list(path) as file:
        yield read_csv(file, path.name, required=required, optional=optional, on_bytes=on_bytes)


@contextmanager
def open_list(path: Path) -> Iterator[IO[bytes]]:
    """Open a list's file.

    Args:
        path: A file.

    Yields:
        The file.

    Raises:
        ListFileInvalidError: It is no file, or cannot be read.
    """
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise _invalid(path.name, "there is no such file")
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise _invalid(path.name, f"cannot be read ({type(error).__name__})") from error


def read_csv(
    file: IO[bytes],
    name: str,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    on_bytes: Callable[[bytes], object] = lambda _: None,
) -> Iterator[CsvRow]:
    """Return the rows of a list that is open already; they are read as they are asked for.

    Args:
        file: At its beginning, seekable.
        name: What it is called, for messages.
        required: Columns that it must have, in any order.
        optional: Columns that it may have; any other is refused.
        on_bytes: Called with the file's bytes as they are read, for a digest.

    Raises:
        ListFileInvalidError: It is empty, or no UTF-8.
    """
    _refuse_other_encodings(name, file)
    reader = csv.reader(_lines(name, file, on_bytes), strict=True)
    return _rows(name, reader, required, optional)


def _refuse_other_encodings(name: str, file: IO[bytes]) -> None:
    start = file.read(4096)
    file.seek(0)
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            raise _invalid(name, f"expected UTF-8, found {encoding}; save it as CSV UTF-8")
    if not start:
        raise _invalid(name, "the file is empty")


def _lines(name: str, file: IO[bytes], on_bytes: Callable[[bytes], object]) -> Iterator[str]:
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        on_bytes(raw)
        if len(raw) > MAX_LINE_BYTES:
            raise _invalid(name, f"line {number} is longer than {MAX_LINE_BYTES} bytes")
        text = raw.removeprefix(_UTF_8_MARK) if number == 1 else raw
        if b"\0" in text:
            raise _invalid(name, f"line {number} holds a zero byte; save it as CSV UTF-8")
        try:
            yield text.decode("utf-8")
        except UnicodeDecodeError as error:
            problem = f"line {number} is not UTF-8; it may be Latin-1 or Windows-1252"
            raise _invalid(name, f"{problem}; save it as CSV UTF-8") from error


def _rows(
    name: str, reader: Iterator[list[str]], required: Sequence[str], optional: Sequence[str]
) -> Iterator[CsvRow]:
    number = 0
    columns: list[str] | None = None
    try:
        for cells in reader:
            number += 1
            if columns is None:
                columns = _columns(name, cells, required, optional)
            elif any(cell.strip() for cell in cells):
                is_whole = len(cells) == len(columns)
                yield CsvRow(number, dict(zip(columns, cells, strict=True)) if is_whole else None)
    except csv.Error as error:
        raise _invalid(name, f"after row {number}: quotes or fields that do not end") from error
    if columns is None:
        raise _invalid(name, "there is no row of columns' names")


def _columns(
    name: str, cells: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> list[str]:
    found = [cell.strip().lower() for cell in cells]
    known = (*required, *optional)
    # What stands in an unknown column's place is not repeated: it may be somebody's data.
    problems = {
        "missing": [column for column in required if column not in found],
        "twice": [column for column in known if found.count(column) > 1],
        "unknown": [f"column {i}" for i, column in enumerate(found, 1) if column not in known],
    }
    if any(problems.values()):
        words = "; ".join(f"{what}: {', '.join(them)}" for what, them in problems.items() if them)
        hint = "; cells are separated by commas" if len(found) == 1 and len(required) > 1 else ""
        raise _invalid(name, f"expected the columns {', '.join(required or known)}; {words}{hint}")
    return found


def _invalid(name: str, problem: str) -> ListFileInvalidError:
    return ListFileInvalidError(f"list {name}: {problem}", file=name)
