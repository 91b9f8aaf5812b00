from __future__ import annotations

import copy
from contextlib import suppress

import pytest
from tests.unit.evaluation.trial_logs import (
    a_deployment_of_the_street,
    a_rehearsal,
    an_empty_trial,
    an_odd_rehearsal,
    numbers_that_differ,
)

from overt.core.audit_events import EventKind as K
from overt.errors import EvaluationDataInvalidError, RecordNotFoundError, TrialError
from overt.evaluation.trial_queries import QUERIES, answer
from overt.evaluation.trial_report import ReportMade, trial_report

LOG = a_rehearsal().log()
REPORT = trial_report(LOG, ReportMade("1"))
OPERATIONAL = a_deployment_of_the_street().log()


@pytest.mark.parametrize(
    "log",
    [LOG, OPERATIONAL, an_empty_trial().log(), an_odd_rehearsal().log()],
    ids=["rehearsal", "operational", "empty", "odd"],
)
def test_every_number_is_worked_out_again_from_the_events_alone(log):
    """R-71: two ways of counting agree, number by number."""
    assert numbers_that_differ(trial_report(log, ReportMade("1")), log) == []


def test_every_query_of_the_table_is_used_by_some_report():
    """And no report uses another."""
    used = {
        entry["query"].partition("(")[0]
        for log in (LOG, OPERATIONAL)
        for entry in trial_report(log, ReportMade("1"))["numbers"].values()
    }

    assert used == set(QUERIES)


@pytest.mark.parametrize("field", ["count", "total", "text", "low", "high", "level", "unit"])
def test_a_number_that_was_changed_is_found(field):
    """Whatever of it was changed."""
    changed = copy.deepcopy(REPORT)
    entry = changed["numbers"]["false_alerts_per_alert.all"]
    entry[field] = "9" if isinstance(entry[field], str) else entry[field] + 1

    assert numbers_that_differ(changed, LOG) == ["false_alerts_per_alert.all"]


@pytest.mark.parametrize(
    "query",
    [
        "alerts",
        "alerts()",
        "Alerts(all)",
        "accuracy(all)",
        "engaged_after_false_alert(all, sex: none)",
        "equality_p(all, sex: a / b)",
    ],
)
def test_what_is_no_query_has_no_answer(query):
    """The table is closed."""
    with pytest.raises(EvaluationDataInvalidError):
        answer(query, LOG)


def test_a_deployment_of_another_trial_has_no_answer():
    """The scope is the trial."""
    with pytest.raises(RecordNotFoundError):
        answer("alerts(d-9)", LOG)


@pytest.mark.parametrize("details", [{"list_kind": "purple"}, {"captured_at": "noon"}])
def test_an_event_that_is_not_written_as_expected_is_a_coded_error(details):
    """Of another release, or made up: neither report nor answer crashes."""
    logs = a_rehearsal()
    logs.add(K.ALERT_RAISED, "d-1", **{**ALERT, **details})
    log = logs.log()
    with pytest.raises(EvaluationDataInvalidError):
        trial_report(log, ReportMade("1"))
    for entry in REPORT["numbers"].values():
        with suppress(EvaluationDataInvalidError):
            answer(entry["query"], log)


ALERT = {
    "alert_id": "z",
    "entry_id": "blue-1",
    "camera_id": "north",
    "list_kind": "blue",
    "score": 0.95,
    "threshold": 0.93,
    "captured_at": "2026-03-10T09:00:00+00:00",
}


def test_a_trial_whose_end_is_not_written_as_expected_is_a_coded_error():
    """Its reason is none that is known."""
    logs = a_rehearsal()
    logs.add(K.TRIAL_ENDED, None, trial_id="t-1", reason="so", ended_by="nobody")
    with pytest.raises(TrialError) as caught:
        logs.log()

    assert caught.value.code == "evaluation.data_invalid"
