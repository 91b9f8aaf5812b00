"""Rates: never a bare number, always counts, unit and interval.

Three rates describe a rehearsal or a deployment (docs/glossary.md). Two of them
share a numerator and differ by their denominator, and the public debate mixes
them up; each name therefore carries its denominator.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from overt.errors import UndefinedRateError
from overt.evaluation.intervals import LEVEL, Interval, IntervalMethod, exact_interval


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of counted things, with what it was counted from.

    Attributes:
        count: Events: the numerator.
        total: Things counted: the denominator; 0 leaves the rate undefined.
        unit: What the denominator counts, plural: ``faces seen``.
        interval: Exact interval, or None where the rate is undefined.
    """

    count: int
    total: int
    unit: str
    interval: Interval | None

    @property
    def value(self) -> float:
        """Return the share, in [0, 1].

        Raises:
            UndefinedRateError: The total is 0.
        """
        if self.total == 0:
            msg = f"a rate per {self.unit} is not defined: {self.count} of {self.total}"
            raise UndefinedRateError(msg, count=self.count, total=self.total, unit=self.unit)
        return self.count / self.total

    def one_in(self) -> float | None:
        """Return k of "1 in k", or None where nothing was counted: never 1 in infinity."""
        return self.total / self.count if self.count else None

    def text(self) -> str:
        """Return the rate as it is printed: counts first, then share and interval."""
        if self.interval is None:
            return f"not defined ({self.count:,} of {self.total:,})"
        low, high = self.interval.low, self.interval.high
        decimals = _decimals(self.value, low, high)
        share, low_text, high_text = (_percent(x, decimals) for x in (self.value, low, high))
        by = " by person" if self.interval.method is IntervalMethod.BY_PERSON else ""
        return (
            f"{self.count:,} of {self.total:,} {self.unit} "
            f"({share}, {self.interval.level * 100:g} % interval{by} {low_text} to {high_text})"
        )


def rate(count: int, total: int, unit: str, *, level: float = LEVEL) -> Rate:
    """Return a share with its exact interval; undefined, not an error, when nothing was counted.

    Args:
        count: Events, from 0 to ``total``.
        total: Things counted; may be 0.
        unit: What the total counts, plural.
        level: Confidence level of the interval, in (0, 1).

    Raises:
        ValueError: The counts contradict each other.
    """
    if total == 0 and count == 0:
        return Rate(count, total, unit, interval=None)
    return Rate(count, total, unit, exact_interval(count, total, level=level))


def true_recognition_rate(*, recognised: int, recognition_opportunities: int) -> Rate:
    """Return the share of recognition opportunities that raised a correct alert (R-44).

    Args:
        recognised: Opportunities that raised a correct alert.
        recognition_opportunities: Known passages of listed people, seen or not.

    Raises:
        ValueError: The counts contradict each other.
    """
    return rate(recognised, recognition_opportunities, "recognition opportunities")


def false_alerts_per_face_seen(*, false_alerts: int, faces_seen: int) -> Rate:
    """Return false alerts over all faces seen: the official false alert rate (R-42).

    Args:
        false_alerts: Alerts about somebody else.
        faces_seen: Confirmed tracks through the zone.

    Raises:
        ValueError: The counts contradict each other.
    """
    return rate(false_alerts, faces_seen, "faces seen")


def false_alerts_per_alert(*, false_alerts: int, true_alerts: int) -> Rate:
    """Return false alerts over all alerts: how often an alert was wrong.

    Args:
        false_alerts: Alerts about somebody else.
        true_alerts: Alerts about the right person.

    Raises:
        ValueError: The counts contradict each other.
    """
    return rate(false_alerts, false_alerts + true_alerts, "alerts")


class LimitStatus(StrEnum):
    """What the interval of a rate says about a limit (R-43)."""

    WITHIN = "within"
    NOT_DEMONSTRATED = "not demonstrated"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class LimitFinding:
    """A rate held against its limit.

    Attributes:
        status: Whether the whole interval lies on one side of the limit.
        is_point_above_limit: The share itself exceeds the limit; this alone
            asks the command for a review.
    """

    status: LimitStatus
    is_point_above_limit: bool


def limit_status(observed: Rate, limit: float) -> LimitFinding:
    """Return whether a rate is shown to lie within a limit, or shown to exceed it.

    Args:
        observed: A rate of errors: lower is better.
        limit: Largest share allowed, inclusive.

    Raises:
        UndefinedRateError: Nothing was counted.
    """
    is_above = observed.value > limit
    if observed.interval is None:
        msg = f"a rate per {observed.unit} without an interval cannot be held against a limit"
        raise UndefinedRateError(msg, unit=observed.unit)
    if observed.interval.high <= limit:
        status = LimitStatus.WITHIN
    elif observed.interval.low > limit:
        status = LimitStatus.BREACHED
    else:
        status = LimitStatus.NOT_DEMONSTRATED
    return LimitFinding(status, is_above)


def _decimals(share: float, low: float, high: float) -> int:
    # Two significant digits of the share and one of each end; two of the far end at 0 and 100 %.
    of_ends = 2 if share in {0, 1} else 1
    return max(1, _places(share, 2), _places(low, of_ends), _places(high, of_ends))


def _places(share: float, digits: int) -> int:
    rest = min(share, 1 - share)
    return 0 if rest <= 0 else digits - 1 - math.floor(math.log10(rest * 100))


def _percent(share: float, decimals: int) -> str:
    return f"{share:.0%}".replace("%", " %") if share in {0, 1} else f"{share * 100:.{decimals}f} %"
