from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.unit.evaluation.scored import open_set

from overt.errors import EvaluationDataInvalidError, UndefinedRateError
from overt.evaluation.curves import det_curve
from overt.evaluation.search_rates import mated_scores, nonmated_scores

MATED, NONMATED = np.array([0.35, 0.8, -np.inf]), np.array([0.1, 0.4, 0.4])
some_scores = st.lists(st.floats(-1, 1).map(lambda x: round(x, 2)), min_size=1, max_size=40).map(
    np.array
)


def test_a_curve_by_hand():
    """At each score that occurs: mated scores below it, non-mated ones at or above it."""
    curve = det_curve(MATED, NONMATED)

    assert curve.thresholds.tolist() == [0.1, 0.35, 0.4, 0.8]
    assert curve.n_missed.tolist() == [1, 1, 2, 2]
    assert curve.n_false.tolist() == [3, 2, 2, 0]
    assert (curve.n_mated, curve.n_nonmated) == (3, 3)


@pytest.mark.parametrize(
    ("threshold", "missed", "false"), [(0.0, 1, 3), (0.2, 1, 2), (0.35, 1, 2), (0.81, 3, 0)]
)
def test_errors_at_any_threshold(threshold, missed, false):
    """Between two scores nothing changes; above the last everybody is missed."""
    point = det_curve(MATED, NONMATED).at(threshold)

    assert (point.n_missed, point.n_false) == (missed, false)


@pytest.mark.parametrize(("share", "threshold"), [(1, 0.1), (0.7, 0.35), (0.5, 0.8), (0, 0.8)])
def test_the_lowest_threshold_for_a_share_of_false_ones(share, threshold):
    """Of the scores that occur."""
    assert det_curve(MATED, NONMATED).threshold_for(share) == threshold


def test_no_score_may_be_high_enough():
    """The highest is a non-mated one: it is at or above itself."""
    assert det_curve(np.array([0.1]), np.array([0.9])).threshold_for(0.5) is None


@given(some_scores, some_scores)
def test_a_curve_agrees_with_counting(mated, nonmated):
    """At each of its thresholds."""
    curve = det_curve(mated, nonmated)

    for threshold, missed, false in zip(
        curve.thresholds, curve.n_missed, curve.n_false, strict=True
    ):
        assert missed == sum(mated < threshold)
        assert false == sum(nonmated >= threshold)


@given(some_scores, some_scores)
def test_missed_rise_and_false_fall_with_the_threshold(mated, nonmated):
    """Whatever the scores."""
    curve = det_curve(mated, nonmated)

    assert (np.diff(curve.n_missed) >= 0).all()
    assert (np.diff(curve.n_false) <= 0).all()


@given(some_scores, some_scores)
def test_order_does_not_matter_and_twice_the_data_keep_the_shares(mated, nonmated):
    """The same curve, with twice the counts."""
    once = det_curve(mated, nonmated)
    twice = det_curve(np.concatenate([mated[::-1], mated]), np.concatenate([nonmated[::-1]] * 2))

    assert (twice.thresholds == once.thresholds).all()
    assert (twice.n_missed == 2 * once.n_missed).all()
    assert (twice.n_false == 2 * once.n_false).all()


@pytest.mark.parametrize("most", [2, 3, 100])
def test_a_thinned_curve_keeps_its_ends(most):
    """With no more points than asked for."""
    points = list(det_curve(MATED, NONMATED).thinned(most))

    assert len(points) == min(most, 4)
    assert (points[0].threshold, points[-1].threshold) == (0.1, 0.8)


@pytest.mark.parametrize("pair", [([], [0.5]), ([0.5], [])])
def test_one_class_only_has_no_curve(pair):
    """A rate of nothing is not defined."""
    with pytest.raises(UndefinedRateError, match="0 of 0"):
        det_curve(*map(np.array, pair))


def test_scores_that_are_no_numbers_are_refused():
    """They would be sorted to the end."""
    with pytest.raises(EvaluationDataInvalidError):
        det_curve(np.array([np.nan]), np.array([0.5]))


@pytest.mark.peer
@given(some_scores, some_scores)
def test_a_curve_agrees_with_scikit_learn(mated, nonmated):
    """Its det_curve, at each finite threshold that it gives."""
    metrics = pytest.importorskip("sklearn.metrics")
    labels = np.repeat([1, 0], [len(mated), len(nonmated)])
    theirs = metrics.det_curve(labels, np.concatenate([mated, nonmated]))
    curve = det_curve(mated, nonmated)

    for false, missed, threshold in zip(*theirs, strict=True):
        if np.isfinite(threshold):
            point = curve.at(threshold)
            assert point.n_missed / curve.n_mated == pytest.approx(missed)
            assert point.n_false / curve.n_nonmated == pytest.approx(false)


@pytest.mark.peer
def test_open_set_rates_agree_with_scikit_learn():
    """FNIR(N, 1, T) and FPIR(N, T) of searches are a curve of their best scores."""
    metrics = pytest.importorskip("sklearn.metrics")
    generator = np.random.default_rng(7)
    mated = [
        (float(m), float(o))
        for m, o in zip(
            generator.normal(0.6, 0.2, 200), generator.normal(0.3, 0.1, 200), strict=True
        )
    ]
    scores = open_set(mated, generator.normal(0.3, 0.1, 300).tolist())
    found = [mate if other < mate else -10.0 for mate, other in mated]
    labels = np.repeat([1, 0], [200, 300])
    theirs = metrics.det_curve(labels, np.concatenate([found, nonmated_scores(scores)]))
    curve = det_curve(mated_scores(scores), nonmated_scores(scores))

    for false, missed, threshold in zip(*theirs, strict=True):
        if -1 < threshold < np.inf:
            point = curve.at(threshold)
            assert (point.n_missed / 200, point.n_false / 300) == pytest.approx((missed, false))


def test_points_on_logarithms_reach_both_ends_of_where_both_errors_occur():
    """Of 1,000 and 1,000 scores that overlap by half, twenty points; few errors have as many."""
    curve = det_curve(np.arange(500, 1500) / 2000, np.arange(1000) / 2000)
    points = list(curve.on_logarithms(20))

    assert len(points) <= 20
    assert (points[0].n_missed, points[0].n_false) == (1, 499)
    assert (points[-1].n_missed, points[-1].n_false) == (499, 1)
    assert sum(point.n_false < 50 for point in points) >= 5


def test_no_point_on_logarithms_where_no_threshold_has_both_errors():
    """Nothing overlaps."""
    assert list(det_curve(np.array([0.9]), np.array([0.1])).on_logarithms(20)) == []
