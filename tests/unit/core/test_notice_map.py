from __future__ import annotations

import math

import pytest
from tests.unit.core.maps import AROUND, DEGREE_M, SQUARE, a_map, a_route, a_zone, at

from overt.core.ground import Position, distance_m
from overt.core.notice_map import MAX_POINTS, AlternativeRoute, GroundZone
from overt.core.polygon import is_inside
from overt.errors import NoticeMapInvalidError


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (math.nan, 0), (0, math.inf)],
)
def test_a_position_that_is_nowhere(latitude, longitude):
    """A latitude lies within 90 degrees, a longitude within 180, and both are numbers."""
    with pytest.raises(NoticeMapInvalidError):
        Position(latitude, longitude)


@pytest.mark.parametrize("corner", [(90, 180), (-90, -180)])
def test_a_position_at_the_edge(corner):
    """Bounds are inclusive."""
    assert Position(*corner).latitude_deg == corner[0]


def test_a_position_as_text():
    """Latitude first, as people and maps of the street say it."""
    assert Position(51.5074, -0.1278).text() == "51.507400,-0.127800"


def test_metres_at_the_equator_and_at_sixty_degrees():
    """A degree of longitude is half as long at 60 degrees north."""
    assert distance_m(Position(0, 0), Position(0, 0.01)) == pytest.approx(0.01 * DEGREE_M)
    assert distance_m(Position(60, 0), Position(60, 0.01)) == pytest.approx(0.005 * DEGREE_M)
    assert distance_m(Position(0, 0), Position(0.01, 0)) == pytest.approx(0.01 * DEGREE_M)


@pytest.mark.parametrize(
    ("corners", "part"),
    [
        (SQUARE[:2], "3 to 500"),
        ([*SQUARE, SQUARE[1]], "twice"),
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "cross"),
        ([(0, 0), (1, 0), (2, 0)], "area"),
        ([(0, 0), (46, 0), (0, 1)], "5000 m"),
        ([(0, 0), (0, 46), (1, 0)], "longitude first"),
        ([(i / 1000, 0) for i in range(MAX_POINTS + 1)], "500"),
    ],
)
def test_a_zone_that_cannot_be(corners, part):
    """Too few corners, one twice, crossing edges, no area, the size of a county."""
    with pytest.raises(NoticeMapInvalidError, match=part):
        a_zone(corners)


@pytest.mark.parametrize(
    ("points", "part"),
    [
        (AROUND[:1], "2 to 500"),
        ([(0, 0), (0, 0)], "one"),
        ([(0, 0), (0, 46)], "5000 m"),
    ],
)
def test_a_route_that_leads_nowhere(points, part):
    """One point, the same point again, another town."""
    with pytest.raises(NoticeMapInvalidError, match=part):
        a_route(points)


@pytest.mark.parametrize(
    "points",
    [
        [(-1, 0.5), (2, 0.5)],  # right through, with both ends outside
        [(-1, -1), (0.5, 0.5)],  # ends inside
        [(-0.25, 0.5), (0.5, 1.25)],  # cuts a corner
        [(-0.5, 0.5), (0.5, 1.5)],  # touches a corner
        [(-1, 0), (2, 0)],  # runs along an edge
        [(-1, 1.005), (2, 1.005)],  # half a metre beside an edge
        [(0, 0), (1, 1)],  # from corner to corner
    ],
)
def test_a_way_round_that_is_none(points):
    """R-63: the alternative route keeps clear of the zone."""
    with pytest.raises(NoticeMapInvalidError, match="must not enter or touch"):
        a_map(route=a_route(points))


@pytest.mark.parametrize("north", [-0.01, 1.01])
def test_a_way_beside_the_zone(north):
    """R-63: 1.11 m beside an edge is clear of it."""
    assert a_map(route=a_route([(-1, north), (2, north)])).route is not None


def test_a_route_or_sign_of_another_place():
    """The map is of one place."""
    far = tuple(at(x + 60, y) for x, y in AROUND)
    with pytest.raises(NoticeMapInvalidError, match="map of more than"):
        a_map(route=AlternativeRoute(far))
    with pytest.raises(NoticeMapInvalidError, match="map of more than"):
        a_map(signs=(at(0, 60),))


def test_a_map_without_a_way_round():
    """A route may be missing: not every place has one."""
    assert a_map(route=None).route is None


@pytest.mark.parametrize(
    ("east", "north", "degrees"),
    [
        (0.5, 0.5, 0),  # inside
        (-1, 0.5, 0.001),  # beside an edge
        (1.3, 1.4, 0.0005),  # off a corner: 3, 4, 5
    ],
)
def test_how_far_a_position_lies_from_the_zone(east, north, degrees):
    """In a straight line, to the nearest edge or corner."""
    expected = degrees * DEGREE_M

    assert a_zone().distance_m(at(east, north)) == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_inside_a_concave_polygon():
    """In the notch of a U is outside."""
    u = [(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)]

    assert not is_inside(u, (1.5, 2))
    assert is_inside(u, (0.5, 2))


def test_corners_are_kept_in_order():
    """The zone is drawn as it was given."""
    zone = GroundZone(tuple(at(*corner) for corner in SQUARE))

    assert zone.in_metres(zone.corners)[0] == (0, 0)
    assert zone.in_metres(zone.corners)[2] == pytest.approx((111.195, 111.195), rel=1e-5)
