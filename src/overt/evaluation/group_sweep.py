"""Both errors by group of people, at one threshold and over several (requirements.md, 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.evaluation.published_record import rate_values
from overt.evaluation.search_rates import MATED, NONMATED, found_mates
from overt.evaluation.subgroups import compare_groups, counts_by_group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from overt.evaluation.by_subject import SubjectCounts
    from overt.evaluation.open_set import OpenSetScores
    from overt.evaluation.subgroups import Comparison


@dataclass(frozen=True, slots=True)
class GroupLimits:
    """What counts as equal, and what is too little to be stated.

    Attributes:
        missed_margin: Difference of FNIR that does not matter, as a share.
        false_margin: Difference of FPIR that does not matter.
        least: Fewest people of whom anything is stated, at least 1.
    """

    missed_margin: float
    false_margin: float
    least: int


@dataclass(frozen=True, slots=True)
class GroupErrors:
    """Both errors of the groups of one grouping at one threshold.

    Attributes:
        grouping: Such as sex.
        threshold: T, inclusive.
        missed: FNIR by group.
        false: FPIR by group: whose search raised an alert about somebody else.
    """

    grouping: str
    threshold: float
    missed: Comparison
    false: Comparison

    def values(self) -> dict[str, object]:
        """Return them as plain values, ready to be written as JSON."""
        return {
            "grouping": self.grouping,
            "threshold": self.threshold,
            "missed_fnir": comparison_values(self.missed),
            "false_fpir": comparison_values(self.false),
        }


def group_sweep(
    whole: OpenSetScores,
    groups: Mapping[str, Mapping[str, str]],
    thresholds: Sequence[float],
    limits: GroupLimits,
    generator: np.random.Generator,
    *,
    max_rank: int = 1,
) -> tuple[GroupErrors, ...]:
    """Return both errors by group at each threshold.

    Args:
        whole: Scores in one gallery.
        groups: By grouping, the group of each person.
        thresholds: T, inclusive, in the order wanted.
        limits: Margins and smallest number of people.
        generator: Draws resamples and permutations.
        max_rank: R, at least 1.
    """
    return tuple(
        GroupErrors(
            grouping,
            threshold,
            compare_groups(
                _counts(whole, threshold, max_rank, group_of, is_mated=True),
                MATED,
                generator,
                margin=limits.missed_margin,
                least=limits.least,
            ),
            compare_groups(
                _counts(whole, threshold, max_rank, group_of, is_mated=False),
                NONMATED,
                generator,
                margin=limits.false_margin,
                least=limits.least,
            ),
        )
        for grouping, group_of in groups.items()
        for threshold in thresholds
    )


def comparison_values(compared: Comparison) -> dict[str, object]:
    """Return a comparison as plain values; what is withheld is null.

    Args:
        compared: Groups of one grouping.
    """
    return {
        "margin": compared.margin,
        "groups": {
            each.group: {
                "n_people": each.n_people,
                "rate": rate_values(each.rate) if each.rate else None,
            }
            for each in compared.groups
        },
        "pairs": [
            {
                "one": pair.one,
                "other": pair.other,
                "difference": pair.difference.value,
                "low": pair.difference.low,
                "high": pair.difference.high,
                "p_value": pair.p_value,
                "p_adjusted": pair.adjusted,
                "is_different": pair.is_different,
                "is_equal_within_margin": pair.is_equal,
                "power": pair.power,
                "n_people_a_group_needed": pair.n_needed,
                "text": pair.text(compared.margin),
            }
            for pair in compared.pairs
        ],
    }


def _counts(
    whole: OpenSetScores,
    threshold: float,
    max_rank: int,
    group_of: Mapping[str, str],
    *,
    is_mated: bool,
) -> dict[str, SubjectCounts]:
    chosen = whole.is_mated == is_mated
    if is_mated:
        events = ~found_mates(whole, threshold, max_rank)[chosen, 0]
    else:
        events = whole.best_other[chosen, 0] >= threshold
    pairs = zip(whole.subject_ids, chosen.tolist(), strict=True)
    subject_ids = [subject_id for subject_id, is_chosen in pairs if is_chosen]
    return counts_by_group(subject_ids, events, np.ones(len(events), np.int64), group_of)
