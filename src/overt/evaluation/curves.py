"""Detection error trade-off: both error rates at every threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.evaluation.search_rates import check_both, check_scores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DetPoint:
    """Both errors at one threshold.

    Attributes:
        threshold: T, inclusive.
        n_missed: Mated scores below it.
        n_false: Non-mated scores at or above it.
    """

    threshold: float
    n_missed: int
    n_false: int


@dataclass(frozen=True, slots=True, eq=False)
class DetCurve:
    """Both errors at every score that occurs, by ascending threshold.

    Attributes:
        thresholds: (k,) float64.
        n_missed: (k,) int64 mated scores below each; never falls.
        n_false: (k,) int64 non-mated scores at or above each; never rises.
        n_mated: Mated scores in all, at least 1.
        n_nonmated: Non-mated scores in all, at least 1.
    """

    thresholds: NDArray[np.float64]
    n_missed: NDArray[np.int64]
    n_false: NDArray[np.int64]
    n_mated: int
    n_nonmated: int

    def at(self, threshold: float) -> DetPoint:
        """Return both errors at any threshold.

        Args:
            threshold: T, inclusive.
        """
        place = int(np.searchsorted(self.thresholds, threshold))
        if place == len(self.thresholds):
            return DetPoint(threshold, self.n_mated, 0)
        return DetPoint(threshold, int(self.n_missed[place]), int(self.n_false[place]))

    def threshold_for(self, share: float) -> float | None:
        """Return the lowest occurring threshold with at most this share of false ones, or None.

        Args:
            share: Of the non-mated scores, in [0, 1].
        """
        fits = np.flatnonzero(self.n_false <= share * self.n_nonmated)
        return float(self.thresholds[fits[0]]) if len(fits) else None

    def thinned(self, most: int) -> Iterator[DetPoint]:
        """Yield points of the curve, the first and the last among them.

        Args:
            most: How many at most, at least 2.
        """
        places = np.linspace(0, len(self.thresholds) - 1, min(most, len(self.thresholds)))
        for place in np.unique(places.round().astype(np.int64)):
            yield self.at(float(self.thresholds[place]))

    def on_logarithms(self, most: int) -> Iterator[DetPoint]:
        """Yield points at which both errors occur, evenly along the curve on logarithmic axes.

        The first and the last such point are among them; where one error is 0 there is none.

        Args:
            most: How many at most, at least 2.
        """
        both = np.flatnonzero((self.n_missed > 0) & (self.n_false > 0))
        if not len(both):
            return
        way = np.log(self.n_missed[both] / self.n_false[both])  # rises with the threshold
        stretch = np.searchsorted(np.linspace(way[0], way[-1], most), way)
        for place in both[np.append(np.flatnonzero(np.diff(stretch)), len(both) - 1)]:
            yield self.at(float(self.thresholds[place]))


def det_curve(mated: NDArray[np.float64], nonmated: NDArray[np.float64]) -> DetCurve:
    """Return both errors at every score that occurs.

    Args:
        mated: (m,) scores of mated searches or comparisons, minus infinity where no threshold
            finds the mate.
        nonmated: (n,) scores of the others.

    Raises:
        EvaluationDataInvalidError: A score is NaN.
        UndefinedRateError: There is no score of a kind.
    """
    check_scores(mated, nonmated)
    check_both(len(mated), len(nonmated))
    thresholds = np.unique(np.concatenate([mated, nonmated]))
    thresholds = thresholds[np.isfinite(thresholds)]
    missed = np.searchsorted(np.sort(mated), thresholds)
    below = np.searchsorted(np.sort(nonmated), thresholds)
    return DetCurve(thresholds, missed, len(nonmated) - below, len(mated), len(nonmated))
