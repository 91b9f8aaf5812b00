"""The running false alert rate of a deployment, as the store has it (R-42, R-43)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING

from overt.core.alert_steps import progress_of
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.deployment import DeploymentKind
from overt.core.outcome import AlertCounts, count_alerts
from overt.core.watchlist import ListKind
from overt.evaluation.limit_told import EVIDENCE, IS_ADVISED, LimitTold, limit_told
from overt.evaluation.running_rate import running_false_alerts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from overt.core.adjudication import AlertRecord
    from overt.core.deployment import Deployment
    from overt.evaluation.limit_told import SuspendAdvice
    from overt.evaluation.rates import LimitFinding, Rate
    from overt.evaluation.running_rate import RunningFalseAlerts
    from overt.evaluation.sequential import FalseAlertWatch
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
        advice: The advice to suspend, as the log tells it; None where none was given.
    """

    figures: RunningFalseAlerts
    rate: Rate | None
    finding: LimitFinding | None
    advice: SuspendAdvice | None = None


class LimitWatch:
    """Looks at the rate now and then; logs each change of its status, and an advice, once.

    What was told stands in the log: a watch that begins again after a restart goes on from there.
    """

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
        self._told = ToldLimit(deployment.deployment_id)
        self._highest = 0.0

    def look(self, workplace: Workplace, reading: UnitOfWorkFactory) -> LimitLook:
        """Return how the rate stands, after logging it where its status has changed.

        Once it was advised to suspend, it is.

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
            told = self._told.so_far(uow)
        if not self._is_operational:
            return LimitLook(figures, None, None)
        finding = figures.finding(self._limit)
        if finding is not None:
            watch = self._watched(told, figures)
            if finding != told.finding or (watch.is_suspend_advised and told.advice is None):
                self._log(workplace, figures, finding, watch)
                with reading() as uow:
                    told = self._told.so_far(uow)
        return LimitLook(figures, figures.rate(), finding, told.advice)

    def _watched(self, told: LimitTold, figures: RunningFalseAlerts) -> FalseAlertWatch:
        """Return the evidence with this look, on top of what was told and what was seen here."""
        before = replace(told.watch(self._limit), highest=max(told.highest, self._highest))
        watch = before.after(figures.n_false, figures.faces_seen)
        self._highest = watch.highest
        return watch

    def _log(
        self,
        workplace: Workplace,
        figures: RunningFalseAlerts,
        finding: LimitFinding,
        watch: FalseAlertWatch,
    ) -> None:
        rate = figures.rate()
        interval = rate.interval if rate else None
        details = {
            "status": finding.status.value,
            "is_point_above_limit": finding.is_point_above_limit,
            "limit": self._limit,
            "n_false": figures.n_false,
            "n_unresolved": figures.n_unresolved,
            "faces_seen": figures.faces_seen,
            "low": interval.low if interval else None,
            "high": interval.high if interval else None,
            IS_ADVISED: watch.is_suspend_advised,
            EVIDENCE: watch.highest,
        }
        now, kind = workplace.clock.now(), EventKind.LIMIT_STATUS_CHANGED
        with workplace.open() as uow:
            uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, self._deployment_id, details))
            uow.commit()


class ToldLimit:
    """What the log has told of a deployment's limit; each event is read once."""

    def __init__(self, deployment_id: str) -> None:
        """Start at the log's first event.

        Args:
            deployment_id: Whose limit.
        """
        kinds = frozenset({EventKind.LIMIT_STATUS_CHANGED})
        self._wanted = AuditSearch(kinds=kinds, deployment_id=deployment_id)
        self._next_seq = 0
        self._told = LimitTold()

    def so_far(self, uow: UnitOfWork) -> LimitTold:
        """Return where the log stands now.

        Args:
            uow: An open unit of work.
        """
        end, after = uow.audit.size(), self._next_seq - 1
        while found := uow.audit.search(self._wanted, after=after, before=end, limit=_READ_AT_ONCE):
            self._told = limit_told((logged.event for logged in reversed(found)), self._told)
            after = found[0].seq
        self._next_seq = end
        return self._told


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
