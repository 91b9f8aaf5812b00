"""Fonts of the notices: Noto Sans, for every script that a place name may have."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import typst
from fontTools.ttLib import TTFont

from overt.errors import NoticeTextUnfitError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SCRIPTS = (
    *("Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati"),
    *("Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya"),
    *("Sinhala", "Tamil", "Telugu", "Thai", "Symbols"),
)
FAMILIES = ("Noto Sans", *(f"Noto Sans {script}" for script in _SCRIPTS))
"""In the order in which a letter is looked for."""

_SEEN_BY_NOBODY = {"Cf", "Zl", "Zp"}  # marks of direction, breaks; no glyph is drawn for them
_MOST_NAMED = 5


@cache
def font_folder() -> Path:
    """Return the folder of the fonts."""
    with as_file(files("manimgx_fonts")) as folder:
        return folder


@cache
def typst_fonts() -> typst.Fonts:
    """Return the fonts for the typesetter: these, and none of this machine's own."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())]
    )


@cache
def letters() -> frozenset[int]:
    """Return the code points that some font here has a glyph for."""
    found: set[int] = set()
    for family in FAMILIES:
        path = font_folder() / f"{family.replace(' ', '')}[wght].ttf"
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def require_letters(texts: Iterable[str]) -> None:
    """Let pass only texts in which every letter can be drawn: no empty box is printed.

    Args:
        texts: All that will be set.

    Raises:
        NoticeTextUnfitError: No font here has a letter; it is named by its code point.
    """
    used = {letter for text in texts for letter in text if not letter.isspace()}
    lacking = sorted(
        letter
        for letter in used
        if ord(letter) not in letters() and unicodedata.category(letter) not in _SEEN_BY_NOBODY
    )
    if lacking:
        named = ", ".join(f"U+{ord(letter):04X}" for letter in lacking[:_MOST_NAMED])
        msg = f"no font here has a glyph for {len(lacking)} of the letters: {named}"
        raise NoticeTextUnfitError(msg)
