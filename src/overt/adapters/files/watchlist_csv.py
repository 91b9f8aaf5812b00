"""A watchlist as a CSV file and a folder of photographs."""

from __future__ import annotations

import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from overt.adapters.files.csv_rows import open_csv
from overt.core.watchlist_cells import OPTIONAL_COLUMNS, REQUIRED_COLUMNS, read_cells
from overt.core.watchlist_refusals import EntryRow, RefusalReason
from overt.errors import FolderUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from overt.adapters.files.csv_rows import CsvRow

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
class ListedRow:
    """A row of the file.

    Attributes:
        number: As a spreadsheet shows it.
        entry: What it says.
        photograph: Its file, or None where there is none that may be opened.
        problems: Reasons against it that the file itself shows.
    """

    number: int
    entry: EntryRow
    photograph: Path | None
    problems: tuple[RefusalReason, ...]


@contextmanager
def open_watchlist(csv_file: Path, folder: Path) -> Iterator[Iterator[ListedRow]]:
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
        yield (_listed(row, root) for row in rows)


def _listed(row: CsvRow, root: Path) -> ListedRow:
    if row.cells is None:
        return ListedRow(row.number, _NOTHING, None, (RefusalReason.ROW_MALFORMED,))
    entry, problems = read_cells(row.cells)
    found = _photograph(row.cells["image"].strip(), root)
    if isinstance(found, RefusalReason):
        return ListedRow(row.number, entry, None, (*problems, found))
    return ListedRow(row.number, entry, found, problems)


def _photograph(name: str, root: Path) -> Path | RefusalReason:
    """Return the file of a photograph, if it is a plain file inside the folder without any link."""
    if not name or "\0" in name:
        return RefusalReason.IMAGE_MISSING
    parts = PurePosixPath(name).parts
    is_elsewhere = PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).drive)
    if is_elsewhere or ".." in parts or "\\" in name:
        return RefusalReason.IMAGE_OUTSIDE_FOLDER
    path = root
    try:
        for part in parts:
            path /= part
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                return RefusalReason.IMAGE_OUTSIDE_FOLDER
    except (OSError, ValueError):
        return RefusalReason.IMAGE_MISSING
    return path if parts and stat.S_ISREG(mode) else RefusalReason.IMAGE_MISSING
