from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import binom

from overt.evaluation.intervals import exact_interval
from overt.evaluation.rates import LimitStatus, limit_status, rate
from overt.evaluation.trial_sizes import face_sizes, faces_within, pass_sizes


@pytest.mark.parametrize(
    ("limit", "without_one", "thirty"),
    [(1 / 1000, 2995, 30_000), (1 / 6000, 17_973, 180_000), (1 / 33_000, 98_858, 990_000)],
)
def test_the_rules_of_three_and_of_thirty(limit, without_one, thirty):
    """Requirements, section 4."""
    found = face_sizes(limit)

    assert (found.without_one, found.rule_of_thirty) == (without_one, thirty)


@given(st.floats(1e-5, 0.5), st.integers(0, 40))
def test_the_fewest_faces_for_the_status_within(limit, n_false):
    """One face fewer does not show it."""
    faces = faces_within(limit, n_false)

    assert exact_interval(n_false, faces).high <= limit
    assert faces == n_false + 1 or exact_interval(n_false, faces - 1).high > limit


def test_faces_by_false_alerts_seen():
    """The logarithms of 0.025 and 0.999 give 3,687.03; each false alert takes more faces."""
    found = dict(face_sizes(0.001).within)

    assert found[0] == 3688
    assert list(found) == [0, 1, 2, 5, 10]
    assert sorted(found.values()) == list(found.values())
    for n_false, faces in found.items():
        status = limit_status(rate(n_false, faces, "faces seen"), 0.001).status
        assert status is LimitStatus.WITHIN


def test_the_chance_of_showing_a_limit():
    """By the binomial of the largest count that is still within, and by simulation."""
    faces = face_sizes(0.001, assumed=0.0005).for_chance
    most = max(n for n in range(100) if exact_interval(n, faces).high <= 0.001)
    drawn = np.random.default_rng(1).binomial(faces, 0.0005, 20_000)

    assert binom.cdf(most, faces, 0.0005) >= 0.8
    assert (drawn <= most).mean() == pytest.approx(0.8, abs=0.05)
    assert face_sizes(0.001).for_chance == faces


@pytest.mark.parametrize(("assumed", "faces"), [(0.0, 3688), (0.001, None), (0.5, None)])
def test_what_is_true_can_be_shown_and_nothing_else(assumed, faces):
    """No number of faces shows a limit that is not kept."""
    assert face_sizes(0.001, assumed=assumed).for_chance == faces


def test_a_rate_just_below_the_limit_takes_more_faces_than_there_are():
    """A million million are not looked at."""
    assert face_sizes(1e-6, assumed=0.999999e-6).for_chance is None


@pytest.mark.parametrize(("expected", "passes"), [(0.89, 151), (0.70, 323), (0.5, 385)])
def test_passes_for_five_points(expected, passes):
    """Requirements, section 4: 151 independent passes at 0.89, 323 at 0.70."""
    found = pass_sizes(0.05, expected=expected)

    assert (found.independent, found.passes, found.people) == (passes, passes, passes)
    assert found.design_effect == 1


def test_passes_of_one_person_are_alike():
    """1 + (5 - 1) 0.3 = 2.2; 384.15 x 2.2 / 5 = 169.02: 170 people."""
    found = pass_sizes(0.05, passes_per_person=5, likeness=0.3)

    assert found.design_effect == pytest.approx(2.2)
    assert (found.people, found.passes) == (170, 850)
    assert pass_sizes(0.05, passes_per_person=5, likeness=1).people == 385


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin": 0},
        {"margin": 1},
        {"expected": 1},
        {"likeness": 1.1},
        {"passes_per_person": 0},
        {"level": 95},
    ],
)
def test_impossible_plans_are_refused(wrong):
    """No division by nothing, no negative number of people."""
    with pytest.raises(ValueError, match="a margin"):
        pass_sizes(**{"margin": 0.05, **wrong})


def test_an_impossible_assumption_is_refused():
    """A share."""
    with pytest.raises(ValueError, match="assumed share"):
        face_sizes(0.001, assumed=1)
