"""How far a trial has come against its plan, deployment by deployment, from the log."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.outcome import Outcome
from overt.core.trial import TRIAL_KINDS, trials_in
from overt.core.watchlist import ListKind
from overt.evaluation.deployment_count import count_deployment
from overt.evaluation.rates import (
    Rate,
    false_alerts_per_face_seen,
    rate,
    true_recognition_rate,
)
from overt.evaluation.trial_facts import deployment_facts
from overt.evaluation.trial_figures import Scope
from overt.services.view_trials import members_of, trial_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from overt.core.audit import AuditEvent, LoggedEvent
    from overt.core.deployment import Deployment
    from overt.core.trial import Trial
    from overt.evaluation.deployment_figures import DeploymentFigures
    from overt.ports.store import UnitOfWork

_S = DeploymentState
DONE = frozenset({_S.ENDED, _S.PURGED, _S.PUBLISHED})
"""States in which a deployment has run to its end."""

_NEVER = frozenset({_S.REFUSED, _S.CANCELLED})
_COUNTED = frozenset(
    {
        EventKind.MINUTE_COUNTED,
        EventKind.ALERT_RAISED,
        EventKind.ALERT_DECIDED,
        EventKind.VOLUNTEER_CONSENTED,
        EventKind.BLUE_PASS_LOGGED,
        EventKind.DEPLOYMENT_WENT_LIVE,
    }
)
_READ_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted so far; volunteers' alerts are never among operational ones (R-22).

    Attributes:
        faces_seen: Confirmed tracks through the zones.
        alerts: Alerts about people on the watchlist; in a rehearsal, about volunteers.
        false_alerts: Those that turned out false, confirmed or not.
        unresolved: Those that nobody has decided, or could.
        passes: Walks of volunteers, to their end.
        recognised: Walks that raised an alert about the right volunteer.
    """

    faces_seen: int = 0
    alerts: int = 0
    false_alerts: int = 0
    unresolved: int = 0
    passes: int = 0
    recognised: int = 0

    def per_face(self) -> Rate | None:
        """Return false alerts over faces seen; None before the faces of an alert are counted."""
        if self.false_alerts > self.faces_seen:
            return None
        return false_alerts_per_face_seen(
            false_alerts=self.false_alerts, faces_seen=self.faces_seen
        )

    def per_alert(self) -> Rate:
        """Return false alerts over all alerts."""
        return rate(self.false_alerts, self.alerts, "alerts")

    def recognition(self) -> Rate:
        """Return the true recognition rate; its interval takes walks of one person for new ones."""
        return true_recognition_rate(
            recognised=self.recognised, recognition_opportunities=self.passes
        )


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """One deployment of a trial.

    Attributes:
        deployment: As it stands.
        counts: So far.
    """

    deployment: Deployment
    counts: Counts

    @property
    def is_done(self) -> bool:
        """Return whether it has run to its end."""
        return self.deployment.state in DONE


@dataclass(frozen=True, slots=True)
class TrialProgress:
    """A trial against its plan.

    Attributes:
        trial: With its plan.
        members: Its deployments, in the order in which they were put in.
        total: Of all of them.
        addable: Deployments that may still be put in; none once it is over.
    """

    trial: Trial
    members: tuple[MemberProgress, ...]
    total: Counts
    addable: tuple[Deployment, ...]

    @property
    def n_done(self) -> int:
        """Return how many deployments have run to their end."""
        return sum(member.is_done for member in self.members)

    @property
    def is_rehearsal(self) -> bool:
        """Return whether it is a trial of rehearsals."""
        return self.trial.deployment_kind is DeploymentKind.REHEARSAL


class CountedEvents:
    """Events of trials and of their deployments; each is read once, whoever looks."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self._lock = threading.Lock()
        self._next_seq = 0
        self._of_trials: list[LoggedEvent] = []
        self._found: dict[str, list[AuditEvent]] = {}

    def of(self, uow: UnitOfWork, deployment_id: str) -> tuple[AuditEvent, ...]:
        """Return the events of a deployment that are counted, up to now, oldest first.

        Args:
            uow: An open unit of work.
            deployment_id: Whose.

        Raises:
            AuditChainBrokenError: A line was changed.
        """
        with self._lock:  # one reads, the others wait for what it finds
            self._read_on(uow)
            return tuple(self._found.get(deployment_id, ()))

    def trials(self, uow: UnitOfWork) -> tuple[Trial, ...]:
        """Return every trial, in the order of their registration.

        Args:
            uow: An open unit of work.

        Raises:
            AuditChainBrokenError: A line was changed.
        """
        with self._lock:
            self._read_on(uow)
            return trials_in(self._of_trials)

    def _read_on(self, uow: UnitOfWork) -> None:
        wanted, end = AuditSearch(kinds=_COUNTED | TRIAL_KINDS), uow.audit.size()
        after = self._next_seq - 1
        while logged := uow.audit.search(wanted, after=after, before=end, limit=_READ_AT_ONCE):
            for each in reversed(logged):
                if each.event.kind in TRIAL_KINDS:
                    self._of_trials.append(each)
                elif each.event.deployment_id is not None:
                    self._found.setdefault(each.event.deployment_id, []).append(each.event)
            after = logged[0].seq
            self._next_seq = after + 1
        self._next_seq = max(self._next_seq, end)


def trial_progress(uow: UnitOfWork, trial_id: str, counted: CountedEvents) -> TrialProgress:
    """Return how far a trial has come.

    Args:
        uow: An open unit of work.
        trial_id: Which.
        counted: Remembers what was read before.

    Raises:
        RecordNotFoundError: There is no such trial.
        FiguresDifferError: The events of a deployment contradict each other.
        AuditChainBrokenError: A line was changed.
    """
    trials = counted.trials(uow)
    trial = trial_named(trials, trial_id)
    members = tuple(
        MemberProgress(
            deployment, _counts_of(deployment, counted.of(uow, deployment.deployment_id))
        )
        for deployment in members_of(uow, trial)
    )
    total = _sum(member.counts for member in members)
    return TrialProgress(trial, members, total, _addable(uow, trial, trials, counted))


def _counts_of(deployment: Deployment, events: Sequence[AuditEvent]) -> Counts:
    """Return what the events of a deployment add up to, as the trial's report counts it."""
    found = _counts(count_deployment(events).figures)
    if deployment.kind is not DeploymentKind.REHEARSAL:
        return found
    name = deployment.deployment_id
    scope = Scope(name, (deployment_facts(name, 1, events),), ListKind.BLUE)
    return replace(
        found,
        alerts=len(scope.alerts()),
        false_alerts=scope.n_false(),
        unresolved=scope.count(Outcome.UNRESOLVED),
    )


def _counts(figures: DeploymentFigures) -> Counts:
    return Counts(
        faces_seen=figures.faces_seen,
        alerts=figures.alerts.n_alerts,
        false_alerts=figures.alerts.n_false,
        unresolved=figures.alerts.unresolved,
        passes=figures.blue.passes,
        recognised=figures.blue.recognised,
    )


def _sum(counts: Iterable[Counts]) -> Counts:
    found = list(counts)
    return Counts(**{name: sum(getattr(one, name) for one in found) for name in Counts.__slots__})


def _addable(
    uow: UnitOfWork, trial: Trial, trials: Iterable[Trial], counted: CountedEvents
) -> tuple[Deployment, ...]:
    if trial.is_ended:
        return ()
    taken = {name for each in trials for name in each.deployment_ids}
    open_states = [state for state in DeploymentState if state not in DONE | _NEVER]
    return tuple(
        deployment
        for deployment in uow.deployments.list(open_states)
        if deployment.kind is trial.deployment_kind
        and deployment.deployment_id not in taken
        and not _has_been_live(counted.of(uow, deployment.deployment_id))
    )


def _has_been_live(events: Iterable[AuditEvent]) -> bool:
    return any(event.kind == EventKind.DEPLOYMENT_WENT_LIVE for event in events)
