from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import fisher_exact

from overt.evaluation.by_subject import SubjectCounts
from overt.evaluation.group_tests import (
    difference,
    holm,
    is_equal_within,
    p_of_no_difference,
    people_per_group,
    power,
)


def once(events, people):
    """Return people with one trial each."""
    return several(*[(1, 1)] * events, *[(0, 1)] * (people - events))


def several(*pairs):
    """Return people from pairs of events and trials."""
    return SubjectCounts(*np.array(pairs, np.int64).reshape(-1, 2).T)


def generator(seed=1):
    """Return a generator with a fixed seed."""
    return np.random.default_rng(seed)


def test_the_difference_of_two_rates():
    """Newcombe (1998), 56 of 70 and 48 of 80: 0.0524 to 0.3339 from Wilson's intervals.

    From exact ones it is a little wider.
    """
    found = difference(once(56, 70), once(48, 80), generator())

    assert found.value == pytest.approx(0.2)
    assert 0.03 < found.low < 0.0524
    assert 0.3339 < found.high < 0.35
    assert difference(once(48, 80), once(56, 70), generator()).low == pytest.approx(-found.high)


def test_one_person_cannot_be_compared():
    """Their rate has no interval."""
    assert difference(several((3, 5)), once(4, 8), generator()) is None
    assert difference(once(4, 8), several((3, 5)), generator()) is None
    assert not is_equal_within(several((3, 5)), once(4, 8), 0.5, generator())


def test_the_interval_of_a_difference_covers_the_truth():
    """200 simulated studies of clustered passes: in 92 % or more."""
    drawn, covered = generator(5), 0
    for _ in range(200):
        one, other = (_clustered(drawn, share, 60) for share in (0.8, 0.7))
        found = difference(one, other, drawn, n_resamples=400)
        covered += found.low <= 0.1 <= found.high

    assert covered >= 0.92 * 200


def test_seven_false_alerts_all_in_one_group():
    """Fisher's test by hand: twice 200 C 7 over 400 C 7, 1.5 %."""
    p_value = p_of_no_difference(once(7, 200), once(0, 200), generator())
    expected = 2 * np.prod([(200 - n) / (400 - n) for n in range(7)])

    assert p_value == pytest.approx(expected)
    assert p_value == pytest.approx(0.0149, abs=1e-4)


def test_people_who_change_groups_with_all_their_trials():
    """Where both trials of each person come out the same it is Fisher's test of people."""
    one, other = several(*[(2, 2)] * 14, *[(0, 2)] * 6), several(*[(2, 2)] * 7, *[(0, 2)] * 13)
    expected = fisher_exact([[14, 6], [7, 13]]).pvalue

    assert p_of_no_difference(one, other, generator()) == pytest.approx(expected, abs=0.01)


def test_no_difference_is_found_no_more_often_than_the_level():
    """200 studies of two equal groups whose passes are alike: 5 % or so, naively far more."""
    drawn = generator(9)
    found = naive = 0
    for _ in range(200):
        one, other = (_clustered(drawn, 0.7, 40) for _ in range(2))
        found += p_of_no_difference(one, other, drawn, n_permutations=399) < 0.05
        table = [[group.count, group.total - group.count] for group in (one, other)]
        naive += fisher_exact(table).pvalue < 0.05

    assert found <= 0.08 * 200
    assert naive > 0.1 * 200


def test_equality_is_not_the_lack_of_a_difference():
    """Ten people a group show neither; a thousand with the same rate show equality."""
    small, large = once(8, 10), once(800, 1000)

    assert p_of_no_difference(small, small, generator()) == 1
    assert not is_equal_within(small, small, 0.05, generator())
    assert is_equal_within(large, large, 0.05, generator())


def test_equality_is_wrongly_shown_no_more_often_than_the_level():
    """500 studies of groups that differ by just the margin: 5 % at most."""
    drawn = generator(3)
    wrong = 0
    for _ in range(500):
        one, other = (once(int(drawn.binomial(500, share)), 500) for share in (0.85, 0.80))
        wrong += is_equal_within(one, other, 0.05, drawn)

    assert wrong <= 0.05 * 500


def test_holm_by_hand():
    """The least times three, the next times two, never less than the one before."""
    found = holm({("a", "b"): 0.01, ("a", "c"): 0.04, ("b", "c"): 0.03})

    assert list(found) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert list(found.values()) == pytest.approx([0.03, 0.06, 0.06])
    assert holm({("a", "b"): 0.7, ("a", "c"): 0.8}) == {("a", "b"): 1, ("a", "c"): 1}
    assert holm({}) == {}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_adjusting_never_lowers_a_p_value_and_keeps_their_order(values):
    """Nor does it exceed one."""
    p_values = {("a", str(n)): value for n, value in enumerate(values)}
    adjusted = list(holm(p_values).values())

    assert all(1 >= new >= old for new, old in zip(adjusted, values, strict=True))
    assert sorted(adjusted) == [adjusted[n] for n in np.argsort(values, kind="stable")]


def test_people_a_group_needs():
    """For 40 against 60 % with 80 %: 95 people, and 104 with the correction (Fleiss 1980)."""
    needed = people_per_group(0.5, 0.2)

    assert needed == 104
    assert people_per_group(0.5, 0.05) > 10 * needed
    assert people_per_group(0.0, 0.05) < people_per_group(0.5, 0.05)


def test_the_power_is_about_how_often_a_difference_is_found():
    """400 studies of 105 people a group at 40 and 60 %."""
    drawn, found = generator(4), 0
    for _ in range(400):
        one, other = (once(int(drawn.binomial(105, share)), 105) for share in (0.4, 0.6))
        found += p_of_no_difference(one, other, drawn) < 0.05

    expected = power(once(52, 105), once(53, 105), 0.2)
    assert expected == pytest.approx(0.8, abs=0.02)
    assert found / 400 == pytest.approx(expected, abs=0.05)


def test_alike_trials_are_worth_less():
    """Ten people of five like passes have the power of ten passes; nobody has none."""
    alike = several(*[(5, 5)] * 5, *[(0, 5)] * 5)

    assert power(alike, alike, 0.4) == pytest.approx(power(once(5, 10), once(5, 10), 0.4), abs=0.05)
    assert power(several((0, 5), (0, 5)), once(0, 2), 0.4) == power(once(0, 2), once(0, 2), 0.4)
    assert power(several(), once(5, 10), 0.4) is None
    assert power(once(5, 10), several(), 0.4) is None


def _clustered(drawn, share, n_people, likeness=0.3, walks=5):
    a, b = (p * (1 - likeness) / likeness for p in (share, 1 - share))
    trials = drawn.integers(1, 2 * walks, n_people)
    return SubjectCounts(drawn.binomial(trials, drawn.beta(a, b, n_people)), trials)
