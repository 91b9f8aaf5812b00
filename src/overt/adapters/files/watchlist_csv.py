"""A watchlist as a CSV file and photographs: in a folder, or sent together with it."""

from __future__ import annotations

import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING, Generic, TypeVar

from overt.adapters.files.csv_rows import open_csv, read_csv
from overt.core.watchlist_cells import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, read_cells
from overt.core.watchlist_refusals import EntryRow, RefusalReason
from overt.errors import FolderUnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from overt.adapters.files.csv_rows import CsvRow

Photograph = TypeVar("Photograph")

_NOTHING = EntryRow(
    reference="",
    category="",
    justification="",
    image_source="",
    image_date=None,
    urgency="",
    is_under_18=False,
    under_18_exception=None,
    expires_at=None,
)


@dataclass(frozen=True, slots=True)
class ListedRow(Generic[Photograph]):
    """A row of the file.

    Attributes:
        number: As a spreadsheet shows it.
        entry: What it says.
        photograph: Its file or bytes, or None where there is none that may be opened.
        problems: Reasons against it that the file itself shows.
    """

    number: int
    entry: EntryRow
    photograph: Photograph | None
    problems: tuple[RefusalReason, ...]


@contextmanager
def open_watchlist(csv_file: Path, folder: Path) -> Iterator[Iterator[ListedRow[Path]]]:
    """Open a watchlist; its rows are read as they are asked for, its photographs not at all.

    Args:
        csv_file: The list.
        folder: Where its photographs lie; nothing outside is ever opened.

    Yields:
        Rows.

    Raises:
        ListFileInvalidError: The file is no such list.
        FolderUnusableError: There is no such folder.
    """
    if not folder.is_dir():
        msg = f"expected a folder of photographs; found no folder named {folder.name!r}"
        raise FolderUnusableError(msg)
    root = folder.resolve()
    with open_csv(csv_file, required=REQUIRED_COLUMNS, optional=OPTIONAL_COLUMNS) as rows:
        yield (_listed(row, lambda name: _photograph(name, root)) for row in rows)


class SentPhotographs:
    """Photographs that came together with a list, by the names that they were sent under."""

    def __init__(self, photographs: Iterable[tuple[str, bytes]]) -> None:
        """Take the photographs.

        Args:
            photographs: Name and bytes of each; a name is never opened as a path.
        """
        self._by_last: dict[str, list[tuple[str, bytes]]] = {}
        self._unused: set[str] = set()
        for name, content in photographs:
            plain = name.replace("\\", "/")
            self._by_last.setdefault(_last(plain), []).append((plain, content))
            self._unused.add(plain)

    @property
    def n_unused(self) -> int:
        """Return how many belong to no row that was read so far."""
        return len(self._unused)

    def find(self, name: str) -> bytes | RefusalReason:
        """Return a photograph, or why there is none.

        Args:
            name: As the list has it; the last part of it is enough where no other has it.
        """
        if not name or "\0" in name:
            return RefusalReason.IMAGE_MISSING
        if _is_elsewhere(name):
            return RefusalReason.IMAGE_OUTSIDE_FOLDER
        same = self._by_last.get(_last(name), [])
        if len(same) > 1:
            same = [each for each in same if f"/{each[0]}".endswith(f"/{name}")]
        if len(same) != 1:
            return RefusalReason.IMAGE_MISSING
        self._unused.discard(same[0][0])
        return same[0][1]


def read_sent_watchlist(
    file: IO[bytes], name: str, photographs: SentPhotographs
) -> Iterator[ListedRow[bytes]]:
    """Return the rows of a watchlist that was sent with its photographs.

    Args:
        file: The list, at its beginning.
        name: What it is called, for messages.
        photographs: What came with it.

    Raises:
        ListFileInvalidError: The file is no such list.
    """
    rows = read_csv(file, name, required=REQUIRED_COLUMNS, optional=OPTIONAL_COLUMNS)
    return (_listed(row, photographs.find) for row in rows)


def _listed(
    row: CsvRow, find: Callable[[str], Photograph | RefusalReason]
) -> ListedRow[Photograph]:
    if row.cells is None:
        return ListedRow(row.number, _NOTHING, None, (RefusalReason.ROW_MALFORMED,))
    entry, problems = read_cells(row.cells)
    found = find(row.cells["image"].strip())
    if isinstance(found, RefusalReason):
        return ListedRow(row.number, entry, None, (*problems, found))
    return ListedRow(row.number, entry, found, problems)


def _photograph(name: str, root: Path) -> Path | RefusalReason:
    """Return the file of a photograph, if it is a plain file inside the folder without any link."""
    if not name or "\0" in name:
        return RefusalReason.IMAGE_MISSING
    if _is_elsewhere(name):
        return RefusalReason.IMAGE_OUTSIDE_FOLDER
    path, parts = root, PurePosixPath(name).parts
    try:
        for part in parts:
            path /= part
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                return RefusalReason.IMAGE_OUTSIDE_FOLDER
    except (OSError, ValueError):
        return RefusalReason.IMAGE_MISSING
    return path if parts and stat.S_ISREG(mode) else RefusalReason.IMAGE_MISSING


def _is_elsewhere(name: str) -> bool:
    is_rooted = PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).drive)
    return is_rooted or ".." in PurePosixPath(name).parts or "\\" in name


def _last(name: str) -> str:
    return name.rpartition("/")[2]
