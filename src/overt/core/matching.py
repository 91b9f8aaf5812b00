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
_BLOCK_ROWS = 1 << 14  # 8 MiB of rows of 128: fits a third-level cache
_BLOCK_SCORES = 1 << 17  # half a mebibyte: fits a second-level cache
_LANES = 32
_FEW_PROBES = 4
_EXACT_PAIRS = 1 << 12  # bounds the memory where very many rows score alike


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
        for best in zip(rows.tolist(), scores.tolist(), strict=True)
    ]


def best_rows(
    probes: NDArray[np.float32], gallery: NDArray[np.float32], *, count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return each probe's best gallery rows and their scores, best first.

    Every row is scored once, in single precision; the best are then summed again in
    double precision, each by itself, and ordered by score, equal ones by row.

    Args:
        probes: (b, d) float32 unit rows, b at least 1.
        gallery: (n, d) float32 unit rows, n at least 1, C-contiguous.
        count: How many rows are wanted, at least 1.

    Returns:
        (b, k) rows and (b, k) scores, k the smaller of ``count`` and n.
    """
    count = min(count, len(gallery))
    row, probe = _near_best(probes, gallery, count)
    score = _exact(probes, gallery, row, probe)
    order = np.lexsort((row, -score, probe))
    first = probe[order].searchsorted(np.arange(len(probes)))
    best = order[first[:, None] + np.arange(count)]
    return row[best], score[best]


def _near_best(
    probes: NDArray[np.float32], gallery: NDArray[np.float32], count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (h,) rows and (h,) probes: each probe's best rows, and all that rounding hides.

    The gallery is read block by block, so that a block's scores are still in the
    processor's cache when they are looked at. The rows of a block fall into lanes, by
    turns, and the best score of each lane takes one quick pass. The ``count``-th best of
    those is a floor under the ``count``-th best of all rows.
    """
    n_probes, lanes = len(probes), max(_LANES, count)
    most = min(_BLOCK_ROWS, max(_BLOCK_SCORES // n_probes, 1), len(gallery))
    n_rows = -(-most // lanes) * lanes
    scores = np.empty((n_rows, n_probes), np.float32)
    wide = scores.reshape(-1, lanes * n_probes)
    best = np.full((count, n_probes), -np.inf, np.float32)
    found = []
    for start in range(0, len(gallery), n_rows):
        block = gallery[start : start + n_rows]
        _score_block(probes, block, scores)
        peaks = wide.max(axis=0).reshape(lanes, n_probes)
        best = np.partition(np.concatenate([best, peaks]), lanes, axis=0)[lanes:]
        floor = best[0] - np.float32(_ROUNDING)
        if not (peaks < floor).all():  # put so that an undefined score stays in
            is_near = ~(wide < np.broadcast_to(floor, peaks.shape).reshape(-1))
            near = np.flatnonzero(is_near.reshape(-1)[: len(block) * n_probes])
            found.append(near + start * n_probes)
    row, probe = np.divmod(np.concatenate(found), n_probes)
    return row, probe


def _score_block(
    probes: NDArray[np.float32], block: NDArray[np.float32], scores: NDArray[np.float32]
) -> None:
    """Write the block's scores, a row for each of its rows; rows to spare score nothing."""
    if len(probes) <= _FEW_PROBES:  # then matrix-vector products are faster
        for column, probe in enumerate(probes):
            scores[: len(block), column] = block @ probe
    else:
        np.matmul(block, probes.T, out=scores[: len(block)])
    scores[len(block) :] = -np.inf


def _exact(
    probes: NDArray[np.float32],
    gallery: NDArray[np.float32],
    row: NDArray[np.intp],
    probe: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Return the (h,) scores of pairs of a row and a probe, in double precision."""
    wide = probes.astype(np.float64)
    pairs = [slice(start, start + _EXACT_PAIRS) for start in range(0, len(row), _EXACT_PAIRS)]
    parts = [(gallery.take(row[p], axis=0) * wide.take(probe[p], axis=0)).sum(1) for p in pairs]
    return np.concatenate(parts)


def _result(
    rows: list[int],
    scores: list[float],
    entry_ids: tuple[str, ...],
    threshold: float,
    max_rank: int,
) -> SearchResult:
    candidates = tuple(
        Candidate(entry_ids[row], score, rank)
        for rank, (row, score) in enumerate(zip(rows, scores, strict=True), start=1)
        if rank <= max_rank and score >= threshold
    )
    margin = scores[0] - scores[1] if len(scores) > 1 else None
    return SearchResult(candidates, scores[0], margin)


def _check_comparable(probe: Template, gallery: Gallery) -> None:
    if probe.pack_digest != gallery.pack_digest:
        msg = "a probe comes from another model pack than the gallery"
        raise TemplateMismatchError(msg, expected=gallery.pack_digest, found=probe.pack_digest)
    if len(gallery) and len(probe.vector) != gallery.matrix.shape[1]:
        msg = f"expected a probe of length {gallery.matrix.shape[1]}, found {len(probe.vector)}"
        raise TemplateMismatchError(msg)
