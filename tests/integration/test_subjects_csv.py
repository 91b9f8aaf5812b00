from __future__ import annotations

import pytest

from overt.adapters.files.subjects_csv import SubjectsFile, read_subjects
from overt.errors import EvaluationDataInvalidError


@pytest.fixture
def subjects(tmp_path):
    """Return a function that reads a file of these lines."""

    def read(*lines):
        path = tmp_path / "subjects.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_subjects(path)

    return read


def test_people_and_their_groups(subjects):
    """An empty cell says nothing; a person may stand in several rows."""
    found = subjects("subject,sex,age_band", "a,female,", "b,male,25 to 34", "a,,under 18")

    assert found == SubjectsFile(
        {}, {"sex": {"a": "female", "b": "male"}, "age_band": {"b": "25 to 34", "a": "under 18"}}
    )


def test_photographs_of_people(subjects):
    """Paths within their folder."""
    found = subjects("subject,photograph", "a,1.jpg", "a,x/2.jpg", "b,3.jpg")

    assert found.subject_of == {"1.jpg": "a", "x/2.jpg": "a", "3.jpg": "b"}
    assert found.groups == {}


@pytest.mark.parametrize(
    "lines",
    [
        ("subject,sex", "a,female", "a,male"),
        ("subject,photograph", "a,1.jpg", "b,1.jpg"),
        ("subject,sex", ",female"),
        ("subject,sex", "a,female,3"),
        ("subject,race", "a,b"),
        ("sex", "female"),
        ("",),
    ],
    ids=["two groups", "two people", "nobody", "cells", "unknown column", "no subject", "empty"],
)
def test_what_is_said_twice_or_cannot_be_read_is_refused(subjects, lines):
    """A subject in two groups is a contradiction, not two subjects."""
    with pytest.raises(EvaluationDataInvalidError, match=r"subjects\.csv"):
        subjects(*lines)


def test_a_missing_file_is_refused(tmp_path):
    """By name."""
    with pytest.raises(EvaluationDataInvalidError, match="no such file"):
        read_subjects(tmp_path / "missing.csv")
