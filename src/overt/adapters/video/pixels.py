"""From a decoded video picture to upright RGB pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from av import VideoFrame
    from numpy.typing import NDArray

_QUARTER_TURN_DEG = 90


def rgb_pixels(picture: VideoFrame) -> NDArray[np.uint8]:
    """Return (h, w, 3) uint8 pixels, red first, contiguous, turned as the file asks.

    Args:
        picture: Any pixel format; its display matrix, if any, turns by quarters.
    """
    pixels = np.asarray(picture.to_ndarray(format="rgb24"), np.uint8)
    quarter_turns = round(picture.rotation / _QUARTER_TURN_DEG)  # counter-clockwise, as rot90
    return np.ascontiguousarray(np.rot90(pixels, quarter_turns))
