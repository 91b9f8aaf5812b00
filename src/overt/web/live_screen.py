"""What the screens of operator and officer share: which deployments, whose alert, a share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.deployment import DeploymentState
from overt.errors import RecordNotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection

    from fastapi import Request

    from overt.core.adjudication import AlertRecord, AlertState
    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWork
    from overt.web.live_events import LogFollower

_OPEN = (DeploymentState.LIVE, DeploymentState.SUSPENDED)


def is_script(request: Request) -> bool:
    """Return whether a script of a page asks for a part of it.

    Args:
        request: Any.
    """
    return "x-requested-with" in request.headers


def running_or_suspended(uow: UnitOfWork) -> tuple[Deployment, ...]:
    """Return the deployments whose cameras run, or may run again.

    Args:
        uow: An open unit of work.
    """
    return uow.deployments.list(_OPEN)


def ended_with_alerts(uow: UnitOfWork, states: Collection[AlertState]) -> tuple[Deployment, ...]:
    """Return the deployments that have ended while alerts still wait for somebody.

    Args:
        uow: An open unit of work.
        states: Those that wait.
    """
    ended = uow.deployments.list((DeploymentState.ENDED,))
    return tuple(d for d in ended if _has(uow, d.deployment_id, states))


def require_of(deployment_id: str, alert: AlertRecord) -> None:
    """Let pass only an alert of this deployment.

    Args:
        deployment_id: Named in the address.
        alert: As stored.

    Raises:
        RecordNotFoundError: It belongs to another.
    """
    if alert.deployment_id != deployment_id:
        msg = f"there is no alert {alert.alert_id} of {deployment_id}"
        raise RecordNotFoundError(msg, key=alert.alert_id)


def one_in(share: float) -> str:
    """Return a share as ``1 in 1,000``.

    Args:
        share: Above 0.
    """
    return f"1 in {round(1 / share):,}"


def wake(request: Request) -> None:
    """Let browsers be told at once of what has just been stored.

    Args:
        request: Whose work stored it.
    """
    follower: LogFollower = request.app.state.follower
    follower.wake()


def _has(uow: UnitOfWork, deployment_id: str, states: Collection[AlertState]) -> bool:
    found = uow.alerts.count_by_state(deployment_id)
    return any(found.get(state, 0) for state in states)
