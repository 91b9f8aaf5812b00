"""Polygons in a plane: area, crossing edges, what lies inside, how far away something is."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Point = tuple[float, float]


def signed_area(corners: Sequence[Point]) -> float:
    """Return the area of a polygon; negative where its corners run clockwise.

    Args:
        corners: In order; the last is joined to the first.
    """
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _edges(corners)) / 2


def has_crossing_edges(corners: Sequence[Point]) -> bool:
    """Return whether two edges of a polygon cross.

    Args:
        corners: In order; the last is joined to the first.
    """
    edges = _edges(corners)
    count = len(edges)
    return any(
        do_cross(*edges[i], *edges[j])
        for i in range(count)
        for j in range(i + 2, count)
        if (i, j) != (0, count - 1)
    )


def do_cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Return whether a line from a to b crosses one from c to d; to touch is not to cross.

    Args:
        a: Start of the first.
        b: End of the first.
        c: Start of the second.
        d: End of the second.
    """
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def is_inside(corners: Sequence[Point], point: Point) -> bool:
    """Return whether a point lies inside a polygon (even-odd rule).

    Args:
        corners: In order.
        point: Anywhere.
    """
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in _edges(corners):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def does_meet(line: Sequence[Point], corners: Sequence[Point], *, within: float) -> bool:
    """Return whether a line comes nearer to a polygon than some distance, or enters it.

    Args:
        line: At least two points, in order.
        corners: Of the polygon, in order.
        within: Distance in the unit of both, above 0.
    """
    pieces = list(pairwise(line))
    if any(distance_to(corners, point) < within for point in line):
        return True
    if any(_distance_to_piece(corner, *piece) < within for corner in corners for piece in pieces):
        return True
    return any(do_cross(*piece, *edge) for piece in pieces for edge in _edges(corners))


def distance_to(corners: Sequence[Point], point: Point) -> float:
    """Return how far a point lies from a polygon, in the unit of both; 0 inside.

    Args:
        corners: In order.
        point: Anywhere.
    """
    if is_inside(corners, point):
        return 0.0
    return min(_distance_to_piece(point, *edge) for edge in _edges(corners))


def _edges(corners: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(zip(corners, [*corners[1:], corners[0]], strict=True))


def _turn(o: Point, a: Point, b: Point) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _distance_to_piece(point: Point, a: Point, b: Point) -> float:
    (px, py), (ax, ay), (bx, by) = point, a, b
    length_2 = (bx - ax) ** 2 + (by - ay) ** 2
    share = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length_2 if length_2 else 0.0
    share = min(1.0, max(0.0, share))
    return math.hypot(px - ax - share * (bx - ax), py - ay - share * (by - ay))
