"""Positions on the ground, and metres between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from overt.errors import NoticeMapInvalidError

_EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place on the ground.

    Attributes:
        latitude_deg: WGS 84, in [-90, 90].
        longitude_deg: WGS 84, in [-180, 180].
    """

    latitude_deg: float
    longitude_deg: float

    def __post_init__(self) -> None:
        """Refuse what is no place on the earth.

        Raises:
            NoticeMapInvalidError: A coordinate is not finite or out of its range.
        """
        for name, value, most in (
            ("latitude", self.latitude_deg, 90),
            ("longitude", self.longitude_deg, 180),
        ):
            if not (math.isfinite(value) and -most <= value <= most):
                msg = f"expected a {name} from -{most} to {most} degrees, found {value:g}"
                raise NoticeMapInvalidError(msg)

    def text(self) -> str:
        """Return it as latitude and longitude to about a tenth of a metre."""
        return f"{self.latitude_deg:.6f},{self.longitude_deg:.6f}"


def metres_from(origin: Position, position: Position) -> tuple[float, float]:
    """Return how many metres east and north of an origin a position lies.

    Streets are small: the curve of the earth is left out. Within 10 km of the origin and
    70 degrees of the equator distances are right to 1 in 1,000.

    Args:
        origin: Near the position.
        position: Anywhere near.
    """
    scale = math.radians(1) * _EARTH_RADIUS_M
    east = (position.longitude_deg - origin.longitude_deg) * scale
    north = (position.latitude_deg - origin.latitude_deg) * scale
    return east * math.cos(math.radians(origin.latitude_deg)), north


def distance_m(one: Position, other: Position) -> float:
    """Return the metres between two positions that are near each other.

    Args:
        one: Any.
        other: Near it.
    """
    return math.hypot(*metres_from(one, other))
