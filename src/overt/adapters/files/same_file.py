"""Notice that a file was moved, removed or replaced while it is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class SameFile:
    """Remembers which file lies at a path."""

    def __init__(self, path: Path) -> None:
        """Look at the file.

        Args:
            path: Of a file that is there.
        """
        self._path = path
        self._identity = self._now()

    def is_there(self) -> bool:
        """Return whether the same file still lies there."""
        return self._identity is not None and self._now() == self._identity

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
