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
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines.strip():
        msg = "a statement has at least one word, found none"
        raise StatementInvalidError(msg)
    if len(lines) > MOST_CHARACTERS:
        msg = f"a statement has at most {MOST_CHARACTERS:,} characters, found {len(lines):,}"
        raise StatementInvalidError(msg, n_characters=len(lines))
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in _LAYOUT for c in lines):
        msg = "a statement is text; found a control character in it"
        raise StatementInvalidError(msg)
    return lines
