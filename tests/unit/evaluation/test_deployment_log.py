from __future__ import annotations

import pytest
from tests.unit.evaluation.trial_logs import ARREST, FALSE, OFFICER, TrialLogs, count_equality

from overt.core.audit_events import EventKind as K
from overt.errors import FiguresDifferError
from overt.evaluation.deployment_count import (
    alert_ids_of,
    count_deployment,
    count_passes,
    count_rehearsal,
)
from overt.evaluation.deployment_figures import WalksOfOne


def an_operation():
    """Return a log of one deployment: an arrest, a false alert engaged for, two passes."""
    logs = TrialLogs(kind="operational")
    logs.add(K.WATCHLIST_COMPOSED, "d-1", watchlist_version=1, n_entries=20, n_refused=3)
    logs.join("d-1", n_entries=20)
    logs.count("d-1", 900, searches=800)
    logs.decide("d-1", logs.alert("d-1", "t-1", "e-1"), *ARREST)
    logs.decide("d-1", logs.alert("d-1", "f-1", "e-2"), *FALSE, quick=True)
    for alert_id, seconds in (("f-1", 240.0), (None, 60.0)):
        logs.add(
            K.ENGAGEMENT_RECORDED,
            "d-1",
            OFFICER,
            alert_id=alert_id,
            verdict="ended" if alert_id else "engaged",
            duration_s=seconds,
        )
    logs.walk("d-1", 1, "p1")
    logs.walk("d-1", 2, "p2", sees=False)
    logs.end("d-1")
    return logs


def events(logs):
    """Return the deployment's events."""
    return [each.event for each in logs.logged if each.event.deployment_id == "d-1"]


def test_a_deployment_is_counted_from_its_events():
    """R-71: by hand."""
    found, ids = count_deployment(events(an_operation()))

    assert (found.faces_seen, found.searches, found.images_rejected) == (900, 800, 3)
    assert (found.alerts.n_true, found.alerts.n_false, found.alerts.unresolved) == (1, 1, 0)
    assert (found.engagements.arrests, found.engagements.false_engaged) == (1, 1)
    assert (found.engaged_without_alert, found.false_engaged_s) == (1, (240.0,))
    assert (found.quick_decisions, found.decisions, found.signs_placed) == (4, 8, 1)
    assert (found.watchlist_size(), len(found.spans)) == (20, 1)
    assert (ids.operational, ids.false) == ({"t-1", "f-1"}, {"f-1"})


def test_passes_are_counted_with_those_that_were_recognised():
    """R-44."""
    counts, recognised = count_passes(events(an_operation()))

    assert (counts.passes, counts.recognised, counts.alerts, counts.volunteers) == (2, 1, 1, 2)
    assert recognised == {"p1"}
    assert counts.walks == (WalksOfOne(0, 1), WalksOfOne(1, 1))


def test_a_rehearsal_has_alerts_about_volunteers_only():
    """Counted as a deployment it has none (R-22); counted as a rehearsal, those of volunteers."""
    counted = count_deployment(events(an_operation())).figures
    found = count_rehearsal(events(an_operation()))

    assert (counted.alerts.n_alerts, found.alerts.n_alerts) == (2, 1)
    assert found.engagements.engaged == 0
    assert (found.faces_seen, found.blue) == (counted.faces_seen, counted.blue)


def test_alerts_are_told_apart_without_figures():
    """As a purge needs them."""
    assert alert_ids_of(events(an_operation())).false == {"f-1"}


def test_figures_that_contradict_each_other_are_refused():
    """More people by group than were engaged."""
    logs = an_operation()
    count_equality(logs, "d-1")
    with pytest.raises(FiguresDifferError, match="more people by ethnicity than engagements"):
        count_deployment(events(logs))
