"""A folder of a site that takes the place of its older self at once: all of it, or nothing."""

from __future__ import annotations

import ctypes
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = "register.txt"
"""File by which a folder is known as one that may be replaced."""

_MARK_TEXT = "`overt publish` made this folder, and replaces it when it is called again.\n"
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of renameat2(2)


def write_site(path: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write a site and return how many files it has; whoever looks meanwhile sees the old one.

    Args:
        path: The folder: new, empty, or made by this function.
        files: Names, with folders and ``/``, and contents; read while they are written.

    Raises:
        OutputUnwritableError: Something else is there, or it cannot be written.
    """
    n_files = 0
    part: Path | None = None
    try:
        _require_ours(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=path.parent, prefix=".part-"))
        folders = {part}
        for name, content in files:
            place = part / name
            if place.parent not in folders:
                place.parent.mkdir(parents=True, exist_ok=True)
                folders.add(place.parent)
            place.write_bytes(content)
            n_files += 1
        (part / MARK).write_text(_MARK_TEXT, encoding="utf-8")
        part.chmod(0o755)
        _put_in_place(part, path)
    except OSError as error:
        msg = f"{path.name} cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)  # the older one, once it has been exchanged
    return n_files


def _require_ours(path: Path) -> None:
    is_ours = not path.exists() or (
        path.is_dir()
        and not path.is_symlink()
        and ((path / MARK).is_file() or not any(path.iterdir()))
    )
    if not is_ours:
        msg = f"{path.name} is somebody's own and is never replaced; name another folder"
        raise OutputUnwritableError(msg)


def _put_in_place(part: Path, path: Path) -> None:
    if not path.exists():
        part.rename(path)
    elif not _exchanged(part, path):
        old = Path(tempfile.mkdtemp(dir=path.parent, prefix=".part-"))
        path.rename(old)
        part.rename(path)
        shutil.rmtree(old, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False where the system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    done = rename(_HERE, bytes(one), _HERE, bytes(other), _EXCHANGE)
    return bool(done == 0)
