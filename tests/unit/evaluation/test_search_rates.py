from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.unit.evaluation.scored import generator, open_set, random_templates

from overt.errors import EvaluationDataInvalidError
from overt.evaluation.open_set import score_open_set
from overt.evaluation.search_rates import (
    check_scores,
    fnir,
    fpir,
    mated_scores,
    nonmated_scores,
)

# Four mated searches: (mate, best other); three non-mated ones.
SCORES = open_set([(0.9, 0.5), (0.8, 0.85), (0.6, 0.5), (0.7, 0.1)], [0.65, 0.4, 0.95])


@pytest.mark.parametrize(
    ("threshold", "max_rank", "missed"),
    [(0.0, 1, 1), (0.0, 2, 0), (0.7, 1, 2), (0.7, 2, 1), (0.71, 2, 2), (0.95, 2, 4)],
)
def test_fnir_by_hand(threshold, max_rank, missed):
    """Below the threshold, which is inclusive, or not among the best R."""
    found = fnir(SCORES, threshold, generator(), max_rank=max_rank)

    assert (found.count, found.total, found.unit) == (missed, 4, "mated searches")


@pytest.mark.parametrize(("threshold", "false"), [(0.4, 3), (0.5, 2), (0.7, 1), (0.96, 0)])
def test_fpir_by_hand(threshold, false):
    """Non-mated searches that return anybody."""
    found = fpir(SCORES, threshold, generator())

    assert (found.count, found.total, found.unit) == (false, 3, "non-mated searches")


def test_searches_of_one_kind_leave_the_other_rate_undefined():
    """One class only, and no impostors: never a number."""
    mated, nonmated = open_set([(0.9, 0.1)], []), open_set([], [0.2, 0.3])

    assert fpir(mated, 0.5, generator()).text() == "not defined (0 of 0)"
    assert fnir(nonmated, 0.5, generator()).text() == "not defined (0 of 0)"


def test_one_person_has_no_interval():
    """However many photographs."""
    found = fpir(open_set([], [0.2, 0.9], ids=["a", "a"]), 0.5, generator())

    assert found.interval is None


def test_searches_of_several_galleries_count_together():
    """Ten probes in four galleries of 25 are forty searches of ten people."""
    probes = random_templates(10, 2, ids=[f"p{i}" for i in range(10)])
    scores = score_open_set(probes, random_templates(100, 3), generator(), n_parts=4)

    assert fpir(scores, 0.6, generator()).total == 40
    assert fpir(scores.in_galleries_of(4), 0.6, generator()).total == 10
    assert len(nonmated_scores(scores)) == 40


def test_a_mate_beyond_the_rank_scores_nothing():
    """No threshold finds it."""
    assert mated_scores(SCORES).tolist() == [0.9, -np.inf, 0.6, 0.7]
    assert mated_scores(SCORES, max_rank=2).tolist() == [0.9, 0.8, 0.6, 0.7]


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=20),
    st.lists(st.floats(-1, 1), min_size=1, max_size=20),
    st.lists(st.floats(-1, 1), min_size=2, max_size=2).map(sorted),
)
def test_fnir_rises_and_fpir_falls_with_the_threshold(mated, nonmated, thresholds):
    """Whatever the scores."""
    scores, (low, high) = open_set(mated, nonmated), thresholds

    assert fnir(scores, low, generator()).count <= fnir(scores, high, generator()).count
    assert fpir(scores, low, generator()).count >= fpir(scores, high, generator()).count


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=20),
    st.floats(-1, 1),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter(mated, threshold, shuffler):
    """The same searches in another order."""
    other = list(mated)
    shuffler.shuffle(other)

    one, two = (fnir(open_set(m, []), threshold, generator()) for m in (mated, other))

    assert one == two


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=20),
    st.floats(-1, 1),
)
def test_twice_the_data_keep_the_rate_and_narrow_the_interval(mated, threshold):
    """Of other people."""
    once = fnir(open_set(mated, []), threshold, generator())
    twice = fnir(open_set([*mated, *mated], []), threshold, generator())

    assert twice.value == once.value
    assert twice.interval.high - twice.interval.low < once.interval.high - once.interval.low


def test_scores_that_are_no_numbers_are_refused():
    """A NaN is neither above a threshold nor below it."""
    with pytest.raises(EvaluationDataInvalidError, match="1 scores are not numbers"):
        check_scores(np.array([0.5]), np.array([np.nan, -np.inf]))
