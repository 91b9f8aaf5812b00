from __future__ import annotations

import numpy as np
from tests.unit.evaluation.test_group_tests import generator, once, several

from overt.evaluation.subgroups import NOT_RECORDED, compare_groups, counts_by_group


def compared(least=5, margin=0.05, **groups):
    """Return the comparison of groups."""
    return compare_groups(groups, "mated searches", generator(), margin=margin, least=least)


def test_people_by_group():
    """Whoever is in no group is counted as not recorded, never dropped."""
    found = counts_by_group(
        ["b", "a", "b", "c"],
        np.array([1, 0, 1, 1]),
        np.array([2, 1, 1, 1]),
        {"a": "x", "b": "y", "z": "y"},
    )

    assert sorted(found) == [NOT_RECORDED, "x", "y"]
    assert (found["y"].count, found["y"].total, found["y"].n_subjects) == (2, 3, 1)
    assert found[NOT_RECORDED].total == 1
    assert counts_by_group([], np.zeros(0, int), np.zeros(0, int), {}) == {}


def test_a_difference_is_shown():
    """20 of 100 against 60 of 100, in both directions of the sentence."""
    (pair,) = compared(x=once(20, 100), y=once(60, 100)).pairs

    assert (pair.is_different, pair.is_equal) == (True, False)
    assert round(pair.difference.value, 9) == -0.4
    text = pair.text(0.05)
    assert text.startswith("y above x by 40 points (x less y: 95 % interval -5")
    assert text.endswith(": a difference is shown")


def test_neither_difference_nor_equality_is_shown():
    """Not significant is not equal: the power is stated, and what it would take."""
    (pair,) = compared(x=once(4, 20), y=once(3, 20)).pairs

    text = pair.text(0.05)
    assert (pair.is_different, pair.is_equal) == (False, False)
    assert text.startswith("x above y by 5 points")
    assert "no difference is shown, and equality within 5 points is not shown either" in text
    assert "the chance of finding 5 points was 2 %" in text
    assert f"80 % with {pair.n_needed:,} people a group" in text


def test_equality_is_shown():
    """2,000 people a group with the same rate."""
    (pair,) = compared(x=once(200, 2000), y=once(200, 2000)).pairs

    assert pair.text(0.05).startswith("x as y by 0 points")
    assert pair.text(0.05).endswith("shown to be equal within 5 points")


def test_a_difference_may_be_too_small_to_matter():
    """1 against 2 % of 20,000: a difference, and within 5 points."""
    (pair,) = compared(x=once(200, 20_000), y=once(400, 20_000)).pairs

    assert pair.text(0.05).endswith("a difference is shown, and it is smaller than 5 points")


def test_small_groups_are_withheld_and_not_compared():
    """Three people are, and a second group with them: else the total would tell."""
    found = compared(w=once(1, 3), x=once(2, 6), y=once(3, 10), z=once(3, 10))
    stated = {each.group: each.n_people for each in found.groups}

    assert stated == {"w": None, "x": None, "y": 10, "z": 10}
    assert [each.rate is None for each in found.groups] == [True, True, False, False]
    assert [(pair.one, pair.other) for pair in found.pairs] == [("y", "z")]


def test_who_is_not_recorded_is_counted_and_not_compared():
    """It is no group."""
    found = compared(**{NOT_RECORDED: once(1, 10), "x": once(2, 10), "y": once(3, 10)})

    assert found.groups[0].n_people == 10
    assert [(pair.one, pair.other) for pair in found.pairs] == [("x", "y")]


def test_groups_of_one_person_have_no_pair():
    """A rate without an interval is compared with nothing; an unknown power is said."""
    found = compared(least=1, x=several((1, 5)), y=once(3, 10))

    assert found.pairs == ()
    assert found.groups[0].rate.text() == "not defined (1 of 5)"
    assert compared().groups == ()


def test_three_groups_are_adjusted_for_three_pairs():
    """Holm: the least p-value times three."""
    pairs = compared(x=once(1, 50), y=once(10, 50), z=once(12, 50)).pairs
    least = min(pairs, key=lambda pair: pair.p_value)

    assert len(pairs) == 3
    assert least.adjusted == 3 * least.p_value
