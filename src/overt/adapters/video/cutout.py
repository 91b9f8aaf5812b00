"""A head cut out of a photograph, to be put on a painted body in a generated scene.

The face itself is never touched: it is scaled as a whole and keeps every pixel
that the photograph has. Only what lies around the head fades out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from scipy import ndimage

from overt.adapters.video.head_outline import (
    HEAD_TOP,
    background_share,
    egg_radius,
    egg_share,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MIN_UNIT_PX, _MAX_UNIT_PX = 96.0, 192.0
_SPRITE_HALF_WIDTH, _SPRITE_TOP, _SPRITE_BOTTOM = 0.82, 1.56, 0.36
_LEAST_CUT_OFF, _CAP_BRIM, _CAP_SEAM = 0.20, 0.17, 0.012
_CAPS = ((44, 48, 60), (74, 58, 52), (58, 66, 58), (84, 84, 86), (92, 50, 52))


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A head with soft edges.

    Lengths around a head are given in head units: the height from hairline to chin.

    Attributes:
        pixels_rgba: (h, w, 4) uint8, not premultiplied; alpha 0 on the border.
        face_box_xyxy: The caller's face box in the sprite's own pixels.
        skin_rgb: Colour of the skin above the chin, for the neck and the hands.
    """

    pixels_rgba: NDArray[np.uint8]
    face_box_xyxy: tuple[float, float, float, float]
    skin_rgb: tuple[int, int, int]

    @property
    def unit_px(self) -> float:
        """Return the head unit in the sprite's pixels."""
        return _unit_px(self.face_box_xyxy)

    @property
    def face_px(self) -> float:
        """Return the shorter side of the face box in the sprite's pixels."""
        left, top, right, bottom = self.face_box_xyxy
        return min(right - left, bottom - top)


def cut_out(photo_rgb: NDArray[np.uint8], face_box_xyxy: NDArray[np.float32]) -> Cutout:
    """Return the head of one photograph, with the picture's border faded away.

    A head that the photograph cuts off is continued from the border's own colours.

    Args:
        photo_rgb: (h, w, 3) uint8 photograph of any size.
        face_box_xyxy: (4,) face box in its pixels, from about the forehead to the
            chin and from cheek to cheek; it may reach over the border.
    """
    given = np.asarray(face_box_xyxy, np.float64)
    unit_px = _unit_px(given)
    scale = float(np.clip(unit_px, _MIN_UNIT_PX, _MAX_UNIT_PX)) / unit_px
    photo, box = _scaled(photo_rgb, scale), given * scale
    corner_xy, size_wh = _sprite_window(box)
    pixels = _continued(photo, corner_xy, size_wh)
    left, top, right, bottom = (float(side) for side in box - np.tile(corner_xy, 2))
    inside = (left, top, right, bottom)
    return _finished(pixels, inside, _photographed(photo, corner_xy, size_wh))


def _finished(
    pixels: NDArray[np.uint8],
    box: tuple[float, float, float, float],
    photographed: NDArray[np.bool_],
) -> Cutout:
    unit, skin = _unit_px(box), _skin(pixels, box)
    radius = egg_radius((pixels.shape[1], pixels.shape[0]), ((box[0] + box[2]) / 2, box[3]), unit)
    kept = 1.0 - background_share(pixels, radius, photographed, box, unit)
    cut_y = int(np.argmax(photographed.any(axis=1)))
    if cut_y > box[3] - (HEAD_TOP - _LEAST_CUT_OFF) * unit:
        cap, cap_rgb = _cap(radius, cut_y, unit, sum(skin))
        pixels = (pixels * (1.0 - cap[:, :, None]) + cap_rgb * cap[:, :, None] + 0.5).astype(
            np.uint8
        )
        kept = np.maximum(kept, cap)
    alpha = (egg_share(radius) * kept * 255.0 + 0.5).astype(np.uint8)
    return Cutout(np.dstack([pixels, alpha]), box, skin)


def _unit_px(box: tuple[float, ...] | NDArray[np.float64]) -> float:
    # A square box starts at the brows; a tall one at the hairline already has the unit's height.
    return float(max(box[3] - box[1], 1.2 * (box[2] - box[0])))


def _scaled(photo_rgb: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1.0:
        return photo_rgb
    height, width = photo_rgb.shape[:2]
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(photo_rgb).resize(size_wh, Image.Resampling.LANCZOS))


def _sprite_window(box: NDArray[np.float64]) -> tuple[NDArray[np.int64], tuple[int, int]]:
    unit = _unit_px(box)
    middle, chin = (box[0] + box[2]) / 2, box[3]
    corner = np.floor([middle - _SPRITE_HALF_WIDTH * unit, chin - _SPRITE_TOP * unit])
    far = np.ceil([middle + _SPRITE_HALF_WIDTH * unit, chin + _SPRITE_BOTTOM * unit])
    width, height = (far - corner).astype(int)
    return corner.astype(np.int64), (int(width), int(height))


def _photographed(
    photo: NDArray[np.uint8], corner_xy: NDArray[np.int64], size_wh: tuple[int, int]
) -> NDArray[np.bool_]:
    columns = np.arange(size_wh[0]) + corner_xy[0]
    rows = np.arange(size_wh[1]) + corner_xy[1]
    has_column = (columns >= 0) & (columns < photo.shape[1])
    has_row = (rows >= 0) & (rows < photo.shape[0])
    photographed: NDArray[np.bool_] = has_row[:, None] & has_column[None, :]
    return photographed


def _continued(
    photo: NDArray[np.uint8], corner_xy: NDArray[np.int64], size_wh: tuple[int, int]
) -> NDArray[np.uint8]:
    columns = np.arange(size_wh[0]) + corner_xy[0]
    rows = np.arange(size_wh[1]) + corner_xy[1]
    near_columns = np.clip(columns, 0, photo.shape[1] - 1)
    near_rows = np.clip(rows, 0, photo.shape[0] - 1)
    window = photo[near_rows[:, None], near_columns[None, :]]
    outside = np.hypot((rows - near_rows)[:, None], (columns - near_columns)[None, :])
    if not outside.any():
        return np.ascontiguousarray(window)
    soft = ndimage.gaussian_filter(window.astype(np.float32), (5.0, 5.0, 0.0))
    share = np.clip(outside / 16.0, 0.0, 1.0)[:, :, None]
    continued: NDArray[np.uint8] = (window * (1.0 - share) + soft * share + 0.5).astype(np.uint8)
    return continued


def _cap(
    radius: NDArray[np.float64], cut_y: int, unit_px: float, shade: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Where the photograph ends below the crown, a knitted cap stands in for the hair.
    height, width = radius.shape
    x = (np.arange(width) + 0.5 - width / 2) / (0.56 * unit_px)
    hem = cut_y + unit_px * (0.01 + 0.10 * x**2)
    above = (hem[None, :] - np.arange(height)[:, None]) / unit_px
    light = (1.0 + 0.10 * np.sin(22.0 * np.pi * x)) * np.clip(1.15 - 0.55 * radius**2, 0.5, 1.2)
    light *= np.where(above < _CAP_BRIM, 1.2, 1.0)
    light *= np.where(abs(above - _CAP_BRIM) < _CAP_SEAM, 0.7, 1.0)
    knitted = np.clip(light[:, :, None] * np.asarray(_CAPS[shade % len(_CAPS)]), 0, 255)
    return np.clip(above * unit_px / 2.0, 0.0, 1.0), knitted


def _skin(
    pixels: NDArray[np.uint8], box: tuple[float, float, float, float]
) -> tuple[int, int, int]:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    # Cheeks beside the mouth: below the eyes, above a beard's or a collar's edge.
    rows = slice(max(0, int(top + 0.55 * height)), max(1, int(top + 0.75 * height)) + 1)
    columns = slice(max(0, int(left + 0.2 * width)), max(1, int(right - 0.2 * width)) + 1)
    red, green, blue = np.median(pixels[rows, columns].reshape(-1, 3), axis=0)
    return int(red), int(green), int(blue)
