"""What the log has told of the limit: a restart goes on from there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.core.governed import OPENS

from overt.core.audit import AuditEvent
from overt.evaluation.limit_told import LimitTold, SuspendAdvice, limit_told
from overt.evaluation.rates import LimitFinding, LimitStatus

MINUTE = timedelta(minutes=1)


def an_event(minute=0, kind="LimitStatusChanged", **changes):
    """Return an event of a limit at a minute."""
    details = {
        "status": "not demonstrated",
        "is_point_above_limit": True,
        "n_false": 2,
        "faces_seen": 100,
        "is_suspend_advised": False,
        "highest_log_evidence": 1.5,
    }
    at = OPENS + minute * MINUTE
    return AuditEvent(kind, at, "system", "d-1", details | changes)


def test_nothing_was_told():
    """No status, no evidence, no advice; events of other kinds tell nothing."""
    assert limit_told([]) == LimitTold(None, 0.0, None)
    assert limit_told([an_event(kind="CameraLost")]) == LimitTold()


def test_an_advice_is_told_as_it_was_first_given():
    """Later events neither change it nor take it back; the status is that of the last one."""
    told = limit_told(
        [
            an_event(),
            an_event(1, is_suspend_advised=True, highest_log_evidence=3.25),
            an_event(2, is_suspend_advised=True, n_false=9, faces_seen=200),
            an_event(3, status="within", is_point_above_limit=False, is_suspend_advised=False),
        ]
    )
    assert told == LimitTold(
        LimitFinding(LimitStatus.WITHIN, is_point_above_limit=False),
        3.25,
        SuspendAdvice(OPENS + MINUTE, 2, 100),
    )
    assert told.advice.text() == "2 false alerts in 100 faces"


def test_what_is_told_in_parts_is_the_same():
    """Whoever reads the log on starts where they stopped."""
    events = [an_event(), an_event(1, is_suspend_advised=True), an_event(2)]
    assert limit_told(events[1:], limit_told(events[:1])) == limit_told(events)


@pytest.mark.parametrize("evidence", [None, "much", float("inf")])
def test_an_event_of_an_earlier_release_has_no_evidence(evidence):
    """It is then gathered anew."""
    assert limit_told([an_event(highest_log_evidence=evidence)]).highest == 0


def test_a_count_that_is_none_is_not_believed():
    """A line of another release."""
    (advice,) = [limit_told([an_event(is_suspend_advised=True, n_false=None)]).advice]
    assert advice.n_false == 0


def test_evidence_is_not_forgotten():
    """By hand: 3.0 is above ln 20 = 2.996, whatever is counted next."""
    assert LimitTold(highest=3.0).watch(0.001).after(0, 10_000).is_suspend_advised
    assert not LimitTold(highest=2.99).watch(0.001).after(0, 10_000).is_suspend_advised
