"""A zone as it is typed: corners in order, ``x,y x,y x,y``, as fractions of the picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from overt.core.zone import Zone
from overt.errors import ZoneInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_CORNERS = 64
_DECIMALS = 4


def zone_text(corners_xy: Iterable[tuple[float, float]]) -> str:
    """Return corners as they are typed.

    Args:
        corners_xy: Fractions of the picture's width and height.
    """
    return " ".join(f"{_short(x)},{_short(y)}" for x, y in corners_xy)


def typed_zone(text: str) -> Zone:
    """Return the zone that was typed, or say in words what is wrong with it.

    Args:
        text: Such as ``0,0 1,0 1,1 0,1``.

    Raises:
        ZoneInvalidError: It is not of that form, has too many corners, or is no simple polygon
            inside the picture.
    """
    pairs = [pair.split(",") for pair in text.split()]
    if len(pairs) > MOST_CORNERS:
        msg = f"a zone has at most {MOST_CORNERS} corners, found {len(pairs)}"
        raise ZoneInvalidError(msg)
    try:
        corners = tuple((float(x), float(y)) for x, y in pairs)
    except ValueError:
        corners = None
    if corners is None or not all(math.isfinite(v) for corner in corners for v in corner):
        msg = "a zone is typed as corners x,y with blanks between them, such as 0,0 1,0 1,1 0,1"
        raise ZoneInvalidError(msg)
    return Zone(corners)


def _short(value: float) -> str:
    return f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".") or "0"
