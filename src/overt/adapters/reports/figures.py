"""Figures as SVG that says in words what it shows, small enough to stand inside a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from overt.adapters.reports.figure_kinds import draw
from overt.adapters.reports.figure_style import (
    FAINT,
    INK,
    LIMIT,
    PAPER,
    RULE,
    SERIES,
    house_style,
    svg_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.adapters.reports.content import Part

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_FONT = "'Noto Sans', system-ui, sans-serif"
_FONT_FAMILY = re.compile(r" font-family: [^;]*;?")
_POINTER = re.compile(r"#([\w-]+)")
_POINTING = {f"{{{_XLINK}}}href", "clip-path"}
_LOOK = re.compile(r'style="([^"]*)"')
_ONLY_ALONE = re.compile(r"<desc .*?</desc>| xmlns(?::xlink)?=\"[^\"]*\"", re.DOTALL)
_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_AT_REST = re.compile(r"rotate\(-?0 .*\)")
_VARIABLE = {
    INK: "var(--ink)",
    FAINT: "var(--faint)",
    RULE: "var(--rule)",
    PAPER: "var(--paper)",
    LIMIT: "var(--bad)",
    SERIES[0][0]: "var(--link)",
    SERIES[1][0]: "var(--warn)",
    SERIES[2][0]: "var(--good)",
    SERIES[3][0]: "var(--edge)",
}


def figure_svg(figure: Part) -> str:
    """Return a figure as an SVG document with its title and description.

    Args:
        figure: Of a report.
    """
    with house_style():
        written = svg_of(draw(figure))
    root = ET.fromstring(written)  # noqa: S314 - written just now, by matplotlib
    _tidy(root, figure)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True) + "\n"


def for_page(figures: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Return figures for inside a page, and the style that they share there.

    They have the page's colours, which change in the dark. Descriptions are left to the page,
    where everybody reads them.

    Args:
        figures: Of :func:`figure_svg`, by identifier.
    """
    themed = {name: _themed(svg) for name, svg in figures.items()}
    looks = dict.fromkeys(look for svg in themed.values() for look in _LOOK.findall(svg))
    names = {look: f"v{number}" for number, look in enumerate(looks, start=1)}
    inside = {
        name: _LOOK.sub(lambda found: f'class="{names[found[1]]}"', svg)
        for name, svg in themed.items()
    }
    return inside, "".join(f".{name} {{ {look} }}\n" for look, name in names.items())


def _themed(svg: str) -> str:
    svg = svg.replace(f";fill:{INK}", "")  # of texts: the page's style says it once
    for color, variable in _VARIABLE.items():
        svg = svg.replace(color, variable)
    return _ONLY_ALONE.sub("", svg).replace(" />", "/>").strip()


def _tidy(root: ET.Element, figure: Part) -> None:
    prefix = f"f-{figure['id']}-"
    met = dict.fromkeys(_references(root))
    names = {name: f"{prefix}{at}" for at, name in enumerate(met, start=1)}
    for parent in list(root.iter()):
        _drop_styles(parent)
        _rename(parent, names)
        _shorten(parent)
    _flatten(root)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}title")
    root.set("aria-describedby", f"{prefix}desc")
    root.set("font-family", _FONT)
    for at, (tag, text) in enumerate((("title", figure["title"]), ("desc", figure["alt"]))):
        element = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{prefix}{tag}"})
        element.text = text
        root.insert(at, element)


def _drop_styles(element: ET.Element) -> None:
    """Take out matplotlib's style sheet, which would hold for the whole page around it."""
    for child in list(element):
        if child.find(f"{{{_SVG}}}style") is not None:
            element.remove(child)


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for key in _POINTING & element.attrib.keys():
            value = element.attrib[key]
            yield from _POINTER.findall(value)


def _rename(element: ET.Element, names: Mapping[str, str]) -> None:
    """Keep only names that something points to, and make them this figure's own."""
    name = element.attrib.pop("id", "")
    if name in names:
        element.set("id", names[name])
    for key in _POINTING & element.attrib.keys():
        element.set(key, _POINTER.sub(lambda to: f"#{names[str(to[1])]}", element.attrib[key]))


def _shorten(element: ET.Element) -> None:
    for key, value in list(element.attrib.items()):
        if key in {"d", "x", "y", "transform"}:
            written = " ".join(_NUMBER.sub(_rounded, value).split())
            element.set(key, written)
        if key == "style":
            element.set(key, _FONT_FAMILY.sub("", value).replace(": ", ":").replace("; ", ";"))
    if _AT_REST.fullmatch(element.get("transform", "")):
        del element.attrib["transform"]
    if element.text is not None and not element.text.strip():
        element.text = None
    element.tail = "\n" if element.tail else None


def _flatten(element: ET.Element) -> None:
    """Take out groups that say nothing about what is in them."""
    children: list[ET.Element] = []
    for child in list(element):
        _flatten(child)
        is_bare = child.tag == f"{{{_SVG}}}g" and not child.attrib
        children += list(child) if is_bare else [child]
    element[:] = children


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0")
