"""The figures of a deployment as whoever watches it sees them, read from the store (R-42)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.core.adjudication import AlertState
from overt.core.deployment import DeploymentKind
from overt.core.outcome import AlertCounts
from overt.core.watchlist import ListKind
from overt.evaluation.running_rate import running_false_alerts
from overt.services.live_rate import (
    ErasedOutcomes,
    LimitLook,
    ToldLimit,
    alert_outcomes,
    sum_of,
)
from overt.services.take_due_steps import next_due_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.evaluation.running_rate import RunningFalseAlerts
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

FRESH_FOR = timedelta(seconds=1)
"""Within this time everybody who asks is given the same figures: they are read once."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of a whole deployment, over all its runs.

    Attributes:
        deployment: As it stands.
        at: When they stood, aware UTC.
        faces_seen: Confirmed tracks through the zones, as far as the store has them.
        n_alerts: Alerts of each list that are stored; never added up (R-22).
        n_waiting: Of these, those for an operator.
        look: The false alert rate of the operational alerts, and whether the run advised to
            suspend; without a rate in a rehearsal.
        limit: Largest share of false alerts that the policy allows.
    """

    deployment: Deployment
    at: datetime
    faces_seen: int
    n_alerts: Mapping[ListKind, int]
    n_waiting: Mapping[ListKind, int]
    look: LimitLook
    limit: float

    @property
    def time_left(self) -> timedelta | None:
        """Return how long it may still run, or None where nothing ends it by itself."""
        due = next_due_at(self.deployment)
        return None if due is None else max(due - self.at, timedelta())


class LiveFigures:
    """Reads figures; keeps what the log said of erased alerts and of an advice, read once."""

    def __init__(self, workplace: Workplace, reading: UnitOfWorkFactory) -> None:
        """Read nothing yet.

        Args:
            workplace: Time and rules.
            reading: Opens a unit of work that only looks.
        """
        self._workplace, self._reading = workplace, reading
        self._erased: dict[str, ErasedOutcomes] = {}
        self._told: dict[str, ToldLimit] = {}
        self._counted: dict[str, tuple[object, AlertCounts]] = {}
        self._kept: dict[str, Figures] = {}
        self._lock = threading.Lock()

    def of(self, deployment_id: str) -> Figures:
        """Return a deployment's figures, at most ``FRESH_FOR`` old.

        Args:
            deployment_id: Which deployment.

        Raises:
            RecordNotFoundError: There is no such deployment.
        """
        with self._lock:  # one reads, the others wait for what it finds
            now = self._workplace.clock.now()
            kept = self._kept.get(deployment_id)
            if kept is None or not kept.at <= now < kept.at + FRESH_FOR:
                kept = self._kept[deployment_id] = self._read(deployment_id, now)
            return kept

    def _read(self, deployment_id: str, now: datetime) -> Figures:
        with self._reading() as uow:
            deployment = uow.deployments.get(deployment_id)
            limit = self._workplace.policies.get(deployment.policy_hash).alerts.false_alert_limit
            faces_seen = uow.counts.totals(deployment_id).faces_seen
            by_list = {
                kind: uow.alerts.count_by_state(deployment_id, list_kind=kind) for kind in ListKind
            }
            states = by_list[ListKind.OPERATIONAL]
            counts = self._outcomes(uow, deployment_id, states)
            look = _look(deployment, running_false_alerts(counts, faces_seen), limit)
            told = self._told.setdefault(deployment_id, ToldLimit(deployment_id)).so_far(uow)
        return Figures(
            deployment=deployment,
            at=now,
            faces_seen=faces_seen,
            n_alerts={kind: sum(states.values()) for kind, states in by_list.items()},
            n_waiting={kind: s.get(AlertState.RAISED, 0) for kind, s in by_list.items()},
            look=replace(look, advice=told.advice),
            limit=limit,
        )

    def _outcomes(
        self, uow: UnitOfWork, deployment_id: str, states: Mapping[str, int]
    ) -> AlertCounts:
        """Return what the operational alerts turned out to be, those erased among them.

        Every decision changes how many alerts are in a state, and every erasure is in the log:
        as long as neither has changed, the decisions need not be read again.
        """
        log = self._erased.setdefault(deployment_id, ErasedOutcomes(deployment_id))
        erased = log.so_far(uow)
        found = (dict(states), erased)
        seen, counts = self._counted.get(deployment_id, (None, AlertCounts()))
        if seen != found:
            counts = sum_of(alert_outcomes(uow, deployment_id), erased)
            self._counted[deployment_id] = (found, counts)
        return counts


def _look(deployment: Deployment, figures: RunningFalseAlerts, limit: float) -> LimitLook:
    if deployment.kind is not DeploymentKind.OPERATIONAL:
        return LimitLook(figures, None, None)
    return LimitLook(figures, figures.rate(), figures.finding(limit))
