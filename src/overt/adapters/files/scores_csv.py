"""Scores of searches made elsewhere, as a CSV file."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

import numpy as np

from overt.adapters.files.csv_rows import open_csv
from overt.errors import EvaluationDataInvalidError, ListFileInvalidError
from overt.evaluation.open_set import ROUNDING, OpenSetScores

if TYPE_CHECKING:
    from pathlib import Path

_SUBJECT, _MATE, _OTHER = "subject", "mate_score", "best_other_score"


def read_scores(path: Path, n_gallery: int) -> tuple[OpenSetScores, str]:
    """Return the scores of a file and its SHA-256.

    Args:
        path: CSV with the columns ``subject``, ``mate_score`` (empty for a non-mated search)
            and ``best_other_score``; a row a search.
        n_gallery: Entries of the gallery that was searched, at least 1.

    Raises:
        EvaluationDataInvalidError: It is no such file, a score is no number, or a person is
            once in the gallery and once not.
    """
    digest = hashlib.sha256()
    subject_ids: list[str] = []
    mates: list[float] = []
    others: list[float] = []
    columns = (_SUBJECT, _MATE, _OTHER)
    try:
        with open_csv(path, required=columns, on_bytes=digest.update) as rows:
            for row in rows:
                cells = {name: cell.strip() for name, cell in (row.cells or {}).items()}
                if not cells.get(_SUBJECT):
                    raise _invalid(path, row.number, "names nobody, or has too many cells")
                subject_ids.append(cells[_SUBJECT])
                mates.append(_score(cells[_MATE], path, row.number) if cells[_MATE] else -math.inf)
                others.append(_score(cells[_OTHER], path, row.number))
    except ListFileInvalidError as error:
        raise EvaluationDataInvalidError(error.message, file=path.name) from error
    mate_scores = np.array(mates, np.float64)
    best_other = np.array(others, np.float32).reshape(-1, 1)
    is_mated = np.isfinite(mate_scores)
    _check_people(path, subject_ids, is_mated.tolist())
    ahead = (best_other[:, 0] >= mate_scores - ROUNDING) & is_mated
    scores = OpenSetScores(
        tuple(subject_ids),
        is_mated,
        mate_scores,
        best_other,
        ahead.astype(np.int64).reshape(-1, 1),
        np.array([n_gallery]),
    )
    return scores, digest.hexdigest()


def _score(text: str, path: Path, number: int) -> float:
    try:
        score = float(text)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise _invalid(path, number, "has a score that is no number")
    return score


def _check_people(path: Path, subject_ids: list[str], is_mated: list[bool]) -> None:
    once: dict[str, bool] = {}
    for number, (subject_id, mated) in enumerate(zip(subject_ids, is_mated, strict=True), start=2):
        if once.setdefault(subject_id, mated) is not mated:
            problem = "is of a person who is in the gallery by one row and not by another"
            raise _invalid(path, number, problem)


def _invalid(path: Path, number: int, problem: str) -> EvaluationDataInvalidError:
    msg = f"list {path.name}: row {number} {problem}"
    return EvaluationDataInvalidError(msg, file=path.name, row=number)
