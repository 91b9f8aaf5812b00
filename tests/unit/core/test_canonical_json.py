"""RFC 8785: equal values have equal bytes (R-70)."""

from __future__ import annotations

import json
import math
import struct

import pytest
from hypothesis import given, strategies as st

from overt.core.canonical_json import MAX_INTEGER, canonical_json, parse_json
from overt.errors import JsonInvalidError

# RFC 8785, appendix B: bits of the double, and how ECMAScript writes it.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize(("bits", "written"), NUMBERS)
def test_numbers_are_written_as_the_rfc_says(bits, written):
    """Appendix B."""
    number = struct.unpack(">d", bytes.fromhex(bits))[0]

    assert canonical_json(number) == written.encode()


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_without_a_form_are_refused(number):
    """Appendix B, the last two rows."""
    with pytest.raises(JsonInvalidError, match="NaN"):
        canonical_json({"a": [number]})


def test_the_sample_of_the_rfc():
    """Section 3.2.2 to 3.2.4."""
    sample = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }

    assert canonical_json(sample) == (
        b'{"literals":[null,true,false],'
        b'"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_utf16_code_units():
    """Section 3.2.3: the smiling face comes before a letter of the private use area."""
    sample = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = json.loads(canonical_json(sample)).values()

    assert list(order) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


@pytest.mark.parametrize("integer", [MAX_INTEGER + 1, -MAX_INTEGER - 1, 10**30])
def test_integers_that_some_readers_round_are_refused(integer):
    """RFC 7493 2.2: such a number would be another one in ECMAScript."""
    with pytest.raises(JsonInvalidError, match="integer"):
        canonical_json(integer)


@pytest.mark.parametrize("text", ["\ud800", "a\udc00b"])
def test_half_a_surrogate_pair_is_refused(text):
    """RFC 8785 3.2.2.2, in values and in keys."""
    with pytest.raises(JsonInvalidError, match="surrogate"):
        canonical_json(text)
    with pytest.raises(JsonInvalidError, match="surrogate"):
        canonical_json({text: 1})


@pytest.mark.parametrize(
    "value", [b"bytes", bytearray(b"b"), memoryview(b"m"), {1, 2}, 1j, object()]
)
def test_other_types_are_refused(value):
    """No silent conversion."""
    with pytest.raises(JsonInvalidError, match="has no JSON form"):
        canonical_json([value])


def test_keys_are_strings():
    """A number as a key would become a string unasked."""
    with pytest.raises(JsonInvalidError, match="key"):
        canonical_json({1: "one", "two": 2})


def test_nesting_has_a_limit():
    """A value that is nested without end is refused, not a crash."""
    value: list = []
    value.append(value)

    with pytest.raises(JsonInvalidError, match="nested"):
        canonical_json(value)


def test_tuples_are_arrays():
    """What is frozen is written in the same way."""
    assert canonical_json((1, (2,))) == b"[1,[2]]"


@given(values)
def test_reading_gives_the_value_back(value):
    """Nothing is lost, minus zero and the type of whole numbers apart."""
    assert parse_json(canonical_json(value)) == value


@given(values)
def test_writing_what_was_read_changes_nothing(value):
    """The form is canonical: there is only one."""
    written = canonical_json(value)

    assert canonical_json(parse_json(written)) == written


def test_a_large_float_is_read_as_a_float():
    """It is written like an integer, which would be refused when written again."""
    assert canonical_json(1e20) == b"100000000000000000000"
    assert canonical_json(parse_json(b"100000000000000000000")) == b"100000000000000000000"


@pytest.mark.peer
@given(values)
def test_the_same_bytes_as_rfc8785(value):
    """The package of that name, by Trail of Bits."""
    rfc8785 = pytest.importorskip("rfc8785")

    assert canonical_json(value) == rfc8785.dumps(value)
