from __future__ import annotations

import hashlib

import pytest
from tests.unit.evaluation.trial_logs import a_rehearsal
from tests.unit.services.alerted import an_alerted_workplace

from overt.core.audit import line_of
from overt.core.audit_events import EventKind as K
from overt.core.canonical_json import canonical_json
from overt.core.statement import Statement
from overt.errors import AuditChainBrokenError, FiguresDifferError, RecordNotFoundError
from overt.evaluation.trial_report import ReportMade, trial_report
from overt.services.evaluate_trial import evaluate_trial, exported_trial, stored_trial

TEXT = "I could read the sign from across the street."


class Exported:
    """The ``ExportedLog`` port over some events."""

    def __init__(self, logged):
        self.logged = logged

    def lines(self):
        yield from map(line_of, self.logged)

    def note(self):
        return None


def stored(text=TEXT):
    """Return a store whose log holds a trial of three rehearsals and a statement."""
    workplace, logs = an_alerted_workplace(), a_rehearsal()
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    logs.add(K.STATEMENT_FILED, "d-1", "observer-1", statement_id="s-1", statement_sha256=digest)
    with workplace.open() as uow:
        for each in logs.logged:
            uow.audit.append(each.event)
        uow.statements.add(Statement("s-1", "d-1", "observer-1", logs.now, text))
        uow.commit()
    return workplace


def test_a_trial_is_evaluated_from_the_stored_log():
    """With the statement as it was filed, and everything else that the log holds besides."""
    with stored().open() as uow:
        found = evaluate_trial(uow, "t-1", software_version="1.2")
        size = uow.audit.size()

    assert found["numbers"]["alerts.all"]["value"] == 8
    assert (found["log"]["size"], found["software_version"]) == (size, "1.2")
    assert [each["text"] for each in found["statements"]] == [TEXT]


def test_store_and_export_give_the_same_report_byte_for_byte():
    """R-71: the file is enough."""
    with stored().open() as uow:
        from_store = trial_report(stored_trial(uow, "t-1"), ReportMade("1", {"s-1": TEXT}))
        export = Exported(uow.audit.read(0, 10_000))
    from_file = trial_report(exported_trial(export, "t-1"), ReportMade("1", {"s-1": TEXT}))

    assert canonical_json(from_store) == canonical_json(from_file)


def test_a_statement_that_was_edited_in_the_store_stops_the_report():
    """The log holds its digest."""
    with stored("Edited.").open() as uow, pytest.raises(FiguresDifferError):
        evaluate_trial(uow, "t-1", software_version="1")


def test_an_export_with_a_gap_gives_nothing():
    """A line is missing."""
    logged = a_rehearsal().logged
    with pytest.raises(AuditChainBrokenError):
        exported_trial(Exported([*logged[:9], *logged[10:]]), "t-1")


def test_a_trial_that_is_not_there():
    """Its identifier was mistyped."""
    with stored().open() as uow, pytest.raises(RecordNotFoundError):
        stored_trial(uow, "t-9")
