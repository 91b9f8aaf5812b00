"""Rates by group of people: how far apart, whether by chance, whether they are equal (R-47).

Both directions are stated: that a difference is not shown, and that equality is not shown
either. Groups of few people are withheld, and with them their comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from overt.evaluation.by_subject import SubjectCounts, counts_by_subject, rate_by_subject
from overt.evaluation.group_tests import (
    difference,
    holm,
    is_equal_within,
    p_of_no_difference,
    people_per_group,
    power,
)
from overt.evaluation.intervals import LEVEL
from overt.evaluation.small_numbers import without_small_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from overt.evaluation.group_tests import Difference
    from overt.evaluation.rates import Rate

NOT_RECORDED = "not recorded"
"""The group of people of whom nothing is recorded; counted, never compared."""


@dataclass(frozen=True, slots=True)
class GroupRate:
    """One group.

    Attributes:
        group: Which.
        n_people: How many, or None where their number is withheld.
        rate: Theirs, or None where it is withheld.
    """

    group: str
    n_people: int | None
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class GroupPair:
    """Two groups compared.

    Attributes:
        one: Which.
        other: Which.
        difference: The first one's rate minus the other's.
        p_value: How often groups without a difference would differ by as much.
        adjusted: The same, adjusted for the number of pairs (Holm).
        is_equal: Whether they are shown to be equal within the margin.
        power: Chance that a difference of the margin would have been found, or None.
        n_needed: People a group needs for a chance of 80 %.
    """

    one: str
    other: str
    difference: Difference
    p_value: float
    adjusted: float
    is_equal: bool
    power: float | None
    n_needed: int

    @property
    def is_different(self) -> bool:
        """Return whether a difference is shown."""
        return self.adjusted < 1 - LEVEL

    def text(self, margin: float) -> str:
        """Return in words what is shown, and what is not.

        Args:
            margin: Difference that does not matter.
        """
        points, stated = f"{100 * margin:g} points", self._stated()
        if self.is_different and self.is_equal:
            return f"{stated}: a difference is shown, and it is smaller than {points}"
        if self.is_different:
            return f"{stated}: a difference is shown"
        if self.is_equal:
            return f"{stated}: shown to be equal within {points}"
        chance = "unknown" if self.power is None else f"{100 * self.power:.0f} %"
        return (
            f"{stated}: no difference is shown, and equality within {points} is not shown "
            f"either; the chance of finding {points} was {chance}, and 80 % with "
            f"{self.n_needed:,} people a group"
        )

    def _stated(self) -> str:
        found = self.difference
        higher, lower = (self.one, self.other) if found.value >= 0 else (self.other, self.one)
        start = f"{higher} above {lower}" if found.value else f"{self.one} as {self.other}"
        interval = f"{100 * found.low:+.2g} to {100 * found.high:+.2g}"
        return (
            f"{start} by {100 * abs(found.value):.2g} points ({self.one} less {self.other}: 95 % "
            f"interval {interval}; p {self.p_value:.2g}, adjusted {self.adjusted:.2g})"
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """All groups of one grouping.

    Attributes:
        unit: What the rates count, plural.
        margin: Difference that does not matter, fixed beforehand.
        groups: By name.
        pairs: Of groups that are not withheld, in order of their names.
    """

    unit: str
    margin: float
    groups: tuple[GroupRate, ...]
    pairs: tuple[GroupPair, ...]


def counts_by_group(
    subject_ids: Sequence[str],
    events: NDArray[np.bool_ | np.int64],
    trials: NDArray[np.int64],
    group_of: Mapping[str, str],
) -> dict[str, SubjectCounts]:
    """Return the events and trials of each person, by group; nobody is left out.

    Args:
        subject_ids: Whose trials each were.
        events: (n,) how many of its trials were events.
        trials: (n,) how many trials each stands for.
        group_of: Group by person; whoever is in none is ``not recorded``.
    """
    groups = np.array([group_of.get(each, NOT_RECORDED) for each in subject_ids], np.str_)
    ids = np.asarray(subject_ids, np.str_)
    return {
        str(group): counts_by_subject(
            ids[groups == group].tolist(), events[groups == group], trials[groups == group]
        )
        for group in np.unique(groups)
    }


def compare_groups(
    groups: Mapping[str, SubjectCounts],
    unit: str,
    generator: np.random.Generator,
    *,
    margin: float,
    least: int,
) -> Comparison:
    """Return the rates of groups and how they compare.

    Args:
        groups: People by group; may be empty.
        unit: What the rates count, plural.
        generator: Draws resamples and permutations.
        margin: Difference that does not matter, fixed beforehand, in (0, 1).
        least: Fewest people of whom anything is stated, at least 1.
    """
    n_people = {group: groups[group].n_subjects for group in sorted(groups)}
    stated = without_small_numbers(n_people, least)
    rates = tuple(
        GroupRate(
            group,
            n,
            None if n is None else rate_by_subject(groups[group], unit, generator),
        )
        for group, n in stated.items()
    )
    shown = [group for group, n in stated.items() if n and group != NOT_RECORDED]
    return Comparison(unit, margin, rates, _pairs(groups, shown, generator, margin))


def _pairs(
    groups: Mapping[str, SubjectCounts],
    shown: Sequence[str],
    generator: np.random.Generator,
    margin: float,
) -> tuple[GroupPair, ...]:
    apart = {
        (a, b): found
        for a, b in combinations(shown, 2)
        if (found := difference(groups[a], groups[b], generator)) is not None
    }
    p_values = {(a, b): p_of_no_difference(groups[a], groups[b], generator) for a, b in apart}
    adjusted = holm(p_values)
    return tuple(
        GroupPair(
            one=a,
            other=b,
            difference=found,
            p_value=p_values[a, b],
            adjusted=adjusted[a, b],
            is_equal=is_equal_within(groups[a], groups[b], margin, generator),
            power=power(groups[a], groups[b], margin),
            n_needed=people_per_group(_share(groups[a], groups[b]), margin),
        )
        for (a, b), found in apart.items()
    )


def _share(one: SubjectCounts, other: SubjectCounts) -> float:
    return (one.count + other.count) / (one.total + other.total)
