"""The running false alert rate of a deployment, as the store has it (R-42, R-43)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from overt.core.alert_steps import progress_of
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.outcome import AlertCounts, count_alerts
from overt.core.watchlist import ListKind
from overt.evaluation.running_rate import running_false_alerts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from overt.core.adjudication import AlertRecord
    from overt.core.deployment import Deployment
    from overt.evaluation.rates import LimitFinding, Rate
    from overt.evaluation.running_rate import RunningFalseAlerts
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

OUTCOMES = "outcomes"
"""Field of the event of an erasure: what the erased operational alerts had turned out to be."""

_READ_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class LimitLook:
    """How a deployment stands to the limit on false alerts.

    Attributes:
        figures: False and unresolved alerts, faces seen.
        rate: False alerts over faces seen; None before there are faces, and in a rehearsal.
        finding: Within, not demonstrated or breached, and whether the share itself is above
            the limit; None where there is no rate.
    """

    figures: RunningFalseAlerts
    rate: Rate | None
    finding: LimitFinding | None


class LimitWatch:
    """Looks at the rate now and then; logs each change of its status once."""

    def __init__(self, deployment: Deployment, limit: float) -> None:
        """Start before the first look.

        Args:
            deployment: Whose rate.
            limit: Largest share of false alerts that the policy allows.
        """
        self._deployment_id = deployment.deployment_id
        self._is_operational = deployment.kind is DeploymentKind.OPERATIONAL
        self._limit = limit
        self._erased = ErasedOutcomes(deployment.deployment_id)
        self._told: LimitFinding | None = None

    def look(self, workplace: Workplace, reading: UnitOfWorkFactory) -> LimitLook:
        """Return how the rate stands, after logging it where its status has changed.

        Args:
            workplace: Where a change is logged.
            reading: Opens a unit of work that only looks.

        Raises:
            TrialError: The store cannot be read or written.
        """
        with reading() as uow:
            figures = running_false_alerts(
                sum_of(alert_outcomes(uow, self._deployment_id), self._erased.so_far(uow)),
                uow.counts.totals(self._deployment_id).faces_seen,
            )
        if not self._is_operational:
            return LimitLook(figures, None, None)
        look = LimitLook(figures, figures.rate(), figures.finding(self._limit))
        if look.finding is not None and look.finding != self._told:
            self._log(workplace, look, look.finding)
            self._told = look.finding
        return look

    def _log(self, workplace: Workplace, look: LimitLook, finding: LimitFinding) -> None:
        interval = look.rate.interval if look.rate else None
        details = {
            "status": finding.status.value,
            "is_point_above_limit": finding.is_point_above_limit,
            "limit": self._limit,
            "n_false": look.figures.n_false,
            "n_unresolved": look.figures.n_unresolved,
            "faces_seen": look.figures.faces_seen,
            "low": interval.low if interval else None,
            "high": interval.high if interval else None,
        }
        now, kind = workplace.clock.now(), EventKind.LIMIT_STATUS_CHANGED
        with workplace.open() as uow:
            uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, self._deployment_id, details))
            uow.commit()


class ErasedOutcomes:
    """What alerts had turned out to be that are erased: the log remembers, in numbers."""

    def __init__(self, deployment_id: str) -> None:
        """Start at the log's first event.

        Args:
            deployment_id: Whose alerts.
        """
        self._deployment_id = deployment_id
        self._next_seq = 0
        self._counts = AlertCounts()

    def so_far(self, uow: UnitOfWork) -> AlertCounts:
        """Return the sum over every erasure up to now; each event is read once.

        Args:
            uow: An open unit of work.
        """
        while events := uow.audit.read(self._next_seq, _READ_AT_ONCE):
            self._next_seq = events[-1].seq + 1
            for logged in events:
                event = logged.event
                is_own = event.deployment_id == self._deployment_id
                if is_own and event.kind == EventKind.BIOMETRICS_ERASED:
                    self._counts = sum_of(self._counts, _outcomes_in(event.details))
        return self._counts


def alert_outcomes(uow: UnitOfWork, deployment_id: str) -> AlertCounts:
    """Return what the stored operational alerts of a deployment turned out to be.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.
    """
    alerts = uow.alerts.of_deployment(deployment_id, list_kind=ListKind.OPERATIONAL)
    return outcomes_of(uow, alerts)


def outcomes_of(uow: UnitOfWork, alerts: Iterable[AlertRecord]) -> AlertCounts:
    """Return what some alerts turned out to be; volunteers' alerts are left out.

    Args:
        uow: An open unit of work, with their decisions.
        alerts: As stored.
    """
    return count_alerts(
        progress_of(alert, uow.decisions.of_alert(alert.alert_id)) for alert in alerts
    )


def outcome_details(counts: AlertCounts) -> dict[str, int]:
    """Return the counts as an event of the log keeps them.

    Args:
        counts: Of alerts that are about to be erased.
    """
    return asdict(counts)


def sum_of(one: AlertCounts, other: AlertCounts) -> AlertCounts:
    """Return two counts added up, outcome by outcome.

    Args:
        one: Such as of the alerts that are stored.
        other: Such as of those that are erased.
    """
    mine, theirs = asdict(one), asdict(other)
    return AlertCounts(**{name: mine[name] + theirs[name] for name in mine})


def _outcomes_in(details: Mapping[str, object]) -> AlertCounts:
    found = details.get(OUTCOMES)
    if not isinstance(found, dict):
        return AlertCounts()
    return AlertCounts(**{f.name: int(found.get(f.name, 0)) for f in fields(AlertCounts)})
