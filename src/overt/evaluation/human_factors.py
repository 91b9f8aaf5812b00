"""What people made of alerts: operator, officer and truth, and how quickly they decided.

A reviewer who passes on whatever the machine suggests looks right as long as the machine is. Pairs
of different people, seeded into a rehearsal, show how often that happens (automation bias). Alerts
of one reviewer are alike: intervals are by reviewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

import numpy as np

from overt.evaluation.by_subject import counts_by_subject, rate_by_subject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from overt.evaluation.rates import Rate

_FEWEST_TIMES = 2


@dataclass(frozen=True, slots=True)
class ReviewedAlert:
    """One alert and what two people made of it.

    Attributes:
        operator_id: Who looked first; never a name.
        is_passed_on: What they decided.
        operator_s: Seconds they took, or None where that is not known.
        officer_id: Who looked on the street, or None where it was not passed on.
        is_engaged: What they decided, or None where they never did.
        officer_s: Seconds they took, or None.
        is_true: Whether both pictures show one person, or None where nobody knows.
        is_seeded: It was put in on purpose, of two different people (a rehearsal only).
    """

    operator_id: str
    is_passed_on: bool
    operator_s: float | None = None
    officer_id: str | None = None
    is_engaged: bool | None = None
    officer_s: float | None = None
    is_true: bool | None = None
    is_seeded: bool = False


@dataclass(frozen=True, slots=True)
class DecisionTimes:
    """How long decisions took.

    Attributes:
        n: How many are known.
        quartiles_s: First quartile, median and third, or None with fewer than two.
    """

    n: int
    quartiles_s: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class HumanFactors:
    """Everything that decisions about alerts show.

    Attributes:
        seeded_passed_on: Seeded alerts that operators passed on: automation bias.
        false_passed_on: False alerts, seeded or not, that operators passed on.
        true_dismissed: True alerts that operators dismissed.
        false_engaged: False alerts passed on for which officers engaged somebody.
        true_not_engaged: True alerts passed on for which officers did not.
        officer_agrees: Alerts passed on that officers engaged on: as operators thought.
        operator_times: How long operators took.
        officer_times: How long officers took.
    """

    seeded_passed_on: Rate
    false_passed_on: Rate
    true_dismissed: Rate
    false_engaged: Rate
    true_not_engaged: Rate
    officer_agrees: Rate
    operator_times: DecisionTimes
    officer_times: DecisionTimes


def human_factors(alerts: Sequence[ReviewedAlert], generator: np.random.Generator) -> HumanFactors:
    """Return what decisions about alerts show; a rate of nothing is undefined, not an error.

    Alerts whose truth nobody knows count only where it does not matter.

    Args:
        alerts: Each decided by an operator at least; may be empty.
        generator: Draws the resamples of intervals by reviewer.
    """

    def share(
        unit: str,
        chosen: Sequence[ReviewedAlert],
        is_event: Callable[[ReviewedAlert], bool],
        reviewer: Callable[[ReviewedAlert], str],
    ) -> Rate:
        events = np.array([is_event(each) for each in chosen], bool)
        counts = counts_by_subject([reviewer(each) for each in chosen], events)
        return rate_by_subject(counts, unit, generator)

    false = [each for each in alerts if each.is_true is False]
    true = [each for each in alerts if each.is_true]
    seen = [each for each in alerts if each.officer_id and each.is_engaged is not None]
    return HumanFactors(
        seeded_passed_on=share(
            "seeded alerts", [a for a in alerts if a.is_seeded], _is_passed_on, _operator
        ),
        false_passed_on=share("false alerts", false, _is_passed_on, _operator),
        true_dismissed=share("true alerts", true, lambda a: not a.is_passed_on, _operator),
        false_engaged=share(
            "false alerts passed on", [a for a in seen if a.is_true is False], _is_engaged, _officer
        ),
        true_not_engaged=share(
            "true alerts passed on",
            [a for a in seen if a.is_true],
            lambda a: not a.is_engaged,
            _officer,
        ),
        officer_agrees=share("alerts passed on", seen, _is_engaged, _officer),
        operator_times=_times([a.operator_s for a in alerts]),
        officer_times=_times([a.officer_s for a in alerts]),
    )


def _is_passed_on(alert: ReviewedAlert) -> bool:
    return alert.is_passed_on


def _is_engaged(alert: ReviewedAlert) -> bool:
    return bool(alert.is_engaged)


def _operator(alert: ReviewedAlert) -> str:
    return alert.operator_id


def _officer(alert: ReviewedAlert) -> str:
    return alert.officer_id or ""


def _times(seconds: Sequence[float | None]) -> DecisionTimes:
    known = [each for each in seconds if each is not None]
    if len(known) < _FEWEST_TIMES:
        return DecisionTimes(len(known), None)
    first, median, third = quantiles(known, n=4, method="inclusive")
    return DecisionTimes(len(known), (first, median, third))
