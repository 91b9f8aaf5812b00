"""Erase alerts whose own retention is over, while their deployment goes on (R-33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.retention import alert_due_at
from overt.services.find_events import events_of_kinds
from overt.services.live_rate import OUTCOMES, outcome_details, outcomes_of

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.adjudication import AlertRecord
    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

ALERT_RETENTION = "alert_retention"
"""Why alerts were erased, as the log says it."""


def erase_old_alerts(workplace: Workplace, reading: UnitOfWorkFactory) -> int:
    """Return how many alerts were erased: picture, probe, row and decisions.

    What they had turned out to be stays in the log, in numbers, so that the false alert rate
    of a deployment of several days is not lost with them. The store's files are rewritten by
    whoever called, once for all.

    Args:
        workplace: Store, time, rules.
        reading: Opens a unit of work that only looks.

    Raises:
        TrialError: The store cannot be read or written.
    """
    now = workplace.clock.now()
    with reading() as uow:
        kept = [d for d in uow.deployments.list() if d.purged_at is None and d.calibration]
        due = [d.deployment_id for d in kept if _due(workplace, uow, d, now)]
    return sum(_erase(workplace, deployment_id, now) for deployment_id in due)


def have_alerts_been_erased(reading: UnitOfWorkFactory) -> bool:
    """Return whether alerts of a deployment were erased whose key is still there.

    Args:
        reading: Opens a unit of work that only looks.

    Raises:
        TrialError: The store cannot be read.
    """
    with reading() as uow:
        kept = {d.deployment_id for d in uow.deployments.list() if d.purged_at is None}
        events = events_of_kinds(uow, EventKind.BIOMETRICS_ERASED)
        return any(logged.event.deployment_id in kept for logged in events)


def _due(
    workplace: Workplace, uow: UnitOfWork, deployment: Deployment, now: datetime
) -> tuple[AlertRecord, ...]:
    policy = workplace.policies.get(deployment.policy_hash)
    alerts = uow.alerts.of_deployment(deployment.deployment_id)
    return tuple(a for a in alerts if alert_due_at(a.captured_at, deployment, policy) <= now)


def _erase(workplace: Workplace, deployment_id: str, now: datetime) -> int:
    with workplace.open() as uow:
        alerts = _due(workplace, uow, uow.deployments.get(deployment_id), now)
        if not alerts:
            return 0
        details: dict[str, JsonValue] = {
            "reason": ALERT_RETENTION,
            "n_alerts": len(alerts),
            "n_probes": sum(alert.probe_secret_id is not None for alert in alerts),
            "n_crops": sum(alert.crop_secret_id is not None for alert in alerts),
            OUTCOMES: outcome_details(outcomes_of(uow, alerts)),
        }
        for alert in alerts:
            for secret_id in (alert.crop_secret_id, alert.probe_secret_id):
                if secret_id is not None:
                    uow.secrets.delete(secret_id)
            uow.alerts.delete_one(alert.alert_id)
        kind = EventKind.BIOMETRICS_ERASED
        uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, deployment_id, details))
        uow.commit()
    return len(alerts)
