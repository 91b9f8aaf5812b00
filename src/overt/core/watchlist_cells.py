"""A row of a watchlist as text: which columns there are, and what each cell means."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from overt.core.reference import canonical_reference, is_reference
from overt.core.watchlist import Under18Exception
from overt.core.watchlist_refusals import EntryRow, RefusalReason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REQUIRED_COLUMNS = (
    "reference",
    "category",
    "justification",
    "image",
    "image_source",
    "image_date",
    "urgency",
    "is_under_18",
)
OPTIONAL_COLUMNS = ("under_18_exception_by", "under_18_exception_reason", "expires_at")
"""A column that is neither, such as one for names, has no place in a watchlist."""

MAX_TEXT_LENGTH = 2000

_YES_OR_NO = {"yes": True, "no": False}
_TEXTS = ("category", "justification", "image_source", "urgency", "under_18_exception_reason")


def read_cells(cells: Mapping[str, str]) -> tuple[EntryRow, tuple[RefusalReason, ...]]:
    """Return what a row says, and reasons against cells that say nothing that can be read.

    A cell is text and stays text: one that looks like a formula is kept as it was written.

    Args:
        cells: By column; an optional column may be missing or empty.
    """
    texts = {column: cell.strip() for column, cell in cells.items()}
    by, reason = (texts.get(f"under_18_exception_{part}", "") for part in ("by", "reason"))
    expiry = texts.get("expires_at", "")
    row = EntryRow(
        reference=canonical_reference(texts["reference"]),
        category=texts["category"],
        justification=texts["justification"],
        image_source=texts["image_source"],
        image_date=_date(texts["image_date"]),
        urgency=texts["urgency"],
        is_under_18=_YES_OR_NO.get(texts["is_under_18"].lower(), False),
        under_18_exception=Under18Exception(by, reason) if by and reason else None,
        expires_at=_moment(expiry),
    )
    return row, tuple(_problems(texts, row, expiry))


def _problems(texts: Mapping[str, str], row: EntryRow, expiry: str) -> Iterator[RefusalReason]:
    if row.reference and not is_reference(row.reference):
        yield RefusalReason.REFERENCE_UNUSABLE
    if not all(_is_text(texts.get(column, "")) for column in _TEXTS):
        yield RefusalReason.TEXT_UNUSABLE
    if texts["is_under_18"].lower() not in _YES_OR_NO:
        yield RefusalReason.UNDER_18_NOT_SAID
    if expiry and row.expires_at is None:
        yield RefusalReason.EXPIRY_UNREADABLE


def _is_text(text: str) -> bool:
    """Return whether a text can be kept and shown: no control characters but line breaks."""
    plain = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return plain.isprintable() and len(text) <= MAX_TEXT_LENGTH


def _date(text: str) -> date | None:
    """Return a date written as 2026-03-31, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """Return a moment with its offset as aware UTC, or None; a time of nowhere is no moment."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.utcoffset() is not None else None
    except (ValueError, OverflowError):
        return None
