from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core.governed import (
    DAY,
    HOUR,
    MINUTE,
    OPENS,
    POLICY,
    ended_early,
    live,
    purged_in_time,
)
from tests.unit.core.policy_tables import force_policy

from overt.core.retention import alert_due_at, is_purge_due, overdue_purges, purge_due_at

DUE = OPENS + HOUR + DAY


@pytest.mark.parametrize(
    ("name", "hours", "expected"),
    [
        ("retention.watchlist", 24, 24 * HOUR),
        ("retention.watchlist", 6, 6 * HOUR),
        ("retention.alert", 744, 24 * HOUR),
        ("retention.alert", 3, 3 * HOUR),
    ],
)
def test_everything_of_a_deployment_goes_at_the_earlier_deadline(name, hours, expected):
    """R-19, R-33: watchlist and alerts lie under one key."""
    assert purge_due_at(OPENS, force_policy(name, value=hours)) == OPENS + expected


def test_an_alert_goes_by_its_own_deadline_or_with_the_deployment():
    """R-33: whichever is earlier."""
    assert alert_due_at(OPENS, live(), POLICY) == OPENS + DAY
    assert alert_due_at(OPENS, ended_early(), POLICY) == OPENS + DAY
    assert alert_due_at(OPENS + 2 * HOUR, ended_early(), POLICY) == DUE


@pytest.mark.parametrize(
    ("build", "now", "expected"),
    [
        (live, DUE, False),
        (ended_early, DUE - MINUTE, False),
        (ended_early, DUE, True),
        (purged_in_time, DUE + DAY, False),
    ],
)
def test_when_a_purge_is_due(build, now, expected):
    """R-19: at its deadline, until it is done."""
    assert is_purge_due(build(), now) is expected


@pytest.mark.parametrize(("late", "expected"), [(14, ()), (15, ("d-1",)), (60, ("d-1",))])
def test_a_purge_that_is_late_bars_going_live(late, expected):
    """R-19: after the policy's grace of 15 minutes."""
    deployments = [live(), ended_early(), replace(purged_in_time(), deployment_id="d-2")]

    assert overdue_purges(deployments, POLICY, DUE + late * MINUTE) == expected
