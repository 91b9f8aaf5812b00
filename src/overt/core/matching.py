"""Search: probes against the gallery, exactly, in one pass over its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import TemplateMismatchError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from overt.core.gallery import Gallery
    from overt.core.template import Template

# Single precision sums in another order differ by less than this for unit rows.
_ROUNDING = 1e-5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A gallery entry that a search returned.

    Attributes:
        entry_id: Which entry.
        score: Cosine similarity in [-1, 1]; higher means more alike.
        rank: 1 is best.
    """

    entry_id: str
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What one probe's search gave.

    Attributes:
        candidates: Entries at or above the threshold, best first; often empty.
        best_score: The best score of any entry; None for an empty gallery.
        runner_up_margin: Best score minus the second best entry's; None with
            fewer than two entries.
    """

    candidates: tuple[Candidate, ...]
    best_score: float | None
    runner_up_margin: float | None


def search(
    probes: Sequence[Template], gallery: Gallery, *, threshold: float, max_rank: int
) -> list[SearchResult]:
    """Return, for each probe, the entries that score at or above the threshold.

    Equal scores are ordered by entry id. Scores of the best entries are summed
    again in double precision, so that a probe's result does not depend on which
    other probes were searched with it.

    Args:
        probes: Probe templates; may be empty.
        gallery: What to search; may be empty.
        threshold: Inclusive (``score >= threshold``).
        max_rank: Longest candidate list, at least 1.

    Raises:
        TemplateMismatchError: A probe comes from another pack or has another length.
    """
    for probe in probes:
        _check_comparable(probe, gallery)
    if not probes or not len(gallery):
        return [SearchResult((), None, None) for _ in probes]
    vectors = np.stack([probe.vector for probe in probes])
    rows, scores = best_rows(vectors, gallery.matrix, count=max(max_rank, 2))
    return [
        _result(*best, gallery.entry_ids, threshold, max_rank)
        for best in zip(rows, scores, strict=True)
    ]


def best_rows(
    probes: NDArray[np.float32], gallery: NDArray[np.float32], *, count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return each probe's best gallery rows and their scores, best first.

    One BLAS call scores every row; the best are then summed again in double
    precision and ordered by score, equal ones by row.

    Args:
        probes: (b, d) float32 unit rows, b at least 1.
        gallery: (n, d) float32 unit rows, n at least 1, C-contiguous.
        count: How many rows are wanted, at least 1.

    Returns:
        (b, k) rows and (b, k) scores, k the smaller of ``count`` and n.
    """
    if len(probes) == 1:
        scores = (gallery @ probes[0])[None]  # a matrix-vector product streams faster
    else:
        scores = probes @ gallery.T
    count = min(count, len(gallery))
    rows = _near_best(scores, count)
    exact = np.matmul(gallery[rows].astype(np.float64), probes[:, :, None].astype(np.float64))
    order = np.lexsort((rows, -exact[:, :, 0]))[:, :count]
    each = np.arange(len(probes))[:, None]
    return rows[each, order], exact[each, order, 0]


def _near_best(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return (b, m) rows, m >= count: the best, and all that rounding could put there.

    A few passes of ``argmax`` are faster than a partition, and ``count`` is small.
    """
    probe = np.arange(len(scores))
    picked, values = [], []
    for _ in range(count):
        row = scores.argmax(axis=1)
        picked.append(row)
        values.append(scores[probe, row])
        scores[probe, row] = -np.inf
    floor = values[-1] - np.float32(_ROUNDING)
    while bool((scores.max(axis=1) >= floor).any()):
        row = scores.argmax(axis=1)
        picked.append(row)
        scores[probe, row] = -np.inf
    return np.stack(picked, axis=1)


def _result(
    rows: NDArray[np.intp],
    scores: NDArray[np.float64],
    entry_ids: tuple[str, ...],
    threshold: float,
    max_rank: int,
) -> SearchResult:
    candidates = tuple(
        Candidate(entry_ids[row], float(score), rank)
        for rank, (row, score) in enumerate(zip(rows, scores, strict=True), start=1)
        if rank <= max_rank and score >= threshold
    )
    margin = float(scores[0] - scores[1]) if len(scores) > 1 else None
    return SearchResult(candidates, float(scores[0]), margin)


def _check_comparable(probe: Template, gallery: Gallery) -> None:
    if probe.pack_digest != gallery.pack_digest:
        msg = "a probe comes from another model pack than the gallery"
        raise TemplateMismatchError(
            msg, expected=gallery.pack_digest, found=probe.pack_digest
        )
    if len(gallery) and len(probe.vector) != gallery.matrix.shape[1]:
        msg = f"expected a probe of length {gallery.matrix.shape[1]}, found {len(probe.vector)}"
        raise TemplateMismatchError(msg)
