from __future__ import annotations

import pytest
from tests.unit.core.maps import (
    SQUARE,
    a_route,
    a_zone,
    at,
    collection,
    feature,
    line,
    point,
    polygon as a_polygon,
)

from overt.core.geojson import points_of, route_of, signs_of, zone_of
from overt.core.notice import PlannedSign
from overt.errors import NoticeMapInvalidError

POLYGON = a_polygon(SQUARE)
LINE = line()


@pytest.mark.parametrize(
    "document",
    [
        POLYGON,
        feature(POLYGON),
        collection(feature(POLYGON), feature(LINE), feature(None)),
        POLYGON | {"crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}},
        feature(POLYGON | {"coordinates": [[[*xy, 12.5] for xy in POLYGON["coordinates"][0]]]}),
    ],
)
def test_a_zone_in_every_form(document):
    """A geometry, a feature, a collection; an older member that names WGS 84; heights."""
    assert zone_of(document) == a_zone()


@pytest.mark.parametrize("document", [LINE, feature(LINE), collection(feature(LINE))])
def test_a_route_in_every_form(document):
    """Longitude stands first in GeoJSON."""
    assert route_of(document) == a_route()


def test_points_with_their_properties():
    """Other geometries beside them are left out."""
    document = collection(feature(point(1, 2), site="north"), feature(LINE))

    assert points_of(document) == ((at(1, 2), {"site": "north"}),)


@pytest.mark.parametrize(
    ("document", "part"),
    [
        (None, "found nothing"),
        ([], "found list"),
        ({}, "Polygon, found 0"),
        (LINE, "Polygon, found 0"),
        (feature(None), "Polygon, found 0"),
        (collection(), "Polygon, found 0"),
        ({"type": "FeatureCollection"}, "found nothing"),
        (collection(feature(POLYGON), feature(POLYGON)), "found 2"),
        (a_polygon(SQUARE, [(0.4, 0.4), (0.6, 0.4), (0.5, 0.6)]), "2 rings"),
        ({"type": "Polygon"}, "found nothing"),
        ({"type": "Polygon", "coordinates": []}, "0 rings"),
        ({"type": "Polygon", "coordinates": [[]]}, "first and last"),
        ({"type": "Polygon", "coordinates": [POLYGON["coordinates"][0][:-1]]}, "first and last"),
        ({"type": "Polygon", "coordinates": [[[0], [0]]]}, "found 1 numbers"),
        ({"type": "Polygon", "coordinates": [[[0, None], [0, None]]]}, "found nothing"),
        ({"type": "Polygon", "coordinates": [[["0", "1"]]]}, "found str"),
        ({"type": "Polygon", "coordinates": [[[True, 1]]]}, "found bool"),
        ({"type": "Polygon", "coordinates": [[[181, 0]]]}, "longitude from -180"),
        ({"type": "Polygon", "coordinates": [[[0, 91]]]}, "latitude from -90"),
        ({"type": "Polygon", "coordinates": [[[10**400, 0]]]}, "one too large"),
        ({"type": "Polygon", "coordinates": [[0, 0]]}, "found int"),
        ({"type": "Polygon", "coordinates": [[[0, 0]] * 502]}, "at most 500"),
        (a_polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "cross"),
        (POLYGON | {"crs": {"properties": {"name": "EPSG:27700"}}}, "reference system"),
        (POLYGON | {"crs": {}}, "found nothing"),
        ({"type": "MultiPolygon", "coordinates": [POLYGON["coordinates"]]}, "found 0"),
    ],
)
def test_a_zone_that_cannot_be_read(document, part):
    """Missing, doubled, open, holed, crossing, elsewhere: each has its own words."""
    with pytest.raises(NoticeMapInvalidError, match=part):
        zone_of(document)


@pytest.mark.parametrize("document", [POLYGON, collection(feature(LINE), feature(LINE))])
def test_a_route_that_cannot_be_read(document):
    """None, or more than one."""
    with pytest.raises(NoticeMapInvalidError, match="LineString"):
        route_of(document)


@pytest.mark.parametrize("document", [LINE, collection(*[feature(point(0, 0))] * 501)])
def test_points_that_cannot_be_read(document):
    """None, or too many."""
    with pytest.raises(NoticeMapInvalidError, match="of type Point"):
        points_of(document)


SIGN = {"name": "west", "site": "north"}


def test_signs_with_a_walked_distance():
    """R-61: name, site and metres of walking come from the properties."""
    document = collection(feature(point(2, 0), **SIGN, distance_m=150))

    assert signs_of(document, None) == (PlannedSign("west", "north", 0, 0.002, 150),)
    assert signs_of(document, a_zone())[0].distance_m == 150


def test_a_sign_without_a_distance_has_that_of_the_straight_line():
    """R-61: 0.001 degrees east of the zone are 111 m, and nobody walks fewer."""
    (sign,) = signs_of(feature(point(2, 0.5), **SIGN), a_zone())

    assert sign.distance_m == pytest.approx(111.195, rel=1e-4)


@pytest.mark.parametrize(
    ("properties", "zone", "part"),
    [
        ({"site": "north", "distance_m": 150}, None, "'name'"),
        ({"name": " ", "site": "north", "distance_m": 150}, None, "'name'"),
        ({"name": "west", "site": 3, "distance_m": 150}, None, "'site'"),
        (SIGN, None, "west: expected distance_m"),
        (SIGN | {"distance_m": "far"}, None, "found str"),
        (SIGN | {"distance_m": 110}, a_zone(), "110 m to the zone, but the straight line has 111"),
    ],
)
def test_a_planned_sign_that_cannot_be_read(properties, zone, part):
    """R-61: a property is missing, of another kind, or says what cannot be."""
    with pytest.raises(NoticeMapInvalidError, match=part):
        signs_of(feature(point(2, 0.5), **properties), zone)


def test_a_sign_in_the_zone():
    """R-61: who reads it there has been seen."""
    with pytest.raises(NoticeMapInvalidError, match="not in it"):
        signs_of(feature(point(0.5, 0.5), **SIGN, distance_m=150), a_zone())
