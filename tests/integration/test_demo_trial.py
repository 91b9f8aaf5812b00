"""The trial that the demonstration has behind it: three rehearsals, gone through as any other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.browser.console_process import CACHE

from overt.adapters.clock import SystemClock
from overt.bootstrap.demo import demo_home, prepare_demo
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

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Yield a demonstration with its trial, in its home."""
    CACHE.mkdir(parents=True, exist_ok=True)
    settings = Settings(home=tmp_path_factory.mktemp("demo") / "home", cache=CACHE)
    with demo_home(settings) as own:
        yield prepare_demo(own)


@pytest.fixture
def uow(demo):
    """Yield a look into its store."""
    with open_reader(demo.settings) as reading, reading() as opened:
        yield opened


def test_three_rehearsals_are_over_and_purged(uow):
    """In the order of the plan, all of one trial, which has ended; nothing operational is in it."""
    (trial,) = trials_of(uow)
    deployments = [uow.deployments.get(name) for name in trial.deployment_ids]

    assert [d.name for d in deployments] == [each.name for each in REHEARSALS]
    assert {d.state for d in deployments} == {DeploymentState.PURGED}
    assert {d.kind for d in deployments} == {DeploymentKind.REHEARSAL}
    assert trial.is_ended


def test_people_on_the_list_were_recognised_and_nobody_else_was(uow):
    """Every alert was passed on and confirmed, as the program knows who walked."""
    decided = [e.event for e in events_of_kinds(uow, EventKind.ALERT_DECIDED)]
    outcomes = [
        e.event.details["outcome"] for e in events_of_kinds(uow, EventKind.OUTCOME_RECORDED)
    ]

    assert {e.actor_id for e in decided} == {OPERATOR_PROGRAM, OFFICER_PROGRAM}
    assert len(outcomes) >= 8
    assert set(outcomes) == {"confirmed_true"}


def test_the_program_decides_after_five_seconds(uow):
    """A fixed time, which is nobody's."""
    decided = [e.event.details for e in events_of_kinds(uow, EventKind.ALERT_DECIDED)]

    assert {d["latency_s"] for d in decided if d["latency_s"] is not None} == {5.0}


def test_nothing_is_kept_a_moment_longer_than_allowed(uow):
    """R-19, R-33: 24 hours after the end by the log; alerts 24 hours after their picture."""
    purged = [e.event for e in events_of_kinds(uow, EventKind.DEPLOYMENT_PURGED)]
    raised = [e.event for e in events_of_kinds(uow, EventKind.ALERT_RAISED)]
    erased = [e.event for e in events_of_kinds(uow, EventKind.BIOMETRICS_ERASED)]
    first = datetime.fromisoformat(raised[0].details["captured_at"])

    for event in purged:
        deployment = uow.deployments.get(event.deployment_id)
        assert event.occurred_at == deployment.purge_due_at
    assert erased[0].occurred_at == first + timedelta(hours=24)


def test_time_goes_forward_and_is_past(uow):
    """The log of the trial is older than the demonstration that has it."""
    times = [e.event.occurred_at for e in uow.audit.read(0, 10_000)]

    assert times == sorted(times)
    assert times[-1] <= SystemClock().now()


def test_nothing_of_the_faces_is_left(demo, uow):
    """R-30, R-31: the proof of each of the three finds nothing."""
    (trial,) = trials_of(uow)
    proofs = [prove_privacy(name, demo.settings) for name in trial.deployment_ids]

    assert [proof.findings for proof in proofs] == [()] * 3


def test_a_scene_s_clock_never_goes_back():
    """A frame that comes late changes nothing."""
    now = datetime(2026, 3, 3, 10, tzinfo=UTC)
    clock = SceneClock(now)

    clock.reach(datetime(2026, 3, 3, 9, tzinfo=UTC))

    assert clock.now() == now
