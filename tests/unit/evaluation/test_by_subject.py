from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, strategies as st

from overt.evaluation.by_subject import (
    SubjectCounts,
    _tail,
    counts_by_subject,
    rate_by_subject,
)
from overt.evaluation.intervals import IntervalMethod, exact_interval


def counts(*pairs):
    """Return counts of people from pairs of events and trials."""
    return SubjectCounts(*np.array(pairs, np.int64).reshape(-1, 2).T)


def observed(people, seed=1, **options):
    """Return the rate of people's counts."""
    return rate_by_subject(people, "passes", np.random.default_rng(seed), **options)


people = st.lists(
    st.integers(1, 6).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))),
    min_size=2,
    max_size=30,
)


def test_trials_are_gathered_by_person():
    """Two people, four walks."""
    found = counts_by_subject(["b", "a", "b", "b"], np.array([True, False, True, False]))

    assert found.events.tolist() == [0, 2]
    assert found.trials.tolist() == [1, 3]
    assert (found.count, found.total, found.n_subjects) == (2, 4, 2)


def test_trials_of_nobody():
    """An empty trial has no rate."""
    found = observed(counts_by_subject([], np.zeros(0, bool)))

    assert found.text() == "not defined (0 of 0)"


def test_one_trial_each_gives_the_exact_interval():
    """Nothing repeats."""
    found = observed(counts(*[(1, 1)] * 7, (0, 1)))

    assert found.interval == exact_interval(7, 8)


def test_one_person_has_no_interval():
    """However often they walk: nothing is known of others."""
    assert observed(counts((3, 5))).interval is None
    assert observed(counts((3, 5))).text() == "not defined (3 of 5)"


@pytest.mark.parametrize(("pair", "count"), [((0, 5), 0), ((5, 5), 20), ((2, 4), 10)])
def test_people_who_are_all_alike_count_as_one_trial_each(pair, count):
    """Resampling them shows no spread; 20 people of 5 walks are not 100 trials."""
    found = observed(counts(*[pair] * 20))
    expected = exact_interval(count, 20)

    assert (found.interval.low, found.interval.high) == pytest.approx((expected.low, expected.high))
    assert found.interval.method is IntervalMethod.BY_PERSON


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.8])
@pytest.mark.parametrize("n_people", [2, 3, 4])
def test_of_fewer_than_five_people_the_interval_is_as_wide_as_of_one_trial_each(n_people, share):
    """Drawing two people again shows too little of how people differ: by simulation 72 %."""
    generator, n_held = np.random.default_rng(4), 0
    for _ in range(200):
        shares = generator.beta(share * 8, (1 - share) * 8, n_people)
        found = observed(counts(*((n, 6) for n in generator.binomial(6, shares))), n_resamples=200)
        n_held += found.interval.low <= share <= found.interval.high

    assert n_held >= 0.95 * 200


def test_the_interval_by_person_is_wider_where_walks_are_alike():
    """Requirements, section 8.11: ten volunteers always seen, ten never, of five walks each."""
    alike = counts(*[(5, 5)] * 10, *[(0, 5)] * 10)
    found, naive = observed(alike).interval, exact_interval(50, 100)

    assert found.high - found.low > 2 * (naive.high - naive.low)
    assert alike.design_effect() == pytest.approx(5 * 20 / 19)
    assert observed(alike).text().startswith("50 of 100 passes (50.0 %, 95 % interval by person ")


def test_the_design_effect_cannot_be_known_without_difference():
    """No event, only events, one person."""
    assert counts((0, 5), (0, 5)).design_effect() is None
    assert counts((5, 5), (5, 5)).design_effect() is None
    assert counts((2, 5)).design_effect() is None


@given(people, st.randoms(use_true_random=False))
def test_order_does_not_matter(pairs, shuffler):
    """The same people in another order give the same rate and interval."""
    other = list(pairs)
    shuffler.shuffle(other)

    assert observed(counts(*pairs), n_resamples=20) == observed(counts(*other), n_resamples=20)


@given(people)
def test_twice_the_people_keep_the_rate_and_narrow_the_interval(pairs):
    """But for what chance does to an end."""
    once = observed(counts(*pairs))
    twice = observed(counts(*pairs, *pairs))

    assert twice.value == once.value
    width = once.interval.high - once.interval.low
    assert twice.interval.high - twice.interval.low <= width * 1.02 + 1e-9


@given(people)
def test_the_ends_enclose_the_rate(pairs):
    """Low, share and high are in order."""
    found = observed(counts(*pairs), n_resamples=200)

    assert 0 <= found.interval.low <= found.value <= found.interval.high <= 1


def test_a_seed_gives_the_same_interval():
    """Byte for byte; another seed moves the ends a little."""
    pairs = counts(*[(n % 6, 5) for n in range(50)], (3, 4))

    assert observed(pairs, 7, n_resamples=99) == observed(pairs, 7, n_resamples=99)
    assert observed(pairs, 7, n_resamples=99) != observed(pairs, 8, n_resamples=99)


def test_many_kinds_of_people_are_drawn_in_parts():
    """The memory is bounded, and the result is that of one draw of fewer resamples."""
    trials = np.arange(1, 3001, dtype=np.int64)
    found = observed(SubjectCounts(trials // 2, trials), n_resamples=1500)

    assert found.interval.low < found.value < found.interval.high


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n_people", "share", "likeness", "walks"),
    [(40, 0.8, 0.3, 5), (60, 0.89, 0.4, 8), (200, 0.05, 0.2, 5)],
)
def test_the_interval_covers_the_truth_as_often_as_it_says(n_people, share, likeness, walks):
    """Between 92 and 98 % of 500 simulated trials, with a fixed seed; a naive one does not."""
    generator = np.random.default_rng(20190529)
    a, b = (p * (1 - likeness) / likeness for p in (share, 1 - share))
    covered, naive = 0, 0
    for _ in range(500):
        trials = generator.integers(1, 2 * walks, n_people)
        events = generator.binomial(trials, generator.beta(a, b, n_people))
        interval = rate_by_subject(
            SubjectCounts(events, trials), "passes", generator, n_resamples=600
        ).interval
        independent = exact_interval(int(events.sum()), int(trials.sum()))
        covered += interval.low <= share <= interval.high
        naive += independent.low <= share <= independent.high

    assert 0.92 <= covered / 500 <= 0.98
    assert naive / 500 < 0.92


def test_2000_resamples_of_5000_passages_take_less_than_two_seconds():
    """1,000 people of five walks, and 5,000 of one or two."""
    generator = np.random.default_rng(1)
    started = time.perf_counter()
    for trials in (np.full(1000, 5), generator.integers(1, 3, 3333)):
        observed(SubjectCounts(generator.binomial(trials, 0.7), trials), n_resamples=2000)

    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("pair", [(-1, 2), (3, 2), (0, 0)])
def test_impossible_counts_are_refused(pair):
    """Events are among trials, and each person has one."""
    with pytest.raises(ValueError, match="each person"):
        counts(pair)


def test_trials_without_their_people_are_refused():
    """Each trial is somebody's."""
    with pytest.raises(ValueError, match="2 subjects and 1 trials"):
        counts_by_subject(["a", "b"], np.array([True]))


def test_a_tail_that_the_correction_pushes_out_is_the_end():
    """Where the acceleration has no inverse the interval reaches as far as the resamples."""
    assert _tail(0.0, 0.2, 6.0) == 1
    assert _tail(0.0, -0.2, -6.0) == 0
