"""Fix the operating point, go live, suspend, resume, end: the steps around LIVE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core import deployment_live as steps
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.errors import DeploymentNotReadyError
from overt.services.take_step import take_step

if TYPE_CHECKING:
    from overt.core.deployment import Calibration, Deployment
    from overt.core.gates import LiveFacts
    from overt.services.workplace import Workplace


def fix_operating_point(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    calibration: Calibration,
    *,
    reason: str,
) -> Deployment:
    """Return the deployment with its operating point fixed (R-40).

    Args:
        workplace: Store, time, rules.
        actor_id: A system engineer or evaluator.
        deployment_id: Which deployment.
        calibration: Operating point, pack, and the evidence behind the threshold.
        reason: Why this one.

    Raises:
        RuleError: Not allowed now, or below the policy's floor.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "fix the operating point",
        lambda deployment, actor, policy, now: steps.calibrate(
            deployment, actor, calibration, policy, now, reason=reason
        ),
    )


def go_live(
    workplace: Workplace, actor_id: str, deployment_id: str, facts: LiveFacts
) -> Deployment:
    """Return the deployment live, if nothing at all is missing.

    A refusal is logged with the requirement of every unmet condition.

    Args:
        workplace: Store, time, rules.
        actor_id: Who asks.
        deployment_id: Which deployment.
        facts: What only the edge can know.

    Raises:
        DeploymentNotReadyError: Conditions are not met; it names all of them.
        RuleError: Not allowed now.
    """
    try:
        return take_step(
            workplace,
            deployment_id,
            actor_id,
            "go live",
            lambda deployment, actor, policy, now: steps.go_live(
                deployment, actor, facts, policy, now
            ),
        )
    except DeploymentNotReadyError as error:
        _log_live_refused(workplace, actor_id, deployment_id, error)
        raise


def suspend(workplace: Workplace, actor_id: str, deployment_id: str, *, reason: str) -> Deployment:
    """Return the live deployment suspended at all its sites (R-07).

    Args:
        workplace: Store, time, rules.
        actor_id: Who stops it.
        deployment_id: A live deployment.
        reason: Why.

    Raises:
        RuleError: Not allowed now.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "suspend the deployment",
        lambda deployment, actor, _policy, _now: steps.suspend(deployment, actor, reason=reason),
    )


def resume(
    workplace: Workplace, actor_id: str, deployment_id: str, facts: LiveFacts, *, reason: str
) -> Deployment:
    """Return the suspended deployment live again, if nothing is missing now.

    Args:
        workplace: Store, time, rules.
        actor_id: Who asks.
        deployment_id: A suspended deployment.
        facts: What only the edge can know.
        reason: Why it may go on.

    Raises:
        DeploymentNotReadyError: Conditions are not met; it names all of them.
        RuleError: Not allowed now.
    """
    try:
        return take_step(
            workplace,
            deployment_id,
            actor_id,
            "resume the deployment",
            lambda deployment, actor, policy, now: steps.resume(
                deployment, actor, facts, policy, now, reason=reason
            ),
        )
    except DeploymentNotReadyError as error:
        _log_live_refused(workplace, actor_id, deployment_id, error)
        raise


def end(workplace: Workplace, actor_id: str, deployment_id: str, *, reason: str) -> Deployment:
    """Return the deployment ended, with the deadline of its purge (R-19).

    Args:
        workplace: Store, time, rules.
        actor_id: Who ends it.
        deployment_id: A live or suspended deployment.
        reason: Why.

    Raises:
        RuleError: Not allowed now.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "end the deployment",
        lambda deployment, actor, policy, now: steps.end(
            deployment, actor, policy, now, reason=reason
        ),
    )


def _log_live_refused(
    workplace: Workplace, actor_id: str, deployment_id: str, error: DeploymentNotReadyError
) -> None:
    details = {"unmet": [condition[0] for condition in error.unmet]}
    event = AuditEvent(
        EventKind.LIVE_REFUSED, workplace.clock.now(), actor_id, deployment_id, details
    )
    with workplace.open() as uow:
        uow.audit.append(event)
        uow.commit()
