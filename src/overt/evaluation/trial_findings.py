"""What a trial set out to show, and whether it did: hypotheses, the limit, deviations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.trial import EndedBy
from overt.core.trial_plan import HypothesisFigure, Relation
from overt.evaluation.rates import LimitStatus, limit_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.trial import Trial
    from overt.core.trial_plan import Hypothesis
    from overt.evaluation.rates import Rate
    from overt.evaluation.trial_document import Document, Sources
    from overt.evaluation.trial_figures import Scope

NO_LIMIT = "not defined"
_IF_UNRESOLVED_FALSE = {
    HypothesisFigure.FALSE_ALERTS_PER_FACE_SEEN: "false_alerts_per_face_seen_at_most",
    HypothesisFigure.FALSE_ALERTS_PER_ALERT: "false_alerts_per_alert_at_most",
}


class Verdict(StrEnum):
    """What the data say of a hypothesis."""

    SHOWN = "shown"
    CONTRADICTED = "contradicted"
    NOT_SHOWN = "not shown"
    NOT_DEFINED = "not defined"


@dataclass(frozen=True, slots=True)
class Finding:
    """A hypothesis held against what was counted.

    Attributes:
        hypothesis: As registered.
        verdict: What the data say.
        because: Why, with the numbers.
        numbers: Identifiers of the numbers that decide.
    """

    hypothesis: Hypothesis
    verdict: Verdict
    because: str
    numbers: tuple[str, ...]

    def document(self) -> Document:
        """Return the finding as plain values."""
        return {
            "hypothesis_id": self.hypothesis.hypothesis_id,
            "text": self.hypothesis.text,
            "verdict": self.verdict.value,
            "because": self.because,
            "numbers": list(self.numbers),
        }


def findings_of(trial: Trial, sources: Sources) -> tuple[Finding, ...]:
    """Return every hypothesis of the plan with what the data say of it.

    Args:
        trial: With its plan.
        sources: What was counted.
    """
    return tuple(_finding(each, sources) for each in trial.plan.hypotheses)


def limit_words(sources: Sources, scope: Scope) -> str:
    """Return how false alerts per face seen stand to the limit (R-43).

    Alerts that nobody resolved are taken both ways: only what holds either way is said.

    Args:
        sources: What was counted.
        scope: Which deployments.
    """
    limits = [each.limit for each in scope.deployments if each.limit is not None]
    rates = [
        sources.rate(name, scope)
        for name in ("false_alerts_per_face_seen", "false_alerts_per_face_seen_at_most")
    ]
    if not limits or any(each.interval is None for each in rates):
        return NO_LIMIT
    found = {limit_status(each, min(limits)).status for each in rates}
    return (found.pop() if len(found) == 1 else LimitStatus.NOT_DEMONSTRATED).value


def deviations_of(trial: Trial, sources: Sources) -> list[str]:
    """Return what was not done as planned; that nothing was is said too.

    Args:
        trial: With its plan.
        sources: What was counted.
    """
    return list(_deviations(trial, sources)) or [
        "None: the trial was carried out as it was planned."
    ]


def _finding(hypothesis: Hypothesis, sources: Sources) -> Finding:
    scope, name = sources.figures.whole, hypothesis.figure.value
    rates, numbers = [sources.rate(name, scope)], [sources.number(name, scope)]
    said = sources.said(name, scope)
    at_most = _IF_UNRESOLVED_FALSE.get(hypothesis.figure)
    if at_most and sources.rate(at_most, scope).count > rates[0].count:
        rates.append(sources.rate(at_most, scope))
        numbers.append(sources.number(at_most, scope))
        said += f"; with every unresolved alert taken for false, {sources.said(at_most, scope)}"
    verdict = _verdict(hypothesis, rates)
    side = hypothesis.relation.value.replace("_", " ")
    because = f"Expected {side} {100 * hypothesis.value:g} %. Counted: {said}. {_WHY[verdict]}"
    return Finding(hypothesis, verdict, because, tuple(numbers))


_WHY = {
    Verdict.SHOWN: "The whole interval lies on the expected side.",
    Verdict.CONTRADICTED: "The whole interval lies on the other side.",
    Verdict.NOT_SHOWN: "The interval does not lie on one side: the data leave it open.",
    Verdict.NOT_DEFINED: "Nothing was counted that could show it.",
}


def _verdict(hypothesis: Hypothesis, rates: list[Rate]) -> Verdict:
    if any(each.total == 0 for each in rates):
        return Verdict.NOT_DEFINED
    found = {_verdict_of(hypothesis, each) for each in rates}
    return found.pop() if len(found) == 1 else Verdict.NOT_SHOWN


def _verdict_of(hypothesis: Hypothesis, found: Rate) -> Verdict:
    if found.interval is None:
        return Verdict.NOT_SHOWN
    low, high, value = found.interval.low, found.interval.high, hypothesis.value
    is_at_most = hypothesis.relation is Relation.AT_MOST
    if high <= value if is_at_most else low >= value:
        return Verdict.SHOWN
    is_other_side = low > value if is_at_most else high < value
    return Verdict.CONTRADICTED if is_other_side else Verdict.NOT_SHOWN


def _deviations(trial: Trial, sources: Sources) -> Iterator[str]:
    plan, scope = trial.plan, sources.figures.whole
    n_live = sum(each.was_live for each in scope.deployments)
    if n_live != plan.n_deployments:
        yield f"{plan.n_deployments:,} deployments were planned, {n_live:,} went live."
    for name, planned, what in (
        ("faces_seen", plan.faces_planned, "faces"),
        ("passes", plan.passes_planned, "passes of volunteers"),
    ):
        found = sources.book.entries[sources.number(name, scope)]["value"]
        if isinstance(found, int) and found < planned:
            yield f"{planned:,} {what} were planned, {found:,} were counted."
    if trial.ended_by is EndedBy.STOP_RULE:
        yield f"A stop rule ended the trial: {trial.reason}."
    elif trial.ended_by is EndedBy.OTHER:
        yield f"The trial was ended for another reason than its plan knows: {trial.reason}."
    elif not trial.is_ended:
        yield "The trial has not ended: every figure here is one of the state so far."
    for each in scope.deployments:
        if each.is_suspend_advised:
            yield f"Deployment {each.number}: it was advised to suspend: the limit was broken."
        yield from _interrupted(each.number, each.interruptions)
        if each.end not in {"ended", "still running", "suspended"}:
            yield f"Deployment {each.number}: {each.end}{_because(each.end_reason)}."


def _interrupted(number: int, reasons: tuple[str, ...]) -> Iterator[str]:
    for reason in reasons:
        yield f"Deployment {number} was suspended{_because(reason)}."


def _because(reason: str) -> str:
    return f": {reason.rstrip('.')}" if reason.strip() else ""
