"""Open-set searches: what each probe scored against its mate and against everybody else.

A search of ten thousand probes against a million references makes ten thousand million scores.
They are made block by block, looked at while they lie in the processor's cache, and forgotten:
kept are, for each probe, the score of its mate, the best score of anybody else, and how many
others come before the mate. That is all that FNIR(N, R, T) and FPIR(N, T) need, at every
threshold and rank.

The gallery is shuffled and cut into parts. Each part is a random gallery of its own, and so are
parts together: one pass gives the figures of several gallery sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import EvaluationDataInvalidError, TemplateMismatchError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

# Single precision sums in another order differ by less than this for unit rows; scores as near
# as that count as equal, and an equal score of somebody else counts as coming before.
ROUNDING = 1e-6
BLOCK = 2048
"""Probes, and entries, whose scores are made at once: 16 MiB, which stay in a third-level cache."""

_LENGTH_WITHIN = 1e-3
_DIMENSIONS = 2


@dataclass(frozen=True, slots=True, eq=False)
class LabelledTemplates:
    """Templates and whose they are.

    Attributes:
        rows: (n, d) float32 unit rows; n may be 0.
        subject_ids: Whose each is.
    """

    rows: NDArray[np.float32]
    subject_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse templates that are none.

        Raises:
            EvaluationDataInvalidError: Numbers are missing or infinite, a row is not of unit
                length, or a subject is missing.
        """
        if self.rows.ndim != _DIMENSIONS or len(self.rows) != len(self.subject_ids):
            msg = f"{len(self.subject_ids)} subjects and templates of shape {self.rows.shape}"
            raise EvaluationDataInvalidError(msg)
        lengths = np.sqrt(np.einsum("nd,nd->n", self.rows, self.rows))
        n_wrong = int((~(np.abs(lengths - 1) < _LENGTH_WITHIN)).sum())
        if n_wrong:
            msg = f"{n_wrong} of {len(lengths)} templates are not of unit length, or hold NaN"
            raise EvaluationDataInvalidError(msg, n_wrong=n_wrong)


@dataclass(frozen=True, slots=True, eq=False)
class OpenSetScores:
    """What the probes scored.

    Attributes:
        subject_ids: Whose each probe is.
        is_mated: (p,) whether its subject is in the gallery.
        mate_scores: (p,) float64; minus infinity for nonmated probes.
        best_other: (p, c) float32; best score of anybody else in each part of the gallery.
        n_ahead: (p, c) int64; entries of each part that come before the mate.
        part_sizes: (c,) entries in each part.
    """

    subject_ids: tuple[str, ...]
    is_mated: NDArray[np.bool_]
    mate_scores: NDArray[np.float64]
    best_other: NDArray[np.float32]
    n_ahead: NDArray[np.int64]
    part_sizes: NDArray[np.int64]

    @property
    def n_gallery(self) -> int:
        """Return N, the size of the whole gallery."""
        return int(self.part_sizes.sum())

    def in_galleries_of(self, n_parts: int) -> OpenSetScores:
        """Return the scores in galleries of so many parts each; parts left over are left out.

        Args:
            n_parts: Parts to put together, from 1 to all of them.
        """
        n_galleries = len(self.part_sizes) // n_parts
        used = n_galleries * n_parts
        shape = (len(self.subject_ids), n_galleries, n_parts)
        return OpenSetScores(
            self.subject_ids,
            self.is_mated,
            self.mate_scores,
            self.best_other[:, :used].reshape(shape).max(axis=2),
            self.n_ahead[:, :used].reshape(shape).sum(axis=2),
            self.part_sizes[:used].reshape(n_galleries, n_parts).sum(axis=1),
        )

    def first(self) -> OpenSetScores:
        """Return the scores in the first gallery only."""
        return OpenSetScores(
            self.subject_ids,
            self.is_mated,
            self.mate_scores,
            self.best_other[:, :1],
            self.n_ahead[:, :1],
            self.part_sizes[:1],
        )


def score_open_set(
    probes: LabelledTemplates,
    gallery: LabelledTemplates,
    generator: np.random.Generator,
    *,
    n_parts: int = 1,
    block: int = BLOCK,
    on_probes: Callable[[int], None] = lambda _: None,
) -> OpenSetScores:
    """Return what each probe scores against its mate and against everybody else.

    Args:
        probes: One a search; a person may have several.
        gallery: One a person, at least ``n_parts``.
        generator: Shuffles the gallery before it is cut into parts.
        n_parts: How many parts, at least 1.
        block: Probes, and entries, whose scores are made at once.
        on_probes: Called with the number of probes done since the last call.

    Raises:
        EvaluationDataInvalidError: A person stands in the gallery twice, or it is too small.
        TemplateMismatchError: Probes and gallery differ in length d.
    """
    _check(probes, gallery, n_parts)
    order = generator.permutation(len(gallery.rows))
    rows = np.ascontiguousarray(gallery.rows[order])
    bounds = np.linspace(0, len(rows), n_parts + 1).astype(np.int64)
    mates = _mates(probes.subject_ids, [gallery.subject_ids[i] for i in order])
    n_probes = len(probes.rows)
    scores = OpenSetScores(
        probes.subject_ids,
        mates >= 0,
        _mate_scores(probes.rows, rows, mates),
        np.full((n_probes, n_parts), -np.inf, np.float32),
        np.zeros((n_probes, n_parts), np.int64),
        np.diff(bounds),
    )
    for start in range(0, n_probes, block):
        chosen = slice(start, start + block)
        _score_probes(probes.rows[chosen], rows, mates, bounds, scores, chosen, block)
        on_probes(min(block, n_probes - start))
    return scores


def _score_probes(
    probes: NDArray[np.float32],
    rows: NDArray[np.float32],
    mates: NDArray[np.int64],
    bounds: NDArray[np.int64],
    scores: OpenSetScores,
    chosen: slice,
    n_rows: int,
) -> None:
    """Write the best others of some probes, and who comes before their mates."""
    own = mates[chosen]
    floor = (scores.mate_scores[chosen] - ROUNDING).astype(np.float32)
    floor[own < 0] = np.inf  # nobody comes before the mate of whoever has none
    buffer = np.empty((len(probes), n_rows), np.float32)
    for part in range(len(bounds) - 1):
        best, ahead = scores.best_other[chosen, part], scores.n_ahead[chosen, part]
        for start in range(int(bounds[part]), int(bounds[part + 1]), n_rows):
            stop = min(start + n_rows, int(bounds[part + 1]))
            # As one piece of memory, also where a part ends.
            made = buffer.reshape(-1)[: len(probes) * (stop - start)].reshape(len(probes), -1)
            np.matmul(probes, rows[start:stop].T, out=made)
            mated = np.flatnonzero((own >= start) & (own < stop))
            made[mated, own[mated] - start] = -np.inf
            peaks = made.max(axis=1)
            np.maximum(best, peaks, out=best)
            near = np.flatnonzero(peaks >= floor)
            ahead[near] += (made[near] >= floor[near, None]).sum(axis=1)


def _mates(probe_ids: Sequence[str], gallery_ids: Sequence[str]) -> NDArray[np.int64]:
    """Return the (p,) gallery row of each probe's subject; -1 where there is none."""
    place = {subject_id: row for row, subject_id in enumerate(gallery_ids)}
    return np.array([place.get(subject_id, -1) for subject_id in probe_ids], np.int64)


def _mate_scores(
    probes: NDArray[np.float32], rows: NDArray[np.float32], mates: NDArray[np.int64]
) -> NDArray[np.float64]:
    found = np.full(len(probes), -np.inf)
    (mated,) = np.nonzero(mates >= 0)
    wide = probes[mated].astype(np.float64)
    found[mated] = np.einsum("nd,nd->n", wide, rows[mates[mated]])
    return found


def _check(probes: LabelledTemplates, gallery: LabelledTemplates, n_parts: int) -> None:
    n_people = len(set(gallery.subject_ids))
    if n_people != len(gallery.subject_ids):
        msg = f"{len(gallery.subject_ids)} gallery entries of {n_people} people: one each"
        raise EvaluationDataInvalidError(msg)
    if len(gallery.rows) < n_parts:
        msg = f"expected a gallery of {n_parts} entries or more, found {len(gallery.rows)}"
        raise EvaluationDataInvalidError(msg)
    if probes.rows.shape[1] != gallery.rows.shape[1]:
        msg = f"expected probes of length {gallery.rows.shape[1]}, found {probes.rows.shape[1]}"
        raise TemplateMismatchError(msg)
