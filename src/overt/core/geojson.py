"""Shapes of a map from GeoJSON (RFC 7946), as parsed; everything else is refused."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from overt.core.ground import Position
from overt.core.notice import PlannedSign
from overt.core.notice_map import MAX_POINTS, AlternativeRoute, GroundZone
from overt.errors import NoticeMapInvalidError

if TYPE_CHECKING:
    from collections.abc import Sequence

_WGS_84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326")
_PAIR, _WITH_HEIGHT = 2, 3
_CLOSING = 1


def zone_of(document: object) -> GroundZone:
    """Return the zone that a document holds.

    Args:
        document: A Polygon, a feature of one, or a collection with one such feature.

    Raises:
        NoticeMapInvalidError: It holds none or several, or one that cannot be used.
    """
    rings = _items(_only(document, "Polygon").get("coordinates"), "rings of the polygon")
    if len(rings) != 1:
        msg = f"expected a polygon with one ring and no holes, found {len(rings)} rings"
        raise NoticeMapInvalidError(msg)
    corners = _positions(rings[0])
    if not corners or corners[0] != corners[-1]:
        msg = "a polygon ends where it begins: its first and last positions differ"
        raise NoticeMapInvalidError(msg)
    return GroundZone(corners[:-_CLOSING])


def route_of(document: object) -> AlternativeRoute:
    """Return the way round that a document holds.

    Args:
        document: A LineString, a feature of one, or a collection with one such feature.

    Raises:
        NoticeMapInvalidError: It holds none or several, or one that cannot be used.
    """
    return AlternativeRoute(_positions(_only(document, "LineString").get("coordinates")))


def points_of(document: object) -> tuple[tuple[Position, Mapping[str, object]], ...]:
    """Return the points that a document holds, each with its properties.

    Args:
        document: A feature of a Point, or a collection with some.

    Raises:
        NoticeMapInvalidError: It holds none, too many, or one that cannot be used.
    """
    found = [
        (_position(geometry.get("coordinates")), properties)
        for geometry, properties in _geometries(document)
        if geometry.get("type") == "Point"
    ]
    if not 1 <= len(found) <= MAX_POINTS:
        msg = f"expected 1 to {MAX_POINTS} features of type Point, found {len(found)}"
        raise NoticeMapInvalidError(msg)
    return tuple(found)


def signs_of(document: object, zone: GroundZone | None) -> tuple[PlannedSign, ...]:
    """Return the planned signs that a document holds.

    Args:
        document: Points with the properties ``name``, ``site`` and, in metres of walking to the
            zone, ``distance_m``.
        zone: On the ground, or None. With it, a sign that says no distance has that of the
            straight line, which nobody can walk in fewer metres.

    Raises:
        NoticeMapInvalidError: A point or a property is missing or wrong, a sign stands in the
            zone, or says that it is nearer than the straight line.
        NoticeInvalidError: A name or distance that says nothing.
    """
    return tuple(_sign(position, found, zone) for position, found in points_of(document))


def _sign(position: Position, found: Mapping[str, object], zone: GroundZone | None) -> PlannedSign:
    name, site = (_text(found, key) for key in ("name", "site"))
    straight = None if zone is None else zone.distance_m(position)
    if straight == 0:
        msg = f"{name}: a sign stands before the zone, not in it"
        raise NoticeMapInvalidError(msg)
    said = found.get("distance_m", straight)
    if said is None:
        msg = f"{name}: expected distance_m, the metres of walking from there to the zone"
        raise NoticeMapInvalidError(msg)
    walked = _number(said)
    if straight is not None and walked < math.floor(straight):
        msg = f"{name}: {walked:g} m to the zone, but the straight line has {straight:.0f} m"
        raise NoticeMapInvalidError(msg)
    return PlannedSign(name, site, position.latitude_deg, position.longitude_deg, walked)


def _text(found: Mapping[str, object], key: str) -> str:
    value = found.get(key)
    if not isinstance(value, str) or not value.strip():
        msg = f"expected the property {key!r} with a text for every sign"
        raise NoticeMapInvalidError(msg)
    return value.strip()


def _only(document: object, kind: str) -> Mapping[str, object]:
    found = [shape for shape, _ in _geometries(document) if shape.get("type") == kind]
    if len(found) != 1:
        msg = f"expected one geometry of type {kind}, found {len(found)}"
        raise NoticeMapInvalidError(msg)
    return found[0]


def _geometries(
    document: object,
) -> list[tuple[Mapping[str, object], Mapping[str, object]]]:
    """Return every geometry with the properties of its feature; a missing one is left out."""
    whole = _object(document)
    _check_system(whole)
    if whole.get("type") == "FeatureCollection":
        features = [_object(item) for item in _items(whole.get("features"), "features")]
    elif whole.get("type") == "Feature":
        features = [whole]
    else:
        return [(whole, {})]
    return [
        (_object(feature["geometry"]), _object(feature.get("properties") or {}))
        for feature in features
        if feature.get("geometry") is not None
    ]


def _check_system(document: Mapping[str, object]) -> None:
    """Refuse other coordinates than WGS 84, which an old ``crs`` member may name."""
    if document.get("crs") is None:
        return
    properties = _object(_object(document["crs"]).get("properties"))
    if properties.get("name") not in _WGS_84:
        msg = "expected coordinates in WGS 84, found another reference system"
        raise NoticeMapInvalidError(msg)


def _positions(raw: object) -> tuple[Position, ...]:
    items = _items(raw, "positions")
    if len(items) > MAX_POINTS + _CLOSING:
        msg = f"expected at most {MAX_POINTS} positions, found {len(items)}"
        raise NoticeMapInvalidError(msg)
    return tuple(_position(item) for item in items)


def _position(raw: object) -> Position:
    numbers = _items(raw, "a position")
    if len(numbers) not in {_PAIR, _WITH_HEIGHT}:
        msg = f"expected longitude and latitude, found {len(numbers)} numbers"
        raise NoticeMapInvalidError(msg)
    longitude, latitude = (_number(number) for number in numbers[:_PAIR])
    return Position(latitude, longitude)


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        msg = f"expected a number, found {_kind(raw)}"
        raise NoticeMapInvalidError(msg)
    try:
        return float(raw)
    except OverflowError as error:
        msg = "expected a number, found one too large"
        raise NoticeMapInvalidError(msg) from error


def _items(raw: object, what: str) -> Sequence[object]:
    if not isinstance(raw, list):
        msg = f"expected a list of {what}, found {_kind(raw)}"
        raise NoticeMapInvalidError(msg)
    return raw


def _object(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        msg = f"expected an object of GeoJSON, found {_kind(raw)}"
        raise NoticeMapInvalidError(msg)
    return raw


def _kind(raw: object) -> str:
    return "nothing" if raw is None else type(raw).__name__
