"""Every file in which remains of purged data could be: which they are, searched and erased."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from overt.adapters.store.disk_scan import scan_for, windows_of
from overt.adapters.store.erase import erase_free_space
from overt.adapters.store.erasure_marks import keep_marks, marks_of, read_marks, scan_for_marks
from overt.core.destruction import Remains, ScanReport
from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.adapters.store.engine import Database

MARKS = "marks"
"""Folder of the marks, under the home folder."""

FILES = "deployments"
"""Folder in which a deployment may have files of its own, under the home folder."""

_NOT_OURS = ("models",)  # model packs: public, verified by digest, hundreds of megabytes
_TEMPORARY = ("overt*", "etilqs_*")  # ours, and SQLite's where memory did not suffice
_NEAR, _FAR = 256, 4000
_LARGE_BYTES = 1 << 16


class HomeScan:
    """The ``DiskScan`` port over the home folder, the store's files and temporary ones."""

    def __init__(self, home: Path, database: Database) -> None:
        """Search nothing yet.

        Args:
            home: The folder of everything that lasts.
            database: The store.
        """
        self._home, self._database = home, database

    def windows_of(self, secrets: Iterable[bytes]) -> frozenset[bytes]:
        """Return windows of bytes in the clear.

        Args:
            secrets: Templates, pictures.
        """
        found: set[bytes] = set()
        for secret in secrets:
            found.update(windows_of(secret, _FAR if len(secret) > _LARGE_BYTES else _NEAR))
        return frozenset(found)

    def search(self, windows: frozenset[bytes]) -> ScanReport:
        """Return where windows are found.

        Args:
            windows: From ``windows_of``; may be empty.

        Raises:
            OutputUnwritableError: A file cannot be read, so that nothing can be said about it.
        """
        result = scan_for(windows, self.files())
        remains = tuple(Remains(one.path.name, one.offset) for one in result.remains)
        return ScanReport(
            result.n_files, result.n_bytes, result.n_needles, remains, self._is_store_reached
        )

    def mark(self, deployment_id: str, ciphertexts: Iterable[bytes]) -> int:
        """Keep marks of encrypted bytes, beside those kept before; return how many there are.

        Args:
            deployment_id: Whose.
            ciphertexts: As they lie on the disk.

        Raises:
            OutputUnwritableError: They cannot be kept.
        """
        path = self._marks_of(deployment_id)
        before = read_marks(path)
        marks = marks_of(ciphertexts)
        if before is not None:
            marks = np.union1d(before, marks)
        keep_marks(path, marks)
        return len(marks)

    def search_marked(self, deployment_id: str) -> ScanReport | None:
        """Return where a deployment's marks are found; None where no marks are kept.

        Args:
            deployment_id: Whose.

        Raises:
            OutputUnwritableError: A file cannot be read, so that nothing can be said about it.
        """
        marks = read_marks(self._marks_of(deployment_id))
        if marks is None:
            return None
        found = scan_for_marks(marks, self.files())
        counted = found.n_files, found.n_bytes, found.n_windows
        return ScanReport(*counted, found.remains, self._is_store_reached)

    def files(self) -> tuple[Path, ...]:
        """Return every file that is searched."""
        own = (path for path in self._home.rglob("*") if self._is_searched(path))
        folders = {Path(tempfile.gettempdir()), Path("/var/tmp")}  # noqa: S108 - SQLite's own
        temporary = (p for f in folders for name in _TEMPORARY for p in f.glob(name))
        readable = (p for p in temporary if p.is_file() and os.access(p, os.R_OK))
        return tuple(sorted({*own, *self._database.files(), *readable}))

    @property
    def _is_store_reached(self) -> bool:
        return self._database.path is not None

    def _is_searched(self, path: Path) -> bool:
        top = path.relative_to(self._home).parts[0]
        return top not in _NOT_OURS and path.is_file() and not path.is_symlink()

    def _marks_of(self, deployment_id: str) -> Path:
        return self._home / MARKS / f"{deployment_id}.marks"


class HomeEraser:
    """The ``StoreEraser`` port on the home folder and the store."""

    def __init__(self, home: Path, database: Database) -> None:
        """Erase nothing yet.

        Args:
            home: The folder of everything that lasts.
            database: The store.
        """
        self._home, self._database = home, database

    def erase(self) -> None:
        """Rewrite the store without what was deleted; may be repeated at any time."""
        erase_free_space(self._database)

    def delete_files_of(self, deployment_id: str) -> int:
        """Overwrite and delete a deployment's own files; return how many there were.

        Args:
            deployment_id: Whose.

        Raises:
            OutputUnwritableError: One cannot be overwritten or deleted.
        """
        folder = self._home / FILES / deployment_id
        n_files = 0
        try:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    _overwrite(path)
                    n_files += 1
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            msg = f"files of {deployment_id} cannot be deleted ({type(error).__name__})"
            raise OutputUnwritableError(msg) from error
        return n_files


def _overwrite(path: Path) -> None:
    with path.open("r+b") as stream:
        n_left = path.stat().st_size
        while n_left > 0:
            n_left -= stream.write(bytes(min(n_left, 1 << 20)))
        stream.flush()
        os.fsync(stream.fileno())
