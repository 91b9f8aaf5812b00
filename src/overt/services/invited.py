"""Which deployments an observer may look at: those of the invitations that hold (R-64)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.invitation import seen_by_invitation
from overt.errors import NotInvitedError
from overt.services.observe_live import OPEN_TO_OBSERVERS
from overt.services.view_trials import trial_of, trials_of

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.invitation import Invitation
    from overt.core.trial import Trial
    from overt.ports.store import UnitOfWork


def require_invited(uow: UnitOfWork, actor_id: str, deployment_id: str, now: datetime) -> None:
    """Let pass only an observer who may look at a deployment now.

    Args:
        uow: An open unit of work.
        actor_id: An observer.
        deployment_id: Which deployment.
        now: Aware UTC.

    Raises:
        NotInvitedError: Not invited to it, or no longer.
    """
    seen = seen_by_invitation(uow.invitations.of_actor(actor_id), now)
    if seen is not None and deployment_id not in seen:
        msg = "you were not invited to observe this deployment, or the invitation is over"
        raise NotInvitedError(msg, actor_id=actor_id)


def observable(uow: UnitOfWork, actor_id: str, now: datetime) -> tuple[Deployment, ...]:
    """Return the deployments that an observer may look at now, oldest first.

    Args:
        uow: An open unit of work.
        actor_id: An observer.
        now: Aware UTC.
    """
    seen = seen_by_invitation(uow.invitations.of_actor(actor_id), now)
    found = uow.deployments.list(OPEN_TO_OBSERVERS)
    return tuple(each for each in found if seen is None or each.deployment_id in seen)


def held_invitations(uow: UnitOfWork, actor_id: str, now: datetime) -> tuple[Invitation, ...]:
    """Return the invitations of an account that hold now, oldest first.

    Args:
        uow: An open unit of work.
        actor_id: Whose.
        now: Aware UTC.
    """
    return tuple(one for one in uow.invitations.of_actor(actor_id) if one.holds(now))


def trials_seen(uow: UnitOfWork, actor_id: str, now: datetime) -> tuple[Trial, ...]:
    """Return the trials that somebody may look at now, oldest first.

    A guest sees those that have a deployment to which they were invited: a trial names its
    deployments, also before the public is told of them.

    Args:
        uow: An open unit of work.
        actor_id: Whose role allows to look at trials.
        now: Aware UTC.
    """
    seen = seen_by_invitation(uow.invitations.of_actor(actor_id), now)
    return tuple(t for t in trials_of(uow) if seen is None or seen & set(t.deployment_ids))


def trial_seen(uow: UnitOfWork, actor_id: str, trial_id: str, now: datetime) -> Trial:
    """Return a trial that somebody may look at now.

    Args:
        uow: An open unit of work.
        actor_id: Whose role allows to look at trials.
        trial_id: Which trial.
        now: Aware UTC.

    Raises:
        NotInvitedError: They are a guest, and were invited to no deployment of it.
        RecordNotFoundError: There is no such trial.
    """
    trial = trial_of(uow, trial_id)
    seen = seen_by_invitation(uow.invitations.of_actor(actor_id), now)
    if seen is not None and not seen & set(trial.deployment_ids):
        msg = "you were not invited to a deployment of this trial, or the invitation is over"
        raise NotInvitedError(msg, actor_id=actor_id)
    return trial
