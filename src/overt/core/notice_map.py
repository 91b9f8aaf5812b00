"""What the map on a notice shows: where the cameras look, and another way round (R-63)."""

from __future__ import annotations

from dataclasses import dataclass

from overt.core.ground import Position, metres_from
from overt.core.polygon import (
    Point,
    distance_to,
    does_meet,
    has_crossing_edges,
    signed_area,
)
from overt.errors import NoticeMapInvalidError

MAX_POINTS = 500
"""Of one shape; a street needs far fewer."""

MAX_EXTENT_M = 5000.0
"""From a shape's first point to any other, and from the zone to the end of the route."""

MIN_AREA_M2 = 1.0
MIN_CLEAR_M = 1.0
"""Between the zone and the way round it."""

_MIN_CORNERS, _MIN_POINTS = 3, 2


@dataclass(frozen=True, slots=True)
class GroundZone:
    """The zone on the ground: whoever walks there may be seen by a camera.

    Attributes:
        corners: At least three, in order; the last is joined to the first.
    """

    corners: tuple[Position, ...]

    def __post_init__(self) -> None:
        """Refuse what is no simple polygon of the size of a street.

        Raises:
            NoticeMapInvalidError: Too few or too many corners, one twice, crossing edges,
                no area, or an extent that no deployment has.
        """
        _check_count("zone", len(self.corners), _MIN_CORNERS)
        if len(set(self.corners)) < len(self.corners):
            msg = "the zone has one corner twice"
            raise NoticeMapInvalidError(msg)
        _check_extent("zone", self.corners)
        points = self.in_metres(self.corners)
        if has_crossing_edges(points):
            msg = "the edges of the zone must not cross"
            raise NoticeMapInvalidError(msg)
        if abs(signed_area(points)) < MIN_AREA_M2:
            msg = f"the zone must enclose an area of {MIN_AREA_M2:g} square metre or more"
            raise NoticeMapInvalidError(msg)

    def in_metres(self, positions: tuple[Position, ...]) -> tuple[Point, ...]:
        """Return positions in metres east and north of the zone's first corner.

        Args:
            positions: Near the zone.
        """
        return tuple(metres_from(self.corners[0], position) for position in positions)

    def distance_m(self, position: Position) -> float:
        """Return the metres in a straight line from a position to the zone; 0 inside.

        Nobody can walk there in fewer.

        Args:
            position: Near the zone.
        """
        (point,) = self.in_metres((position,))
        return distance_to(self.in_metres(self.corners), point)


@dataclass(frozen=True, slots=True)
class AlternativeRoute:
    """Another way, on which no camera of the deployment looks.

    Attributes:
        points: At least two, in the order in which they are walked.
    """

    points: tuple[Position, ...]

    def __post_init__(self) -> None:
        """Refuse what is no way of the length of a walk.

        Raises:
            NoticeMapInvalidError: Too few or too many points, no length, or one that leads
                far away.
        """
        _check_count("route", len(self.points), _MIN_POINTS)
        if len(set(self.points)) < _MIN_POINTS:
            msg = "the route must lead somewhere: all its points are one"
            raise NoticeMapInvalidError(msg)
        _check_extent("route", self.points)


@dataclass(frozen=True, slots=True)
class NoticeMap:
    """The map of one place.

    Attributes:
        zone: Where the cameras look.
        route: Another way round, or None where none was given.
        signs: Where signs stand or shall stand.
    """

    zone: GroundZone
    route: AlternativeRoute | None = None
    signs: tuple[Position, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a way round that leads through the zone or belongs to another place.

        Raises:
            NoticeMapInvalidError: The route enters or touches the zone, or a point lies far off.
        """
        _check_extent("map", (self.zone.corners[0], *self._others()))
        if self.route is None:
            return
        corners = self.zone.in_metres(self.zone.corners)
        if does_meet(self.zone.in_metres(self.route.points), corners, within=MIN_CLEAR_M):
            msg = "the alternative route must not enter or touch the zone"
            raise NoticeMapInvalidError(msg)

    def _others(self) -> tuple[Position, ...]:
        return (*(self.route.points if self.route else ()), *self.signs)


def _check_count(shape: str, count: int, least: int) -> None:
    if not least <= count <= MAX_POINTS:
        msg = f"a {shape} needs {least} to {MAX_POINTS} points, found {count}"
        raise NoticeMapInvalidError(msg)


def _check_extent(shape: str, positions: tuple[Position, ...]) -> None:
    for position in positions[1:]:
        east, north = metres_from(positions[0], position)
        if max(abs(east), abs(north)) > MAX_EXTENT_M:
            msg = f"a {shape} of more than {MAX_EXTENT_M:g} m; are coordinates longitude first?"
            raise NoticeMapInvalidError(msg)
