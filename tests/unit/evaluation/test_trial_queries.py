from __future__ import annotations

import copy

import pytest
from tests.unit.evaluation.trial_logs import TrialLogs, a_rehearsal

from overt.errors import EvaluationDataInvalidError, RecordNotFoundError
from overt.evaluation.trial_queries import QUERIES, answer, first_difference
from overt.evaluation.trial_report import ReportMade, trial_report

LOG = a_rehearsal().log()
REPORT = trial_report(LOG, ReportMade("1"))


def test_every_number_is_worked_out_again_from_the_events_alone():
    """R-71: two ways of counting agree, number by number."""
    assert first_difference(REPORT, LOG) is None
    assert len(REPORT["numbers"]) > 100
