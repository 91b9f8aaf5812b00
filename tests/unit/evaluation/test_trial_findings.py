from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core.planned import H1, a_plan
from tests.unit.evaluation.trial_logs import (
    MINUTE,
    OFFICER,
    OPERATOR,
    TRUE,
    TrialLogs,
    a_deployment_of_the_street,
    a_rehearsal,
)

from overt.core.audit_events import EventKind as K
from overt.core.trial_plan import HypothesisFigure, Relation
from overt.evaluation.trial_report import ReportMade, trial_report

F, R = HypothesisFigure, Relation


def found_in(logs):
    """Return the report of a log."""
    return trial_report(logs.log(), ReportMade("1"))


def counted(faces, n_false, *, n_unresolved=0, limit=0.001, **changes):
    """Return a log of one deployment with so many faces and alerts."""
    logs = TrialLogs(kind="operational", plan=a_plan(n_deployments=1, **changes))
    logs.join("d-1", volunteers=0, limit=limit)
    logs.count("d-1", faces)
    for number in range(n_false):
        logs.decide("d-1", logs.alert("d-1", f"x-{number}", "e-1"), "dismissed")
    for number in range(n_unresolved):
        logs.alert("d-1", f"u-{number}", "e-1")
    logs.end("d-1")
    logs.finish()
    return logs


@pytest.mark.parametrize(
    ("relation", "value", "verdict"),
    [
        (R.AT_MOST, 0.0017, "shown"),
        (R.AT_MOST, 0.001, "not shown"),
        (R.AT_MOST, 0.0003, "contradicted"),
        (R.AT_LEAST, 0.0003, "shown"),
        (R.AT_LEAST, 0.001, "not shown"),
        (R.AT_LEAST, 0.0017, "contradicted"),
    ],
)
def test_the_whole_interval_decides(relation, value, verdict):
    """7 of 8,600: 0.0327 % to 0.1676 %."""
    plan = a_plan(hypotheses=(replace(H1, relation=relation, value=value),))
    (finding,) = found_in(a_deployment_of_the_street(plan))["findings"]

    assert finding["verdict"] == verdict
    assert finding["numbers"] == ["false_alerts_per_face_seen.all"]
    assert "7 of 8,600 faces seen" in finding["because"]


@pytest.mark.parametrize(
    ("n_unresolved", "verdict"), [(0, "shown"), (1, "shown"), (20, "not shown")]
)
def test_unresolved_alerts_are_taken_both_ways(n_unresolved, verdict):
    """What holds only if they were right is not shown."""
    found = found_in(counted(10_000, 1, n_unresolved=n_unresolved))
    (finding,) = found["findings"]

    assert finding["verdict"] == verdict
    assert ("false_alerts_per_face_seen_at_most.all" in finding["numbers"]) is (n_unresolved > 0)


@pytest.mark.parametrize(
    ("counts", "status", "sentence"),
    [
        ((10_000, 0, 0), "within", "This is shown to be within the limit of 0.1 % of all faces."),
        ((1_000, 20, 0), "breached", "This is shown to be above the limit of 0.1 % of all faces."),
        ((10_000, 0, 40), "not demonstrated", "Too little was counted to show on which side"),
        ((0, 0, 0), "not defined", None),
    ],
)
def test_the_limit_is_said_in_words(counts, status, sentence):
    """R-43; where unresolved alerts would change it, it is not demonstrated."""
    faces, n_false, n_unresolved = counts
    found = found_in(counted(faces, n_false, n_unresolved=n_unresolved))
    alerts = next(each for each in found["sections"] if each["id"] == "alerts")
    table = next(each for each in alerts["tables"] if each["id"] == "false-alerts")

    assert table["rows"][-1][-1] == status
    said = [each for each in found["summary"] if "the limit of" in each]
    assert [each.startswith(sentence or "") for each in said] == [True] * bool(sentence)


def test_of_a_log_that_does_not_tell_the_limit_no_status_is_given():
    """An older release did not log it."""
    found = found_in(counted(10_000, 0, limit=None))
    alerts = next(each for each in found["sections"] if each["id"] == "alerts")

    assert "The log does not tell to which limit the deployments were held." in alerts["text"]
    assert alerts["tables"][1]["rows"][0][-1] == "not defined"


@pytest.mark.parametrize("figure", list(F))
def test_every_figure_of_a_hypothesis_is_reported(figure):
    """The closed list of the plan."""
    plan = a_plan(hypotheses=(replace(H1, figure=figure),))
    found = found_in(a_rehearsal(plan))

    assert found["findings"][0]["numbers"][0] == f"{figure.value}.all"
    assert found["findings"][0]["numbers"][0] in found["numbers"]


def test_decisions_of_one_person_show_nothing():
    """No interval can be given: not shown, and the count is said."""
    plan = a_plan(hypotheses=(replace(H1, figure=F.OPERATOR_FALSE_PASSED_ON, value=0.9),))
    (finding,) = found_in(a_rehearsal(plan))["findings"]

    assert finding["verdict"] == "not shown"
    assert "2 of 3 false alerts (no interval: all are of one person)" in finding["because"]


def test_a_trial_as_planned_has_no_deviation():
    """That is said too."""
    found = found_in(counted(10_000, 0, faces_planned=10_000, passes_planned=0))

    assert found["deviations"] == ["None: the trial was carried out as it was planned."]


def test_what_was_not_done_as_planned_is_said():
    """Fewer passes, a suspension; nothing of what was done."""
    assert found_in(a_rehearsal())["deviations"] == [
        "150 passes of volunteers were planned, 6 were counted.",
        "Deployment 2 was suspended: A mast was loose.",
    ]


def test_ends_before_the_time_are_said():
    """Each deployment that did not end as one does, and why the trial did."""
    logs = TrialLogs(plan=a_plan(n_deployments=5, faces_planned=1, passes_planned=0))
    ends = (
        (K.DEPLOYMENT_CANCELLED, {"reason": "Rain."}),
        (K.DEPLOYMENT_REFUSED, {"reason": "Too wide"}),
        (K.AUTHORITY_WITHDRAWN, {"reason": "A complaint"}),
        (K.AUTHORITY_LAPSED, {"ratify_by": "2026-03-10T09:00:00+00:00"}),
    )
    for number, (kind, details) in enumerate(ends, start=1):
        logs.add(K.TRIAL_DEPLOYMENT_ADDED, f"d-{number}", trial_id="t-1")
        logs.add(kind, f"d-{number}", OFFICER, **details)
    logs.add(K.TRIAL_DEPLOYMENT_ADDED, "d-5", trial_id="t-1")
    logs.finish(reason="It was advised to suspend", ended_by="stop_rule", stop_rule=1)

    assert found_in(logs)["deviations"] == [
        "5 deployments were planned, 0 went live.",
        "1 faces were planned, 0 were counted.",
        "A stop rule ended the trial: It was advised to suspend.",
        "Deployment 1: cancelled: Rain.",
        "Deployment 2: refused: Too wide.",
        "Deployment 3: authority withdrawn: A complaint.",
        "Deployment 4: authority lapsed.",
        "Deployment 5: not yet live.",
    ]


def test_a_window_that_is_over_is_no_interruption_and_an_advice_to_suspend_is_said():
    """Between two windows the cameras stop as planned, by themselves."""
    logs = TrialLogs(plan=a_plan(n_deployments=1, faces_planned=1, passes_planned=0))
    logs.join("d-1")
    logs.count("d-1", 100)
    logs.add(
        K.LIMIT_STATUS_CHANGED,
        "d-1",
        status="breached",
        n_false=9,
        faces_seen=100,
        is_suspend_advised=True,
    )
    logs.add(K.DEPLOYMENT_SUSPENDED, "d-1", reason="the window is over", site_ids=("north",))
    found = found_in(logs)

    assert found["deviations"] == [
        "The trial has not ended: every figure here is one of the state so far.",
        "Deployment 1: it was advised to suspend: the limit was broken.",
    ]
    assert found["sections"][0]["tables"][0]["rows"][0][-1] == "suspended"


def test_a_stop_by_itself_counts_from_its_deadline():
    """Cameras that nobody stopped in time are counted to the end of the authority."""
    logs = TrialLogs()
    logs.join("d-1")
    began = logs.logged[-1].event.occurred_at
    logs.now += timedelta(hours=9)
    due_at = (began + 90 * MINUTE).isoformat()
    logs.add(K.DEPLOYMENT_ENDED, "d-1", reason="the last window is over", due_at=due_at)
    logs.add(K.DEPLOYMENT_ENDED, "d-1", OPERATOR, reason="again")

    assert found_in(logs)["numbers"]["live_hours.all"]["text"] == "1.50"


def test_the_summary_of_a_trial_with_one_unresolved_alert():
    """Nobody is told that it was right."""
    summary = found_in(counted(10_000, 1, n_unresolved=1))["summary"]

    assert summary[2] == (
        "Whether 1 more alert named the right person, nobody could say; if none did, 2 of 2 alerts "
        "(100 %, 95 % interval 15.8 % to 100 %) were wrong."
    )


def test_the_summary_of_a_trial_without_a_false_alert():
    """None is said as none, with what it was counted of."""
    summary = found_in(counted(3000, 0, n_unresolved=1))["summary"]

    assert summary[1] == (
        "No alert named somebody else: 0 of 3,000 faces seen (0 %, likely between 0 % and 0.12 %), "
        "and 0 of 1 alerts (0 %, likely between 0 % and 97.5 %)."
    )
    assert summary[-2] == "After alerts, no officer spoke to anybody."


def test_the_summary_of_engagements_none_of_which_was_wrong():
    """In a rehearsal, officers engage: nobody is said to have been spoken to."""
    logs = TrialLogs()
    logs.join("d-1")
    for number in (1, 2):
        logs.decide("d-1", logs.walk("d-1", number, f"p{number}"), *TRUE)
    logs.count("d-1", 10)

    assert found_in(logs)["summary"][-2] == (
        "After alerts, officers engaged twice, of which none was found to be somebody else."
    )


def test_faces_of_volunteers_are_told_beside_the_rate():
    """Two passes of ten faces: eight are left to raise a false alert."""
    logs = TrialLogs()
    logs.join("d-1")
    for number in (1, 2):
        logs.walk("d-1", number, f"p{number}")
    logs.count("d-1", 10)

    assert found_in(logs)["summary"][2].endswith(
        " Faces seen include volunteers on the list, who passed twice and can only be mistaken for "
        "another entry; without as many faces it is 0 of 8 (0 %, likely between 0 % and 36.9 %)."
    )


def test_a_rehearsal_of_volunteers_only_has_no_face_left():
    """One pass, one face: nobody else was there to be mistaken; no officer engaged anybody."""
    logs = TrialLogs()
    logs.join("d-1")
    logs.walk("d-1", 1, "p1")
    logs.count("d-1", 1)
    summary = found_in(logs)["summary"]

    assert summary[2].endswith("without as many faces it is not defined.")
    assert "After alerts, no officer engaged anybody." in summary


def test_a_rehearsal_without_passes_leaves_no_face_out():
    """An alert about a volunteer whose walks nobody logged."""
    logs = TrialLogs()
    logs.join("d-1")
    logs.alert("d-1", "a-1", "blue-1")
    logs.count("d-1", 10)

    assert found_in(logs)["summary"][2].endswith(
        "and 0 of 1 alerts (0 %, likely between 0 % and 97.5 %)."
    )
