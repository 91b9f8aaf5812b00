"""Trials as use cases: the log is the only place that knows them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.planned import a_plan
from tests.unit.services.listing import a_workplace, events_of, kinds_of

from overt.core.audit import AuditEvent
from overt.core.deployment import DeploymentKind
from overt.errors import (
    RecordNotFoundError,
    RoleForbiddenError,
    TrialDeploymentTakenError,
    TrialTooLateError,
    TrialWrongStateError,
    WrongKindError,
)
from overt.services.add_to_trial import add_to_trial
from overt.services.end_trial import end_trial
from overt.services.register_trial import register_trial
from overt.services.view_trials import members_of, trial_of, trial_with, trials_of

OPERATIONAL, REHEARSAL = DeploymentKind.OPERATIONAL, DeploymentKind.REHEARSAL


@pytest.fixture
def workplace():
    """Return a workplace with two authorised deployments and a rehearsal."""
    workplace = a_workplace()
    with workplace.open() as uow:
        uow.deployments.add(replace(g.authorised(), deployment_id="d-2"))
        uow.deployments.add(replace(g.a_rehearsal(), deployment_id="d-3"))
        uow.commit()
    return workplace


def registered(workplace, *deployment_ids, actor="evaluator-1", kind=OPERATIONAL, **changes):
    """Return a trial that an evaluator registered."""
    return register_trial(workplace, actor, a_plan(**changes), kind, deployment_ids)


def went_live(workplace, deployment_id="d-1"):
    """Log that a deployment went live, as its run does."""
    details = dict.fromkeys(("operating_point_digest", "pack_digest", "policy_hash"), "x")
    event = AuditEvent(
        "DeploymentWentLive", g.OPENS, "operator-1", deployment_id, {**details, "n_entries": 3}
    )
    with workplace.open() as uow:
        uow.audit.append(event)
        uow.commit()


def become(workplace, deployment):
    """Put a deployment into a state, as the way to it is not of interest here."""
    with workplace.open() as uow:
        version = uow.deployments.get(deployment.deployment_id).version
        uow.deployments.save(replace(deployment, version=version))
        uow.commit()


def test_a_trial_is_registered_with_its_plan(workplace):
    """The log holds the whole plan; the trial that is found again has it."""
    trial = registered(workplace)
    event = events_of(workplace)[-1]

    assert (event.kind, event.actor_id, event.deployment_id) == (
        "TrialRegistered",
        "evaluator-1",
        None,
    )
    assert event.details["plan_sha256"] == a_plan().sha256() == trial.plan.sha256()
    assert trial.plan == a_plan()
    with workplace.open() as uow:
        assert trials_of(uow) == (trial,)
        assert trial_of(uow, trial.trial_id) == trial


def test_deployments_are_put_in_one_by_one_or_at_once(workplace):
    """Each by an event of its own, which names the deployment."""
    trial = registered(workplace, "d-1")
    trial = add_to_trial(workplace, "evaluator-1", trial.trial_id, "d-2")

    assert trial.deployment_ids == ("d-1", "d-2")
    added = [event for event in events_of(workplace) if event.kind == "TrialDeploymentAdded"]
    assert [event.deployment_id for event in added] == ["d-1", "d-2"]
    assert [dict(event.details) for event in added] == [{"trial_id": trial.trial_id}] * 2
    with workplace.open() as uow:
        assert [d.deployment_id for d in members_of(uow, trial)] == ["d-1", "d-2"]
        assert trial_with(uow, "d-2") == trial
        assert trial_with(uow, "d-3") is None


def test_only_an_evaluator_registers_adds_and_ends(workplace):
    """Every refusal is logged."""
    trial = registered(workplace)
    with pytest.raises(RoleForbiddenError):
        registered(workplace, actor="authority-1")
    with pytest.raises(RoleForbiddenError):
        add_to_trial(workplace, "applicant-1", trial.trial_id, "d-1")
    with pytest.raises(RoleForbiddenError):
        end_trial(workplace, "auditor-1", trial.trial_id, note="Enough")
    refusals = [event for event in events_of(workplace) if event.kind == "AccessDenied"]
    assert [event.details["action"] for event in refusals] == [
        "register a trial",
        "put a deployment into a trial",
        "end a trial",
    ]
    assert {event.details["code"] for event in refusals} == {"rule.role_forbidden"}


def test_a_registration_is_refused_once_a_deployment_of_it_has_been_live(workplace):
    """Nothing of it stands: neither the plan nor the deployments before."""
    went_live(workplace, "d-2")
    with pytest.raises(TrialTooLateError):
        registered(workplace, "d-1", "d-2")

    assert "TrialRegistered" not in kinds_of(workplace)
    assert "TrialDeploymentAdded" not in kinds_of(workplace)
    assert events_of(workplace)[-1].details["code"] == "trial.too_late"
    assert events_of(workplace)[-1].deployment_id == "d-2"


@pytest.mark.parametrize("state", [g.live(), g.suspended_at_once(), g.ended_early()])
def test_a_deployment_is_not_put_in_once_it_has_been_live(workplace, state):
    """Whatever became of it since: its results may be known."""
    trial = registered(workplace)
    went_live(workplace)
    become(workplace, state)
    with pytest.raises(TrialTooLateError):
        add_to_trial(workplace, "evaluator-1", trial.trial_id, "d-1")


def test_a_deployment_is_in_one_trial_at_the_most(workplace):
    """Neither in another one, nor twice in the same, nor twice in a registration."""
    one, other = registered(workplace, "d-1"), registered(workplace, title="Other")
    for trial in (one, other):
        with pytest.raises(TrialDeploymentTakenError, match=one.trial_id):
            add_to_trial(workplace, "evaluator-1", trial.trial_id, "d-1")
    with pytest.raises(TrialDeploymentTakenError):
        registered(workplace, "d-2", "d-2")


def test_rehearsals_and_operational_deployments_are_never_mixed(workplace):
    """R-22: in either direction."""
    operational, rehearsals = registered(workplace), registered(workplace, kind=REHEARSAL)
    with pytest.raises(WrongKindError):
        add_to_trial(workplace, "evaluator-1", operational.trial_id, "d-3")
    with pytest.raises(WrongKindError):
        add_to_trial(workplace, "evaluator-1", rehearsals.trial_id, "d-1")
    assert add_to_trial(workplace, "evaluator-1", rehearsals.trial_id, "d-3").deployment_ids


def test_a_trial_does_not_become_longer_than_its_plan(workplace):
    """One planned deployment, and no second."""
    trial = registered(workplace, "d-1", n_deployments=1)
    with pytest.raises(TrialWrongStateError):
        add_to_trial(workplace, "evaluator-1", trial.trial_id, "d-2")


def test_a_trial_ends_once_its_deployments_are_done(workplace):
    """Not before; afterwards nothing is put into it, and it does not end twice."""
    trial = registered(workplace, "d-1", n_deployments=1)
    with pytest.raises(TrialWrongStateError):
        end_trial(workplace, "evaluator-1", trial.trial_id)
    become(workplace, g.ended_early())
    ended = end_trial(workplace, "evaluator-1", trial.trial_id)

    assert (ended.ended_at, ended.ended_by) == (workplace.clock.now(), "all_done")
    assert dict(events_of(workplace)[-1].details) == {
        "trial_id": trial.trial_id,
        "reason": "all 1 planned deployments are done",
        "ended_by": "all_done",
        "stop_rule": None,
        "n_done": 1,
    }
    for again in (
        lambda: end_trial(workplace, "evaluator-1", trial.trial_id),
        lambda: add_to_trial(workplace, "evaluator-1", trial.trial_id, "d-2"),
    ):
        with pytest.raises(TrialWrongStateError, match="is over"):
            again()
        assert kinds_of(workplace)[-1] == "AccessDenied"


def test_what_is_not_there_is_not_found(workplace):
    """No trial, no deployment, no account; nothing is then registered."""
    trial = registered(workplace)
    with pytest.raises(RecordNotFoundError):
        add_to_trial(workplace, "evaluator-1", "trial-9", "d-1")
    with pytest.raises(RecordNotFoundError):
        add_to_trial(workplace, "evaluator-1", trial.trial_id, "d-9")
    with pytest.raises(RecordNotFoundError):
        end_trial(workplace, "nobody-1", trial.trial_id, note="Enough")
    assert events_of(workplace)[-1].actor_id == "unknown"
    with pytest.raises(RecordNotFoundError):
        registered(workplace, "d-9")
    with workplace.open() as uow:
        assert trials_of(uow) == (trial,)


def test_trials_are_found_however_long_the_log_is(workplace):
    """They are looked for page by page: 1,100 deployments in one trial."""
    trial = registered(workplace, n_deployments=2000)
    with workplace.open() as uow:
        for number in range(1100):
            details = {"trial_id": trial.trial_id}
            kind, name = "TrialDeploymentAdded", f"x-{number}"
            uow.audit.append(AuditEvent(kind, g.OPENS, "evaluator-1", name, details))
        uow.commit()
        found = trial_of(uow, trial.trial_id)
    assert found.deployment_ids == tuple(f"x-{number}" for number in range(1100))
