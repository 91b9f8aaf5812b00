"""Read a zone of recognition from the command line."""

from __future__ import annotations

from overt.core.zone import Zone
from overt.errors import ZoneInvalidError


def parse_zone(text: str) -> Zone:
    """Return the zone that "x,y x,y x,y" describes.

    Args:
        text: Corners in order, as fractions of the picture's width and height.

    Raises:
        ZoneInvalidError: The text is not of that form, or no simple polygon.
    """
    try:
        corners = tuple(_corner(pair) for pair in text.split())
    except ValueError as error:
        msg = 'expected corners such as "0.1,0.2 0.9,0.2 0.9,1", found something else'
        raise ZoneInvalidError(msg) from error
    return Zone(corners)


def _corner(pair: str) -> tuple[float, float]:
    x, y = pair.split(",")
    return float(x), float(y)
