"""Whose photographs are whose, and which groups people belong to, as a CSV file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from overt.adapters.files.csv_rows import open_csv
from overt.errors import EvaluationDataInvalidError, ListFileInvalidError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GROUPINGS = ("sex", "ethnicity", "age_band")
_SUBJECT, _PHOTOGRAPH = "subject", "photograph"


@dataclass(frozen=True, slots=True)
class SubjectsFile:
    """What the file says.

    Attributes:
        subject_of: Subject by photograph, as a path within its folder; empty where the file
            names no photographs and the folders' own names hold.
        groups: By grouping, the group of each subject; who is in none is left out.
    """

    subject_of: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_subjects(path: Path) -> SubjectsFile:
    """Return whose photographs are whose and who belongs to which group.

    A person may stand in several rows, always with the same groups; an empty cell says nothing.

    Args:
        path: CSV with the column ``subject`` and, if wanted, ``photograph``, ``sex``,
            ``ethnicity`` and ``age_band``.

    Raises:
        EvaluationDataInvalidError: It is no such file, or it says two things of one
            photograph or person.
    """
    subject_of: dict[str, str] = {}
    groups: dict[str, dict[str, str]] = {}
    try:
        with open_csv(path, required=(_SUBJECT,), optional=(_PHOTOGRAPH, *GROUPINGS)) as rows:
            for row in rows:
                cells = {name: cell.strip() for name, cell in (row.cells or {}).items()}
                subject_id = cells.get(_SUBJECT, "")
                if not subject_id:
                    raise _invalid(path, row.number, "names nobody, or has too many cells")
                if cells.get(_PHOTOGRAPH):
                    _add(subject_of, cells[_PHOTOGRAPH], subject_id, path, row.number)
                for name in GROUPINGS:
                    if cells.get(name):
                        _add(groups.setdefault(name, {}), subject_id, cells[name], path, row.number)
    except ListFileInvalidError as error:
        raise EvaluationDataInvalidError(error.message, file=path.name) from error
    return SubjectsFile(subject_of, groups)


def _add(found: dict[str, str], key: str, value: str, path: Path, number: int) -> None:
    if found.setdefault(key, value) != value:
        problem = "says something else of a photograph or a person than a row before it"
        raise _invalid(path, number, problem)


def _invalid(path: Path, number: int, problem: str) -> EvaluationDataInvalidError:
    msg = f"list {path.name}: row {number} {problem}"
    return EvaluationDataInvalidError(msg, file=path.name, row=number)
