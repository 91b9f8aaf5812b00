"""What an observer states about a deployment: published as it was written, or withdrawn (R-64)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


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
