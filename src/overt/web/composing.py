"""What became of a list that was sent: for its page, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.services.judge_rows import RefusedRow

_WORDS = {
    "row_malformed": "more or fewer cells than columns",
    "text_unusable": "control characters, or more than 2,000 characters",
    "reference_missing": "no reference",
    "reference_unusable": "the reference cannot be one",
    "reference_twice": "the reference stands in two rows",
    "category_not_allowed": "the category is not in the policy, or not in the authority",
    "justification_missing": "no justification",
    "image_source_missing": "no source of the photograph",
    "image_date_missing": "no date of the photograph",
    "image_date_ahead": "the photograph's date is to come",
    "image_too_old": "the photograph is older than the policy allows",
    "urgency_not_allowed": "the urgency is not in the policy",
    "under_18_not_said": "neither yes nor no for under 18",
    "under_18_without_exception": "under 18 without an exception by an officer of the rank",
    "expiry_unreadable": "the expiry cannot be read, or has no offset",
    "expired": "over already",
    "cap_exceeded": "beyond the number of entries that is allowed",
    "image_missing": "no such photograph was sent, or two of one name",
    "image_outside_folder": "the photograph's name leads out of the folder",
    "image_unreadable": "the photograph cannot be read: damaged, no picture, or too many pixels",
    "no_face": "no face in the photograph",
    "several_faces": "several faces in the photograph",
    "poor_quality": "the face is not good enough",
    "same_face_as_another": "shows the same face as another reference",
}


@dataclass(frozen=True, slots=True)
class Composed:
    """What composing gave; kept in memory until the next list of the console.

    Attributes:
        n_entries: Entries that wait for approval; 0 where nothing was stored.
        n_replaced: Entries of an earlier list that were taken off.
        n_unused: Photographs that belong to no row.
        refused: Rows that were refused.
        problem: Why nothing was stored, or blank.
    """

    n_entries: int
    n_replaced: int
    n_unused: int
    refused: tuple[RefusedRow, ...]
    problem: str = ""


def refusals_of(refused: Iterable[RefusedRow]) -> list[tuple[int, str]]:
    """Return number and reasons of each refused row, in words and without its reference.

    Args:
        refused: In order.
    """
    return [(one.row, _reasons(one)) for one in refused]


def _reasons(one: RefusedRow) -> str:
    reasons = [_WORDS[reason] for reason in one.reasons]
    quality = [code.replace("_", " ") for code in one.quality]
    same = [f"row {row}" for row in one.same_face_rows]
    more = ", ".join((*quality, *same))
    return "; ".join(reasons) + (f" ({more})" if more else "")
