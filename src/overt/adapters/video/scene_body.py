"""Painted bodies for a generated scene: neck, coat or shirt, arms, legs.

A body is painted once a passage, in three strides, and only scaled afterwards.
Lengths are head units (hairline to chin); the origin is the chin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from numpy.typing import NDArray

BODY_LEFT, BODY_TOP = -1.5, -0.35
"""Upper left corner of a body's picture from the chin, in head units."""

BODY_UNIT_PX = 72
"""Head unit of a painted body in pixels."""

_WIDTH, _HEIGHT = 3.0, 9.2
_FINE = 2
_SCALE = BODY_UNIT_PX * _FINE
_COATS = (
    (44, 52, 68), (72, 64, 58), (96, 42, 44), (48, 76, 64), (118, 110, 98), (60, 60, 64),
    (84, 92, 108), (132, 96, 60), (36, 40, 44), (150, 148, 142), (70, 50, 80), (52, 84, 110),
)  # fmt: skip
_TROUSERS = ((38, 42, 56), (54, 52, 50), (30, 32, 36), (82, 76, 66), (58, 70, 92))
_SHIRTS = ((200, 200, 196), (168, 182, 200), (40, 42, 46), (186, 160, 150))
_STRIDES = ((0.0, 0.0), (0.0, 0.32), (0.32, 0.0))
_Colour = tuple[int, int, int]
_Points = tuple[tuple[float, float], ...]
_TORSO: _Points = (
    (-0.38, 0.06), (-0.62, 0.26), (-1.00, 0.42), (-1.16, 0.70), (-1.10, 1.60), (-0.94, 2.30),
    (-0.98, 4.05), (0.98, 4.05), (0.94, 2.30), (1.10, 1.60), (1.16, 0.70), (1.00, 0.42),
    (0.62, 0.26), (0.38, 0.06),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """One painted body.

    Attributes:
        strides: RGB picture and alpha mask for standing, the left and the right step.
    """

    strides: tuple[tuple[Image.Image, Image.Image], ...]

    def at(self, stride: float) -> tuple[Image.Image, Image.Image]:
        """Return the RGB picture and the alpha mask of a moment of walking.

        Args:
            stride: Strides taken so far.
        """
        return self.strides[(0, 1, 0, 2)[int(stride * 4) % 4]]


def paint_body(
    skin_rgb: _Colour,
    outfit_seed: int,
    *,
    gain: float,
    shading: float,
    grey_limits: tuple[int, int],
) -> Body:
    """Return a body in randomly chosen plain clothes.

    Args:
        skin_rgb: Colour of neck and hands.
        outfit_seed: Seed of the choice.
        gain: Brightness, 1 is as painted.
        shading: Brightness added on the right and taken away on the left, as a share.
        grey_limits: Darkest and brightest value a pixel may have.
    """
    rng = np.random.Generator(np.random.PCG64(outfit_seed))
    coat = _COATS[rng.integers(len(_COATS))]
    trousers = _TROUSERS[rng.integers(len(_TROUSERS))]
    shirt = _SHIRTS[rng.integers(len(_SHIRTS))]
    is_open = bool(rng.integers(2))
    painted = [
        _painted(lifts, (coat, trousers, shirt, skin_rgb), is_open=is_open) for lifts in _STRIDES
    ]
    light = gain * _light(painted[0][0].size, shading)
    return Body(tuple((_lit(rgb, light, grey_limits), mask) for rgb, mask in painted))


def _painted(
    lifts: tuple[float, float], colours: tuple[_Colour, ...], *, is_open: bool
) -> tuple[Image.Image, Image.Image]:
    coat, trousers, shirt, skin = colours
    neck, shadow = _dim(skin, 0.88), _dim(skin, 0.74)
    size_wh = (round(_WIDTH * _SCALE), round(_HEIGHT * _SCALE))
    # Colours run on beyond the outline, so that a soft edge mixes in nothing foreign.
    picture, mask = Image.new("RGB", size_wh, coat), Image.new("L", size_wh, 0)
    brush = _Brush(ImageDraw.Draw(picture), ImageDraw.Draw(mask))
    brush.flood(4.0, _HEIGHT, trousers)
    for side, lift in zip((-1.0, 1.0), lifts, strict=True):
        _paint_leg(brush, side, lift, trousers)
        _paint_arm(brush, side, 0.5 * lift, coat, skin)
    brush.area(((-0.37, -0.35), (0.37, -0.35), (0.39, 0.34), (0.0, 0.72), (-0.39, 0.34)), neck)
    brush.area(((-0.37, -0.35), (0.37, -0.35), (0.37, 0.02), (0.0, 0.16), (-0.37, 0.02)), shadow)
    brush.area(_TORSO, coat)
    brush.area(((-0.36, 0.08), (0.36, 0.08), (0.0, 0.66)), neck)
    brush.area(((-0.37, 0.0), (0.37, 0.0), (0.0, 0.16)), shadow)
    if is_open:
        brush.area(((-0.36, 0.16), (0.36, 0.16), (0.30, 4.0), (-0.30, 4.0)), shirt)
        brush.area(((-0.30, 0.08), (0.30, 0.08), (0.0, 0.42)), neck)
        brush.area(((-0.30, 0.04), (0.30, 0.04), (0.0, 0.16)), shadow)
    _paint_collar(brush, coat)
    return picture.reduce(_FINE), mask.reduce(_FINE)


def _paint_leg(brush: _Brush, side: float, lift: float, trousers: _Colour) -> None:
    foot = 8.55 - lift
    leg = ((0.04, 3.8), (0.92, 3.8), (0.86, 5.8), (0.70, foot), (0.22, foot), (0.10, 5.8))
    brush.area(tuple((side * x, y) for x, y in leg), _dim(trousers, 1.0 - 0.5 * lift))
    brush.oval((side * 0.48, foot + 0.06), (0.34, 0.24), (28, 26, 26))


def _paint_arm(brush: _Brush, side: float, lift: float, coat: _Colour, skin: _Colour) -> None:
    hand = 4.05 - lift
    brush.oval((side * 1.18, hand), (0.19, 0.30), skin)
    arm = ((0.92, 0.46), (1.20, 0.74), (1.38, 2.2), (1.36, hand - 0.1), (1.02, hand - 0.1))
    brush.area(tuple((side * x, y) for x, y in (*arm, (0.98, 2.2))), _dim(coat, 0.86))


def _paint_collar(brush: _Brush, coat: _Colour) -> None:
    for side in (-1.0, 1.0):
        lapel = ((0.38, 0.02), (0.54, 0.20), (0.36, 0.80), (0.08, 1.10), (0.28, 0.44))
        brush.area(tuple((side * x, y) for x, y in lapel), _dim(coat, 0.80))


@dataclass(frozen=True, slots=True)
class _Brush:
    picture: ImageDraw.ImageDraw
    mask: ImageDraw.ImageDraw

    def area(self, points: _Points, colour: _Colour) -> None:
        corners = [((x - BODY_LEFT) * _SCALE, (y - BODY_TOP) * _SCALE) for x, y in points]
        self.picture.polygon(corners, fill=colour)
        self.mask.polygon(corners, fill=255)

    def oval(
        self, middle: tuple[float, float], radii: tuple[float, float], colour: _Colour
    ) -> None:
        x, y = (middle[0] - BODY_LEFT) * _SCALE, (middle[1] - BODY_TOP) * _SCALE
        across, down = radii[0] * _SCALE, radii[1] * _SCALE
        self.picture.ellipse((x - across, y - down, x + across, y + down), fill=colour)
        self.mask.ellipse((x - across, y - down, x + across, y + down), fill=255)

    def flood(self, top: float, bottom: float, colour: _Colour) -> None:
        rows = ((top - BODY_TOP) * _SCALE, (bottom - BODY_TOP) * _SCALE)
        self.picture.rectangle((0, rows[0], _WIDTH * _SCALE, rows[1]), fill=colour)


def _dim(colour: _Colour, share: float = 0.82) -> _Colour:
    red, green, blue = (int(value * share) for value in colour)
    return red, green, blue


def _light(size_wh: tuple[int, int], shading: float) -> NDArray[np.float32]:
    x = np.linspace(-1.0, 1.0, size_wh[0], dtype=np.float32)
    y = np.linspace(0.0, 40.0, size_wh[1], dtype=np.float32)[:, None]
    folds = 1.0 + 0.05 * np.sin(y + 3.0 * x * np.cos(0.7 * y))
    light: NDArray[np.float32] = (1.05 - 0.38 * x**4 + shading * x) * folds
    return light


def _lit(
    picture: Image.Image, light: NDArray[np.float32], grey_limits: tuple[int, int]
) -> Image.Image:
    pixels = np.asarray(picture) * light[:, :, None]
    return Image.fromarray(np.clip(pixels, *grey_limits).astype(np.uint8))
