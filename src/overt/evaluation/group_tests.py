"""Tests of two groups: whether they differ, by how much, and whether they are equal enough.

"Not significant" is not "equal": a small study finds no difference between anything. Equality
is shown by its own test, against a margin that is fixed beforehand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import fisher_exact

from overt.evaluation.by_subject import RESAMPLES, rate_by_subject
from overt.evaluation.intervals import LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from overt.evaluation.by_subject import SubjectCounts

PERMUTATIONS = 9999
POWER = 0.8
"""Usual least chance of finding a difference that is there."""

_SAME = 1e-12  # rates that differ by rounding only


@dataclass(frozen=True, slots=True)
class Difference:
    """The rate of one group minus that of another.

    Attributes:
        value: In [-1, 1].
        low: Lower end.
        high: Upper end.
        level: Share of such intervals that hold the true difference.
    """

    value: float
    low: float
    high: float
    level: float


def difference(
    one: SubjectCounts,
    other: SubjectCounts,
    generator: np.random.Generator,
    *,
    level: float = LEVEL,
    n_resamples: int = RESAMPLES,
) -> Difference | None:
    """Return the difference of two rates, or None where either has no interval.

    Newcombe's method (1998): the ends of both rates' own intervals, squared and added. With
    intervals by person it holds for people who were counted more than once.

    Args:
        one: People of one group.
        other: People of another.
        generator: Draws the resamples of intervals by person.
        level: Confidence level, in (0, 1).
        n_resamples: How many, at least 1.
    """
    a, b = (
        rate_by_subject(group, "", generator, n_resamples=n_resamples, level=level)
        for group in (one, other)
    )
    if a.interval is None or b.interval is None:
        return None
    value = a.value - b.value
    down = math.hypot(a.value - a.interval.low, b.interval.high - b.value)
    up = math.hypot(a.interval.high - a.value, b.value - b.interval.low)
    return Difference(value, max(value - down, -1.0), min(value + up, 1.0), level)


def is_equal_within(
    one: SubjectCounts, other: SubjectCounts, margin: float, generator: np.random.Generator
) -> bool:
    """Return whether two one-sided tests show that two rates differ by less than a margin.

    They do where the 90 % interval of the difference lies within the margin on both sides
    (Schuirmann 1987); wrong in at most 5 % of studies of groups that differ by more.

    Args:
        one: People of one group.
        other: People of another.
        margin: Difference that does not matter, fixed beforehand, in (0, 1).
        generator: Draws the resamples of intervals by person.
    """
    found = difference(one, other, generator, level=2 * LEVEL - 1)
    return found is not None and -margin < found.low and found.high < margin


def p_of_no_difference(
    one: SubjectCounts,
    other: SubjectCounts,
    generator: np.random.Generator,
    *,
    n_permutations: int = PERMUTATIONS,
) -> float:
    """Return how often groups without a difference would differ by as much, in (0, 1].

    Fisher's exact test where each person has one trial; else people change groups, each with
    all of their trials.

    Args:
        one: People of one group, at least one.
        other: People of another, at least one.
        generator: Draws the permutations.
        n_permutations: How many, at least 1.
    """
    if one.total == one.n_subjects and other.total == other.n_subjects:
        table = [[group.count, group.total - group.count] for group in (one, other)]
        return float(fisher_exact(np.array(table)).pvalue)
    pairs = np.concatenate([_pairs(one), _pairs(other)])
    kinds, n_of_kind = np.unique(pairs, axis=0, return_counts=True)
    drawn = generator.multivariate_hypergeometric(
        n_of_kind, one.n_subjects, n_permutations, method="marginals"
    )
    of_one, of_all = drawn @ kinds, n_of_kind @ kinds
    of_other = of_all - of_one
    apart = np.abs(of_one[:, 0] / of_one[:, 1] - of_other[:, 0] / of_other[:, 1])
    seen = abs(one.count / one.total - other.count / other.total)
    return float((1 + (apart >= seen - _SAME).sum()) / (1 + n_permutations))


def holm(p_values: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Return p-values adjusted for their number (Holm 1979), in the order given.

    With them, the chance that any group without a difference is said to differ is at most the
    level, however many pairs are tested.

    Args:
        p_values: By pair of groups.
    """
    ordered = sorted(p_values, key=lambda pair: p_values[pair])
    adjusted: dict[tuple[str, str], float] = {}
    so_far = 0.0
    for rank, pair in enumerate(ordered):
        so_far = max(so_far, min(1.0, p_values[pair] * (len(ordered) - rank)))
        adjusted[pair] = so_far
    return {pair: adjusted[pair] for pair in p_values}


def power(
    one: SubjectCounts, other: SubjectCounts, apart: float, *, level: float = LEVEL
) -> float | None:
    """Return the chance that a difference of so much would be found, or None where unknown.

    By the normal approximation with a correction for continuity, for rates on both sides of
    the one seen; trials of one person count for as much less as they are alike.

    Args:
        one: People of one group.
        other: People of another.
        apart: The difference, in (0, 1).
        level: One minus the chance of finding a difference where there is none, in (0, 1).
    """
    n_one, n_other = _independent(one), _independent(other)
    if not n_one or not n_other:
        return None
    share = (one.count + other.count) / (one.total + other.total)
    low, high = _around(share, apart)
    spread = math.sqrt(low * (1 - low) / n_one + high * (1 - high) / n_other)
    continuity = (1 / n_one + 1 / n_other) / 2
    z = (high - low - continuity) / max(spread, _SAME) - float(ndtri((1 + level) / 2))
    return float(ndtr(z))


def people_per_group(
    share: float, apart: float, *, chance: float = POWER, level: float = LEVEL
) -> int:
    """Return how many people a group needs for a difference to be found (Fleiss 1980).

    Args:
        share: The rate in the middle, in [0, 1].
        apart: The difference, in (0, 1).
        chance: Of finding it, in (0, 1).
        level: One minus the chance of finding one where there is none, in (0, 1).
    """
    low, high = _around(share, apart)
    z = float(ndtri((1 + level) / 2)) + float(ndtri(chance))
    n = z * z * (low * (1 - low) + high * (1 - high)) / (high - low) ** 2
    return math.ceil(n / 4 * (1 + math.sqrt(1 + 4 / (n * (high - low)))) ** 2)


def _pairs(group: SubjectCounts) -> NDArray[np.int64]:
    return np.stack([group.events, group.trials], axis=1)


def _independent(group: SubjectCounts) -> float:
    """Return how many independent trials those of a group are worth."""
    return group.total / max(1.0, group.design_effect() or group.total / max(group.n_subjects, 1))


def _around(share: float, apart: float) -> tuple[float, float]:
    """Return two rates so far apart, as near to both sides of a share as they can be."""
    low = min(max(share - apart / 2, 0.0), 1 - apart)
    return low, low + apart
