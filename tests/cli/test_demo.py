"""``overt demo``: what a newcomer sees first, and the trial that it has behind it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from overt.adapters.clock import SystemClock
from overt.bootstrap.demo_clock import SceneClock
from overt.bootstrap.demo_people import OFFICER_PROGRAM, OPERATOR_PROGRAM
from overt.bootstrap.demo_rehearsals import REHEARSALS
from overt.bootstrap.purging import prove_privacy
from overt.bootstrap.store import open_reader
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.services.find_events import events_of_kinds
from overt.services.view_trials import trials_of
from overt.settings import Settings


@pytest.mark.slow
def test_the_trial_of_the_demonstration(overt, cache):
    """Run once, as it takes long: each part below is a claim of its own."""
    ran = overt("demo", "--once")
    settings = Settings(home=overt.home / "demo", cache=cache)

    it_ends_with_a_summary_that_anybody_can_read(ran)
    with open_reader(settings) as reading, reading() as uow:
        (trial,) = trials_of(uow)
        three_rehearsals_are_over_and_purged(uow, trial)
        people_on_the_list_were_recognised_and_nobody_else_was(uow)
        the_program_decides_after_five_seconds(uow)
        nothing_is_kept_a_moment_longer_than_allowed(uow)
        time_goes_forward_and_is_past(uow)
    nothing_of_the_faces_is_left(trial, settings)
    its_report_verifies_until_a_digit_is_changed(overt)


def it_ends_with_a_summary_that_anybody_can_read(ran):
    """Exit status 0, within 80 columns."""
    assert (ran.status, ran.err) == (0, "")
    assert "This was a rehearsal" in ran.out
    assert "3 deployments of 3 planned ran" in ran.out
    assert "- No alert named somebody else" in ran.out
    assert "Verified: " in ran.out
    lines = [line for line in ran.out.splitlines() if not line.startswith("The report for readers")]
    assert max(len(line) for line in lines) <= 80


def three_rehearsals_are_over_and_purged(uow, trial):
    """In the order of the plan, all of one trial, which has ended; nothing operational is in it."""
    deployments = [uow.deployments.get(name) for name in trial.deployment_ids]

    assert [d.name for d in deployments] == [each.name for each in REHEARSALS]
    assert {d.state for d in deployments} == {DeploymentState.PURGED}
    assert {d.kind for d in deployments} == {DeploymentKind.REHEARSAL}
    assert trial.is_ended


def people_on_the_list_were_recognised_and_nobody_else_was(uow):
    """Every alert was passed on and confirmed, as the program knows who walked."""
    decided = [e.event for e in events_of_kinds(uow, EventKind.ALERT_DECIDED)]
    outcomes = [
        e.event.details["outcome"] for e in events_of_kinds(uow, EventKind.OUTCOME_RECORDED)
    ]

    assert {e.actor_id for e in decided} == {OPERATOR_PROGRAM, OFFICER_PROGRAM}
    assert len(outcomes) >= 8
    assert set(outcomes) == {"confirmed_true"}


def the_program_decides_after_five_seconds(uow):
    """A fixed time, which is nobody's."""
    decided = [e.event.details for e in events_of_kinds(uow, EventKind.ALERT_DECIDED)]

    assert {d["latency_s"] for d in decided if d["latency_s"] is not None} == {5.0}


def nothing_is_kept_a_moment_longer_than_allowed(uow):
    """R-19, R-33: 24 hours after the end by the log; alerts 24 hours after their picture."""
    purged = [e.event for e in events_of_kinds(uow, EventKind.DEPLOYMENT_PURGED)]
    raised = [e.event for e in events_of_kinds(uow, EventKind.ALERT_RAISED)]
    erased = [e.event for e in events_of_kinds(uow, EventKind.BIOMETRICS_ERASED)]
    first = datetime.fromisoformat(raised[0].details["captured_at"])

    for event in purged:
        deployment = uow.deployments.get(event.deployment_id)
        assert event.occurred_at == deployment.purge_due_at
    assert erased[0].occurred_at == first + timedelta(hours=24)


def time_goes_forward_and_is_past(uow):
    """The log of the trial is older than the demonstration that has it."""
    times = [e.event.occurred_at for e in uow.audit.read(0, 10_000)]

    assert times == sorted(times)
    assert times[-1] <= SystemClock().now()


def nothing_of_the_faces_is_left(trial, settings):
    """R-30, R-31: the proof of each of the three finds nothing."""
    proofs = [prove_privacy(name, settings) for name in trial.deployment_ids]

    assert [proof.findings for proof in proofs] == [()] * 3


def its_report_verifies_until_a_digit_is_changed(overt):
    """Whatever is changed; here what anybody reads first."""
    report = overt.home / "demo" / "trial-report"
    page = report / "report.html"
    key = next((overt.home / "demo" / "keys").glob("*.pub"))
    assert overt("report", "verify", str(report), "--key", str(key)).status == 0
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("3 of 3 planned", "4 of 3 planned"), encoding="utf-8")
    assert overt("report", "verify", str(report), "--key", str(key)).status == 3


def test_a_scene_s_clock_never_goes_back():
    """A frame that comes late changes nothing."""
    now = datetime(2026, 3, 3, 10, tzinfo=UTC)
    clock = SceneClock(now)

    clock.reach(datetime(2026, 3, 3, 9, tzinfo=UTC))

    assert clock.now() == now


@pytest.mark.parametrize("option", [("--json",), ("--keep",), ("--no-trial",), ("--port", "0")])
def test_what_is_for_the_console_is_refused_where_there_is_none(overt, option):
    """An option without effect is no option."""
    assert overt("demo", "--once", *option).status == 2
