"""How old a reader must be to follow a text, by a published formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

from overt.core.notice_texts import NoticeText

YEARS_BEFORE_SCHOOL = 5
"""Grade 1 of the formula is read at six."""

_ENDS = (".", "?", "!")


def reading_age(sentences: Iterable[str]) -> float:
    """Return the age in years at which English sentences are understood.

    It is the Flesch-Kincaid grade (Kincaid et al., 1975), as the package textstat counts it,
    with the years before school; the formula knows nothing of other languages.

    Args:
        sentences: In English; headings too. Values in braces are left out.
    """
    import textstat  # noqa: PLC0415 - reads a dictionary, which takes a second

    ended = [text if text.endswith(_ENDS) else f"{text}." for text in sentences]
    plain = re.sub(r"\{\w+\}", "", " ".join(ended))
    return float(textstat.flesch_kincaid_grade(plain)) + YEARS_BEFORE_SCHOOL


def reading_age_of_notices() -> float:
    """Return it for all sentences that a notice can hold."""
    return reading_age(text.value for text in NoticeText)
