"""Counts of people in groups, published so that they point at nobody (R-47)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def without_small_numbers(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    """Return the counts with small ones withheld, and as many others as keep them withheld.

    The total is often known. A group that is withheld alone, or a few that add up to less
    than the limit, could be worked out from it: then the next smallest goes too.

    Args:
        counts: People by group; may be empty.
        least: Smallest count of people that may be printed, at least 1.

    Returns:
        The count of each group, in the given order; None where it is withheld.
    """
    hidden = {group for group, count in counts.items() if 0 < count < least}
    others = sorted((group for group in counts if group not in hidden), key=lambda g: counts[g])
    while hidden and others and _can_be_worked_out(hidden, counts, least):
        hidden.add(others.pop(0))
    return {group: None if group in hidden else count for group, count in counts.items()}


def _can_be_worked_out(hidden: set[str], counts: Mapping[str, int], least: int) -> bool:
    return len(hidden) == 1 or sum(counts[group] for group in hidden) < least
