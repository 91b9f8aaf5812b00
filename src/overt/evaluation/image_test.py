"""An algorithm's test on photographs: every figure, worked out from scores."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import UndefinedRateError
from overt.evaluation.by_subject import counts_by_subject, rate_by_subject
from overt.evaluation.curves import det_curve
from overt.evaluation.published_record import rate_values
from overt.evaluation.rates import rate
from overt.evaluation.search_rates import (
    fnir,
    found_mates,
    fpir,
    mated_scores,
    nonmated_scores,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overt.evaluation.comparisons import Comparisons
    from overt.evaluation.curves import DetCurve
    from overt.evaluation.open_set import OpenSetScores
    from overt.evaluation.rates import Rate

FORMAT = "overt image test 1"
TARGETS = (0.1, 0.01, 0.001)
"""Shares of non-mated searches for which a threshold is shown, where the data reach so far."""

_CURVE_POINTS = 200
_OFFERED = "photographs of people offered for the gallery"


@dataclass(frozen=True, slots=True)
class Submissions:
    """Photographs that were offered, and what became of them before any search.

    Attributes:
        n_gallery: Photographs for the gallery.
        n_gallery_refused: Those among them without one good face.
        n_people: People offered for the gallery.
        n_people_refused: Those among them without any good photograph.
        probe_ids: Whose each photograph to search is.
        is_refused: Of the same, whether it shows no one good face.
        lost_ids: Whose photographs, of people offered for the gallery, led to no search of
            their mate: one for each such photograph.
    """

    n_gallery: int
    n_gallery_refused: int
    n_people: int
    n_people_refused: int
    probe_ids: tuple[str, ...]
    is_refused: tuple[bool, ...]
    lost_ids: tuple[str, ...]

    def failures_to_acquire(self, generator: np.random.Generator) -> Rate:
        """Return probe photographs without one good face; the interval is by person.

        Args:
            generator: Draws the resamples.
        """
        counts = counts_by_subject(self.probe_ids, np.array(self.is_refused, bool))
        return rate_by_subject(counts, "probe photographs", generator)


@dataclass(frozen=True, slots=True)
class SizeFigures:
    """Both errors in galleries of one size.

    Attributes:
        n_entries: N, of the smallest of these galleries.
        n_galleries: How many galleries of that size were searched.
        fnir: FNIR(N, R, T).
        fpir: FPIR(N, T).
    """

    n_entries: int
    n_galleries: int
    fnir: Rate
    fpir: Rate


@dataclass(frozen=True, slots=True)
class TargetFigures:
    """The threshold for a share of false non-mated searches, as far as the data show it.

    Attributes:
        fpir: The share.
        threshold: Lowest score that occurs and fits, or None.
        fnir: What it misses there, or None.
        n_needed: Non-mated searches of different people that are missing before one in so many
            can be seen at all; 0 where there are enough.
    """

    fpir: float
    threshold: float | None
    fnir: Rate | None
    n_needed: int


@dataclass(frozen=True, slots=True, eq=False)
class ImageTest:
    """Everything that the test showed.

    Attributes:
        threshold: T, inclusive.
        max_rank: R.
        fte: Failure to enrol: gallery photographs refused.
        people_not_enrolled: People offered for the gallery of whom none could be enrolled.
        fta: Failure to acquire: probe photographs refused.
        sizes: Both errors by size of the gallery, the whole gallery last.
        missed: Probe photographs of people offered for the gallery that did not find them, for
            whatever reason: not enrolled, no usable face, not among the best R at or above T.
        fnmr: FNMR(T), one to one.
        fmr: FMR(T), one to one.
        targets: Thresholds by share of false searches.
        searches: DET curve of the whole gallery; None where a kind of search is missing.
        comparisons: DET curve one to one; None where a kind is missing.
        n_not_compared: Probes left out of the comparisons, as they would be too many.
    """

    threshold: float
    max_rank: int
    fte: Rate
    people_not_enrolled: Rate
    fta: Rate
    sizes: tuple[SizeFigures, ...]
    missed: Rate
    fnmr: Rate
    fmr: Rate
    targets: tuple[TargetFigures, ...]
    searches: DetCurve | None
    comparisons: DetCurve | None
    n_not_compared: int

    def values(self) -> dict[str, object]:
        """Return it as plain values, ready to be written as JSON."""
        return {
            "format": FORMAT,
            "threshold": self.threshold,
            "max_rank": self.max_rank,
            "failure_to_enrol": rate_values(self.fte),
            "people_not_enrolled": rate_values(self.people_not_enrolled),
            "failure_to_acquire": rate_values(self.fta),
            "galleries": [
                {
                    "n_entries": size.n_entries,
                    "n_galleries": size.n_galleries,
                    "fnir": rate_values(size.fnir),
                    "fpir": rate_values(size.fpir),
                }
                for size in self.sizes
            ],
            "missed_for_any_reason": rate_values(self.missed),
            "fnmr": rate_values(self.fnmr),
            "fmr": rate_values(self.fmr),
            "n_probes_not_compared": self.n_not_compared,
            "thresholds_by_fpir": [_target_values(target) for target in self.targets],
            "det_of_searches": _curve_values(self.searches),
            "det_of_comparisons": _curve_values(self.comparisons),
        }


def image_test(
    scores: OpenSetScores,
    comparisons: Comparisons,
    submissions: Submissions,
    generator: np.random.Generator,
    *,
    threshold: float,
    max_rank: int = 1,
) -> ImageTest:
    """Return every figure of a test.

    A rate without searches is undefined, not an error; a curve needs both kinds.

    Args:
        scores: Of the probes that could be searched, in parts of the gallery.
        comparisons: Of the same, one to one.
        submissions: What was offered.
        generator: Draws the resamples of intervals by person.
        threshold: T, inclusive.
        max_rank: R, at least 1.

    Raises:
        EvaluationDataInvalidError: A score is NaN.
    """
    whole = scores.in_galleries_of(len(scores.part_sizes))
    searches = _curve_or_none(mated_scores(whole, max_rank=max_rank), nonmated_scores(whole))
    sizes = _sizes(scores, threshold, max_rank, generator)
    return ImageTest(
        threshold=threshold,
        max_rank=max_rank,
        fte=rate(submissions.n_gallery_refused, submissions.n_gallery, "gallery photographs"),
        people_not_enrolled=rate(
            submissions.n_people_refused, submissions.n_people, "people offered"
        ),
        fta=submissions.failures_to_acquire(generator),
        sizes=sizes,
        missed=_missed(whole, submissions, sizes[-1].fnir, threshold, max_rank, generator),
        fnmr=comparisons.fnmr(threshold, generator),
        fmr=comparisons.fmr(threshold, generator),
        targets=_targets(whole, searches, max_rank, generator),
        searches=searches,
        comparisons=_curve_or_none(comparisons.mated(), comparisons.nonmated()),
        n_not_compared=comparisons.n_offered - len(comparisons.subject_ids),
    )


def _sizes(
    scores: OpenSetScores, threshold: float, max_rank: int, generator: np.random.Generator
) -> tuple[SizeFigures, ...]:
    found = []
    for n_parts in (2**k for k in range(len(scores.part_sizes).bit_length())):
        galleries = scores.in_galleries_of(n_parts)
        found.append(
            SizeFigures(
                int(galleries.part_sizes.min()),
                len(galleries.part_sizes),
                fnir(galleries, threshold, generator, max_rank=max_rank),
                fpir(galleries, threshold, generator),
            )
        )
    return tuple(found)


def _missed(
    whole: OpenSetScores,
    submissions: Submissions,
    of_searches: Rate,
    threshold: float,
    max_rank: int,
    generator: np.random.Generator,
) -> Rate:
    if not submissions.lost_ids:  # the same searches: not another draw of the same interval
        return replace(of_searches, unit=_OFFERED)
    found = found_mates(whole, threshold, max_rank)[whole.is_mated, 0]
    mated = zip(whole.subject_ids, whole.is_mated.tolist(), strict=True)
    subject_ids = [subject_id for subject_id, is_mated in mated if is_mated]
    missed = np.concatenate([~found, np.ones(len(submissions.lost_ids), bool)])
    counts = counts_by_subject([*subject_ids, *submissions.lost_ids], missed)
    return rate_by_subject(counts, _OFFERED, generator)


def _targets(
    whole: OpenSetScores,
    curve: DetCurve | None,
    max_rank: int,
    generator: np.random.Generator,
) -> tuple[TargetFigures, ...]:
    nonmated = zip(whole.subject_ids, whole.is_mated.tolist(), strict=True)
    n_people = len({subject_id for subject_id, is_mated in nonmated if not is_mated})
    found = []
    for target in TARGETS:
        n_needed = max(0, math.ceil(1 / target) - n_people)
        threshold = curve.threshold_for(target) if curve and not n_needed else None
        missed = None
        if threshold is not None:
            missed = fnir(whole, threshold, generator, max_rank=max_rank)
        found.append(TargetFigures(target, threshold, missed, n_needed))
    return tuple(found)


def _curve_or_none(mated: NDArray[np.float64], nonmated: NDArray[np.float64]) -> DetCurve | None:
    try:
        return det_curve(mated, nonmated)
    except UndefinedRateError:
        return None


def _target_values(target: TargetFigures) -> dict[str, object]:
    return {
        "fpir": target.fpir,
        "threshold": target.threshold,
        "fnir": rate_values(target.fnir) if target.fnir else None,
        "n_more_people_needed": target.n_needed,
    }


def _curve_values(curve: DetCurve | None) -> dict[str, object] | None:
    if curve is None:
        return None
    return {
        "n_mated": curve.n_mated,
        "n_nonmated": curve.n_nonmated,
        "points": [
            {"threshold": p.threshold, "missed": p.n_missed, "false": p.n_false}
            for p in curve.thinned(_CURVE_POINTS)
        ],
    }
