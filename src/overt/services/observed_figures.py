"""The figures that observers follow while a deployment runs, counted from the log (R-43, R-71)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from overt.core.adjudication import Step
from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.deployment import DeploymentKind
from overt.core.watchlist import ListKind
from overt.evaluation.deployment_count import count_deployment
from overt.evaluation.limit_told import limit_told
from overt.evaluation.published_record import rate_values
from overt.evaluation.rates import rate
from overt.evaluation.running_rate import running_false_alerts
from overt.evaluation.small_numbers import without_small_numbers
from overt.services.observe_live import observed, open_to_observers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from overt.core.audit import AuditEvent
    from overt.core.deployment import Deployment
    from overt.core.policy import Policy
    from overt.evaluation.deployment_figures import DeploymentFigures
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

FRESH_FOR = timedelta(seconds=3)
"""Everybody who asks within this time is told the same: nobody can tie a count to a moment."""

_KINDS = frozenset(
    {EventKind.ALERT_RAISED, EventKind.ALERT_DECIDED, EventKind.LIMIT_STATUS_CHANGED}
)
_READ_AT_ONCE = 1000


@dataclass(slots=True)
class _Followed:
    """What was read of a deployment's events, and what was told last."""

    next_seq: int = 0
    events: list[AuditEvent] = field(default_factory=list)
    told_at: datetime | None = None
    told: dict[str, object] = field(default_factory=dict)


class ObservedFigures:
    """Counts deployments for observers; each event of the log is read once."""

    def __init__(self, workplace: Workplace, reading: UnitOfWorkFactory) -> None:
        """Count nothing yet.

        Args:
            workplace: Time and rules.
            reading: Opens a unit of work that only looks.
        """
        self._workplace, self._reading = workplace, reading
        self._followed: dict[str, _Followed] = {}
        self._lock = threading.Lock()

    def of(self, deployment_id: str) -> dict[str, object]:
        """Return what observers are told of a deployment, at most ``FRESH_FOR`` old.

        Args:
            deployment_id: Which deployment.

        Raises:
            RecordNotFoundError: There is none, or it is not calibrated yet.
        """
        with self._lock, self._reading() as uow:  # one counts, the others wait for what it finds
            deployment = open_to_observers(uow, deployment_id)
            followed = self._followed.setdefault(deployment_id, _Followed())
            now, told_at = self._workplace.clock.now(), followed.told_at
            is_fresh = told_at is not None and told_at <= now < told_at + FRESH_FOR
            if not is_fresh or followed.told["state"] != deployment.state.value:
                policy = self._workplace.policies.get(deployment.policy_hash)
                _read_on(uow, deployment_id, followed)
                seen = observed(uow, deployment_id, policy, now)
                followed.told = seen | _counted(deployment, followed.events, policy, seen)
                followed.told_at = now
            return followed.told


def _read_on(uow: UnitOfWork, deployment_id: str, followed: _Followed) -> None:
    wanted = AuditSearch(kinds=_KINDS, deployment_id=deployment_id)
    end = uow.audit.size()
    after = followed.next_seq - 1
    while found := uow.audit.search(wanted, after=after, before=end, limit=_READ_AT_ONCE):
        followed.events += [logged.event for logged in reversed(found)]
        after = found[0].seq
    followed.next_seq = end


def _counted(
    deployment: Deployment, events: list[AuditEvent], policy: Policy, seen: dict[str, object]
) -> dict[str, object]:
    figures = count_deployment(events).figures
    least = policy.publication.small_number
    is_rehearsal = deployment.kind is DeploymentKind.REHEARSAL
    list_kind = ListKind.BLUE if is_rehearsal else ListKind.OPERATIONAL
    engaged = without_small_numbers({"engaged": figures.engagements.engaged}, least)
    return {
        "alerts": figures.blue.alerts if is_rehearsal else figures.alerts.n_alerts,
        "false_alerts": None if is_rehearsal else figures.alerts.n_false,
        "unresolved_alerts": None if is_rehearsal else figures.alerts.unresolved,
        "people_engaged": None if is_rehearsal else engaged["engaged"],
        "numbers_withheld_below": least,
        "rates": None if is_rehearsal else _rates(figures, seen, policy),
        "suspend_advised": _advice(events),
        "median_decision_s": {
            step.value: _median_s(events, list_kind, step, least)
            for step in (Step.OPERATOR, Step.OFFICER)
        },
    }


def _rates(
    figures: DeploymentFigures, seen: dict[str, object], policy: Policy
) -> dict[str, object]:
    """Return both false alert rates: of the faces seen, held to the limit, and of the alerts."""
    limit, faces_seen = policy.alerts.false_alert_limit, seen["faces_seen"]
    running = running_false_alerts(figures.alerts, faces_seen if isinstance(faces_seen, int) else 0)
    per_face, finding = running.rate(), running.finding(limit)
    per_alert = rate(figures.alerts.n_false, figures.alerts.n_alerts, "alerts")
    return {
        "per_face_seen": None if per_face is None else rate_values(per_face),
        "status": None if finding is None else finding.status.value,
        "is_point_above_limit": finding is not None and finding.is_point_above_limit,
        "per_alert": rate_values(per_alert),
    }


def _advice(events: Iterable[AuditEvent]) -> dict[str, object] | None:
    """Return when it was advised to suspend and on what counts; None where it was not."""
    advice = limit_told(events).advice
    if advice is None:
        return None
    at = advice.advised_at.isoformat(timespec="seconds")
    return {"advised_at": at, "n_false": advice.n_false, "faces_seen": advice.faces_seen}


def _median_s(
    events: Iterable[AuditEvent], list_kind: ListKind, step: Step, least: int
) -> float | None:
    """Return the median time to decide; None below the smallest number, or where none was kept."""
    times = [
        took_s
        for event in events
        if event.kind == EventKind.ALERT_DECIDED
        and event.details.get("list_kind") == list_kind.value
        and event.details.get("step") == step.value
        and isinstance(took_s := event.details.get("latency_s"), int | float)
    ]
    return round(median(times), 1) if len(times) >= least else None
