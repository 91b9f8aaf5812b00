"""What an observer states about a deployment: published as it was written, or withdrawn (R-64)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.errors import StatementInvalidError

if TYPE_CHECKING:
    from datetime import datetime

MOST_CHARACTERS = 10_000
_LAYOUT = "\n\t"


@dataclass(frozen=True, slots=True)
class Statement:
    """An observer's statement.

    Attributes:
        statement_id: Identifier, made at the edge.
        deployment_id: About which deployment.
        filed_by: The observer.
        filed_at: When, aware UTC.
        text: As it was written; nobody edits it.
        withdrawn_at: When its author took it back, aware UTC; None where it stands.
    """

    statement_id: str
    deployment_id: str
    filed_by: str
    filed_at: datetime
    text: str
    withdrawn_at: datetime | None = None


def statement_text(text: str) -> str:
    """Return a statement's text with the line breaks of every system made the same.

    Nothing else of it is changed.

    Args:
        text: As it was written.

    Raises:
        StatementInvalidError: It is blank, too long, or holds control characters, which are
            no text.
    """
    lines = with_one_break(text)
    if problem := problem_of_text(lines, MOST_CHARACTERS):
        msg = f"a statement {problem}"
        raise StatementInvalidError(msg, n_characters=len(lines))
    return lines


def with_one_break(text: str) -> str:
    """Return a text with the line breaks of every system made the same.

    Args:
        text: As it was written.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")


def problem_of_text(lines: str, most: int) -> str:
    """Return why a text cannot be published as it is, or blank where it can.

    Args:
        lines: With one kind of line break.
        most: Characters that it may have.
    """
    if not lines.strip():
        return "has at least one word, found none"
    if len(lines) > most:
        return f"has at most {most:,} characters, found {len(lines):,}"
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in _LAYOUT for c in lines):
        return "is text; found a control character in it"
    return ""
