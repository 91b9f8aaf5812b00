from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from overt.core.differences import Difference, byte_difference, value_differences

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def found(printed, derived):
    """Return the differences as lines."""
    return [each.text() for each in value_differences("f.json", printed, derived)]


@pytest.mark.parametrize(
    ("printed", "derived", "lines"),
    [
        ({"a": 1}, {"a": 2}, ["f.json, a: printed 1, derived 2"]),
        (
            {"a": [1, {"b": "x"}]},
            {"a": (1, {"b": "y"})},
            ["f.json, a[1].b: printed 'x', derived 'y'"],
        ),
        ({"a": 1}, {}, ["f.json, a: printed 1, derived nothing"]),
        ({}, {"a": 1}, ["f.json, a: printed nothing, derived 1"]),
        ([1], [1, 2], ["f.json, [1]: printed nothing, derived 2"]),
        ({"a": {}}, {"a": []}, ["f.json, a: printed {}, derived []"]),
        (1, 1.0, ["f.json: printed 1, derived 1.0"]),
        (1, True, ["f.json: printed 1, derived True"]),
        ("ab", ["a", "b"], ["f.json: printed 'ab', derived ['a', 'b']"]),
    ],
)
def test_the_place_and_both_values_are_named(printed, derived, lines):
    """As a path into the document."""
    assert found(printed, derived) == lines


@given(PLAIN)
def test_nothing_differs_from_itself(value):
    """Whatever it is."""
    assert found(value, value) == []


def test_a_long_value_is_cut():
    """A message stays a line."""
    (line,) = found("x" * 1000, "")
    assert len(line) < 200


@pytest.mark.parametrize(
    ("printed", "derived", "place", "values"),
    [
        (b"a,1\nb,2\n", b"a,1\nb,3\n", "line 2, column 3", ("'b,2'", "'b,3'")),
        (b"a\n", b"a\nb\n", "line 2, column 1", ("''", "'b'")),
        (b"a\nb", b"a\n", "line 2, column 1", ("'b'", "''")),
    ],
)
def test_the_line_of_a_text_is_named(printed, derived, place, values):
    """With what stands there, and what should."""
    assert byte_difference("t.csv", printed, derived) == Difference("t.csv", place, *values)


@pytest.mark.parametrize(
    ("printed", "derived", "place", "values"),
    [
        (b"\x00\x01", b"\x00\x02", "byte 2 of 2", ("0x01", "0x02")),
        (b"\x00", b"\x00\x02", "byte 2 of 1", ("its end", "0x02")),
        (b"\x00\x02", b"\x00", "byte 2 of 2", ("0x02", "its end")),
    ],
)
def test_the_byte_of_another_file_is_named(printed, derived, place, values):
    """From 1, as most tools count."""
    assert byte_difference("t.pdf", printed, derived) == Difference("t.pdf", place, *values)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_the_first_byte_that_differs_is_found(printed, derived):
    """As a search from the start finds it."""
    at = next(
        (i for i, (a, b) in enumerate(zip(printed, derived, strict=False)) if a != b),
        min(len(printed), len(derived)),
    )
    difference = byte_difference("t.pdf", printed, derived)
    if printed == derived:
        assert difference is None
    else:
        assert difference.place == f"byte {at + 1} of {len(printed)}"
