"""A folder of pictures taken as the frames of one camera, at a stated rate."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.adapters.video.photographs import picture_files, read_photograph
from overt.core.frame import Frame, FrameCounts, FrameFailed
from overt.errors import FolderUnusableError, ImageUnreadableError, SettingInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import Self


class ImageFolder:
    """Every picture of a folder, in natural order: frame 9 comes before frame 10."""

    def __init__(self, folder: Path, *, fps: float, camera_id: str, started_at: datetime) -> None:
        """Name the folder; it is listed on entering.

        Args:
            folder: Where the pictures lie, directly.
            fps: Frames per second at which they were taken.
            camera_id: Which camera took them.
            started_at: Aware UTC time of the first picture.

        Raises:
            SettingInvalidError: ``fps`` is not above 0.
        """
        if not fps > 0:
            msg = f"expected frames per second above 0; found {fps}"
            raise SettingInvalidError(msg, fps=fps)
        self.camera_id = camera_id
        self._folder = folder
        self._fps = fps
        self._started_at = started_at
        self._files: list[Path] = []
        self._n_decoded = self._n_failed = 0

    def __enter__(self) -> Self:
        """List the pictures.

        Raises:
            FolderUnusableError: The folder is missing or holds no picture.
        """
        if not self._folder.is_dir():
            msg = f"expected a folder of pictures; found no folder named {self._folder.name!r}"
            raise FolderUnusableError(msg)
        self._files = sorted(picture_files(self._folder), key=_natural_order)
        if not self._files:
            msg = f"expected pictures in the folder {self._folder.name!r}; found none"
            raise FolderUnusableError(msg)
        return self

    def __exit__(self, *exc: object) -> None:
        """Forget the pictures not yet read; safe to call twice."""
        self._files = []

    def __iter__(self) -> Iterator[Frame | FrameFailed]:
        """Yield one frame a picture, each picture once; nothing outside the ``with`` block."""
        while self._files:
            yield self._read(self._files.pop(0))

    def counts(self) -> FrameCounts:
        """Return how many pictures were decoded and how many failed so far."""
        return FrameCounts(decoded=self._n_decoded, failed=self._n_failed)

    def _read(self, file: Path) -> Frame | FrameFailed:
        index = self._n_decoded + self._n_failed
        try:
            pixels = read_photograph(file)
        except ImageUnreadableError as error:
            self._n_failed += 1
            return FrameFailed(index, self.camera_id, error.code)
        self._n_decoded += 1
        elapsed_s = index / self._fps
        captured_at = self._started_at + timedelta(seconds=elapsed_s)
        return Frame(pixels, index, captured_at, elapsed_s, self.camera_id)


def _natural_order(file: Path) -> list[tuple[bool, int, str]]:
    """Return a name's numbers and texts in turn, so that numbers compare as numbers."""
    parts = re.findall(r"(\d+)|(\D+)", file.name)
    return [(not digits, int(digits or 0), text) for digits, text in parts]
