"""Judge the rows of a watchlist: every reason against each; its words, its face, the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from overt.core.watchlist import grant_under_18_exception
from overt.core.watchlist_gates import size_cap
from overt.core.watchlist_refusals import (
    EntryRow,
    RefusalReason,
    list_refusals,
    refusals,
    same_face_pairs,
)
from overt.errors import RuleError, WatchlistTooLargeError
from overt.services.enrol_portraits import Portrait, PortraitRefused, enrol_portraits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from overt.core.deployment import Deployment
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.services.enrol_portraits import Enroller

_R = RefusalReason
_NOT_LOOKED_AT = {_R.ROW_MALFORMED, _R.IMAGE_MISSING, _R.IMAGE_OUTSIDE_FOLDER, _R.CAP_EXCEEDED}


@dataclass(frozen=True, slots=True, eq=False)
class OfferedRow:
    """A row as it was offered, with a way to its photograph.

    Attributes:
        row: Its number, for whoever offered it.
        entry: What it says.
        read_photograph: Returns (h, w, 3) uint8 pixels with no side longer than what it is
            given, or None where they cannot be read; called twice at the most.
        problems: Reasons against it that are known already.
    """

    row: int
    entry: EntryRow
    read_photograph: Callable[[int], NDArray[np.uint8] | None]
    problems: tuple[RefusalReason, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that does not come onto the list.

    Attributes:
        row: Its number.
        reference: As it was read, for whoever offered it.
        reasons: Every reason against it.
        quality: What the quality gate has against the face; often empty.
        same_face_rows: Rows that show the same face under another reference.
    """

    row: int
    reference: str
    reasons: tuple[RefusalReason, ...]
    quality: tuple[str, ...] = ()
    same_face_rows: tuple[int, ...] = ()


@dataclass(slots=True)
class JudgedRow:
    """A row on its way; reasons gather.

    Attributes:
        offer: As it was offered.
        reasons: Against it, so far.
        portrait: What came of its photograph, or None.
        quality: What the quality gate has against the face.
        same_face_rows: Rows that show the same face under another reference.
    """

    offer: OfferedRow
    reasons: list[RefusalReason]
    portrait: Portrait | None = None
    quality: tuple[str, ...] = ()
    same_face_rows: tuple[int, ...] = ()

    def refused(self) -> RefusedRow:
        """Return the row as it is handed back, every reason once."""
        reasons = tuple(dict.fromkeys(self.reasons))
        reference = self.offer.entry.reference
        return RefusedRow(self.offer.row, reference, reasons, self.quality, self.same_face_rows)


def counted(offers: Iterable[OfferedRow], policy: Policy) -> list[JudgedRow]:
    """Return the rows, unless there are more than any policy may allow; the rest is not read.

    Args:
        offers: Rows; may be endless.
        policy: With the ceiling of the cap.

    Raises:
        WatchlistTooLargeError: There are more.
    """
    most = int(policy.number("watchlist.size_cap").ceiling or policy.watchlist.size_cap)
    rows = [JudgedRow(offer, list(offer.problems)) for offer in islice(offers, most + 1)]
    if len(rows) > most:
        msg = f"expected a list of at most {most} rows, found more; none was looked at"
        raise WatchlistTooLargeError(msg, most=most)
    return rows


def judge_words(
    rows: Sequence[JudgedRow],
    deployment: Deployment,
    policy: Policy,
    officers: Mapping[str, Actor],
    now: datetime,
) -> None:
    """Gather what speaks against rows before any photograph is read.

    Args:
        rows: All rows of the list.
        deployment: With the categories and the cap that were applied for.
        policy: Closed lists and limits.
        officers: Everybody who could have granted an exception, by identifier.
        now: Aware UTC.
    """
    categories = deployment.application.categories if deployment.application else ()
    for row in rows:
        if _R.ROW_MALFORMED not in row.reasons:
            entry = _with_real_exception(row.offer.entry, policy, officers)
            row.reasons += refusals(entry, policy, categories, now)
    named = [row for row in rows if row.offer.entry.reference]
    for i, reason in list_refusals(_references(named), len(named) + 1).items():
        named[i].reasons.append(reason)
    clean = [row for row in rows if not row.reasons]
    for i, reason in list_refusals(_references(clean), size_cap(deployment, policy)).items():
        clean[i].reasons.append(reason)


def _references(rows: Sequence[JudgedRow]) -> list[str]:
    return [row.offer.entry.reference for row in rows]


def _with_real_exception(
    entry: EntryRow, policy: Policy, officers: Mapping[str, Actor]
) -> EntryRow:
    """Return the row without an exception that nobody of that rank can have granted (R-18)."""
    named = entry.under_18_exception
    if named is None:
        return entry
    officer = officers.get(named.granted_by)
    try:
        if officer is not None:
            grant_under_18_exception(officer, policy, reason=named.reason)
            return entry
    except RuleError:
        pass
    return replace(entry, under_18_exception=None)


def judge_photographs(
    rows: Sequence[JudgedRow], enroller: Enroller, on_row: Callable[[], None]
) -> None:
    """Enrol every photograph that can be read, so that a row learns all its reasons at once.

    Args:
        rows: All rows of the list.
        enroller: Model pack and limits.
        on_row: Called after each row.

    Raises:
        ModelRunError: The inference run time failed.
    """
    wanted = []
    for row in rows:
        if _NOT_LOOKED_AT.isdisjoint(row.reasons):
            wanted.append(row)
        else:
            on_row()
    photographs = (row.offer.read_photograph for row in wanted)
    for row, outcome in zip(wanted, enrol_portraits(photographs, enroller), strict=True):
        if isinstance(outcome, PortraitRefused):
            row.reasons += outcome.reasons
            row.quality = outcome.quality
        else:
            row.portrait = replace(outcome, picture=b"") if row.reasons else outcome
        on_row()


def judge_faces(rows: Sequence[JudgedRow], threshold: float) -> None:
    """Refuse all rows that show one face under several references; nobody guesses which is right.

    Args:
        rows: All rows of the list.
        threshold: Score from which two templates are one face.
    """
    shown = {str(i): row for i, row in enumerate(rows) if row.portrait is not None}
    if not shown:
        return
    vectors = [row.portrait.vector for row in shown.values() if row.portrait is not None]
    others: dict[str, set[int]] = {}
    for a, b, _ in same_face_pairs(np.stack(vectors), tuple(shown), threshold):
        if shown[a].offer.entry.reference != shown[b].offer.entry.reference:
            others.setdefault(a, set()).add(shown[b].offer.row)
            others.setdefault(b, set()).add(shown[a].offer.row)
    for i, same_rows in others.items():
        shown[i].reasons.append(_R.SAME_FACE_AS_ANOTHER)
        shown[i].same_face_rows = tuple(sorted(same_rows))
