"""Count what officers recorded for equality monitoring, once, for the audit log (R-47, R-71).

A row per person must not stand in the log. So its tables do, small numbers withheld, when a
deployment is purged: from then on no engagement is changed, as the difference between two
tables could be one person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.errors import FiguresDifferError
from overt.evaluation.equality import EqualityTables, equality_tables

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.policy import Policy
    from overt.evaluation.deployment_count import AlertIds, Counted
    from overt.ports.store import UnitOfWork


def log_equality(
    uow: UnitOfWork, deployment_id: str, alert_ids: AlertIds, policy: Policy, now: datetime
) -> EqualityTables:
    """Return the tables of a deployment, once they are appended to the log; the caller commits.

    Args:
        uow: An open unit of work.
        deployment_id: Whose; it has none in the log yet.
        alert_ids: Its alerts, as the log tells them.
        policy: With the smallest number.
        now: Aware UTC.
    """
    least = policy.publication.small_number
    tables = _tables(uow, deployment_id, alert_ids, least)
    kind, details = EventKind.EQUALITY_COUNTED, tables.details()
    uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, deployment_id, details))
    return tables


def compare_equality(uow: UnitOfWork, deployment_id: str, counted: Counted) -> None:
    """Let pass only where the officers' records give what the log states.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.
        counted: From the log.

    Raises:
        FiguresDifferError: More or fewer engagements, or other tables.
    """
    stated, n_logged = counted.figures.equality, counted.figures.engagements.engaged
    own = counted.alert_ids.operational
    n_kept = sum(e.alert_id in own for e in uow.engagements.of_deployment(deployment_id))
    if n_kept != n_logged:
        msg = f"engagements: the log gives {n_logged}, the store {n_kept}"
        raise FiguresDifferError(msg, deployment_id=deployment_id)
    if stated is None:
        return
    if _tables(uow, deployment_id, counted.alert_ids, stated.withheld_below) != stated:
        msg = "the equality tables of the log are not those of the officers' records"
        raise FiguresDifferError(msg, deployment_id=deployment_id)


def _tables(uow: UnitOfWork, deployment_id: str, alert_ids: AlertIds, least: int) -> EqualityTables:
    kept = uow.engagements.of_deployment(deployment_id)
    own = [e for e in kept if e.alert_id in alert_ids.operational]
    return equality_tables(own, alert_ids.false, least)
