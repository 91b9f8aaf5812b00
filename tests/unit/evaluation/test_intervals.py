from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import beta, binom, binomtest

from overt.evaluation.intervals import (
    IntervalMethod,
    exact_interval,
    upper_bound,
    wilson_interval,
    zero_count_bound,
    zero_count_total,
)

counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
both = pytest.mark.parametrize("interval", [exact_interval, wilson_interval])


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (7, 8, 0.4735, 0.9968),
        (1, 11, 0.0023, 0.4128),
        (2, 10, 0.0252, 0.5561),
        (8, 42, 0.0860, 0.3412),
        (8, 22, 0.1720, 0.5934),
        (8, 10, 0.4439, 0.9748),
    ],
)
def test_exact_interval_gives_the_published_ends(count, total, low, high):
    """Requirements, section 6, to the digits given there."""
    found = exact_interval(count, total)

    assert (round(found.low, 4), round(found.high, 4), found.level) == (low, high, 0.95)


@given(counts, st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_exact_interval_equals_quantiles_of_beta_distributions(pair, level):
    """The definition of Clopper and Pearson, through another function of scipy."""
    count, total = pair
    found = exact_interval(count, total, level=level)
    tail = (1 - level) / 2

    assert found.low == pytest.approx(beta.ppf(tail, count, total - count + 1) if count else 0)
    assert found.high == pytest.approx(
        beta.ppf(1 - tail, count + 1, total - count) if count < total else 1
    )


@given(counts)
def test_wilson_interval_equals_scipys(pair):
    """The same ends as scipy's own Wilson interval."""
    expected = binomtest(*pair).proportion_ci(0.95, method="wilson")
    found = wilson_interval(*pair)

    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@both
@given(pair=counts)
def test_ends_enclose_the_share_and_stay_between_0_and_1(interval, pair):
    """Low, share and high are in order."""
    found = interval(*pair)

    assert 0 <= found.low <= pair[0] / pair[1] <= found.high <= 1


@both
@given(pair=counts)
def test_twice_the_data_gives_a_narrower_interval(interval, pair):
    """The same share from more data is known better."""
    once, twice = interval(*pair), interval(pair[0] * 2, pair[1] * 2)

    assert twice.high - twice.low < once.high - once.low


@both
@given(pair=counts)
def test_counting_the_opposite_mirrors_the_interval(interval, pair):
    """What holds for events holds for non-events."""
    count, total = pair
    found, mirrored = interval(count, total), interval(total - count, total)

    assert (found.low, found.high) == pytest.approx((1 - mirrored.high, 1 - mirrored.low))


@both
def test_a_higher_level_gives_a_wider_interval(interval):
    """More certainty costs width."""
    wide, narrow = interval(7, 100, level=0.99), interval(7, 100, level=0.9)

    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize(("share", "total"), [(0.001, 5000), (0.05, 60), (0.5, 20), (0.89, 151)])
def test_exact_interval_covers_the_truth_at_least_as_often_as_it_says(share, total):
    """By the binomial probabilities of every possible count."""
    covered = 0.0
    for count in range(total + 1):
        found = exact_interval(count, total)
        covered += binom.pmf(count, total, share) * (found.low <= share <= found.high)

    assert covered >= 0.95


def test_exact_interval_covers_the_truth_in_simulated_trials():
    """4,000 trials of 3,000 faces at 1 in 1,000, with a fixed seed."""
    drawn = np.random.default_rng(20200227).binomial(3000, 0.001, 4000)
    found = {int(count): exact_interval(int(count), 3000) for count in np.unique(drawn)}
    covered = np.mean([found[c].low <= 0.001 <= found[c].high for c in drawn.tolist()])

    assert covered >= 0.95


def test_zero_count_bound_of_the_deployment_of_july_2022():
    """Row 13: 15,600 faces, no false alert: 1.920e-4; the rule of three says 1.923e-4."""
    bound = zero_count_bound(15600)

    assert bound == pytest.approx(1.920e-4, abs=5e-8)
    assert bound == pytest.approx(3 / 15600, rel=0.002)


@pytest.mark.parametrize(
    ("limit", "total"), [(1 / 1000, 2995), (1 / 6000, 17973), (1 / 33000, 98858)]
)
def test_faces_needed_without_an_error_to_show_a_limit(limit, total):
    """Requirements, section 4; one face fewer does not show it."""
    assert zero_count_total(limit) == total
    assert zero_count_bound(total) <= limit < zero_count_bound(total - 1)


@both
@pytest.mark.parametrize("pair", [(0, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(interval, pair):
    """A proportion lies between 0 and 1 and has a denominator."""
    with pytest.raises(ValueError, match=f"found {pair[0]} of {pair[1]}"):
        interval(*pair)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_impossible_levels_are_refused(level):
    """95 is not 95 %."""
    with pytest.raises(ValueError, match="confidence level"):
        exact_interval(1, 2, level=level)
    with pytest.raises(ValueError, match="confidence level"):
        zero_count_total(0.1, level=level)


@pytest.mark.parametrize("limit", [0, 1, -0.1])
def test_impossible_limits_are_refused(limit):
    """No number of trials shows that something never happens."""
    with pytest.raises(ValueError, match="limit"):
        zero_count_total(limit)


@given(counts, st.sampled_from([0.9, 0.95]))
def test_the_one_sided_bound_is_the_end_of_a_two_sided_interval(pair, level):
    """With half as much left out, all of it on one side."""
    two_sided = exact_interval(*pair, level=2 * level - 1)

    assert upper_bound(*pair, level=level) == pytest.approx(two_sided.high)


def test_the_one_sided_bound_of_no_event_is_that_of_a_zero_count():
    """One formula, two names."""
    assert upper_bound(0, 15600) == pytest.approx(zero_count_bound(15600))
    assert upper_bound(3, 3) == 1


def test_intervals_say_how_they_were_made():
    """Exact in reports, Wilson's in plots."""
    assert exact_interval(1, 2).method is IntervalMethod.EXACT
    assert wilson_interval(1, 2).method is IntervalMethod.WILSON
