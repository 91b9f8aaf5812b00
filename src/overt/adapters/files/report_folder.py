"""A report's folder as somebody handed it over: its files, read and never followed elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from overt.adapters.audit.export_file import ExportFile
from overt.errors import ReportUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_FILES = 10_000


class HandedFolder:
    """The ``ReportFolder`` port on a folder."""

    def __init__(self, path: Path) -> None:
        """Name the folder.

        Args:
            path: Of the report.
        """
        self._path = path

    def names(self) -> tuple[str, ...]:
        """Return the paths of all files in it, with ``/``, sorted.

        Raises:
            ReportUnreadableError: There is no such folder, it cannot be read, or it holds too much.
        """
        try:
            if not self._path.is_dir():
                msg = f"{self._path.name}: expected the folder of a report"
                raise ReportUnreadableError(msg)
            found = sorted(self._walk())
        except OSError as error:
            raise self._unreadable(self._path.name, error) from error
        return tuple(found)

    def stray_folders(self) -> tuple[str, ...]:
        """Return the paths of folders that hold no file, and of links to folders, sorted.

        Raises:
            ReportUnreadableError: The folder cannot be read.
        """
        try:
            return tuple(sorted(self._strays()))
        except OSError as error:
            raise self._unreadable(self._path.name, error) from error

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Args:
            name: One of :meth:`names`.

        Raises:
            ReportUnreadableError: It is no file of the folder, or cannot be read.
        """
        place = self._path / name
        if place.is_symlink() or not place.is_file():
            msg = f"{name}: expected a file, found a link, a folder or a device"
            raise ReportUnreadableError(msg)
        try:
            return place.read_bytes()
        except OSError as error:
            raise self._unreadable(name, error) from error

    def log(self, name: str) -> ExportFile:
        """Return the exported log that lies in the folder.

        Args:
            name: Of its file.
        """
        return ExportFile(self._path / name)

    def _walk(self) -> Iterator[str]:
        n_found = 0
        for folder, _, files in os.walk(self._path):  # links to folders are not followed
            for name in files:
                n_found += 1
                if n_found > _MOST_FILES:
                    msg = f"{self._path.name}: expected a report, found over {_MOST_FILES:,} files"
                    raise ReportUnreadableError(msg)
                yield (Path(folder) / name).relative_to(self._path).as_posix()

    def _strays(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self._path):
            place = Path(folder)
            if not folders and not files and place != self._path:
                yield place.relative_to(self._path).as_posix()
            for name in folders:
                if (place / name).is_symlink():
                    yield (place / name).relative_to(self._path).as_posix()

    @staticmethod
    def _unreadable(name: str, error: OSError) -> ReportUnreadableError:
        return ReportUnreadableError(f"{name} cannot be read ({type(error).__name__})")
