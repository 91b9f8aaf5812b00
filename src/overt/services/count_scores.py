"""Count searches by their best score into the audit log, once, when a deployment is purged (R-71).

A search that raised no alert leaves nothing but its place in a histogram. A report of the trial
shows that histogram, so the log must have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.ports.store import UnitOfWork


def log_scores(uow: UnitOfWork, deployment_id: str, now: datetime) -> None:
    """Append a deployment's histogram to the log; nothing where nobody was searched for.

    Args:
        uow: An open unit of work; the caller commits.
        deployment_id: Whose.
        now: Aware UTC.
    """
    histogram = uow.counts.histogram(deployment_id)
    if not histogram:
        return
    searches = {f"{hundredths / 100:.2f}": n for hundredths, n in histogram.items()}
    details: dict[str, JsonValue] = {"searches_by_score": searches}
    uow.audit.append(
        AuditEvent(EventKind.SCORES_COUNTED, now, SYSTEM_ACTOR, deployment_id, details)
    )
