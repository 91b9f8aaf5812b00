"""Intervals around a proportion: exact for reports, Wilson for plots, bounds for no events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from scipy.special import betaincinv, ndtri

LEVEL = 0.95
"""Confidence level of every published interval."""


class IntervalMethod(StrEnum):
    """How an interval was made."""

    EXACT = "exact"
    WILSON = "Wilson"
    BY_PERSON = "by person"


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true proportion lies, by the data.

    Attributes:
        low: Lower end, in [0, 1].
        high: Upper end, in [0, 1], not below ``low``.
        level: Share of such intervals that hold the true value, in (0, 1).
        method: How it was made.
    """

    low: float
    high: float
    level: float = LEVEL
    method: IntervalMethod = IntervalMethod.EXACT


def exact_interval(count: int, total: int, *, level: float = LEVEL) -> Interval:
    """Return the exact two-sided interval of Clopper and Pearson (1934).

    It holds the true proportion at least as often as its level says, so it errs
    on the side of caution.

    Args:
        count: Events, from 0 to ``total``.
        total: Trials, at least 1.
        level: Confidence level, in (0, 1).

    Raises:
        ValueError: The counts or the level are out of range.
    """
    _check(count, total, level)
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, total - count + 1, tail))
    high = 1.0 if count == total else float(betaincinv(count + 1, total - count, 1 - tail))
    return Interval(low, high, level)


def wilson_interval(count: int, total: int, *, level: float = LEVEL) -> Interval:
    """Return the score interval of Wilson (1927): narrower, right on average; for plots.

    Args:
        count: Events, from 0 to ``total``.
        total: Trials, at least 1.
        level: Confidence level, in (0, 1).

    Raises:
        ValueError: The counts or the level are out of range.
    """
    _check(count, total, level)
    z = float(ndtri((1 + level) / 2))
    share, spread = count / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    reach = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    # At the ends the formula gives exactly 0 and 1, but for rounding.
    low = 0.0 if count == 0 else middle - reach
    high = 1.0 if count == total else middle + reach
    return Interval(low, high, level, IntervalMethod.WILSON)


def upper_bound(count: int, total: int, *, level: float = LEVEL) -> float:
    """Return the exact one-sided upper bound of a proportion.

    Args:
        count: Events, from 0 to ``total``.
        total: Trials, at least 1.
        level: Confidence level, in (0, 1).

    Raises:
        ValueError: The counts or the level are out of range.
    """
    _check(count, total, level)
    return 1.0 if count == total else float(betaincinv(count + 1, total - count, level))


def zero_count_bound(total: int, *, level: float = LEVEL) -> float:
    """Return the exact one-sided upper bound of a proportion of which no event was seen.

    The rule of three, ``3 / total``, approximates it at the 95 % level.

    Args:
        total: Trials, at least 1.
        level: Confidence level, in (0, 1).

    Raises:
        ValueError: The total or the level is out of range.
    """
    _check(0, total, level)
    return -math.expm1(math.log1p(-level) / total)


def zero_count_total(limit: float, *, level: float = LEVEL) -> int:
    """Return how many trials without one event show that the proportion is within a limit.

    Args:
        limit: Largest proportion to be shown, in (0, 1).
        level: Confidence level, in (0, 1).

    Raises:
        ValueError: The limit or the level is out of range.
    """
    if not 0 < limit < 1:
        msg = f"a limit must lie between 0 and 1, found {limit}"
        raise ValueError(msg)
    _check(0, 1, level)
    return math.ceil(math.log1p(-level) / math.log1p(-limit))


def _check(count: int, total: int, level: float) -> None:
    if not (total >= 1 and 0 <= count <= total):
        msg = f"a proportion needs 0 <= count <= total and total >= 1, found {count} of {total}"
        raise ValueError(msg)
    if not 0 < level < 1:
        msg = f"a confidence level must lie between 0 and 1, found {level}"
        raise ValueError(msg)
