"""Where a head ends in a photograph: an egg, without the photograph's background.

There is no segmentation network here. The egg decides; inside its rim, a pixel
that looks like what lies beyond the egg, and not like the face, is background.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAD_TOP = 1.36
"""Height of the head's top above the chin, in head units."""

_CENTRE, _HALF_WIDTH, _BOTTOM = 0.62, 0.56, 0.07
_JAW_NARROWING = 0.20
_FEATHER = 0.13
_FACE, _BEYOND = 0.70, 1.10
_GREY_LEVELS_A_UNIT = 90.0
_LIKE_BACKGROUND = 26.0
_FEWEST_PIXELS, _SAMPLE = 150, 5


def egg_radius(
    size_wh: tuple[int, int], chin_xy: tuple[float, float], unit_px: float
) -> NDArray[np.float64]:
    """Return how far out each pixel lies: 0 in the head's middle, 1 on its outline.

    Args:
        size_wh: Width and height of the sprite in pixels.
        chin_xy: Chin in its pixels.
        unit_px: Head unit in its pixels.
    """
    y, x = np.mgrid[: size_wh[1], : size_wh[0]] + 0.5
    across = (x - chin_xy[0]) / (_HALF_WIDTH * unit_px)
    below = y - (chin_xy[1] - _CENTRE * unit_px)
    half_height = np.where(below < 0, HEAD_TOP - _CENTRE, _CENTRE + _BOTTOM) * unit_px
    down = below / half_height
    radius: NDArray[np.float64] = np.hypot(
        across / (1.0 - _JAW_NARROWING * np.clip(down, 0.0, 1.2) ** 2), down
    )
    return radius


def egg_share(radius: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (h, w) share of the egg in each pixel, soft at the outline.

    Args:
        radius: (h, w) from ``egg_radius``.
    """
    fade = np.clip((1.0 + _FEATHER / 2 - radius) / _FEATHER, 0.0, 1.0)
    share: NDArray[np.float64] = fade * fade * (3.0 - 2.0 * fade)
    return share


def background_share(
    pixels_rgb: NDArray[np.uint8],
    radius: NDArray[np.float64],
    photographed: NDArray[np.bool_],
    box_xyxy: tuple[float, float, float, float],
    unit_px: float,
) -> NDArray[np.float64]:
    """Return the (h, w) share of background in each pixel: 0 on the face, whatever it looks like.

    Args:
        pixels_rgb: (h, w, 3) sprite.
        radius: (h, w) from ``egg_radius``.
        photographed: (h, w) which pixels the photograph really has.
        box_xyxy: Face box in the sprite's pixels.
        unit_px: Head unit in pixels.
    """
    left, top, right, bottom = box_xyxy
    y, x = np.mgrid[: radius.shape[0], : radius.shape[1]] + 0.5
    across, down = (2 * x - left - right) / (right - left), (2 * y - top - bottom) / (bottom - top)
    is_face = (across**2 + down**2 <= 1.0) | (radius < _FACE)
    share = _looks_beyond(_features(pixels_rgb, unit_px), radius, photographed, is_face)
    smooth = ndimage.gaussian_filter(_joined_to(share, radius > _BEYOND), unit_px / 60)
    away = ndimage.distance_transform_edt(~is_face) / (0.03 * unit_px)
    result: NDArray[np.float64] = smooth * np.clip(away, 0.0, 1.0)
    return result


def _looks_beyond(
    features: NDArray[np.float64],
    radius: NDArray[np.float64],
    photographed: NDArray[np.bool_],
    is_face: NDArray[np.bool_],
) -> NDArray[np.float64]:
    beyond = photographed & (radius > _BEYOND)
    rim = ~is_face & (radius <= _BEYOND)
    share = np.zeros(radius.shape)
    if beyond.sum() < _FEWEST_PIXELS:
        return share
    to_background, _ = KDTree(features[beyond][::_SAMPLE]).query(features[rim])
    to_face, _ = KDTree(features[is_face][::_SAMPLE]).query(features[rim])
    share[rim] = (to_background < _LIKE_BACKGROUND) & (to_background < 0.7 * to_face)
    smoothed: NDArray[np.float64] = ndimage.median_filter(share, 5)
    return smoothed


def _features(pixels_rgb: NDArray[np.uint8], unit_px: float) -> NDArray[np.float64]:
    smooth = ndimage.gaussian_filter(pixels_rgb.astype(np.float64), (1.0, 1.0, 0.0))
    places = np.moveaxis(np.indices(pixels_rgb.shape[:2]), 0, -1) * (_GREY_LEVELS_A_UNIT / unit_px)
    return np.concatenate([smooth, places], axis=2)


def _joined_to(share: NDArray[np.float64], outside: NDArray[np.bool_]) -> NDArray[np.float64]:
    # A dark spot inside the hair is no background: background is joined to what lies beyond.
    labels, _ = ndimage.label((share > 0) | outside)
    reached = np.unique(labels[outside])
    return np.where(np.isin(labels, reached[reached > 0]), share, 0.0)
