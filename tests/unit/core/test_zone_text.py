"""Zones as they are typed: what is wrong with one is said in words."""

from __future__ import annotations

import pytest

from overt.core.zone_text import MOST_CORNERS, typed_zone, zone_text
from overt.errors import ZoneInvalidError


def test_a_zone_is_written_as_short_as_it_was_typed():
    """Four decimals are a fifth of a pixel of a picture 1,920 wide."""
    assert zone_text(((0.0, 0.0), (1.0, 0.25), (0.33333, 0.123456))) == "0,0 1,0.25 0.3333,0.1235"


def test_what_was_written_is_read_again():
    """Blanks and line breaks between corners do not matter."""
    text = "0,0 1,0 0.5,0.75"

    assert zone_text(typed_zone(text).corners_xy) == text
    assert typed_zone("0,0\n1,0   0.5,0.75 ").corners_xy == ((0, 0), (1, 0), (0.5, 0.75))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "at least 3 corners, found 0"),
        ("0,0 1,1", "at least 3 corners, found 2"),
        ("0,0 1,1 1,0 0,1", "must not cross"),
        ("0,0 1,0 1,1.01", "from 0 to 1"),
        ("-0.1,0 1,0 1,1", "from 0 to 1"),
        ("0,0 0.5,0.5 1,1", "enclose an area"),
        ("0,0 1 1,1", "corners x,y"),
        ("0,0 1,0,0 1,1", "corners x,y"),
        ("0,0 1,x 1,1", "corners x,y"),
        ("0,0 1,nan 1,1", "corners x,y"),
        ("0,0 inf,0 1,1", "corners x,y"),
        ("0,0 1,0 " + "1,1 " * MOST_CORNERS, f"at most {MOST_CORNERS}"),
    ],
)
def test_what_is_no_zone_is_refused_in_words(text, problem):
    """Crossing edges, too few corners, outside the picture, no numbers."""
    with pytest.raises(ZoneInvalidError, match=problem):
        typed_zone(text)
