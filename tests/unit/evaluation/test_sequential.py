from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.special import betaincinv
from scipy.stats import binom

from overt.evaluation.sequential import MULTIPLES, FalseAlertWatch, log_evidence

LIMIT = 0.001


def watched(*looks, limit=LIMIT):
    """Return the watch after looks at (false alerts, faces)."""
    watch = FalseAlertWatch(limit)
    for n_false, faces_seen in looks:
        watch = watch.after(n_false, faces_seen)
    return watch


def looks(rate, n_runs, seed, most=150):
    """Return (runs, k) faces at the k-th false alert: the only moments when evidence rises."""
    gaps = np.random.default_rng(seed).geometric(rate, (n_runs, most))
    return gaps.cumsum(axis=1)


def advised_at(faces, limit=LIMIT):
    """Return the faces at which each run was first advised; infinite where it never was."""
    false = np.arange(1, faces.shape[1] + 1)
    is_over = log_evidence(false, faces, limit) >= math.log(20)
    return np.where(is_over.any(axis=1), faces[np.arange(len(faces)), is_over.argmax(1)], np.inf)


def test_nothing_seen_is_no_evidence():
    """Before the first face."""
    watch = watched()

    assert log_evidence(0, 0, LIMIT) == pytest.approx(0)
    assert (watch.is_suspend_advised, watch.p_value) == (False, 1)
    assert watch.text() == "no advice: 0 false alerts in 0 faces"


def test_the_evidence_by_hand():
    """One false alert in one face is m times as likely at m times the limit: the mean of all m."""
    assert math.exp(log_evidence(1, 1, LIMIT)) == pytest.approx(sum(MULTIPLES) / len(MULTIPLES))
    assert math.exp(log_evidence(0, 1, LIMIT)) == pytest.approx(
        np.mean([(1 - m * LIMIT) / (1 - LIMIT) for m in MULTIPLES])
    )


@pytest.mark.parametrize("n", [1, 20, 300])
@pytest.mark.parametrize("share", [0.001, 0.0002])
def test_the_expected_evidence_is_at_most_one_where_the_limit_is_kept(n, share):
    """What makes it hold at any time: summed over every count with its probability."""
    counts = np.arange(n + 1)
    expected = np.exp(binom.logpmf(counts, n, share) + log_evidence(counts, n, LIMIT)).sum()

    assert expected <= 1 + 1e-9
    if share == LIMIT:
        assert expected == pytest.approx(1)


def test_the_limit_kept_is_rarely_called_broken_however_often_one_looks():
    """2,000 deployments of 50,000 faces at just the limit, a look after each face: at most 5 %.

    Looking as often at an exact interval calls it broken in far more.
    """
    faces = looks(LIMIT, 2000, 20200211)
    within = faces <= 50_000
    false = np.arange(1, faces.shape[1] + 1)
    exact_low = betaincinv(false, faces - false + 1, 0.025)
    naive = ((exact_low > LIMIT) & within).any(axis=1)

    assert (advised_at(faces) <= 50_000).mean() <= 0.05
    assert naive.mean() > 0.1


@pytest.mark.parametrize(("times", "most_faces"), [(2, 12_000), (3, 3500), (5, 1100), (10, 350)])
def test_a_broken_limit_is_called_so(times, most_faces):
    """In half of 500 deployments within so many faces, and in nearly all within ten times."""
    found = advised_at(looks(times * LIMIT, 500, 7))

    assert np.median(found) <= most_faces
    assert (found <= 10 * most_faces).mean() > 0.99


def test_advice_stays():
    """Ten false alerts in 1,000 faces; faces without one do not take it back."""
    watch = watched((10, 1000), (10, 50_000))

    assert watch.is_suspend_advised
    assert watch.p_value < 0.001
    assert watch.text().startswith("suspend advised: 10 false alerts in 50,000 faces; so much")


def test_two_false_alerts_in_a_thousand_faces_are_no_breach():
    """Requirements, section 8.7: above the limit by the point, not shown."""
    assert not watched((2, 1000)).is_suspend_advised


@given(st.integers(0, 30), st.integers(0, 30), st.integers(30, 100_000), st.floats(1e-5, 0.99))
def test_more_false_alerts_are_more_evidence_and_more_faces_less(some, more, faces, limit):
    """Whatever the limit."""
    few, many = sorted((some, more))

    assert log_evidence(many, faces, limit) >= log_evidence(few, faces, limit) - 1e-9
    assert log_evidence(few, 2 * faces, limit) <= log_evidence(few, faces, limit) + 1e-9


def test_a_limit_of_nearly_all_has_a_rate_above_it():
    """The one half way to all."""
    assert watched((100, 100), limit=0.9).highest > 0


@pytest.mark.parametrize("look", [(3, 2), (-1, 5), (0, 9)])
def test_counts_that_cannot_be_are_refused(look):
    """More false alerts than faces, fewer than none, fewer faces than before."""
    with pytest.raises(ValueError, match="found"):
        watched((0, 10), look)


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 1}, {"limit": 0.1, "level": 95}])
def test_impossible_limits_are_refused(wrong):
    """A share of faces."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        FalseAlertWatch(**wrong)
