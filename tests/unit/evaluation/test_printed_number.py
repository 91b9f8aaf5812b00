from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from overt.evaluation.printed_number import parse_count, parse_share


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("8600", 8600),
        (" 3,147,436 ", 3_147_436),
        ("3 147 436", 3_147_436),
        ("3\u202f147\u202f436", 3_147_436),
        ("~500", 500),
        ("about 160,000", 160_000),
    ],
)
def test_counts_as_people_print_them(text, count):
    """Thousands set apart or not; "about" does not change the number."""
    assert parse_count(text) == count


@pytest.mark.parametrize(
    "text", ["-1", "1.5", "1,2", "12,34", "many", "1e3", "\u0663", "9" * 16, "0,081"]
)
def test_what_is_no_count_is_none(text):
    """Nothing is guessed."""
    assert parse_count(text) is None


@pytest.mark.parametrize(
    ("text", "share", "rounds_to_it", "does_not"),
    [
        ("8.13953e-4", 8.13953e-4, 8.139534e-4, 8.13954e-4),
        ("0.0909", 0.0909, 1 / 11, 0.091),
        ("0.081 %", 0.00081, 7 / 8600, 0.00082),
        ("48%", 0.48, 0.475, 0.486),
        ("1 in 1,229", 1 / 1229, 7 / 8600, 1 / 1230),
        ("1 in 33,000", 1 / 33000, 1 / 33499, 1 / 34000),
        ("1:6000", 1 / 6000, 1 / 6499, 1 / 7000),
        ("~0.1 %", 0.001, 0.00149, 0.0016),
        (".5", 0.5, 0.45, 0.56),
        ("1 in 1", 1, 1, 0.5),
        ("1 in 1228.5", 1 / 1228.5, 1 / 1228.54, 1 / 1229),
    ],
)
def test_a_printed_share_stands_for_what_rounds_to_it(text, share, rounds_to_it, does_not):
    """To the digits given; zeros at the end of "1 in k" are there because it was rounded."""
    found = parse_share(text)

    assert found.value == pytest.approx(share)
    assert found.agrees(rounds_to_it)
    assert not found.agrees(does_not)


def test_a_bare_nought_is_nothing_at_all():
    """Not everything below a half, and not everything above one."""
    assert parse_share("0").agrees(0)
    assert not parse_share("0").agrees(1e-9)
    assert not parse_share("1").agrees(0.999)
    assert parse_share("0 %").agrees(0.004)


@pytest.mark.parametrize("text", ["1 in infinity", "1 in ∞", "1 in 0"])
def test_one_in_infinity_is_known(text):
    """It claims that something never happens."""
    assert parse_share(text).is_one_in_infinity


@pytest.mark.parametrize(
    "text",
    ["low", "-0.1", "0,081", "1 in few", "1 in -3", "% 3", "nan", "1e400", "1e-400", "%", "\u0661"],
)
def test_what_is_no_share_is_none(text):
    """A comma for a point is not guessed either."""
    assert parse_share(text) is None


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(2, 8))
def test_a_share_agrees_with_its_own_digits(count, total, digits):
    """Whatever is printed of a share is printed of it."""
    share = min(count / total, 1)

    assert parse_share(f"{share:.{digits}f}").agrees(share)
    assert parse_share(f"{100 * share:.{digits}f} %").agrees(share)
