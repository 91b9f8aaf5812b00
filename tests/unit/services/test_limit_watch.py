"""The advice to suspend in a live run: given once, logged, and kept over a restart (R-43).

By hand, against 1 in 1,000, the mean over eleven multiples m of the limit of
m^2 ((1 - 0.001 m) / 0.999)^98: two false alerts in 100 faces give evidence of 26.6, above 20.
In 1,000 faces they give 1.4 at the most, at m = 2, so that their mean is below 20.
"""

from __future__ import annotations

import math

import pytest
from tests.unit.core import governed as g
from tests.unit.core.decided import DISMISS
from tests.unit.services.alerted import add_alert, an_alerted_workplace, decide_all, events
from tests.unit.services.test_live_figures import count_faces

from overt.core.audit_events import EventKind
from overt.services.live_figures import FRESH_FOR, LiveFigures
from overt.services.live_rate import LimitWatch
from overt.services.observed_figures import ObservedFigures
from overt.web.observer_texts import live_texts

LIMIT = 0.001
MULTIPLES = (1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32)


def evidence(n_false, faces):
    """Return the evidence against the limit, from its definition."""
    ratios = [m**n_false * ((1 - LIMIT * m) / (1 - LIMIT)) ** (faces - n_false) for m in MULTIPLES]
    return sum(ratios) / len(ratios)


@pytest.fixture
def workplace():
    """Return a live workplace with two operational alerts."""
    workplace = an_alerted_workplace()
    add_alert(workplace, alert_id="a-2")
    return workplace


def look(workplace, watch=None):
    """Return a look of a watch; of one that begins now without it."""
    watch = watch or LimitWatch(g.live(), LIMIT)
    return watch.look(workplace, workplace.open)


def dismiss(workplace):
    """Let both alerts turn out false."""
    decide_all(workplace, DISMISS)
    decide_all(workplace, DISMISS, alert_id="a-2")


def told(workplace):
    """Return the details of each event about the limit."""
    return [event.details for event in events(workplace, EventKind.LIMIT_STATUS_CHANGED)]


def test_two_false_alerts_in_a_hundred_faces_advise_to_suspend(workplace):
    """Evidence of 26.6 is above 20; the log has the counts, and the look the moment."""
    count_faces(workplace, 100)
    dismiss(workplace)
    seen = look(workplace)

    assert evidence(2, 100) == pytest.approx(26.6, abs=0.1)
    (details,) = told(workplace)
    assert details["is_suspend_advised"] is True
    assert details["highest_log_evidence"] == pytest.approx(math.log(evidence(2, 100)))
    assert (seen.advice.n_false, seen.advice.faces_seen) == (2, 100)
    assert seen.advice.advised_at == workplace.clock.now()


def test_two_in_a_thousand_advise_nothing(workplace):
    """The share is twice the limit, and may well be chance."""
    count_faces(workplace, 1000)
    dismiss(workplace)
    seen = look(workplace)

    assert evidence(2, 1000) < 1.5
    assert seen.finding.is_point_above_limit
    assert seen.advice is None
    assert [details["is_suspend_advised"] for details in told(workplace)] == [False]


def test_alerts_that_nobody_has_decided_are_no_evidence(workplace):
    """They may be right."""
    count_faces(workplace, 100)
    assert look(workplace).advice is None


def test_once_advised_it_stays(workplace):
    """Ten thousand faces without another false alert: the status changes, the advice does not."""
    watch = LimitWatch(g.live(), LIMIT)
    count_faces(workplace, 100)
    dismiss(workplace)
    first = look(workplace, watch)
    count_faces(workplace, 10_000, g.OPENS + g.MINUTE)
    later = look(workplace, watch)

    assert (first.finding.status, later.finding.status) == ("breached", "within")
    assert later.advice == first.advice
    assert [details["is_suspend_advised"] for details in told(workplace)] == [True, True]


def test_a_restart_forgets_neither_advice_nor_status(workplace):
    """A new watch reads the log, and says nothing twice."""
    count_faces(workplace, 100)
    dismiss(workplace)
    first = look(workplace)
    again = look(workplace)

    assert again == first
    assert len(told(workplace)) == 1


def test_a_restart_before_the_advice_goes_on_from_the_counts(workplace):
    """100 faces without one; after the restart two turn out false, and it is advised."""
    count_faces(workplace, 100)
    assert look(workplace).advice is None
    dismiss(workplace)
    assert look(workplace).advice.n_false == 2
    assert [details["is_suspend_advised"] for details in told(workplace)] == [False, True]


def test_evidence_grows_between_changes_of_the_status(workplace):
    """The status stays breached, and the advice is logged all the same.

    By hand: two false alerts in 240 faces are 0.1 to 3 %, above the limit, and their evidence
    is below 20; 100 faces fewer would have been enough.
    """
    watch = LimitWatch(g.live(), LIMIT)
    count_faces(workplace, 240)
    dismiss(workplace)
    assert evidence(2, 240) < 20
    first = look(workplace, watch)
    add_alert(workplace, alert_id="a-3")
    decide_all(workplace, DISMISS, alert_id="a-3")
    assert evidence(3, 240) > 20
    second = look(workplace, watch)

    assert first.finding == second.finding
    assert (first.advice, second.advice.n_false) == (None, 3)
    assert len(told(workplace)) == 2


def test_a_look_before_there_are_faces_says_nothing(workplace):
    """Alerts are stored at once, faces by the minute."""
    dismiss(workplace)
    assert look(workplace).finding is None
    assert told(workplace) == []


def test_a_rehearsal_is_not_advised():
    """Its alerts are volunteers'."""
    workplace = an_alerted_workplace()
    count_faces(workplace, 100)
    watch = LimitWatch(g.a_ready_rehearsal(), LIMIT)
    assert look(workplace, watch).advice is None
    assert told(workplace) == []


def test_whoever_watches_sees_the_advice(workplace):
    """The screens of operators and of observers, from the log, also where the run is elsewhere."""
    figures = LiveFigures(workplace, workplace.open)
    observed = ObservedFigures(workplace, workplace.open)
    count_faces(workplace, 100)
    assert figures.of("d-1").look.advice is None
    assert observed.of("d-1")["suspend_advised"] is None
    assert live_texts(observed.of("d-1"), None)["advice"] == "none"
    dismiss(workplace)
    look(workplace)
    advised_at = workplace.clock.now()
    workplace.clock.at += 3 * FRESH_FOR

    assert figures.of("d-1").look.advice.n_false == 2
    seen = observed.of("d-1")
    assert seen["suspend_advised"] == {
        "advised_at": advised_at.isoformat(),
        "n_false": 2,
        "faces_seen": 100,
    }
    assert live_texts(seen, "Europe/London")["advice"] == (
        f"suspend advised at {advised_at:%H:%M:%S} GMT: 2 false alerts in 100 faces"
    )
