"""How large a trial must be to show what it sets out to show, before it starts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri
from scipy.stats import binom

from overt.evaluation.intervals import LEVEL, exact_interval, zero_count_total

THIRTY = 30
"""Errors after which a rate is known to about 30 % of itself (Doddington's rule of 30)."""

FALSE_ALERTS_SHOWN = (0, 1, 2, 5, 10)
CHANCE = 0.8
"""Usual least chance of showing what is true."""

_MOST_FACES = 10**12
_ROUNDING = 1e-9  # 30 / 0.001 is a little more than 30,000


@dataclass(frozen=True, slots=True)
class FaceSizes:
    """Faces that a limit of false alerts takes.

    Attributes:
        limit: Largest share allowed, in (0, 1).
        without_one: Faces without a false alert that show it, one-sided: the rule of three.
        within: Faces by false alerts seen from which the status is ``within``: the whole
            two-sided interval at or below the limit.
        rule_of_thirty: Faces in which thirty false alerts are expected at the limit.
        assumed: The true share for which the chance is worked out.
        for_chance: Faces from which the status is ``within`` with a chance of 80 % or more at
            the assumed share, or None where no number of faces below a million million does.
    """

    limit: float
    without_one: int
    within: tuple[tuple[int, int], ...]
    rule_of_thirty: int
    assumed: float
    for_chance: int | None


@dataclass(frozen=True, slots=True)
class PassSizes:
    """Passes of volunteers that a margin of the true recognition rate takes.

    Attributes:
        margin: Half the width of the interval, as a share.
        expected: The true recognition rate that is expected.
        independent: Passes, each by another person.
        passes_per_person: Passes of each volunteer.
        likeness: How alike passes of one person are: 0 not at all, 1 wholly.
        design_effect: By how much more passes it takes for that.
        passes: Passes in all.
        people: Volunteers.
    """

    margin: float
    expected: float
    independent: int
    passes_per_person: int
    likeness: float
    design_effect: float
    passes: int
    people: int


def face_sizes(limit: float, *, assumed: float | None = None, level: float = LEVEL) -> FaceSizes:
    """Return how many faces a limit of false alerts takes.

    Args:
        limit: Largest share allowed, in (0, 1).
        assumed: The true share for the chance; half of the limit without it.
        level: Confidence level, in (0, 1).

    Raises:
        ValueError: A share is out of range.
    """
    assumed = limit / 2 if assumed is None else assumed
    if not 0 <= assumed < 1:
        msg = f"an assumed share lies in [0, 1), found {assumed}"
        raise ValueError(msg)
    return FaceSizes(
        limit=limit,
        without_one=zero_count_total(limit, level=level),
        within=tuple((n, faces_within(limit, n, level=level)) for n in FALSE_ALERTS_SHOWN),
        rule_of_thirty=math.ceil(THIRTY / limit - _ROUNDING),
        assumed=assumed,
        for_chance=_faces_for_chance(limit, assumed, level),
    )


def faces_within(limit: float, n_false: int, *, level: float = LEVEL) -> int:
    """Return the fewest faces with so many false alerts whose interval lies within a limit.

    Args:
        limit: Largest share allowed, in (0, 1).
        n_false: False alerts seen, at least 0.
        level: Confidence level, in (0, 1).
    """
    too_few, enough = n_false, max(n_false, 1)
    while exact_interval(n_false, enough, level=level).high > limit:
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        is_within = exact_interval(n_false, middle, level=level).high <= limit
        too_few, enough = (too_few, middle) if is_within else (middle, enough)
    return enough


def pass_sizes(
    margin: float,
    *,
    expected: float = 0.5,
    passes_per_person: int = 1,
    likeness: float = 0.0,
    level: float = LEVEL,
) -> PassSizes:
    """Return how many passes a margin of the true recognition rate takes.

    Args:
        margin: Half the width of the interval, as a share, in (0, 1).
        expected: The rate that is expected, in (0, 1); a half takes the most passes.
        passes_per_person: Passes of each volunteer, at least 1.
        likeness: How alike passes of one person are, in [0, 1].
        level: Confidence level, in (0, 1).

    Raises:
        ValueError: A number is out of range.
    """
    is_possible = 0 < margin < 1 and 0 < expected < 1 and 0 <= likeness <= 1
    if not is_possible or passes_per_person < 1 or not 0 < level < 1:
        msg = (
            "a margin, an expected rate and a level lie in (0, 1), a likeness in [0, 1], and a "
            f"person passes at least once; found {margin}, {expected}, {level}, {likeness}, "
            f"{passes_per_person}"
        )
        raise ValueError(msg)
    z = float(ndtri((1 + level) / 2))
    independent = z * z * expected * (1 - expected) / margin**2
    design_effect = 1 + (passes_per_person - 1) * likeness
    people = math.ceil(independent * design_effect / passes_per_person)
    return PassSizes(
        margin=margin,
        expected=expected,
        independent=math.ceil(independent),
        passes_per_person=passes_per_person,
        likeness=likeness,
        design_effect=design_effect,
        passes=people * passes_per_person,
        people=people,
    )


def _faces_for_chance(limit: float, assumed: float, level: float) -> int | None:
    """Return the fewest faces, just enough for some count, whose status is likely ``within``.

    Between two such numbers of faces the chance only falls. From 32 false alerts on only every
    so many counts are tried: the number is then up to a sixteenth too large.
    """
    if assumed >= limit:
        return None
    n_false = 0
    while (faces := faces_within(limit, n_false, level=level)) <= _MOST_FACES:
        if binom.cdf(n_false, faces, assumed) >= CHANCE:
            return faces
        n_false += max(1, n_false // 16)
    return None
