from __future__ import annotations

import pytest
from tests.unit.core.decided import DISMISS, PASS, after, an_alert
from tests.unit.core.governed import POLICY

from overt.core.outcome import count_alerts
from overt.core.watchlist import ListKind
from overt.evaluation.rates import LimitStatus
from overt.evaluation.running_rate import RunningFalseAlerts, running_false_alerts

LIMIT = POLICY.alerts.false_alert_limit


def test_two_of_a_thousand():
    """R-43, acceptance test 7: 0.0242 % to 0.7206 %, not demonstrated, point above the limit."""
    running = RunningFalseAlerts(n_false=2, n_unresolved=0, faces_seen=1000)
    rate, finding = running.rate(), running.finding(LIMIT)

    assert rate.value == 0.002
    assert rate.interval.low == pytest.approx(0.000242, abs=5e-7)
    assert rate.interval.high == pytest.approx(0.007206, abs=5e-7)
    assert finding.status is LimitStatus.NOT_DEMONSTRATED
    assert finding.is_point_above_limit
    assert running.asks_for_review(LIMIT)


@pytest.mark.parametrize(
    ("n_false", "faces_seen", "status", "review"),
    [
        (7, 8600, LimitStatus.NOT_DEMONSTRATED, False),
        (1, 12120, LimitStatus.WITHIN, False),
        (10, 3147436, LimitStatus.WITHIN, False),
        (0, 100, LimitStatus.NOT_DEMONSTRATED, False),
        (20, 1000, LimitStatus.BREACHED, True),
    ],
)
def test_the_running_rate_against_its_limit(n_false, faces_seen, status, review):
    """R-42, R-43: rows 11, 12 and 21 of the published figures, nothing seen yet, a breach."""
    running = RunningFalseAlerts(n_false, 0, faces_seen)

    assert running.finding(LIMIT).status is status
    assert running.asks_for_review(LIMIT) is review


@pytest.mark.parametrize(
    ("n_false", "n_unresolved", "faces_seen"), [(0, 0, 0), (1, 0, 0), (1, 1, 1)]
)
def test_there_is_no_rate_yet(n_false, n_unresolved, faces_seen):
    """R-42: alerts are stored at once, faces by the minute; nothing is asked of anybody."""
    running = RunningFalseAlerts(n_false, n_unresolved, faces_seen)

    assert running.rate() is None
    assert running.worst_rate() is None
    assert running.finding(LIMIT) is None
    assert not running.asks_for_review(LIMIT)


def test_the_unresolved_are_shown_at_their_worst():
    """R-43: what nobody has decided is not false, and could be."""
    running = RunningFalseAlerts(n_false=1, n_unresolved=3, faces_seen=5000)

    assert (running.rate().count, running.worst_rate().count) == (1, 4)


def test_volunteers_alerts_never_move_the_running_rate():
    """R-22, acceptance test 8: with any number of them, the figures are the same."""
    blue = an_alert(list_kind=ListKind.BLUE)
    operational = [after(DISMISS), after(PASS)]
    walked = [after(DISMISS, alert=blue)] * 50

    running = running_false_alerts(count_alerts(operational + walked), 1000)
    assert running == running_false_alerts(count_alerts(operational), 1000)
    assert running == RunningFalseAlerts(n_false=1, n_unresolved=1, faces_seen=1000)
