"""How one person walks through a generated scene: where the head is in every frame.

The camera hangs a little above head height and looks along the street, so that
a head starts small near the horizon and leaves, large, over the lower edge. A
size along an approach follows a constant walking speed: it is the reciprocal
of the distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.adapters.video.head_outline import HEAD_TOP

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from overt.adapters.video.cutout import Cutout
    from overt.adapters.video.scene_settings import SceneSettings

HORIZON_SHARE = 0.03
"""Height of the horizon, below the picture's upper edge, as a share of its height."""

NOMINAL_UNIT = 1.25
"""Head units per shorter side of a usual face box."""

_BODY_HALF_WIDTH = 1.5
_STRIDES_HZ = (0.85, 1.1)


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A head's way, frame by frame, from outside the picture to outside the picture.

    Attributes:
        first_frame: Index of the first frame.
        chin_xy: (n, 2) float64 chin in pixels.
        unit_px: (n,) float64 head units (hairline to chin) in pixels.
        roll_deg: (n,) float64 tilt about the chin, clockwise in the picture.
        stride: (n,) float64 strides taken; a whole number is the same leg's step.
        boxes_xyxy: (n, 4) float64 face boxes in pixels.
    """

    first_frame: int
    chin_xy: NDArray[np.float64]
    unit_px: NDArray[np.float64]
    roll_deg: NDArray[np.float64]
    stride: NDArray[np.float64]
    boxes_xyxy: NDArray[np.float64]

    @property
    def n_frames(self) -> int:
        """Return the number of frames."""
        return len(self.unit_px)


def draw_walk(settings: SceneSettings, cutout: Cutout, first_frame: int, rng: Generator) -> Walk:
    """Return a random walk: an approach or a crossing.

    Args:
        settings: Sizes and speeds.
        cutout: Whose head it is.
        first_frame: When the person starts, outside the picture.
        rng: Source of the draw.
    """
    walk_s = rng.uniform(*settings.walk_s)
    side = 1.0 if rng.integers(2) else -1.0
    if rng.random() < settings.crossing_share:
        face_px, x_share = _crossing(settings, walk_s, side, rng)
    else:
        face_px, x_share = _approach(settings, walk_s, side, rng)
    rate_hz, phase = rng.uniform(*_STRIDES_HZ), rng.uniform(0.0, 1.0)
    stride = phase + rate_hz / settings.fps * np.arange(len(face_px), dtype=np.float64)
    unit = face_px * (cutout.unit_px / cutout.face_px)
    chin = _chins(settings, x_share, unit, stature=rng.uniform(0.93, 1.07))
    roll: NDArray[np.float64] = settings.roll_deg * np.sin(
        2 * np.pi * (stride + rng.uniform(0.0, 1.0))
    )
    chin[:, 0] += settings.sway_share * unit * np.sin(2 * np.pi * stride)
    chin[:, 1] += 0.5 * settings.sway_share * unit * np.sin(4 * np.pi * stride)
    boxes = _boxes(cutout, chin, unit, roll)
    return _in_sight(settings, Walk(first_frame, chin, unit, roll, stride, boxes))


def _approach(
    settings: SceneSettings, walk_s: float, side: float, rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    near = settings.face_px[1]
    far = min(settings.face_px[0] * rng.uniform(1.0, 1.25), near)
    # Beyond 1 the person goes on under the camera until the head has left the picture.
    way = np.arange(0.0, 1.6, 1.0 / (walk_s * settings.fps))
    inverse = (1.0 - way) / far + way / near
    face_px = 1.0 / np.maximum(inverse, 0.4 / near)
    entry = 0.5 - side * (0.5 + _BODY_HALF_WIDTH * NOMINAL_UNIT * far / settings.size_wh[0])
    aim = rng.uniform(0.14, 0.86)
    turned = 1.0 - (1.0 - np.clip(way, 0.0, 1.0)) ** rng.uniform(1.5, 2.6)
    return face_px, entry + (aim - entry) * turned


def _crossing(
    settings: SceneSettings, walk_s: float, side: float, rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = settings.face_px
    start = rng.uniform(low, low + 0.35 * (high - low))
    end = min(start * rng.uniform(1.05, 1.25), high)
    way = np.arange(0.0, 1.0, 1.0 / (walk_s * settings.fps))
    margin = _BODY_HALF_WIDTH * NOMINAL_UNIT * end / settings.size_wh[0]
    face_px = 1.0 / ((1.0 - way) / start + way / end)
    return face_px, 0.5 + side * (way - 0.5) * (1.0 + 2.0 * margin)


def _chins(
    settings: SceneSettings,
    x_share: NDArray[np.float64],
    unit: NDArray[np.float64],
    *,
    stature: float,
) -> NDArray[np.float64]:
    width, height = settings.size_wh
    horizon = HORIZON_SHARE * height
    # A usual chin touches the lower edge when its face has the near size.
    fall = (height - horizon) / (NOMINAL_UNIT * settings.face_px[1])
    return np.stack([x_share * width, horizon + fall * unit / stature], axis=1)


def _boxes(
    cutout: Cutout,
    chin: NDArray[np.float64],
    unit: NDArray[np.float64],
    roll: NDArray[np.float64],
) -> NDArray[np.float64]:
    left, top, right, bottom = cutout.face_box_xyxy
    size = np.array([right - left, bottom - top]) / cutout.unit_px
    up = size[1] / 2 * unit
    angle = np.deg2rad(roll)
    middle = chin + np.stack([np.sin(angle) * up, -np.cos(angle) * up], axis=1)
    half = unit[:, None] * size[None, :] / 2
    return np.concatenate([middle - half, middle + half], axis=1)


def _in_sight(settings: SceneSettings, walk: Walk) -> Walk:
    width, height = settings.size_wh
    x, y, reach = walk.chin_xy[:, 0], walk.chin_xy[:, 1], _BODY_HALF_WIDTH * walk.unit_px
    seen = (x > -reach) & (x < width + reach) & (y - (HEAD_TOP + 0.1) * walk.unit_px < height)
    first, last = np.flatnonzero(seen)[[0, -1]]
    kept = slice(int(first), int(last) + 1)
    return Walk(
        walk.first_frame,
        walk.chin_xy[kept],
        walk.unit_px[kept],
        walk.roll_deg[kept],
        walk.stride[kept],
        walk.boxes_xyxy[kept],
    )
