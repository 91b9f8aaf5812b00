"""The steps of an alert, one after the other: what is next, what was decided (R-51)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.adjudication import AlertState, OfficerVerdict, OperatorVerdict, Step
from overt.core.alert_progress import Closed, Disposed, Engaged, Identified, PassedOn, Raised
from overt.errors import AlertWrongStepError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.core.adjudication import AlertRecord, Decision
    from overt.core.alert_progress import Progress


def progress_of(alert: AlertRecord, decisions: Sequence[Decision]) -> Progress:
    """Return how far an alert has come.

    Args:
        alert: The alert.
        decisions: Its decisions in the order in which they were made; may be empty.

    Raises:
        AlertWrongStepError: They are out of order, or one belongs to another alert.
        SamePersonError: The operator decided a later step too.
    """
    progress: Progress = Raised(alert)
    for decision in decisions:
        progress = advance(progress, decision)
    return progress


def advance(progress: Progress, decision: Decision) -> Progress:
    """Return the alert one step further.

    Args:
        progress: How far it has come.
        decision: Of the next step.

    Raises:
        AlertWrongStepError: It is not the next step's decision, or belongs to another alert.
        SamePersonError: The operator would decide a later step too.
    """
    alert, step = alert_of(progress), next_step(progress)
    if decision.step is not step:
        expected = f"the step {step}" if step else "no further decision"
        msg = f"for alert {alert.alert_id}, expected {expected}; found {decision.step}"
        raise AlertWrongStepError(msg, alert_id=alert.alert_id)
    if isinstance(progress, Identified):
        return Disposed(progress, decision)
    if isinstance(progress, Engaged):
        return Identified(progress, decision)
    if decision.verdict is OfficerVerdict.ENGAGED and isinstance(progress, PassedOn):
        return Engaged(progress, decision)
    if decision.verdict is OperatorVerdict.PASSED_ON:
        return PassedOn(alert, decision)
    return Closed(alert, decision, progress if isinstance(progress, PassedOn) else None)


def next_step(progress: Progress) -> Step | None:
    """Return the step that waits for somebody, or None once all is decided.

    Args:
        progress: How far an alert has come.
    """
    return {
        Raised: Step.OPERATOR,
        PassedOn: Step.OFFICER,
        Engaged: Step.IDENTITY,
        Identified: Step.DISPOSAL,
    }.get(type(progress))


def alert_of(progress: Progress) -> AlertRecord:
    """Return the alert itself.

    Args:
        progress: How far it has come.
    """
    match progress:
        case Engaged():
            return progress.passed_on.alert
        case Identified():
            return progress.engaged.passed_on.alert
        case Disposed():
            return progress.identified.engaged.passed_on.alert
    return progress.alert


def decisions_of(progress: Progress) -> tuple[Decision, ...]:
    """Return the decisions made so far, in order.

    Args:
        progress: How far an alert has come.
    """
    match progress:
        case Raised():
            return ()
        case PassedOn():
            return (progress.operator,)
        case Engaged():
            return (*decisions_of(progress.passed_on), progress.officer)
        case Identified():
            return (*decisions_of(progress.engaged), progress.identity)
        case Disposed():
            return (*decisions_of(progress.identified), progress.disposal)
    earlier = decisions_of(progress.passed_on) if progress.passed_on else ()
    return (*earlier, progress.last)


def state_of(progress: Progress) -> AlertState:
    """Return the state that is stored with the alert: the last verdict.

    Args:
        progress: How far it has come.
    """
    decisions = decisions_of(progress)
    return AlertState(decisions[-1].verdict.value) if decisions else AlertState.RAISED
