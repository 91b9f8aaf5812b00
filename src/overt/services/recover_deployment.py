"""Put right what a service left behind that ended without a word: no camera runs unseen."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from overt.core import deployment_live as steps
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.services.take_step import record

if TYPE_CHECKING:
    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

SERVICE_STOPPED = "the service stopped"

_MAY_HAVE_RUN = (DeploymentState.LIVE, DeploymentState.SUSPENDED, DeploymentState.ENDED)


def recover_deployments(workplace: Workplace, reading: UnitOfWorkFactory) -> tuple[Deployment, ...]:
    """Return the deployments that were live without a service, after suspending them.

    Only the holder of the store's lease may ask: nobody else runs cameras then. Templates
    that were in the memory of a process that is gone are counted as erased with it.

    Args:
        workplace: Store, time, rules.
        reading: Opens a unit of work that only looks.

    Raises:
        TrialError: The store cannot be read or written.
    """
    states = [state.value for state in _MAY_HAVE_RUN]
    with reading() as uow:
        found = uow.deployments.list(states)
        unsettled = [d.deployment_id for d in found if _lost_with_the_memory(uow, d.deployment_id)]
    for deployment_id in unsettled:
        _settle_templates(workplace, deployment_id)
    live = [d.deployment_id for d in found if d.state is DeploymentState.LIVE]
    suspended = (suspend_live(workplace, d, SERVICE_STOPPED) for d in live)
    return tuple(deployment for deployment in suspended if deployment is not None)


def suspend_live(
    workplace: Workplace, deployment_id: str, reason: str, *, actor_id: str | None = None
) -> Deployment | None:
    """Return a deployment suspended, or None where it was not live any more.

    Args:
        workplace: Store, time, rules.
        deployment_id: Which deployment.
        reason: Why.
        actor_id: Who stops it; None for the software itself.

    Raises:
        TrialError: The store cannot be read or written.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        if deployment.state is not DeploymentState.LIVE:
            return None
        actor = uow.actors.get(actor_id) if actor_id else None
        saved = record(uow, steps.suspend(deployment, actor, reason=reason), actor_id, now)
        uow.commit()
    return saved


def _lost_with_the_memory(uow: UnitOfWork, deployment_id: str) -> dict[str, int]:
    """Return by camera how many templates were neither erased nor in alerts when it stopped."""
    lost: dict[str, int] = defaultdict(int)
    for minute in uow.counts.minutes(deployment_id):
        counts = minute.counts
        lost[minute.camera_id] += counts.made - counts.erased - counts.in_alerts
    return {camera_id: n for camera_id, n in lost.items() if n > 0}


def _settle_templates(workplace: Workplace, deployment_id: str) -> None:
    now = workplace.clock.now()
    minute = now.replace(second=0, microsecond=0)
    with workplace.open() as uow:
        lost = _lost_with_the_memory(uow, deployment_id)
        for camera_id, n_lost in lost.items():
            erased = LiveCounts(erased=n_lost)
            uow.counts.add_minute(MinuteCounts(deployment_id, camera_id, minute, erased))
        details: dict[str, JsonValue] = {
            "made": 0,
            "erased": sum(lost.values()),
            "in_alerts": 0,
            "in_memory": 0,
            "reason": f"{SERVICE_STOPPED}, and its memory is gone",
        }
        kind = EventKind.TEMPLATES_COUNTED
        uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, deployment_id, details))
        uow.commit()
