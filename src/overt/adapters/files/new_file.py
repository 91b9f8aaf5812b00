"""Write a file that was not there before, whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from pathlib import Path


def write_new_text(path: Path, text: str) -> None:
    """Write a text to a new file.

    Args:
        path: The file to make; its folder is there.
        text: What to write.

    Raises:
        OutputUnwritableError: There is a file already, or it cannot be written.
    """
    _write(path, text.encode(), mode=0o644)


def write_new_private(path: Path, data: bytes) -> None:
    """Write bytes to a new file that only its owner may read.

    Args:
        path: The file to make; its folder is there.
        data: What to write.

    Raises:
        OutputUnwritableError: There is a file already, or it cannot be written.
    """
    _write(path, data, mode=0o600)


def _write(path: Path, data: bytes, *, mode: int) -> None:
    is_made = False
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        is_made = True
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if is_made:
            path.unlink(missing_ok=True)
        msg = f"{path.name} cannot be written ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
