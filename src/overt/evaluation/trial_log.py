"""A trial as its audit log holds it: the plan, the deployments, their events, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from overt.core.audit import FIRST_PREVIOUS_HASH, broken
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.transparency import CompactRange
from overt.core.trial import TRIAL_KINDS, trials_in
from overt.core.watchlist import ListKind
from overt.errors import EvaluationDataInvalidError, FiguresDifferError, RecordNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from overt.core.audit import AuditEvent, LoggedEvent
    from overt.core.trial import Trial

_Found = TypeVar("_Found")

ALL = "all"
"""The scope of a figure that counts every deployment of the trial."""


@dataclass(frozen=True, slots=True)
class TrialLog:
    """What a report of a trial is a function of.

    Attributes:
        trial: Plan, members and end.
        events: Of each deployment, oldest first; the deployments as they were put in.
        by_kind: The same, of each deployment by kind.
        size: Events of the whole log.
        root: Root of its tree over them.
        last_at: Time of its last event, aware UTC.
    """

    trial: Trial
    events: Mapping[str, tuple[AuditEvent, ...]]
    by_kind: Mapping[str, Mapping[str, tuple[AuditEvent, ...]]]
    size: int
    root: bytes
    last_at: datetime

    @property
    def own_list_kind(self) -> ListKind:
        """Return the list whose alerts are counted: in a rehearsal it is the volunteers'."""
        is_rehearsal = self.trial.deployment_kind is DeploymentKind.REHEARSAL
        return ListKind.BLUE if is_rehearsal else ListKind.OPERATIONAL

    def of(self, scope: str, *kinds: EventKind) -> Iterator[AuditEvent]:
        """Yield events of some kinds, deployment after deployment, each oldest first.

        Args:
            scope: ``all``, or the identifier of one deployment of the trial.
            *kinds: Which kinds.

        Raises:
            RecordNotFoundError: The trial has no such deployment.
        """
        if scope != ALL and scope not in self.events:
            msg = f"the trial {self.trial.trial_id} has no deployment {scope}"
            raise RecordNotFoundError(msg, key=scope)
        for deployment_id in self.events if scope == ALL else (scope,):
            if len(kinds) == 1:
                yield from self.by_kind[deployment_id].get(kinds[0], ())
            else:
                yield from (each for each in self.events[deployment_id] if each.kind in kinds)


def written_as_known(what: str, work: Callable[[], _Found]) -> _Found:
    """Return what some work gives; a coded error where an event is not written as expected.

    Args:
        what: What is worked out.
        work: Reads events.

    Raises:
        EvaluationDataInvalidError: A field is missing, or is of a kind or value that is unknown.
    """
    try:
        return work()
    except (KeyError, TypeError, ValueError) as error:
        msg = f"{what}: an event of the log is not written as this release writes it"
        raise EvaluationDataInvalidError(msg) from error


def trial_log(logged: Iterable[LoggedEvent], trial_id: str) -> TrialLog:
    """Return a trial as a log holds it, with the root over all events that were read.

    Args:
        logged: The whole log from its first event, without a gap.
        trial_id: Which trial.

    Raises:
        AuditChainBrokenError: An event is missing, or does not follow from the one before.
        RecordNotFoundError: The log has no such trial.
        TrialPlanInvalidError: Its plan is none.
        FiguresDifferError: Its plan is not the one whose digest stands beside it.
        EvaluationDataInvalidError: An event of a trial is not written as expected.
    """
    by_deployment: dict[str, list[AuditEvent]] = {}
    of_trials: list[LoggedEvent] = []
    tree, last = CompactRange(), None
    for last in _without_a_gap(logged):
        tree = tree.appended(last.hash)
        if last.event.kind in TRIAL_KINDS:
            of_trials.append(last)
        if last.event.deployment_id is not None:
            by_deployment.setdefault(last.event.deployment_id, []).append(last.event)
    trials = written_as_known(f"the trial {trial_id}", lambda: trials_in(of_trials))
    found = [each for each in trials if each.trial_id == trial_id]
    if not found or last is None:
        msg = f"the log has no trial {trial_id}"
        raise RecordNotFoundError(msg, key=trial_id)
    _require_its_plan(found[0], of_trials)
    events = {name: tuple(by_deployment.get(name, ())) for name in found[0].deployment_ids}
    by_kind = {name: _by_kind(of_one) for name, of_one in events.items()}
    return TrialLog(found[0], events, by_kind, tree.size, tree.root(), last.event.occurred_at)


def _by_kind(events: Iterable[AuditEvent]) -> dict[str, tuple[AuditEvent, ...]]:
    found: dict[str, list[AuditEvent]] = {}
    for event in events:
        found.setdefault(event.kind, []).append(event)
    return {kind: tuple(of_kind) for kind, of_kind in found.items()}


def _without_a_gap(logged: Iterable[LoggedEvent]) -> Iterator[LoggedEvent]:
    previous = FIRST_PREVIOUS_HASH
    for seq, each in enumerate(logged):
        if each.seq != seq:
            raise broken(seq, f"it is missing; event {each.seq} stands here")
        if each.previous_hash != previous:
            raise broken(seq, "it does not follow from the event before")
        previous = each.hash
        yield each


def _require_its_plan(trial: Trial, of_trials: Iterable[LoggedEvent]) -> None:
    for logged in of_trials:
        details = logged.event.details
        is_its = details.get("trial_id") == trial.trial_id
        if is_its and logged.event.kind == EventKind.TRIAL_REGISTERED:
            stated = details.get("plan_sha256")
            if stated != trial.plan.sha256():
                msg = f"the plan of {trial.trial_id} is not the one whose digest is logged with it"
                raise FiguresDifferError(msg, trial_id=trial.trial_id)
