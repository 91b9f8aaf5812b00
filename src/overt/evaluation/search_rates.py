"""FNIR(N, R, T) and FPIR(N, T) of an algorithm, each search with a known subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from overt.errors import EvaluationDataInvalidError, UndefinedRateError
from overt.evaluation.by_subject import counts_by_subject, rate_by_subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from overt.evaluation.open_set import OpenSetScores
    from overt.evaluation.rates import Rate

MATED, NONMATED = "mated searches", "non-mated searches"


def fnir(
    scores: OpenSetScores, threshold: float, generator: np.random.Generator, *, max_rank: int = 1
) -> Rate:
    """Return FNIR(N, R, T): mated searches whose mate is not among the best R at or above T.

    Searches of several galleries of one size count together; the interval is by person.

    Args:
        scores: With galleries of one size.
        threshold: T, inclusive.
        generator: Draws the resamples.
        max_rank: R, at least 1.
    """
    missed = ~found_mates(scores, threshold, max_rank)[scores.is_mated]
    return _over_searches(missed, _of(scores, is_mated=True), MATED, generator)


def fpir(scores: OpenSetScores, threshold: float, generator: np.random.Generator) -> Rate:
    """Return FPIR(N, T): non-mated searches that return anybody at or above T.

    Args:
        scores: With galleries of one size.
        threshold: T, inclusive.
        generator: Draws the resamples.
    """
    false = (scores.best_other >= threshold)[~scores.is_mated]
    return _over_searches(false, _of(scores, is_mated=False), NONMATED, generator)


def found_mates(scores: OpenSetScores, threshold: float, max_rank: int) -> NDArray[np.bool_]:
    """Return (p, g) whether each probe's mate is among the best R at or above T.

    Args:
        scores: Of g galleries.
        threshold: T, inclusive.
        max_rank: R, at least 1.
    """
    is_at_or_above = (scores.mate_scores >= threshold)[:, None]
    found: NDArray[np.bool_] = is_at_or_above & (scores.n_ahead < max_rank)
    return found


def mated_scores(scores: OpenSetScores, *, max_rank: int = 1) -> NDArray[np.float64]:
    """Return what each mated search scores, minus infinity where the mate is not among the best R.

    A DET curve of these and of ``nonmated_scores`` is that of FNIR(N, R, T) and FPIR(N, T).

    Args:
        scores: Of one or several galleries; each search counts.
        max_rank: R, at least 1.
    """
    found = np.where(scores.n_ahead < max_rank, scores.mate_scores[:, None], -np.inf)
    return found[scores.is_mated].ravel()


def nonmated_scores(scores: OpenSetScores) -> NDArray[np.float64]:
    """Return the best score of each non-mated search.

    Args:
        scores: Of one or several galleries; each search counts.
    """
    return scores.best_other[~scores.is_mated].astype(np.float64).ravel()


def check_scores(*arrays: NDArray[np.float64]) -> None:
    """Refuse scores that are not numbers.

    Args:
        *arrays: (n,) each; minus infinity is a score that no threshold reaches.

    Raises:
        EvaluationDataInvalidError: A score is NaN.
    """
    n_missing = sum(int(np.isnan(array).sum()) for array in arrays)
    if n_missing:
        msg = f"{n_missing} scores are not numbers"
        raise EvaluationDataInvalidError(msg, n_missing=n_missing)


def check_both(n_mated: int, n_nonmated: int) -> None:
    """Refuse scores of one kind only.

    Args:
        n_mated: Mated searches or comparisons.
        n_nonmated: Non-mated ones.

    Raises:
        UndefinedRateError: There is none of a kind: its rate is not defined (0 of 0).
    """
    for count, kind in ((n_mated, "mated"), (n_nonmated, "non-mated")):
        if not count:
            msg = f"there is no {kind} score: its error rate is not defined (0 of 0)"
            raise UndefinedRateError(msg, unit=kind)


def _of(scores: OpenSetScores, *, is_mated: bool) -> list[str]:
    pairs = zip(scores.subject_ids, scores.is_mated.tolist(), strict=True)
    return [subject_id for subject_id, mated in pairs if mated is is_mated]


def _over_searches(
    events: NDArray[np.bool_],
    subject_ids: Sequence[str],
    unit: str,
    generator: np.random.Generator,
) -> Rate:
    trials = np.full(len(events), events.shape[1])
    counts = counts_by_subject(subject_ids, events.sum(axis=1), trials)
    return rate_by_subject(counts, unit, generator)
