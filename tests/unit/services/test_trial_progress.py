"""How far a trial has come: from the log, each event read once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.planned import a_plan
from tests.unit.services.alerted import add_alert
from tests.unit.services.listing import a_workplace

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.watchlist import ListKind
from overt.services.end_trial import end_trial
from overt.services.register_trial import register_trial
from overt.services.trial_progress import CountedEvents, Counts, trial_progress


@pytest.fixture
def workplace():
    """Return a workplace with three deployments that are authorised and one that has ended."""
    workplace = a_workplace()
    with workplace.open() as uow:
        for number, deployment in enumerate((g.authorised(), g.authorised(), g.ended_early()), 2):
            uow.deployments.add(replace(deployment, deployment_id=f"d-{number}"))
        uow.commit()
    return workplace


def minute(workplace, deployment_id, n_faces):
    """Log a minute of faces."""
    details = {"camera_id": "c", "minute": g.OPENS.isoformat(), "searches": 0}
    details |= {"faces_seen": n_faces}
    with workplace.open() as uow:
        kind = EventKind.MINUTE_COUNTED
        uow.audit.append(AuditEvent(kind, g.OPENS, "system", deployment_id, details))
        uow.commit()


def progress_of(workplace, trial_id, counted):
    """Return how far a trial has come."""
    with workplace.open() as uow:
        return trial_progress(uow, trial_id, counted)


def test_counts_add_up_and_are_read_on(workplace):
    """What came since the last look is added; other deployments' faces are not."""
    kind, counted = DeploymentKind.OPERATIONAL, CountedEvents()
    trial = register_trial(workplace, "evaluator-1", a_plan(), kind, ["d-2", "d-4"])
    minute(workplace, "d-2", 100)
    minute(workplace, "d-3", 999)
    first = progress_of(workplace, trial.trial_id, counted)
    minute(workplace, "d-4", 20)
    add_alert(workplace)
    again = progress_of(workplace, trial.trial_id, counted)

    assert first.total == Counts(faces_seen=100)
    assert [m.counts.faces_seen for m in again.members] == [100, 20]
    assert again.total == Counts(faces_seen=120)
    assert progress_of(workplace, trial.trial_id, CountedEvents()) == again
    assert (again.n_done, [m.is_done for m in again.members]) == (1, [False, True])


def test_what_may_be_put_in(workplace):
    """Neither what is in a trial nor what has ended; nothing once the trial is over."""
    kind, counted = DeploymentKind.OPERATIONAL, CountedEvents()
    trial = register_trial(workplace, "evaluator-1", a_plan(), kind, ["d-2"])
    found = progress_of(workplace, trial.trial_id, counted)
    assert [d.deployment_id for d in found.addable] == ["d-1", "d-3"]
    end_trial(workplace, "evaluator-1", trial.trial_id, note="Flood")
    assert progress_of(workplace, trial.trial_id, counted).addable == ()


def test_a_rehearsal_counts_alerts_as_its_report_does():
    """Alerts about volunteers: one of two was dismissed as somebody else."""
    workplace, counted = a_workplace(replace(g.a_rehearsal(), deployment_id="d-1")), CountedEvents()
    kind = DeploymentKind.REHEARSAL
    trial = register_trial(workplace, "evaluator-1", a_plan(), kind, ["d-1"])
    minute(workplace, "d-1", 20)
    for name in ("a-1", "a-2"):
        add_alert(workplace, alert_id=name, list_kind=ListKind.BLUE)
    details = {"alert_id": "a-1", "decision_id": "x", "step": "operator", "verdict": "dismissed"}
    details |= {"list_kind": "blue", "reason_codes": ("different_person",), "latency_s": 4.0}
    with workplace.open() as uow:
        decided = EventKind.ALERT_DECIDED
        uow.audit.append(AuditEvent(decided, g.OPENS, "operator-1", "d-1", details))
        uow.commit()

    found = progress_of(workplace, trial.trial_id, counted).total

    assert found == Counts(faces_seen=20, alerts=2, false_alerts=1, unresolved=1)


def test_rates_come_with_their_counts():
    """By hand; without faces there is no rate, and no error."""
    counts = Counts(
        faces_seen=4000, alerts=4, false_alerts=2, unresolved=1, passes=10, recognised=7
    )
    rates = counts.per_face(), counts.per_alert(), counts.recognition()
    assert [(rate.count, rate.total) for rate in rates] == [(2, 4000), (2, 4), (7, 10)]
    assert Counts(alerts=1, false_alerts=1).per_face() is None
    assert Counts().per_face().text() == "not defined (0 of 0)"
