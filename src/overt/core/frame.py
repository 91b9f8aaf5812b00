"""A frame: one picture of one camera, with the time at which it was captured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One decoded picture.

    Attributes:
        pixels_rgb: (h, w, 3) uint8, red first, C-contiguous.
        index: Position in the source's sequence, from 0, failed frames counted.
        captured_at: Aware UTC time of capture.
        elapsed_s: Media time in seconds since the source's first frame.
        camera_id: Which camera; an identifier, never an address.
    """

    pixels_rgb: NDArray[np.uint8]
    index: int
    captured_at: datetime
    elapsed_s: float
    camera_id: str

    @property
    def size_wh(self) -> tuple[int, int]:
        """Return (width, height) in pixels."""
        height, width = self.pixels_rgb.shape[:2]
        return width, height


@dataclass(frozen=True, slots=True)
class FrameFailed:
    """A frame that a source could not decode: recorded and counted, never skipped.

    Attributes:
        index: Position in the source's sequence.
        camera_id: Which camera.
        code: Stable reason, such as ``video.corrupt_frame``.
    """

    index: int
    camera_id: str
    code: str


@dataclass(frozen=True, slots=True)
class FrameCounts:
    """What became of a source's frames.

    Attributes:
        decoded: Frames decoded.
        analysed: Frames that went through detection.
        dropped: Decoded but superseded by a newer frame before analysis.
        failed: Frames that could not be decoded.
    """

    decoded: int = 0
    analysed: int = 0
    dropped: int = 0
    failed: int = 0
