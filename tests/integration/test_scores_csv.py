from __future__ import annotations

import hashlib

import numpy as np
import pytest

from overt.adapters.files.scores_csv import read_scores
from overt.errors import EvaluationDataInvalidError

HEAD = "subject,mate_score,best_other_score"


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a file of these lines."""

    def write(*lines):
        path = tmp_path / "scores.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def test_scores_are_read(file):
    """A mated search, one whose mate somebody else beats, a non-mated one."""
    path = file(HEAD, "a,0.9,0.5", "b,0.4,0.5", "z,,0.6")
    found, sha256 = read_scores(path, 200)

    assert found.subject_ids == ("a", "b", "z")
    assert found.is_mated.tolist() == [True, True, False]
    assert found.mate_scores.tolist() == [0.9, 0.4, -np.inf]
    assert found.n_ahead.ravel().tolist() == [0, 1, 0]
    assert found.n_gallery == 200
    assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "lines",
    [
        (HEAD, "a,nan,0.5"),
        (HEAD, "a,0.9,"),
        (HEAD, "a,0.9,inf"),
        (HEAD, "a,high,0.5"),
        (HEAD, ",0.9,0.5"),
        (HEAD, "a,0.9,0.5,1"),
        (HEAD, "a,0.9,0.5", "a,,0.5"),
        ("subject,score", "a,0.5"),
    ],
    ids=["NaN", "none", "infinite", "words", "nobody", "cells", "mated and not", "columns"],
)
def test_what_cannot_be_a_search_is_refused(file, lines):
    """Never a number from what is none."""
    with pytest.raises(EvaluationDataInvalidError, match=r"scores\.csv"):
        read_scores(file(*lines), 10)
