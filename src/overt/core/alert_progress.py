"""The way of an alert as types: an arrest holds two people's decisions, or there is none (R-51).

``Disposed`` is made from an ``Identified``, that from an ``Engaged``, that from a
``PassedOn``, and each checks who decided. A machine's alert is only a ``Raised``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.adjudication import (
    DisposalVerdict,
    OfficerVerdict,
    OperatorVerdict,
    Step,
)
from overt.core.watchlist import ListKind
from overt.errors import AlertWrongStepError, SamePersonError

if TYPE_CHECKING:
    from overt.core.adjudication import AlertRecord, Decision, Verdict


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that nobody has looked at: it allows nothing.

    Attributes:
        alert: What the machine suggests.
    """

    alert: AlertRecord


@dataclass(frozen=True, slots=True)
class Closed:
    """An alert without an engagement: dismissed, not engaged or not located.

    Attributes:
        alert: The alert.
        last: The operator's dismissal, or the officer's decision not to engage.
        passed_on: The operator's decision if it was passed on, else None.
    """

    alert: AlertRecord
    last: Decision
    passed_on: PassedOn | None = None

    def __post_init__(self) -> None:
        """Refuse anything but a dismissal, or another person's later "no".

        Raises:
            AlertWrongStepError: The last decision does not close this alert.
        """
        if self.passed_on is None:
            _require(self.alert, self.last, Step.OPERATOR, OperatorVerdict.DISMISSED)
            return
        _require(self.passed_on.alert, self.last, Step.OFFICER)
        if self.last.verdict is OfficerVerdict.ENGAGED:
            msg = "an alert that is engaged is not closed"
            raise AlertWrongStepError(msg, alert_id=self.alert.alert_id)
        _require_follows(self.passed_on.operator, self.passed_on.operator, self.last)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """An alert that an operator passed on.

    Attributes:
        alert: The alert.
        operator: The operator's decision.
    """

    alert: AlertRecord
    operator: Decision

    def __post_init__(self) -> None:
        """Refuse anything but an operator's passing on of this alert."""
        _require(self.alert, self.operator, Step.OPERATOR, OperatorVerdict.PASSED_ON)


@dataclass(frozen=True, slots=True)
class Engaged:
    """An engagement after the decisions of two different people (R-04, R-51).

    Attributes:
        passed_on: The alert with the operator's decision.
        officer: The engagement officer's own decision.
    """

    passed_on: PassedOn
    officer: Decision

    def __post_init__(self) -> None:
        """Refuse anything but another person's later decision to engage."""
        _require(self.passed_on.alert, self.officer, Step.OFFICER, OfficerVerdict.ENGAGED)
        _require_follows(self.passed_on.operator, self.passed_on.operator, self.officer)


@dataclass(frozen=True, slots=True)
class Identified:
    """An engagement with an identity check by ordinary means (R-54).

    Attributes:
        engaged: The engagement.
        identity: What the check gave.
    """

    engaged: Engaged
    identity: Decision

    def __post_init__(self) -> None:
        """Refuse anything but a later identity check by somebody other than the operator."""
        passed_on = self.engaged.passed_on
        _require(passed_on.alert, self.identity, Step.IDENTITY)
        _require_follows(passed_on.operator, self.engaged.officer, self.identity)


@dataclass(frozen=True, slots=True)
class Disposed:
    """An engagement that has ended: the only place where an arrest can stand (R-51).

    Attributes:
        identified: The engagement with its identity check.
        disposal: How it ended.
    """

    identified: Identified
    disposal: Decision

    def __post_init__(self) -> None:
        """Refuse anything but a later disposal, and the arrest of a volunteer.

        Raises:
            AlertWrongStepError: A blue alert would end in an arrest (R-22).
        """
        passed_on = self.identified.engaged.passed_on
        _require(passed_on.alert, self.disposal, Step.DISPOSAL)
        _require_follows(passed_on.operator, self.identified.identity, self.disposal)
        is_arrest = self.disposal.verdict is DisposalVerdict.ARREST
        if is_arrest and passed_on.alert.list_kind is ListKind.BLUE:
            msg = "an alert about a volunteer of the blue list cannot end in an arrest"
            raise AlertWrongStepError(msg, alert_id=passed_on.alert.alert_id)


Progress = Raised | Closed | PassedOn | Engaged | Identified | Disposed


def _require(
    alert: AlertRecord, decision: Decision, step: Step, verdict: Verdict | None = None
) -> None:
    if decision.alert_id != alert.alert_id:
        msg = f"expected a decision about {alert.alert_id}, found one about {decision.alert_id}"
        raise AlertWrongStepError(msg, alert_id=alert.alert_id)
    if decision.step is not step or verdict not in {None, decision.verdict}:
        msg = f"expected {verdict or step}, found {decision.verdict}"
        raise AlertWrongStepError(msg, alert_id=alert.alert_id)


def _require_follows(operator: Decision, previous: Decision, decision: Decision) -> None:
    if decision.decided_by == operator.decided_by:
        msg = "the operator of an alert decides no later step of it; expected another person"
        raise SamePersonError(msg, alert_id=decision.alert_id, actor_id=decision.decided_by)
    if decision.decided_at < previous.decided_at:
        msg = f"the step {decision.step} was decided before the step {previous.step}"
        raise AlertWrongStepError(msg, alert_id=decision.alert_id)
