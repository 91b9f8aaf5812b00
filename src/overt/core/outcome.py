"""Outcomes: what an alert turned out to be, and the counts that are published (R-55)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.adjudication import IdentityVerdict
from overt.core.alert_progress import Closed, Disposed, Identified
from overt.core.alert_steps import alert_of
from overt.core.watchlist import ListKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.core.alert_progress import Progress


class Outcome(StrEnum):
    """What an alert turned out to be; confirmed only by an engagement (R-55)."""

    CONFIRMED_TRUE = "confirmed_true"
    UNCONFIRMED_TRUE = "unconfirmed_true"
    CONFIRMED_FALSE = "confirmed_false"
    UNCONFIRMED_FALSE = "unconfirmed_false"
    UNRESOLVED = "unresolved"


# Reasons after which the people who looked did not think that it was somebody else, or could
# not tell. Every other "no" counts as a false alert: the reading that is harder on the system.
_TAKEN_FOR_TRUE = frozenset({"no_longer_wanted"})
_NOT_TOLD = frozenset({"picture_unusable", "same_person_alerted_before", "operator_withdrew"})
_SOMEBODY_ELSE = "different_person"


@dataclass(frozen=True, slots=True)
class AlertCounts:
    """Operational alerts by outcome; volunteers' alerts are never among them (R-22).

    Attributes:
        confirmed_true: Confirmed by an engagement.
        unconfirmed_true: Passed on and not contradicted: not located, not engaged.
        confirmed_false: An engagement showed that it was somebody else.
        unconfirmed_false: An operator or officer saw that it was somebody else.
        unresolved: Nobody knows, or nobody has decided yet.
    """

    confirmed_true: int = 0
    unconfirmed_true: int = 0
    confirmed_false: int = 0
    unconfirmed_false: int = 0
    unresolved: int = 0

    @property
    def n_true(self) -> int:
        """Return true alerts, confirmed or not (T)."""
        return self.confirmed_true + self.unconfirmed_true

    @property
    def n_false(self) -> int:
        """Return false alerts, confirmed or not (X)."""
        return self.confirmed_false + self.unconfirmed_false

    @property
    def n_alerts(self) -> int:
        """Return all operational alerts (A), the unresolved among them."""
        return self.n_true + self.n_false + self.unresolved


def outcome_of(progress: Progress) -> Outcome:
    """Return what an alert turned out to be, as far as people have decided.

    Args:
        progress: How far it has come.
    """
    match progress:
        case Identified():
            return _of_identity(progress)
        case Disposed():
            return _of_identity(progress.identified)
        case Closed():
            return _of_closed(progress)
    return Outcome.UNRESOLVED


def count_alerts(alerts: Iterable[Progress], kind: ListKind = ListKind.OPERATIONAL) -> AlertCounts:
    """Return the counts of the alerts of one list among some; the others are left out (R-22).

    Args:
        alerts: How far each has come.
        kind: Which list.
    """
    counts = dict.fromkeys(Outcome, 0)
    for progress in alerts:
        if alert_of(progress).list_kind is kind:
            counts[outcome_of(progress)] += 1
    return AlertCounts(**{outcome.value: count for outcome, count in counts.items()})


def _of_identity(identified: Identified) -> Outcome:
    verdict = identified.identity.verdict
    if verdict is IdentityVerdict.INCONCLUSIVE:
        return Outcome.UNRESOLVED
    return Outcome(verdict.value)


def _of_closed(closed: Closed) -> Outcome:
    codes = frozenset(closed.last.reason_codes)
    if codes & _NOT_TOLD:
        return Outcome.UNRESOLVED
    if closed.passed_on is not None:
        is_other = _SOMEBODY_ELSE in codes
        return Outcome.UNCONFIRMED_FALSE if is_other else Outcome.UNCONFIRMED_TRUE
    return Outcome.UNCONFIRMED_TRUE if codes & _TAKEN_FOR_TRUE else Outcome.UNCONFIRMED_FALSE
