"""What observers are told while a deployment runs: counts from the log, small ones withheld."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.unit.services.alerted import add_alert
from tests.unit.services.listing import OnePolicy, SetClock

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.watchlist import ListKind
from overt.errors import RecordNotFoundError
from overt.services.observed_figures import FRESH_FOR, ObservedFigures
from overt.services.workplace import Workplace
from overt.testing import FakeIds, FakeStore

LEAST = g.POLICY.publication.small_number


def a_watched(deployment):
    """Return a workplace with a deployment, and what counts it."""
    store = FakeStore()
    workplace = Workplace(store.unit_of_work, SetClock(g.OPENS), FakeIds(), OnePolicy())
    with workplace.open() as uow:
        uow.deployments.add(deployment)
        uow.commit()
    return workplace, ObservedFigures(workplace, store.reading)


def count_faces(workplace, n_faces):
    """Store that faces were seen."""
    with workplace.open() as uow:
        counts = LiveCounts(faces_seen=n_faces, made=n_faces, erased=n_faces)
        uow.counts.add_minute(MinuteCounts("d-1", "north-camera", g.OPENS, counts))
        uow.commit()


def decide(workplace, alert_id, verdict="dismissed", *, step="operator", seconds=4.0, **more):
    """Log a decision as the services do."""
    details = {
        "alert_id": alert_id,
        "decision_id": f"{alert_id}-{step}",
        "step": step,
        "verdict": verdict,
        "list_kind": "operational",
        "reason_codes": ("different_person",) if verdict == "dismissed" else ("looks_alike",),
        "latency_s": seconds,
        **more,
    }
    at = workplace.clock.now()
    with workplace.open() as uow:
        who = "operator-1" if step == "operator" else "engager-1"
        uow.audit.append(AuditEvent(EventKind.ALERT_DECIDED, at, who, "d-1", details))
        uow.commit()


def later(workplace):
    """Put the clock on until figures are read anew."""
    workplace.clock.at += FRESH_FOR


def test_both_rates_come_with_counts_and_interval():
    """R-42: 2 false of 4 alerts; 2 of 4,000 faces seen are 0.05 %, not yet shown to be within."""
    workplace, figures = a_watched(g.live())
    count_faces(workplace, 4000)
    for number in range(4):
        add_alert(workplace, alert_id=f"a-{number}")
    decide(workplace, "a-0")
    decide(workplace, "a-1")

    told = figures.of("d-1")

    assert (told["alerts"], told["false_alerts"], told["unresolved_alerts"]) == (4, 2, 2)
    per_face, per_alert = told["rates"]["per_face_seen"], told["rates"]["per_alert"]
    assert (per_face["count"], per_face["total"], per_face["percent"]) == (2, 4000, 0.05)
    assert per_face["low_percent"] < 0.05
    assert per_face["high_percent"] > 0.1
    assert told["rates"]["status"] == "not demonstrated"
    assert (per_alert["count"], per_alert["total"]) == (2, 4)


def test_erased_alerts_stay_counted():
    """The log remembers what the store has let go of."""
    workplace, figures = a_watched(g.live())
    add_alert(workplace)
    figures.of("d-1")
    with workplace.open() as uow:
        uow.alerts.delete_of("d-1")
        uow.commit()
    later(workplace)

    assert figures.of("d-1")["alerts"] == 1


def test_times_are_medians_and_not_those_of_a_few():
    """Below the policy's smallest number, a median would tell of single people."""
    workplace, figures = a_watched(g.live())
    for number in range(LEAST - 1):
        add_alert(workplace, alert_id=f"a-{number}")
        decide(workplace, f"a-{number}", seconds=float(number))
    assert figures.of("d-1")["median_decision_s"] == {"operator": None, "officer": None}

    add_alert(workplace, alert_id="a-last")
    decide(workplace, "a-last", seconds=100.0)
    later(workplace)

    # 0, 1, 2, 3 and 100 s
    assert figures.of("d-1")["median_decision_s"]["operator"] == 2.0


def test_few_engaged_people_are_not_counted_out():
    """R-47: one engagement would point at somebody whom everybody saw being stopped."""
    workplace, figures = a_watched(g.live())
    add_alert(workplace)
    decide(workplace, "a-1", "passed_on")
    decide(workplace, "a-1", "engaged", step="officer", reason_codes=("own_assessment",))

    assert figures.of("d-1")["people_engaged"] is None


def test_nobody_engaged_is_told():
    """None at all points at nobody."""
    _, figures = a_watched(g.live())

    assert figures.of("d-1")["people_engaged"] == 0


def test_a_rehearsal_counts_volunteers_and_no_rate():
    """R-22: never mixed."""
    rehearsal = replace(g.a_ready_rehearsal(), deployment_id="d-1")
    workplace, figures = a_watched(rehearsal)
    add_alert(workplace, list_kind=ListKind.BLUE)

    told = figures.of("d-1")

    assert (told["alerts"], told["rates"]) == (1, None)


def test_what_a_rehearsal_does_not_tell_is_no_number():
    """An alert nobody has decided is not "0 false": the page says "not told", the JSON null."""
    rehearsal = replace(g.a_ready_rehearsal(), deployment_id="d-1")
    workplace, figures = a_watched(rehearsal)
    add_alert(workplace, list_kind=ListKind.BLUE)
    told = figures.of("d-1")

    names = ("false_alerts", "unresolved_alerts", "people_engaged", "rates")
    assert [told[name] for name in names] == [None] * 4


def test_within_some_seconds_everybody_is_told_the_same():
    """An alert does not show before the next reading: a count points at no moment."""
    workplace, figures = a_watched(g.live())
    before = figures.of("d-1")
    add_alert(workplace)
    workplace.clock.at += FRESH_FOR - timedelta(milliseconds=1)
    assert figures.of("d-1") == before

    workplace.clock.at += timedelta(milliseconds=1)
    assert figures.of("d-1")["alerts"] == 1


def test_a_change_of_state_is_told_at_once():
    """Whoever stands there sees that the cameras were stopped."""
    workplace, figures = a_watched(g.live())
    figures.of("d-1")
    with workplace.open() as uow:
        uow.deployments.save(g.suspended_at_once())
        uow.commit()

    assert figures.of("d-1")["state"] == "suspended"


def test_what_is_not_calibrated_is_not_told():
    """As the page says."""
    _, figures = a_watched(g.with_signs())

    with pytest.raises(RecordNotFoundError):
        figures.of("d-1")


def test_no_identifier_of_an_alert_or_entry_is_in_it():
    """Counts only."""
    workplace, figures = a_watched(g.live())
    add_alert(workplace, alert_id="alert-xyz", entry_id="entry-xyz")

    assert "xyz" not in str(figures.of("d-1"))
