"""The map of a place as SVG, drawn from its shapes alone: no tiles, nothing from outside.

Zone and way round differ by pattern and line as well as by colour. It holds no words: those
stand beside it, in the language of the notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.core.notice_map import NoticeMap
    from overt.core.polygon import Point

ZONE, ZONE_EDGE, ROUTE, SIGN, PAPER = "#f6c9c4", "#a3180e", "#00594c", "#12285a", "#f4f4f1"
WIDTH, MARGIN = 1000.0, 90.0
_LEAST_HEIGHT, _MOST_HEIGHT = 500.0, 900.0
_SCALES_M = (5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_LONGEST_SCALE = 0.3  # of the width
_MIN_SIDE_M = 10.0

_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:.1f}">
<defs><pattern id="hatch" width="16" height="16" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)"><rect width="16" height="16" fill="{zone}"/>
<rect width="4" height="16" fill="{edge}" fill-opacity="0.55"/></pattern></defs>
<rect width="{width:g}" height="{height:.1f}" fill="{paper}"/>
"""


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """A map as it is drawn.

    Attributes:
        svg: The picture.
        aspect: Its width over its height.
        scale_m: How many metres its scale bar stands for.
        has_route: Whether a way round is on it.
        has_signs: Whether signs are.
    """

    svg: str
    aspect: float
    scale_m: int
    has_route: bool
    has_signs: bool


def draw_map(street: NoticeMap) -> DrawnMap:
    """Return a map, north up, with a scale bar.

    Args:
        street: Zone, way round, signs.
    """
    zone = street.zone.in_metres(street.zone.corners)
    route = street.zone.in_metres(street.route.points) if street.route else ()
    signs = street.zone.in_metres(street.signs)
    frame = _Frame([*zone, *route, *signs])
    scale_m = next(
        (m for m in reversed(_SCALES_M) if m * frame.per_metre <= WIDTH * _LONGEST_SCALE),
        _SCALES_M[0],
    )
    parts = [
        _HEAD.format(width=WIDTH, height=frame.height, zone=ZONE, edge=ZONE_EDGE, paper=PAPER),
        _zone(frame, zone),
        *_route(frame, route),
        *(_sign(*frame.place(sign)) for sign in signs),
        _north(),
        _scale_bar(frame.height, scale_m * frame.per_metre),
        "</svg>\n",
    ]
    return DrawnMap("".join(parts), WIDTH / frame.height, scale_m, bool(route), bool(signs))


class _Frame:
    """Where metres lie on the paper."""

    def __init__(self, points: list[Point]) -> None:
        self._west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, self._north = min(y for _, y in points), max(y for _, y in points)
        wide, high = max(east - self._west, _MIN_SIDE_M), max(self._north - south, _MIN_SIDE_M)
        inner = WIDTH - 2 * MARGIN
        self.per_metre = min(inner / wide, (_MOST_HEIGHT - 2 * MARGIN) / high)
        needed = high * self.per_metre + 2 * MARGIN
        self.height = max(_LEAST_HEIGHT, needed)
        self._left = (WIDTH - (east - self._west) * self.per_metre) / 2
        self._top = (self.height - (self._north - south) * self.per_metre) / 2

    def place(self, point: Point) -> Point:
        """Return where a point is drawn; north is up."""
        x, y = point
        return (
            self._left + (x - self._west) * self.per_metre,
            self._top + (self._north - y) * self.per_metre,
        )

    def text(self, points: Iterable[Point]) -> str:
        """Return points as an attribute of SVG."""
        return " ".join("{:.1f},{:.1f}".format(*self.place(point)) for point in points)


def _zone(frame: _Frame, zone: tuple[Point, ...]) -> str:
    return (
        f'<polygon points="{frame.text(zone)}" fill="url(#hatch)" stroke="{ZONE_EDGE}"'
        ' stroke-width="7" stroke-linejoin="round"/>\n'
    )


def _route(frame: _Frame, route: tuple[Point, ...]) -> list[str]:
    if not route:
        return []
    points = frame.text(route)
    shared = f'points="{points}" fill="none" stroke-linejoin="round"'
    ends = [frame.place(route[0]), frame.place(route[-1])]
    return [
        f'<polyline {shared} stroke="white" stroke-width="22" stroke-linecap="round"/>\n',
        f'<polyline {shared} stroke="{ROUTE}" stroke-width="12" stroke-dasharray="30 14"/>\n',
        *(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="17" fill="white" stroke="{ROUTE}"'
            ' stroke-width="9"/>\n'
            for x, y in ends
        ),
    ]


def _sign(x: float, y: float) -> str:
    return (
        f'<rect x="{x - 20:.1f}" y="{y - 20:.1f}" width="40" height="40" rx="6" fill="{SIGN}"'
        ' stroke="white" stroke-width="5"/>\n'
        f'<rect x="{x - 3:.1f}" y="{y - 11:.1f}" width="6" height="6" fill="white"/>'
        f'<rect x="{x - 3:.1f}" y="{y - 2:.1f}" width="6" height="13" fill="white"/>\n'
    )


def _north() -> str:
    """Return an arrow that points north; a letter would differ by language."""
    x, y = WIDTH - 48, 24
    return (
        f'<path d="M{x} {y} l20 50 l-20 -12 l-20 12 z" fill="#333" stroke="white"'
        ' stroke-width="3"/>\n'
    )


def _scale_bar(height: float, length: float) -> str:
    x, y = 34.0, height - 34
    return (
        f'<path d="M{x:.1f} {y - 14:.1f} v14 h{length:.1f} v-14" fill="none" stroke="white"'
        ' stroke-width="12"/>\n'
        f'<path d="M{x:.1f} {y - 14:.1f} v14 h{length:.1f} v-14" fill="none" stroke="#333"'
        ' stroke-width="6"/>\n'
    )
