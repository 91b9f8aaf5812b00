"""What somebody wrote, and how to reach them: text, within limits, kept encrypted."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from overt.core.canonical_json import canonical_json, parse_json
from overt.core.local_window import YEARS
from overt.errors import PublicRequestInvalidError

if TYPE_CHECKING:
    from datetime import date

MOST_WORDS = 4_000
MOST_CONTACT = 500
MOST_PLACE = 200
MOST_DAY_REASON = 500

WORDS = "words"
"""Kind of text: what somebody wrote."""

ANSWER = "answer"
"""Kind of text: what they are answered."""

_LAYOUT = "\n\t"


@dataclass(frozen=True, slots=True)
class RequestWords:
    """What a request says, as it is encrypted.

    Attributes:
        text: In the person's own words.
        contact: How to reach them.
        place: Where it was, in words; may be blank.
        receipt: What they were given, so that an answer can name it.
    """

    text: str
    contact: str
    place: str
    receipt: str

    def to_bytes(self) -> bytes:
        """Return what is encrypted."""
        return canonical_json(asdict(self))


def read_words(content: bytes) -> RequestWords:
    """Return what was encrypted.

    Args:
        content: From :meth:`RequestWords.to_bytes`.
    """
    return RequestWords(**parse_json(content))


def checked_words(text: str, contact: str, place: str, receipt: str) -> RequestWords:
    """Return what somebody wrote, with line breaks made the same and nothing else changed.

    Args:
        text: In the person's own words.
        contact: How to reach them.
        place: Where it was; may be blank.
        receipt: Theirs.

    Raises:
        PublicRequestInvalidError: A text is missing, too long, or no text; the field
            ``field`` says which.
    """
    return RequestWords(
        text=_checked("words", text, MOST_WORDS, "what is asked, in words"),
        contact=_checked("contact", contact, MOST_CONTACT, "how the person is reached"),
        place=_checked("place", place, MOST_PLACE, "", may_lack=True),
        receipt=receipt,
    )


def checked_answer(note: str) -> str:
    """Return what an auditor adds to an answer; often nothing.

    Args:
        note: As typed.

    Raises:
        PublicRequestInvalidError: It is too long, or no text.
    """
    return _checked("note", note, MOST_WORDS, "", may_lack=True)


def checked_day_reason(reason: str) -> str:
    """Return why an answer is about another day than the one asked about; often nothing.

    Args:
        reason: As typed.

    Raises:
        PublicRequestInvalidError: It is too long, or no text.
    """
    return _checked("day_reason", reason, MOST_DAY_REASON, "", may_lack=True)


def require_day(on: date | None, today: date) -> None:
    """Let pass only a day that has come, and of a year in which there were cameras.

    Args:
        on: Which day it is about, or None.
        today: Where it is asked.

    Raises:
        PublicRequestInvalidError: The day has not come, or is of an absurd year.
    """
    if on is not None and (on > today or on.year not in YEARS):
        msg = f"expected today or an earlier day from {YEARS.start} on, found {on.isoformat()}"
        raise PublicRequestInvalidError(msg, field="on")


def _checked(field: str, text: str, most: int, what: str, *, may_lack: bool = False) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not lines and not may_lack:
        msg = f"expected {what}, found nothing"
        raise PublicRequestInvalidError(msg, field=field)
    if len(lines) > most:
        msg = f"{field}: expected at most {most:,} characters, found {len(lines):,}"
        raise PublicRequestInvalidError(msg, field=field)
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in _LAYOUT for c in lines):
        msg = f"{field}: expected text, found a control character in it"
        raise PublicRequestInvalidError(msg, field=field)
    return lines
