from __future__ import annotations

import math

import pytest
from tests.unit.core.governed import DIGEST, a_notice

from overt.core.notice import is_sha256
from overt.errors import NoticeInvalidError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("latitude_deg", 90.1),
        ("latitude_deg", -90.1),
        ("longitude_deg", 180.1),
        ("longitude_deg", math.nan),
        ("distance_m", -1),
        ("distance_m", math.inf),
        ("photo_sha256", "A" * 64),
        ("photo_sha256", "a" * 63),
    ],
)
def test_a_notice_that_cannot_be_true(name, value):
    """R-62: a position on the earth, a distance, a digest."""
    with pytest.raises(NoticeInvalidError):
        a_notice(**{name: value})


@pytest.mark.parametrize(
    "changes",
    [
        {"latitude_deg": 90, "longitude_deg": 180, "distance_m": 0},
        {"latitude_deg": -90, "longitude_deg": -180},
    ],
)
def test_a_notice_at_the_edge_of_what_can_be(changes):
    """R-62: bounds are inclusive; a sign may stand at the zone, though it does not count."""
    assert a_notice(**changes).removed_at is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [(DIGEST, True), (DIGEST + "\n", False), ("", False), ("g" * 64, False)],
)
def test_what_a_digest_looks_like(text, expected):
    """R-62: 64 small hexadecimal digits and nothing else."""
    assert is_sha256(text) is expected
