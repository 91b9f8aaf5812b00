"""A new folder with files in it: all of them, or none."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterable


def write_new_folder(path: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files to a new folder and return how many there are.

    They are gathered beside it, and it gets its name once it is complete.

    Args:
        path: The folder to make; an empty one may be there.
        files: Names, with folders and ``/``, and contents; read while they are written.

    Raises:
        OutputUnwritableError: Something is there already, or it cannot be written.
    """
    n_files = 0
    part: Path | None = None
    try:
        check_new_folder(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=path.parent, prefix=".part-"))
        for name, content in files:
            place = part / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            n_files += 1
        part.chmod(0o755)
        part.replace(path)
    except OSError as error:
        msg = f"{path.name} cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
    return n_files


def check_new_folder(path: Path) -> None:
    """Refuse a folder that is not new, before any work is done for it.

    Args:
        path: The folder that is to be made; an empty one may be there.

    Raises:
        OutputUnwritableError: Something is there already.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        msg = f"{path.name} is there already and is never replaced; name a new folder"
        raise OutputUnwritableError(msg)
