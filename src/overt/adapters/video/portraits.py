"""The part of a photograph that shows the face, as a small picture file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_SIDE_PX = 400  # enough to compare a face with a passer-by's by eye
MARGIN = 0.6  # of the face box, on every side: hair, chin, ears
_JPEG_QUALITY = 88


def portrait_bytes(pixels_rgb: NDArray[np.uint8], box_xyxy: NDArray[np.float32]) -> bytes:
    """Return a JPEG file of the face with a margin; nothing else of the photograph is kept.

    It holds no metadata: what a camera wrote about place and time stays behind.

    Args:
        pixels_rgb: (h, w, 3) uint8.
        box_xyxy: (4,) face box in its pixels.
    """
    picture = Image.fromarray(pixels_rgb[_around(pixels_rgb.shape[:2], box_xyxy)])
    picture.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX), Image.Resampling.HAMMING)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=_JPEG_QUALITY)
    return target.getvalue()


def _around(
    size_hw: tuple[int, ...], box_xyxy: NDArray[np.float32]
) -> tuple[slice[int, int, None], slice[int, int, None]]:
    left, top, right, bottom = (float(side) for side in box_xyxy)
    margin_px = max(right - left, bottom - top) * MARGIN
    height, width = size_hw
    return (
        slice(max(0, round(top - margin_px)), min(height, round(bottom + margin_px))),
        slice(max(0, round(left - margin_px)), min(width, round(right + margin_px))),
    )
