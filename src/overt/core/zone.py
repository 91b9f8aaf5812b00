"""The zone of recognition: the only part of a picture that is ever looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.core.polygon import has_crossing_edges, signed_area
from overt.errors import ZoneInvalidError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MIN_CORNERS = 3


@dataclass(frozen=True, slots=True)
class Zone:
    """A simple polygon, in fractions of the picture's width and height.

    Fractions survive a change of the camera's resolution.

    Attributes:
        corners_xy: At least three (x, y) corners, each in [0, 1], in order.
    """

    corners_xy: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Refuse a polygon that is not simple or leaves the picture.

        Raises:
            ZoneInvalidError: Too few corners, a corner outside [0, 1], crossing
                edges, or no area.
        """
        if len(self.corners_xy) < _MIN_CORNERS:
            msg = f"a zone needs at least {_MIN_CORNERS} corners, found {len(self.corners_xy)}"
            raise ZoneInvalidError(msg)
        if not all(0 <= value <= 1 for corner in self.corners_xy for value in corner):
            msg = "a zone's corners are fractions of the picture, from 0 to 1"
            raise ZoneInvalidError(msg)
        if has_crossing_edges(self.corners_xy):
            msg = "the edges of a zone must not cross"
            raise ZoneInvalidError(msg)
        if abs(signed_area(self.corners_xy)) == 0:
            msg = "a zone must enclose an area"
            raise ZoneInvalidError(msg)

    def bounding_crop(self, size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
        """Return the pixels that enclose the zone: left, top, right, bottom (exclusive).

        Args:
            size_wh: Width and height of the picture in pixels.
        """
        corners = np.asarray(self.corners_xy) * np.asarray(size_wh)
        left, top = np.floor(corners.min(axis=0)).astype(int)
        right, bottom = np.ceil(corners.max(axis=0)).astype(int)
        return int(left), int(top), int(right), int(bottom)

    def contains(
        self, points_xy: NDArray[np.float32], size_wh: tuple[int, int]
    ) -> NDArray[np.bool_]:
        """Return which points lie inside the zone (even-odd rule).

        Args:
            points_xy: (n, 2) pixels; n may be 0.
            size_wh: Width and height of the picture in pixels.

        Returns:
            (n,) mask.
        """
        corners = np.asarray(self.corners_xy) * np.asarray(size_wh)
        x, y = points_xy[:, 0], points_xy[:, 1]
        inside = np.zeros(len(points_xy), bool)
        for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            crosses = (y1 > y) != (y2 > y)
            if y1 != y2:
                inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        return inside


def whole_frame() -> Zone:
    """Return the zone that covers the whole picture."""
    return Zone(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
