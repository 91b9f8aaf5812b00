"""One to one: FNMR and FMR of single comparisons, whatever a search makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.evaluation.by_subject import counts_by_subject, rate_by_subject

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overt.evaluation.open_set import LabelledTemplates
    from overt.evaluation.rates import Rate

MOST_COMPARISONS = 20_000_000
"""More than this are not made: probes are drawn instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Probes held against every gallery entry.

    Attributes:
        subject_ids: (p,) whose each probe is.
        scores: (p, n) float32.
        is_mated: (p, n) whether both are of one person.
        n_offered: Probes that there are; more than were compared where that is too many.
    """

    subject_ids: tuple[str, ...]
    scores: NDArray[np.float32]
    is_mated: NDArray[np.bool_]
    n_offered: int

    def mated(self) -> NDArray[np.float64]:
        """Return the (m,) scores of comparisons of one person."""
        return self.scores[self.is_mated].astype(np.float64)

    def nonmated(self) -> NDArray[np.float64]:
        """Return the scores of comparisons of two people."""
        return self.scores[~self.is_mated].astype(np.float64)

    def fnmr(self, threshold: float, generator: np.random.Generator) -> Rate:
        """Return FNMR(T): mated comparisons below T; the interval is by person.

        Args:
            threshold: T, inclusive.
            generator: Draws the resamples.
        """
        missed = (self.scores < threshold) & self.is_mated
        return self._rate(missed, self.is_mated, "mated comparisons", generator)

    def fmr(self, threshold: float, generator: np.random.Generator) -> Rate:
        """Return FMR(T): non-mated comparisons at or above T; the interval is by probe's person.

        Args:
            threshold: T, inclusive.
            generator: Draws the resamples.
        """
        false = (self.scores >= threshold) & ~self.is_mated
        return self._rate(false, ~self.is_mated, "non-mated comparisons", generator)

    def _rate(
        self,
        events: NDArray[np.bool_],
        trials: NDArray[np.bool_],
        unit: str,
        generator: np.random.Generator,
    ) -> Rate:
        counts = counts_by_subject(self.subject_ids, events.sum(axis=1), trials.sum(axis=1))
        return rate_by_subject(counts, unit, generator)


def compare(
    probes: LabelledTemplates,
    gallery: LabelledTemplates,
    generator: np.random.Generator,
    *,
    most: int = MOST_COMPARISONS,
) -> Comparisons:
    """Return the scores of probes against entries; of fewer probes where that is too many.

    Args:
        probes: At least one a person that is compared.
        gallery: Entries.
        generator: Draws the probes where not all are compared.
        most: Comparisons at most; one probe is always compared.
    """
    n_entries = len(gallery.rows)
    n_probes = min(len(probes.rows), max(1, most // max(n_entries, 1)))
    drawn = np.sort(generator.permutation(len(probes.rows))[:n_probes])
    ids = tuple(probes.subject_ids[place] for place in drawn)
    is_mated = np.asarray(ids, np.str_)[:, None] == np.asarray(gallery.subject_ids, np.str_)
    return Comparisons(ids, probes.rows[drawn] @ gallery.rows.T, is_mated, len(probes.rows))
