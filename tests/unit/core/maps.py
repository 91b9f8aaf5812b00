"""Builders: a square in the street, a way round it, and the same as GeoJSON."""

from __future__ import annotations

from overt.core.ground import Position
from overt.core.notice_map import AlternativeRoute, GroundZone, NoticeMap

# At the equator a degree is 111,195 m both ways: 0.001 degrees are 111.195 m.
DEGREE_M = 111_195.08


def at(east: float, north: float) -> Position:
    """Return the position so many thousandths of a degree east and north of the origin."""
    return Position(north / 1000, east / 1000)


SQUARE = ((0, 0), (1, 0), (1, 1), (0, 1))
AROUND = ((-1, -1), (-1, 2), (2, 2))


def a_zone(corners=SQUARE) -> GroundZone:
    """Return a zone of 111 m by 111 m."""
    return GroundZone(tuple(at(*corner) for corner in corners))


def a_route(points=AROUND) -> AlternativeRoute:
    """Return a way round it in the west and north."""
    return AlternativeRoute(tuple(at(*point) for point in points))


def a_map(**changes) -> NoticeMap:
    """Return the map of both."""
    return NoticeMap(**({"zone": a_zone(), "route": a_route()} | changes))


def polygon(*rings) -> dict:
    """Return a polygon of GeoJSON; longitude first, rings closed."""
    closed = [[[x / 1000, y / 1000] for x, y in (*ring, ring[0])] for ring in rings]
    return {"type": "Polygon", "coordinates": closed}


def line(points=AROUND) -> dict:
    """Return a line of GeoJSON."""
    return {"type": "LineString", "coordinates": [[x / 1000, y / 1000] for x, y in points]}


def point(east: float, north: float) -> dict:
    """Return a point of GeoJSON."""
    return {"type": "Point", "coordinates": [east / 1000, north / 1000]}


def feature(geometry, **properties) -> dict:
    """Return a feature of GeoJSON."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features) -> dict:
    """Return a collection of features."""
    return {"type": "FeatureCollection", "features": list(features)}
