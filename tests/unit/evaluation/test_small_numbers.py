from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from overt.evaluation.small_numbers import without_small_numbers


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        ({}, {}),
        ({"a": 0, "b": 0}, {"a": 0, "b": 0}),
        ({"a": 5, "b": 7}, {"a": 5, "b": 7}),
        # alone, it could be worked out from the total: the next smallest goes too
        ({"a": 4, "b": 6, "c": 9}, {"a": None, "b": None, "c": 9}),
        # two that add up to less than five point at people as well
        ({"a": 1, "b": 1, "c": 9}, {"a": None, "b": None, "c": None}),
        ({"a": 4, "b": 4, "c": 9}, {"a": None, "b": None, "c": 9}),
        ({"a": 1}, {"a": None}),
    ],
)
def test_small_numbers_are_withheld(counts, printed):
    """R-47: none below five, and none that the total gives away."""
    assert without_small_numbers(counts, 5) == printed


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12)), st.integers(1, 20))
def test_no_small_number_can_be_worked_out(counts, least):
    """Whatever the counts: what is withheld is nobody, or several groups with enough people."""
    printed = without_small_numbers(counts, least)

    hidden = [group for group, count in printed.items() if count is None]
    assert list(printed) == list(counts)
    assert all(count is None or count == 0 or count >= least for count in printed.values())
    is_safe = not hidden or (len(hidden) > 1 and sum(counts[g] for g in hidden) >= least)
    assert is_safe or len(hidden) == len(counts)
