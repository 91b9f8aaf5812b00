from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from overt.core.plain_document import plain
from overt.core.roles import Rank, Role


@dataclass(frozen=True)
class Pair:
    """Something with something inside."""

    left: object
    right: object = None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Pair(1, Pair("a")), {"left": 1, "right": {"left": "a", "right": None}}),
        ((1, [2.5, True]), [1, [2.5, True]]),
        (frozenset({Role.OPERATOR, Role.APPLICANT}), ["applicant", "operator"]),
        ({Role.OPERATOR: date(2026, 3, 1)}, {"operator": "2026-03-01"}),
        (datetime(2026, 3, 1, 10, tzinfo=UTC), "2026-03-01T10:00:00+00:00"),
        (timedelta(minutes=2), 120.0),
        (Rank.CHIEF_INSPECTOR, "chief inspector"),
        (None, None),
    ],
)
def test_values_become_plain(value, expected):
    """Objects, lists, words, numbers and nothing else."""
    assert plain(value) == expected
