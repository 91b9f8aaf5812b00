"""Makes faces unrecognisable in a picture that people will see.

Everybody without an alert is shown like this or not at all. The mean colour of
a block replaces its pixels: what was there cannot be brought back.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import SettingInvalidError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FINEST_BLOCK_SHARE = 0.125
"""At most eight blocks along a face: too few to recognise a stranger."""

_MARGIN_SHARE = 0.25


def pixelate(
    image_rgb: NDArray[np.uint8],
    boxes_xyxy: NDArray[np.float32],
    *,
    block_share: float = FINEST_BLOCK_SHARE,
) -> None:
    """Replace faces, with a margin around them, by coarse blocks of their mean colour.

    Args:
        image_rgb: (h, w, 3) uint8 picture, changed in place.
        boxes_xyxy: (n, 4) face boxes in its pixels; n may be 0; they may reach
            over the picture's edge.
        block_share: Side of a block as a share of the longer side of a face, in
            [0.125, 1].

    Raises:
        SettingInvalidError: ``block_share`` would leave a face recognisable.
    """
    if not FINEST_BLOCK_SHARE <= block_share <= 1:
        msg = f"block_share must lie between {FINEST_BLOCK_SHARE:g} and 1, found {block_share:g}"
        raise SettingInvalidError(msg, setting="block_share", value=block_share)
    height, width = image_rgb.shape[:2]
    for left, top, right, bottom in np.asarray(boxes_xyxy, np.float64):
        long_side = max(right - left, bottom - top)
        margin = _MARGIN_SHARE * long_side
        rows = _inside(top - margin, bottom + margin, height)
        columns = _inside(left - margin, right + margin, width)
        _average_blocks(image_rgb[rows, columns], max(1, math.ceil(block_share * long_side)))


def _inside(first: float, last: float, length: int) -> slice:
    return slice(min(max(0, math.floor(first)), length), min(max(0, math.ceil(last)), length))


def _average_blocks(region: NDArray[np.uint8], block_px: int) -> None:
    height, width = region.shape[:2]
    if not region.size:
        return
    rows, columns = np.arange(0, height, block_px), np.arange(0, width, block_px)
    sums = np.add.reduceat(np.add.reduceat(region, rows, axis=0, dtype=np.int64), columns, axis=1)
    heights, widths = np.diff(rows, append=height), np.diff(columns, append=width)
    area = heights[:, None, None] * widths[None, :, None]
    means = ((2 * sums + area) // (2 * area)).astype(np.uint8)
    region[...] = means.repeat(heights, axis=0).repeat(widths, axis=1)
