"""Take what the time itself asks for: lapses, ends, closed windows (R-01, R-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.deployment_due import DueStep, due_now, due_steps, due_transition
from overt.services.take_step import record

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.workplace import Workplace


def take_due_steps(workplace: Workplace, reading: UnitOfWorkFactory) -> tuple[Deployment, ...]:
    """Return the deployments that a due step has changed; purges are another service's.

    May be called at any time and as often as wanted; the steps are taken once.

    Args:
        workplace: Store, time, rules.
        reading: Opens a unit of work that only looks, so that nobody waits for nothing.

    Raises:
        TrialError: The store cannot be read or written.
    """
    now = workplace.clock.now()
    with reading() as uow:
        due = [d.deployment_id for d in uow.deployments.list() if _is_due(d, now)]
    return tuple(take_due_steps_of(workplace, deployment_id) for deployment_id in due)


def take_due_steps_of(workplace: Workplace, deployment_id: str) -> Deployment:
    """Return one deployment after every step that is due for it, each logged.

    Args:
        workplace: Store, time, rules.
        deployment_id: Which deployment.

    Raises:
        TrialError: The store cannot be read or written.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        policy = workplace.policies.get(deployment.policy_hash)
        while change := due_transition(deployment, policy, now):
            deployment = record(uow, change, None, now)
        uow.commit()
    return deployment


def _is_due(deployment: Deployment, now: datetime) -> bool:
    due = due_now(deployment, now)
    return due is not None and due.step is not DueStep.PURGE


def next_due_at(deployment: Deployment) -> datetime | None:
    """Return when the next step but a purge is due, or None.

    Args:
        deployment: As it stands.
    """
    waiting = (due.at for due in due_steps(deployment) if due.step is not DueStep.PURGE)
    return min(waiting, default=None)
