"""Times as people read and type them."""

from __future__ import annotations

import pytest

from overt.web.wall_time import comes_twice, in_local_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("none at 2026-07-01T09:27:03.194847+00:00", "none at 1 July 2026, 10:27 BST"),
        ("within 0:30:00", "within 30 min"),
        ("built within 1 day, 0:00:00", "built within 24 h 00 min"),
        ("14 days, 0:00:00 and 2 days, 1:05:00", "336 h 00 min and 49 h 05 min"),
        ("a fold 0, a score 0.93, R-01", "a fold 0, a score 0.93, R-01"),
    ],
)
def test_moments_and_spans_are_said_as_people_say_them(text, expected):
    """On the wall at the place."""
    assert in_local_words(text, "Europe/London") == expected


def test_without_a_place_it_is_utc():
    """And says so."""
    assert in_local_words("2026-07-01T09:27:03+00:00", None) == "1 July 2026, 09:27 UTC"


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-10-25T01:30", "Europe/London", True),
        ("2026-10-25T01:30+00:00", "Europe/London", False),
        ("2026-10-25T01:30", "Mars", False),
        ("soon", "Europe/London", False),
        ("", "Europe/London", False),
    ],
)
def test_only_a_time_that_is_one_comes_twice(text, zone, expected):
    """Whatever was typed."""
    assert comes_twice(text, zone) is expected
