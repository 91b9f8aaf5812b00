"""The watchlist: who is sought, why, on whose word, until when (R-10 to R-21)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


class ListKind(StrEnum):
    """The governed list, or the volunteers' own; an entry stands in one of them (R-22)."""

    OPERATIONAL = "operational"
    BLUE = "blue"


class Urgency(StrEnum):
    """What an alert for this entry asks for (R-21)."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class EntryStatus(StrEnum):
    """Where an entry stands."""

    COMPOSED = "composed"
    APPROVED = "approved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Under18Exception:
    """An exception that lets somebody under 18 be listed (R-18).

    Attributes:
        granted_by: The authorising officer who granted it.
        reason: Why.
    """

    granted_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class WatchlistEntry:
    """One person on the watchlist of one deployment; no name, only the force's reference.

    Attributes:
        entry_id: Identifier, made at the edge.
        deployment_id: The only deployment that it belongs to (R-12).
        list_kind: Operational or blue (R-22).
        reference: The force's own reference of the person (R-20).
        category: Code from the policy's closed list (R-10).
        justification: Why this person is listed (R-11).
        image_source: Where the photograph comes from (R-11).
        image_date: When it was taken (R-15).
        urgency: Red, amber or green (R-21).
        is_under_18: Whether the person is under 18 (R-18).
        composed_by: Who put the entry on the list.
        composed_at: Aware UTC.
        under_18_exception: Needed where ``is_under_18``, else None.
        expires_at: From when it no longer counts, or None for the deployment's end.
        status: Where it stands.
        approved_by: Who saw that the photograph shows the intended person, or None (R-16).
        approved_at: When, or None.
        removed_at: When it left the list, or None.
        removed_reason: Why, or None.
        image_secret_id: Secret that holds the photograph, or None once erased.
        template_secret_id: Secret that holds the template, or None once erased.
    """

    entry_id: str
    deployment_id: str
    list_kind: ListKind
    reference: str
    category: str
    justification: str
    image_source: str
    image_date: date
    urgency: Urgency
    is_under_18: bool
    composed_by: str
    composed_at: datetime
    under_18_exception: Under18Exception | None = None
    expires_at: datetime | None = None
    status: EntryStatus = EntryStatus.COMPOSED
    approved_by: str | None = None
    approved_at: datetime | None = None
    removed_at: datetime | None = None
    removed_reason: str | None = None
    image_secret_id: str | None = None
    template_secret_id: str | None = None
