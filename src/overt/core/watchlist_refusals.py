"""Why a row of a watchlist is refused; every reason at once (R-10, R-11, R-15 to R-18)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from numpy.typing import NDArray

    from overt.core.policy import Policy
    from overt.core.watchlist import Under18Exception

_ROWS_AT_ONCE = 512


class RefusalReason(StrEnum):
    """Why a row does not come onto the list; the codes of the file of failed rows."""

    ROW_MALFORMED = "row_malformed"
    TEXT_UNUSABLE = "text_unusable"
    REFERENCE_MISSING = "reference_missing"
    REFERENCE_UNUSABLE = "reference_unusable"
    REFERENCE_TWICE = "reference_twice"
    CATEGORY_NOT_ALLOWED = "category_not_allowed"
    JUSTIFICATION_MISSING = "justification_missing"
    IMAGE_SOURCE_MISSING = "image_source_missing"
    IMAGE_DATE_MISSING = "image_date_missing"
    IMAGE_DATE_AHEAD = "image_date_ahead"
    IMAGE_TOO_OLD = "image_too_old"
    URGENCY_NOT_ALLOWED = "urgency_not_allowed"
    UNDER_18_NOT_SAID = "under_18_not_said"
    UNDER_18_WITHOUT_EXCEPTION = "under_18_without_exception"
    EXPIRY_UNREADABLE = "expiry_unreadable"
    EXPIRED = "expired"
    CAP_EXCEEDED = "cap_exceeded"
    IMAGE_MISSING = "image_missing"
    IMAGE_OUTSIDE_FOLDER = "image_outside_folder"
    IMAGE_UNREADABLE = "image_unreadable"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    POOR_QUALITY = "poor_quality"
    SAME_FACE_AS_ANOTHER = "same_face_as_another"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row as somebody wrote it, before anything is believed.

    Attributes:
        reference: The force's own reference of the person.
        category: Should be a code of the policy's list.
        justification: Why this person is listed.
        image_source: Where the photograph comes from.
        image_date: When it was taken, or None where that was not said.
        urgency: Should be a code of the policy's list.
        is_under_18: Whether the person is under 18.
        under_18_exception: The exception, or None.
        expires_at: From when the entry no longer counts, aware UTC, or None.
    """

    reference: str
    category: str
    justification: str
    image_source: str
    image_date: date | None
    urgency: str
    is_under_18: bool
    under_18_exception: Under18Exception | None
    expires_at: datetime | None


def refusals(
    row: EntryRow, policy: Policy, categories: Collection[str], now: datetime
) -> tuple[RefusalReason, ...]:
    """Return every reason against a row, without its photograph; empty if it may be listed.

    Args:
        row: As written.
        policy: Closed lists and limits.
        categories: The categories that the authority names.
        now: Aware UTC.
    """
    rules = policy.watchlist
    is_category = row.category in rules.categories and row.category in categories
    is_exception = row.under_18_exception is not None
    found = {
        RefusalReason.REFERENCE_MISSING: not row.reference.strip(),
        RefusalReason.CATEGORY_NOT_ALLOWED: not is_category,
        RefusalReason.JUSTIFICATION_MISSING: not row.justification.strip(),
        RefusalReason.IMAGE_SOURCE_MISSING: not row.image_source.strip(),
        RefusalReason.URGENCY_NOT_ALLOWED: row.urgency not in rules.urgencies,
        RefusalReason.UNDER_18_WITHOUT_EXCEPTION: row.is_under_18 and not is_exception,
        RefusalReason.EXPIRED: row.expires_at is not None and row.expires_at <= now,
    }
    reasons = tuple(reason for reason, is_found in found.items() if is_found)
    return (*reasons, *_of_image_date(row.image_date, policy, now))


def list_refusals(references: Sequence[str], cap: int) -> dict[int, RefusalReason]:
    """Return reasons against rows that only the whole list shows, by position.

    A reference that stands twice is refused both times: nobody guesses which row was
    meant. Rows beyond the cap are refused in the order of the list (R-17).

    Args:
        references: Of the rows that have no other reason against them, in order.
        cap: Most entries, at least 1.
    """
    times = Counter(references)
    twice = {i for i, reference in enumerate(references) if times[reference] > 1}
    singles = [i for i in range(len(references)) if i not in twice]
    return dict.fromkeys(sorted(twice), RefusalReason.REFERENCE_TWICE) | dict.fromkeys(
        singles[cap:], RefusalReason.CAP_EXCEEDED
    )


def photograph_refusals(
    n_faces: int | None, quality_reasons: Collection[str]
) -> tuple[RefusalReason, ...]:
    """Return reasons against a photograph (R-15).

    Args:
        n_faces: Faces that were found, or None where the picture could not be read.
        quality_reasons: What the quality gate has against the only face; may be empty.
    """
    if n_faces is None:
        return (RefusalReason.IMAGE_UNREADABLE,)
    if n_faces != 1:
        return (RefusalReason.SEVERAL_FACES if n_faces else RefusalReason.NO_FACE,)
    return (RefusalReason.POOR_QUALITY,) if quality_reasons else ()


def same_face_pairs(
    matrix: NDArray[np.float32], ids: Sequence[str], threshold: float
) -> tuple[tuple[str, str, float], ...]:
    """Return pairs of entries whose templates are too alike for two people (R-16).

    Args:
        matrix: (n, d) float32 unit rows; n may be 0.
        ids: n identifiers; item i names row i.
        threshold: Cosine from which two are taken for one face, inclusive.

    Returns:
        Each pair once with its score, in the order of the rows.
    """
    found = []
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        scores = matrix[start : start + _ROWS_AT_ONCE] @ matrix[start:].T
        rows, columns = np.nonzero(np.triu(scores >= threshold, k=1))
        found += [
            (ids[start + row], ids[start + column], float(scores[row, column]))
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        ]
    return tuple(found)


def _of_image_date(
    image_date: date | None, policy: Policy, now: datetime
) -> tuple[RefusalReason, ...]:
    if image_date is None:
        return (RefusalReason.IMAGE_DATE_MISSING,)
    age = now.date() - image_date
    if age > policy.watchlist.max_image_age:
        return (RefusalReason.IMAGE_TOO_OLD,)
    return (RefusalReason.IMAGE_DATE_AHEAD,) if age.days < 0 else ()
