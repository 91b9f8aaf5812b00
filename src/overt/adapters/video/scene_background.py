"""The painted street of a generated scene: a house front and a pavement in perspective."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from overt.adapters.video.scene_walk import HORIZON_SHARE

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

_WALLS = ((142, 126, 112), (128, 132, 136), (150, 138, 120), (120, 104, 98))
_WALL_FOOT = 0.47
_SLAB_ROWS, _SLAB_COLUMNS = 13, 22
_GLASS, _FRAME, _DOOR = (62, 74, 84), (84, 80, 76), (46, 50, 54)


def paint_street(size_wh: tuple[int, int], rng: Generator) -> NDArray[np.uint8]:
    """Return an empty street, (h, w, 3) uint8.

    Args:
        size_wh: Width and height of the picture in pixels.
        rng: Source of the colours, the windows and the grain.
    """
    wall = _WALLS[rng.integers(len(_WALLS))]
    street = Image.new("RGB", size_wh, wall)
    brush = ImageDraw.Draw(street)
    foot = round(_WALL_FOOT * size_wh[1])
    _paint_bricks(brush, size_wh[0], foot, wall)
    _paint_front(brush, size_wh[0], foot, rng)
    _paint_pavement(brush, size_wh, foot, rng)
    soft = street.filter(ImageFilter.GaussianBlur(size_wh[1] / 600))
    return _grained(np.asarray(soft), foot, rng)


def _paint_bricks(
    brush: ImageDraw.ImageDraw, width: int, foot: int, wall: tuple[int, int, int]
) -> None:
    joint = tuple(int(value * 0.9) for value in wall)
    course = max(4, foot // 34)
    for row, y in enumerate(range(0, foot, course)):
        brush.line((0, y, width, y), fill=joint)
        for x in range((row % 2) * course, width, 2 * course):
            brush.line((x, y, x, y + course), fill=joint)


def _paint_front(brush: ImageDraw.ImageDraw, width: int, foot: int, rng: Generator) -> None:
    n_bays = int(rng.integers(5, 8))
    door = int(rng.integers(n_bays))
    bay = width / n_bays
    sign = tuple(int(value) for value in rng.integers(40, 120, 3))
    brush.rectangle((0, 0.02 * foot, width, 0.17 * foot), fill=sign)
    for number in range(n_bays):
        left, right = (number + 0.1) * bay, (number + 0.9) * bay
        if number == door:
            _paint_pane(brush, (left + 0.15 * bay, 0.26 * foot, right - 0.15 * bay, foot), _DOOR)
        else:
            _paint_pane(brush, (left, 0.26 * foot, right, 0.84 * foot), _GLASS)
    brush.rectangle((0, 0.97 * foot, width, foot), fill=(70, 66, 62))


def _paint_pane(
    brush: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    glass: tuple[int, int, int],
) -> None:
    left, top, right, bottom = box
    brush.rectangle((left - 5, top - 5, right + 5, bottom + 5), fill=_FRAME)
    brush.rectangle(box, fill=glass)
    third = (right - left) / 3
    shine = tuple(value + 14 for value in glass)
    brush.polygon(
        [(left + third, top), (left + 1.7 * third, top), (left + third, bottom), (left, bottom)],
        fill=shine,
    )
    brush.line(((left + right) / 2, top, (left + right) / 2, bottom), fill=_FRAME, width=3)


def _paint_pavement(
    brush: ImageDraw.ImageDraw, size_wh: tuple[int, int], foot: int, rng: Generator
) -> None:
    width, height = size_wh
    horizon = HORIZON_SHARE * height
    depths = 1.0 / np.linspace(1.0 / (foot - horizon), 1.0 / (1.25 * height), _SLAB_ROWS + 1)
    far_x = np.linspace(-0.6, 1.6, _SLAB_COLUMNS + 1) * width
    for near, far in zip(depths[1:], depths[:-1], strict=True):
        edges = [width / 2 + (far_x - width / 2) * depth / depths[0] for depth in (far, near)]
        for column in range(_SLAB_COLUMNS):
            corners = [
                (edges[0][column], horizon + far), (edges[0][column + 1], horizon + far),
                (edges[1][column + 1], horizon + near), (edges[1][column], horizon + near),
            ]  # fmt: skip
            grey = int(rng.integers(128, 146))
            brush.polygon(corners, fill=(grey, grey - 2, grey - 6), outline=(108, 106, 102))


def _grained(street: NDArray[np.uint8], foot: int, rng: Generator) -> NDArray[np.uint8]:
    height, width = street.shape[:2]
    stains = ndimage.zoom(rng.standard_normal((height // 40 + 1, width // 40 + 1)), 40, order=1)
    grain = 4.0 * stains[:height, :width] + 2.0 * rng.standard_normal((height, width))
    shade = np.interp(np.arange(height), [0, foot, foot + 1, height], [0.85, 0.95, 0.86, 1.06])
    lit = street * shade[:, None, None] + grain[:, :, None]
    return np.clip(lit, 0, 255).astype(np.uint8)
