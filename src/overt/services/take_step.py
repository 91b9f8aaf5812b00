"""Take one step of a deployment: decide, log and save in one unit of work, or log the refusal.

Every verb of the life cycle goes through here, so that no step is ever saved
without its line in the audit log, and no refusal goes unlogged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, UNKNOWN_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.errors import RecordNotFoundError, RuleError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from overt.core.deployment import Change, Deployment
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.errors import TrialError
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

    Decide = Callable[[Deployment, Actor, Policy, datetime], Change]


def take_step(
    workplace: Workplace, deployment_id: str, actor_id: str, action: str, decide: Decide
) -> Deployment:
    """Return the deployment after a step that somebody asked for.

    Args:
        workplace: Store, time, rules.
        deployment_id: Which deployment.
        actor_id: Who asks.
        action: The step in words, for the log where it is refused.
        decide: The pure step: deployment, actor, policy and time to a change.

    Raises:
        RuleError: The step is not allowed; the refusal has been logged.
        RecordNotFoundError: There is no such deployment, actor or policy.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, action, deployment_id, now)
        policy = workplace.policies.get(deployment.policy_hash)
        try:
            change = decide(deployment, actor, policy, now)
        except RuleError as error:
            log_refusal(uow, error, action, actor_id, deployment_id, now)
            raise
        saved = record(uow, change, actor_id, now)
        uow.commit()
    return saved


def acting(
    uow: UnitOfWork, actor_id: str, action: str, deployment_id: str | None, now: datetime
) -> Actor:
    """Return the account of who asks; where there is none, the attempt is logged.

    What was typed in place of an identifier stays out of the log: it may be anything. A closed
    account is returned; the rules refuse it.

    Args:
        uow: An open unit of work in which nothing was changed yet.
        actor_id: Who asks, as typed.
        action: What is asked, in words.
        deployment_id: About which deployment, if any; it is there.
        now: Aware UTC.

    Raises:
        RecordNotFoundError: There is no such account.
    """
    try:
        return uow.actors.get(actor_id)
    except RecordNotFoundError as error:
        log_refusal(uow, error, action, UNKNOWN_ACTOR, deployment_id, now)
        raise


def record(uow: UnitOfWork, change: Change, actor_id: str | None, now: datetime) -> Deployment:
    """Save a change and append its event; the caller commits.

    Args:
        uow: An open unit of work.
        change: What a pure step made.
        actor_id: Who took it; None for the software itself.
        now: Aware UTC.
    """
    saved = uow.deployments.save(change.deployment)
    uow.audit.append(
        AuditEvent(
            change.event_kind,
            now,
            actor_id or SYSTEM_ACTOR,
            change.deployment.deployment_id,
            change.details,
        )
    )
    return saved


def log_refusal(
    uow: UnitOfWork,
    error: TrialError,
    action: str,
    actor_id: str,
    deployment_id: str | None,
    now: datetime,
) -> None:
    """Append and commit that something was refused; nothing else of the unit of work stands.

    Args:
        uow: An open unit of work in which nothing was changed yet.
        error: Why.
        action: What was asked, in words.
        actor_id: Who asked; ``UNKNOWN_ACTOR`` where that is no account.
        deployment_id: About which deployment, if any.
        now: Aware UTC.
    """
    details = {"action": action, "code": error.code}
    uow.audit.append(AuditEvent(EventKind.ACCESS_DENIED, now, actor_id, deployment_id, details))
    uow.commit()
