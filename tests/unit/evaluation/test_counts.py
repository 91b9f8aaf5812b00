from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from overt.evaluation.counts import RehearsalCounts


def counted(opportunities=10, true_alerts=8, missed=2, false_alerts=1, faces_seen=50):
    """Return counts that add up, but for what a test changes."""
    return RehearsalCounts(opportunities, true_alerts, missed, false_alerts, faces_seen)


def test_three_rates_come_from_the_same_counts():
    """Each has its own denominator."""
    counts = counted()

    assert counts.true_recognition_rate().text().startswith("8 of 10 recognition opportunities")
    assert counts.false_alerts_per_face_seen().text().startswith("1 of 50 faces seen")
    assert counts.false_alerts_per_alert().text().startswith("1 of 9 alerts")


def test_a_rehearsal_in_which_nobody_came_has_no_rates():
    """Nothing divided by nothing is not nought."""
    counts = counted(0, 0, 0, 0, 0)

    assert counts.true_recognition_rate().text() == "not defined (0 of 0)"
    assert counts.false_alerts_per_face_seen().interval is None
    assert counts.false_alerts_per_alert().interval is None


@pytest.mark.parametrize(("true_alerts", "missed"), [(7, 2), (20, 11)])
def test_opportunities_are_recognised_or_missed(true_alerts, missed):
    """No fewer true alerts than opportunities recognised, no more missed than there were."""
    with pytest.raises(ValueError, match=f"{missed} of 10 .* {true_alerts} true alerts"):
        counted(true_alerts=true_alerts, missed=missed)


def test_a_second_true_alert_of_an_opportunity_changes_only_the_rate_per_alert():
    """An opportunity is recognised once, however often it alerts."""
    counts = counted(true_alerts=9)

    assert counts.true_recognition_rate() == counted().true_recognition_rate()
    assert counts.false_alerts_per_alert().text().startswith("1 of 10 alerts")


def test_negative_counts_are_refused():
    """The field at fault is named."""
    with pytest.raises(ValueError, match="false_alerts must not be negative, found -1"):
        counted(false_alerts=-1)


part = st.tuples(*[st.integers(0, 1000)] * 4)


@given(part, part)
def test_counts_of_two_rehearsals_add_up(one, other):
    """Field by field, in either order."""
    a, b = (counted(t + m, t, m, x, f) for t, m, x, f in (one, other))

    assert a + b == b + a
    assert (a + b).faces_seen == one[3] + other[3]
    assert (a + b).recognition_opportunities == sum(one[:2]) + sum(other[:2])
