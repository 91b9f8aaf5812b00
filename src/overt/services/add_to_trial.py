"""Put a deployment into a trial, before it first goes live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.trial import ADD, AdditionFacts, addition
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal
from overt.services.view_trials import has_been_live, members_of, trial_of, trial_with

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.roles import Actor
    from overt.core.trial import Trial
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace


def add_to_trial(workplace: Workplace, actor_id: str, trial_id: str, deployment_id: str) -> Trial:
    """Return the trial with another deployment in it.

    Args:
        workplace: Store, time.
        actor_id: An evaluator.
        trial_id: A trial that is under way.
        deployment_id: Of the trial's kind; in no trial, and never live up to now.

    Raises:
        RuleError: Not allowed; this has been logged.
        RecordNotFoundError: There is no such trial, deployment or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        trial = trial_of(uow, trial_id)
        deployment_id = uow.deployments.get(deployment_id).deployment_id
        actor = acting(uow, actor_id, ADD, deployment_id, now)
        uow.audit.append(put_in(uow, trial, deployment_id, actor, now))
        uow.commit()
        return trial_of(uow, trial_id)


def put_in(
    uow: UnitOfWork, trial: Trial, deployment_id: str, actor: Actor, now: datetime
) -> AuditEvent:
    """Return the event that puts a deployment into a trial; the caller appends and commits.

    Args:
        uow: An open unit of work in which nothing was changed yet.
        trial: With the deployments that are in it, or are about to be.
        deployment_id: Which is to follow.
        actor: Who asks.
        now: Aware UTC.

    Raises:
        RuleError: Not allowed; this has been logged.
        RecordNotFoundError: There is no such deployment.
    """
    deployment = uow.deployments.get(deployment_id)
    earlier = trial if deployment_id in trial.deployment_ids else trial_with(uow, deployment_id)
    facts = AdditionFacts(
        members_of(uow, trial),
        None if earlier is None else earlier.trial_id,
        has_been_live(uow, deployment_id),
    )
    try:
        details = addition(trial, deployment, actor, facts)
    except RuleError as error:
        log_refusal(uow, error, ADD, actor.actor_id, deployment_id, now)
        raise
    kind = EventKind.TRIAL_DEPLOYMENT_ADDED
    return AuditEvent(kind, now, actor.actor_id, deployment_id, details)
