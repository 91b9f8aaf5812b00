"""The rules of a trial: who may, which deployments it takes, when it may end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.planned import a_plan

from overt.core.audit import AuditEvent, LoggedEvent
from overt.core.deployment import DeploymentKind
from overt.core.trial import (
    AdditionFacts,
    EndedBy,
    Trial,
    addition,
    ending,
    registration,
    trials_in,
)
from overt.errors import (
    ReasonMissingError,
    RoleForbiddenError,
    TrialDeploymentTakenError,
    TrialTooLateError,
    TrialWrongStateError,
    WrongKindError,
    WrongStateError,
)

TRIAL = Trial("t-1", a_plan(), DeploymentKind.OPERATIONAL, g.BUILT_AT, "evaluator-1")
OVER = replace(TRIAL, ended_at=g.OPENS, ended_by=EndedBy.OTHER, reason="No more money")
FRESH = AdditionFacts((), trial_id=None, has_been_live=False)


def three(*deployments):
    """Return three members: those given, and drafts."""
    return (*deployments, *[g.drafted()] * (3 - len(deployments)))


def test_a_registration_holds_the_whole_plan():
    """What a trial was to show is read from the log alone."""
    details = registration("t-1", a_plan(), DeploymentKind.REHEARSAL, g.EVALUATOR)
    assert details == {
        "trial_id": "t-1",
        "plan_sha256": a_plan().sha256(),
        "plan": a_plan().document(),
        "deployment_kind": "rehearsal",
    }


@pytest.mark.parametrize("actor", [a for a in g.EVERYONE if a is not g.EVALUATOR])
def test_nobody_but_an_evaluator_may(actor):
    """Not the applicant either, who wants the deployment to succeed."""
    with pytest.raises(RoleForbiddenError):
        registration("t-1", a_plan(), DeploymentKind.OPERATIONAL, actor)
    with pytest.raises(RoleForbiddenError):
        addition(TRIAL, g.authorised(), actor, FRESH)
    with pytest.raises(RoleForbiddenError):
        ending(TRIAL, actor, (), note="Done")


@pytest.mark.parametrize("deployment", [g.drafted(), g.authorised(), g.ready()])
def test_a_deployment_is_put_in_before_it_goes_live(deployment):
    """From the draft to the last minute."""
    assert addition(TRIAL, deployment, g.EVALUATOR, FRESH) == {"trial_id": "t-1"}


@pytest.mark.parametrize(
    ("trial", "deployment", "facts", "error"),
    [
        (OVER, g.authorised(), {}, TrialWrongStateError),
        (TRIAL, g.authorised(), {"trial_id": "t-0"}, TrialDeploymentTakenError),
        (TRIAL, g.a_rehearsal(), {}, WrongKindError),
        (TRIAL, g.live(), {"has_been_live": True}, TrialTooLateError),
        (TRIAL, g.cancelled_early(), {}, WrongStateError),
        (TRIAL, g.refused_at_once(), {}, WrongStateError),
        (TRIAL, g.authorised(), {"members": three()}, TrialWrongStateError),
    ],
)
def test_a_deployment_that_does_not_belong_is_refused(trial, deployment, facts, error):
    """What was seen already, what is in another trial, and what would mix or lengthen it."""
    with pytest.raises(error):
        addition(trial, deployment, g.EVALUATOR, replace(FRESH, **facts))


def test_a_cancelled_deployment_may_be_replaced():
    """It showed nothing, so that another in its place does not make the trial longer."""
    facts = replace(FRESH, members=three(g.cancelled_early()))
    assert addition(TRIAL, g.authorised(), g.EVALUATOR, facts)


DONE = (g.ended_early(), g.purged_in_time(), g.published_at_last())


@pytest.mark.parametrize(
    ("members", "how", "ended_by", "reason"),
    [
        (DONE, {}, "all_done", "all 3 planned deployments are done"),
        ((), {"stop_rule": 1}, "stop_rule", "stop rule 1: It was advised to suspend"),
        ((), {"note": " No more money "}, "other", "No more money"),
        (
            DONE[:1],
            {"stop_rule": 1, "note": "after an hour"},
            "stop_rule",
            "stop rule 1: It was advised to suspend (after an hour)",
        ),
    ],
)
def test_a_trial_ends_by_its_plan_or_says_why_not(members, how, ended_by, reason):
    """As planned, by a rule that was fixed before, or for any other reason, which is stated."""
    details = ending(TRIAL, g.EVALUATOR, members, **how)
    assert (details["ended_by"], details["reason"]) == (ended_by, reason)
    assert (details["stop_rule"], details["n_done"]) == (how.get("stop_rule"), len(members))


@pytest.mark.parametrize(
    ("trial", "members", "how", "error"),
    [
        (OVER, DONE, {}, TrialWrongStateError),
        (TRIAL, DONE[:2], {}, TrialWrongStateError),
        (TRIAL, (*DONE[:2], g.cancelled_early()), {}, TrialWrongStateError),
        (TRIAL, (g.live(),), {"note": "Enough"}, TrialWrongStateError),
        (TRIAL, (g.suspended_at_once(),), {"stop_rule": 1}, TrialWrongStateError),
        (TRIAL, DONE, {"stop_rule": 2}, TrialWrongStateError),
        (TRIAL, DONE, {"stop_rule": 0}, TrialWrongStateError),
        (TRIAL, DONE, {"note": "  "}, ReasonMissingError),
    ],
)
def test_a_trial_that_may_not_end_goes_on(trial, members, how, error):
    """While something runs, before the plan is done, by a rule that it does not have."""
    with pytest.raises(error):
        ending(trial, g.EVALUATOR, members, **how)


def logged(kind, details, deployment_id=None, actor_id="evaluator-1"):
    """Return an event as it comes from the log."""
    event = AuditEvent(kind, g.BUILT_AT, actor_id, deployment_id, details)
    return LoggedEvent(0, event, bytes(32), bytes(32))


def test_the_log_tells_every_trial():
    """Registration, deployments in their order, reports, the end; other events are passed over."""
    kind, evaluator = DeploymentKind.OPERATIONAL, g.EVALUATOR
    found = trials_in(
        [
            logged("TrialRegistered", registration("t-1", a_plan(), kind, evaluator)),
            logged("TrialRegistered", registration("t-2", a_plan(title="Other"), kind, evaluator)),
            logged("TrialDeploymentAdded", {"trial_id": "t-1"}, "d-2"),
            logged("TrialDeploymentAdded", {"trial_id": "t-1"}, "d-1"),
            logged("TrialDeploymentAdded", {"trial_id": "t-9"}, "d-3"),
            logged("DeploymentEnded", {"reason": "Done"}, "d-1"),
            logged("TrialReported", {"trial_id": "t-1", "report_sha256": "a" * 64}),
            logged("TrialEnded", {"trial_id": "t-1", **ending(TRIAL, evaluator, DONE)}),
        ]
    )
    first = replace(
        TRIAL,
        deployment_ids=("d-2", "d-1"),
        ended_at=g.BUILT_AT,
        ended_by=EndedBy.ALL_DONE,
        reason="all 3 planned deployments are done",
        report_digests=("a" * 64,),
    )
    second = Trial("t-2", a_plan(title="Other"), kind, g.BUILT_AT, "evaluator-1")
    assert found == (first, second)
    assert (first.is_ended, second.is_ended) == (True, False)


def test_a_trial_as_a_document():
    """Plain values: its plan with the digest, and where it stands."""
    running, over = TRIAL.document(), replace(OVER, deployment_ids=("d-1",)).document()

    assert running["plan"] == a_plan().document()
    assert running["plan_sha256"] == a_plan().sha256()
    assert (running["is_ended"], running["ended_at"], running["ended_by"]) == (False, None, None)
    assert over["ended_at"] == g.OPENS.isoformat()
    assert (over["is_ended"], over["ended_by"], over["reason"]) == (True, "other", "No more money")
    assert over["deployment_ids"] == ["d-1"]
