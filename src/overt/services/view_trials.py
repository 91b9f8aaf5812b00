"""The trials of this machine, as the audit log tells them; who looks changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.trial import TRIAL_KINDS, trials_in
from overt.errors import RecordNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from overt.core.audit import LoggedEvent
    from overt.core.deployment import Deployment
    from overt.core.trial import Trial
    from overt.ports.store import UnitOfWork

_READ_AT_ONCE = 500
_OF_TRIALS = AuditSearch(kinds=frozenset(TRIAL_KINDS))


def trials_of(uow: UnitOfWork) -> tuple[Trial, ...]:
    """Return every trial, in the order of their registration.

    Args:
        uow: An open unit of work.

    Raises:
        AuditChainBrokenError: A line about one was changed.
    """
    return trials_in(_found(uow, _OF_TRIALS))


def trial_of(uow: UnitOfWork, trial_id: str) -> Trial:
    """Return one trial.

    Args:
        uow: An open unit of work.
        trial_id: Which.

    Raises:
        RecordNotFoundError: There is no such trial.
        AuditChainBrokenError: A line about one was changed.
    """
    return trial_named(trials_of(uow), trial_id)


def trial_named(trials: Iterable[Trial], trial_id: str) -> Trial:
    """Return one of some trials.

    Args:
        trials: As the log tells them.
        trial_id: Which.

    Raises:
        RecordNotFoundError: It is not among them.
    """
    found = next((trial for trial in trials if trial.trial_id == trial_id), None)
    if found is None:
        msg = f"there is no trial {trial_id}"
        raise RecordNotFoundError(msg, key=trial_id)
    return found


def trial_with(uow: UnitOfWork, deployment_id: str) -> Trial | None:
    """Return the trial that a deployment is in; None where it is in none.

    Args:
        uow: An open unit of work.
        deployment_id: Which deployment.

    Raises:
        AuditChainBrokenError: A line about a trial was changed.
    """
    return next((trial for trial in trials_of(uow) if deployment_id in trial.deployment_ids), None)


def members_of(uow: UnitOfWork, trial: Trial) -> tuple[Deployment, ...]:
    """Return the deployments of a trial, in the order in which they were put in.

    Args:
        uow: An open unit of work.
        trial: Which trial.

    Raises:
        RecordNotFoundError: The store does not hold one of them any more.
    """
    return tuple(uow.deployments.get(name) for name in trial.deployment_ids)


def has_been_live(uow: UnitOfWork, deployment_id: str) -> bool:
    """Return whether a deployment ever went live, as the log says.

    Args:
        uow: An open unit of work.
        deployment_id: Which deployment.

    Raises:
        AuditChainBrokenError: The line about it was changed.
    """
    kinds = frozenset({EventKind.DEPLOYMENT_WENT_LIVE})
    wanted = AuditSearch(kinds=kinds, deployment_id=deployment_id)
    return bool(uow.audit.search(wanted, limit=1))


def has_news_of_trials(uow: UnitOfWork, n_read: int) -> bool:
    """Return whether the log has told something of a trial since it was read.

    Args:
        uow: An open unit of work.
        n_read: How many events had been read.

    Raises:
        AuditChainBrokenError: A line about one was changed.
    """
    return bool(uow.audit.search(_OF_TRIALS, after=n_read - 1, limit=1))


def _found(uow: UnitOfWork, wanted: AuditSearch) -> Sequence[LoggedEvent]:
    """Return all events that are looked for, oldest first."""
    found: list[LoggedEvent] = []
    before: int | None = None
    while events := uow.audit.search(wanted, before=before, limit=_READ_AT_ONCE):
        found += events
        before = events[-1].seq
    return found[::-1]
