from __future__ import annotations

import math

from hypothesis import given, strategies as st

from overt.core.settled_floats import settled


def test_floats_keep_twelve_digits():
    """Everything else stays as it is; tuples become lists, as JSON has only these."""
    given_ = {"a": 1 / 3, "b": [2e-9 / 3, {"c": "1.23456789012345"}], "d": (1, None, True)}
    assert settled(given_) == {
        "a": 0.333333333333,
        "b": [6.66666666667e-10, {"c": "1.23456789012345"}],
        "d": [1, None, True],
    }


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_settling_again_changes_nothing(value):
    """A document that was settled is compared with one that is."""
    once = settled({"x": value})
    assert settled(once) == once


@given(st.floats(1e-300, 1e300))
def test_the_last_bit_does_not_matter_but_for_edges(value):
    """A number and its neighbour are the same, or differ by one in the twelfth digit."""
    one, two = (settled({"x": x})["x"] for x in (value, math.nextafter(value, math.inf)))
    assert one == two or math.isclose(one, two, rel_tol=2e-12)
