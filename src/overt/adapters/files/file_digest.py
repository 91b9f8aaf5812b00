"""The digest of a file that is referred to and not kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from overt.errors import FileUnusableError

if TYPE_CHECKING:
    from pathlib import Path

_AT_ONCE = 1 << 20


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits.

    Args:
        path: A regular file of any size; it is read in parts.

    Raises:
        FileUnusableError: There is no such file, it is empty, or it cannot be read.
    """
    digest, n_bytes = hashlib.sha256(), 0
    try:
        if not path.is_file():  # a pipe or a device would never end
            msg = f"there is no file {path.name}"
            raise FileUnusableError(msg)
        with path.open("rb") as file:
            while part := file.read(_AT_ONCE):
                digest.update(part)
                n_bytes += len(part)
    except OSError as error:
        msg = f"the file {path.name} cannot be read ({type(error).__name__})"
        raise FileUnusableError(msg) from error
    if not n_bytes:
        msg = f"the file {path.name} is empty"
        raise FileUnusableError(msg)
    return digest.hexdigest()
