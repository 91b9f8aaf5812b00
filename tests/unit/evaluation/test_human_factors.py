from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from overt.evaluation.human_factors import ReviewedAlert, human_factors
from overt.evaluation.intervals import IntervalMethod

DISMISSED = ReviewedAlert("op-1", is_passed_on=False, operator_s=4, is_true=False)
PASSED = ReviewedAlert("op-2", is_passed_on=True, operator_s=8, officer_id="of-1", is_true=True)
ALERTS = (
    DISMISSED,
    replace(DISMISSED, is_true=True),
    replace(DISMISSED, is_seeded=True, operator_s=None),
    replace(PASSED, is_engaged=True, officer_s=20),
    replace(PASSED, is_engaged=False, officer_s=10),
    replace(PASSED, is_engaged=True, is_true=False, officer_s=30),
    replace(PASSED, is_engaged=False, is_true=False, is_seeded=True),
    replace(PASSED, is_true=None),
    replace(PASSED, is_true=None, is_engaged=True),
)


def factors(*alerts):
    """Return what decisions about alerts show."""
    return human_factors(alerts, np.random.default_rng(1))


def test_decisions_against_the_truth():
    """By hand, over nine alerts: four false ones, three true ones, two that nobody knows."""
    found = factors(*ALERTS)
    counts = {
        name: (rate.count, rate.total)
        for name in type(found).__slots__
        if hasattr(rate := getattr(found, name), "unit")
    }

    assert counts == {
        "seeded_passed_on": (1, 2),
        "false_passed_on": (2, 4),
        "true_dismissed": (1, 3),
        "false_engaged": (1, 2),
        "true_not_engaged": (1, 2),
        "officer_agrees": (3, 5),
    }
    assert found.seeded_passed_on.unit == "seeded alerts"


def test_how_long_decisions_took():
    """Quartiles of those that are known; of one there are none."""
    found = factors(*ALERTS)

    assert found.operator_times.n == 8
    assert found.operator_times.quartiles_s == (7, 8, 8)
    assert found.officer_times.quartiles_s == (15, 20, 25)
    assert factors(DISMISSED).operator_times.quartiles_s is None
    assert factors(DISMISSED).operator_times.n == 1


def test_intervals_are_by_reviewer():
    """Ten operators of ten alerts, half of whom pass everything on: not a hundred trials."""
    alerts = [
        ReviewedAlert(f"op-{n}", is_passed_on=n < 5, is_true=False, is_seeded=True)
        for n in range(10)
        for _ in range(10)
    ]
    interval = factors(*alerts).seeded_passed_on.interval

    assert interval.method is IntervalMethod.BY_PERSON
    assert interval.high - interval.low > 0.4


def test_without_alerts_nothing_is_defined():
    """Not a single rate, and no time."""
    found = factors()

    assert found.false_passed_on.text() == "not defined (0 of 0)"
    assert found.officer_agrees.text() == "not defined (0 of 0)"
    assert found.officer_times.quartiles_s is None


@pytest.mark.parametrize("order", [1, -1])
def test_order_does_not_matter(order):
    """The same alerts."""
    assert factors(*ALERTS[::order]) == factors(*ALERTS)
