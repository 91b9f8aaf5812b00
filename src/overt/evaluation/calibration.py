"""A threshold from a target: chosen so that the target is shown, or refused (R-40, R-41).

People count, not searches: a person's highest score is what their passages can raise. The
threshold at which a target holds exactly is not known; between which scores it lies is, without
any assumption on how scores are spread. The upper end is chosen: there the interval of FPIR lies
within the target, as a deployment's status would say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import TooFewDataError
from overt.evaluation.intervals import LEVEL, exact_interval, zero_count_total
from overt.evaluation.open_set import ROUNDING
from overt.evaluation.rates import rate
from overt.evaluation.search_rates import check_scores, fnir

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overt.evaluation.open_set import OpenSetScores
    from overt.evaluation.rates import Rate

_STEPS = 10_000  # thresholds are written with four decimals, rounded up


@dataclass(frozen=True, slots=True)
class Target:
    """What a threshold must hold.

    Attributes:
        fpir: Largest share of non-mated searches that may return anybody, in (0, 1).
        watchlist_size: Entries of the watchlist, at least 1.
        faces_per_hour: Faces that will be searched an hour, or None where nobody says.
    """

    fpir: float
    watchlist_size: int
    faces_per_hour: float | None = None

    def __post_init__(self) -> None:
        """Refuse a target that cannot be one.

        Raises:
            ValueError: A number is out of range.
        """
        is_possible = (
            0 < self.fpir < 1
            and self.watchlist_size >= 1
            and (self.faces_per_hour is None or self.faces_per_hour > 0)
        )
        if not is_possible:
            msg = f"a target needs 0 < fpir < 1 and positive numbers, found {self}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class ThresholdAt:
    """A threshold and what it misses.

    Attributes:
        threshold: T, inclusive.
        fnir: Mated searches that miss their mate there.
    """

    threshold: float
    fnir: Rate


@dataclass(frozen=True, slots=True)
class CalibratedThreshold:
    """The threshold that is shown to hold a target.

    Attributes:
        target: What it must hold.
        threshold: The chosen one, the upper end of where the exact one lies.
        lowest: The lower end.
        nearest: The lowest with no more false ones than the target's share of those searched.
        n_gallery: Entries of the gallery in which it was measured.
        fpir_needed: Share in that gallery that stands for the target in the watchlist.
        people: People with a false search at the chosen threshold, in that gallery.
        is_extrapolated: The watchlist is larger than the gallery: comparisons with further
            entries were not measured, but taken for as many independent ones.
        is_at_edge: No person searched scores as high: only their number shows the target.
        at: What is missed at the chosen threshold, at both others, and at one to compare with.
    """

    target: Target
    threshold: float
    lowest: float
    nearest: float
    n_gallery: int
    fpir_needed: float
    people: Rate
    is_extrapolated: bool
    is_at_edge: bool
    at: tuple[ThresholdAt, ...]

    def fpir_of_watchlist(self) -> tuple[float, float, float]:
        """Return lower end, share and upper end of FPIR in a gallery of the watchlist's size."""
        interval = self.people.interval
        ends = (0.0, 1.0) if interval is None else (interval.low, interval.high)
        scale = _scale(self.target.watchlist_size, self.n_gallery)
        low, share, high = (
            -math.expm1(scale * math.log1p(-p)) if p < 1 else 1.0
            for p in (ends[0], self.people.value, ends[1])
        )
        return low, share, high

    def false_alerts_per_hour(self) -> tuple[float, float, float] | None:
        """Return lower end, expectation and upper end, or None where no flow was given."""
        flow = self.target.faces_per_hour
        if flow is None:
            return None
        low, share, high = self.fpir_of_watchlist()
        return low * flow, share * flow, high * flow


def calibrated_threshold(
    scores: OpenSetScores,
    target: Target,
    generator: np.random.Generator,
    *,
    compare_with: float | None = None,
    level: float = LEVEL,
) -> CalibratedThreshold:
    """Return the lowest threshold that the data show to hold a target.

    Args:
        scores: Mated and non-mated searches, in parts of a gallery.
        target: What must hold.
        generator: Draws the resamples of intervals by person.
        compare_with: A threshold whose misses are shown beside, or None.
        level: Of the interval of FPIR that must lie within the target, in (0, 1).

    Raises:
        TooFewDataError: Too few people were searched to show the target, or nobody scored low
            enough; the message says how many more are needed.
        EvaluationDataInvalidError: A score is NaN.
    """
    gallery = _gallery_for(scores, target.watchlist_size)
    best = _best_of_people(gallery)
    needed = _needed(target, gallery.n_gallery)
    most_false = _most_false(needed, len(best), level, is_upper=True)
    if most_false < 0:
        raise _too_few(target, needed, gallery.n_gallery, len(best), level)
    at_low = _most_false(needed, len(best), level, is_upper=False)
    chosen, nearest, lowest = (
        _above(best, n_false) for n_false in (most_false, math.floor(needed * len(best)), at_low)
    )
    shown = [chosen, nearest, lowest, *([] if compare_with is None else [compare_with])]
    return CalibratedThreshold(
        target=target,
        threshold=chosen,
        lowest=lowest,
        nearest=nearest,
        n_gallery=gallery.n_gallery,
        fpir_needed=needed,
        people=rate(int((best >= chosen).sum()), len(best), "people searched", level=level),
        is_extrapolated=target.watchlist_size > gallery.n_gallery,
        is_at_edge=most_false == 0,
        at=tuple(ThresholdAt(t, fnir(gallery, t, generator)) for t in dict.fromkeys(shown)),
    )


def people_needed(target: Target, n_gallery: int, *, level: float = LEVEL) -> int:
    """Return how many people without a false search are the fewest that show a target.

    Args:
        target: What must hold.
        n_gallery: Entries of the gallery that they are searched in.
        level: Of the interval that must lie within the target, in (0, 1).
    """
    return zero_count_total(_needed(target, n_gallery), level=(1 + level) / 2)


def _gallery_for(scores: OpenSetScores, watchlist_size: int) -> OpenSetScores:
    """Return the first gallery of as few parts as hold a watchlist; the whole one if none does."""
    n_parts = len(scores.part_sizes)
    fits = [k for k in range(1, n_parts + 1) if scores.part_sizes[:k].sum() >= watchlist_size]
    return scores.in_galleries_of(fits[0] if fits else n_parts).first()


def _best_of_people(gallery: OpenSetScores) -> NDArray[np.float64]:
    """Return the (s,) highest score of each non-mated person, descending."""
    others = gallery.best_other[~gallery.is_mated, 0].astype(np.float64)
    check_scores(others, gallery.mate_scores)
    nonmated = zip(gallery.subject_ids, gallery.is_mated.tolist(), strict=True)
    best: dict[str, float] = {}
    ids = [subject_id for subject_id, is_mated in nonmated if not is_mated]
    for subject_id, score in zip(ids, others.tolist(), strict=True):
        best[subject_id] = max(score, best.get(subject_id, -math.inf))
    return np.sort(np.array(list(best.values()), np.float64))[::-1]


def _scale(watchlist_size: int, n_gallery: int) -> float:
    return max(1.0, watchlist_size / n_gallery)


def _needed(target: Target, n_gallery: int) -> float:
    """Return the share in a smaller gallery that stands for the target in the watchlist."""
    scale = _scale(target.watchlist_size, n_gallery)
    return -math.expm1(math.log1p(-target.fpir) / scale)


def _most_false(needed: float, n_people: int, level: float, *, is_upper: bool) -> int:
    """Return the largest count whose interval's end is within a share; -1 where none is."""
    low, high = -1, n_people
    while high - low > 1:
        middle = (low + high) // 2
        interval = exact_interval(middle, n_people, level=level)
        within = (interval.high if is_upper else interval.low) <= needed
        low, high = (middle, high) if within else (low, middle)
    return low


def _above(best: NDArray[np.float64], n_false: int) -> float:
    """Return the lowest threshold, rounded up, that leaves no more than so many at or above."""
    return math.ceil((float(best[n_false]) + ROUNDING) * _STEPS) / _STEPS


def _too_few(
    target: Target, needed: float, n_gallery: int, n_people: int, level: float
) -> TooFewDataError:
    at_least = people_needed(target, n_gallery, level=level)
    message = (
        f"FPIR {target.fpir:g} in a watchlist of {target.watchlist_size:,} cannot be shown: "
        f"non-mated searches of {at_least:,} different people are the fewest, even without a "
        f"false one; there are {n_people:,}, so {at_least - n_people:,} more are needed"
    )
    if n_gallery < target.watchlist_size:
        in_full = zero_count_total(target.fpir, level=(1 + level) / 2)
        message += (
            f" in this gallery of {n_gallery:,}, where {needed:.2g} stands for the target; with "
            f"a gallery of {target.watchlist_size:,} entries it is {in_full:,} people"
        )
    return TooFewDataError(message, n_people=n_people, n_needed=at_least)
