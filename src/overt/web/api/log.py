"""The log, for auditors: events, and whether somebody was listed on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.services.read_audit import read_audit
from overt.services.was_listed import was_listed
from overt.web.access import allow
from overt.web.api.answers import MOST, Document, document
from overt.web.deps import OfConsole, OfPerson

router = APIRouter(tags=["log"])


class ListedQuestion(BaseModel):
    """Whether a reference was listed on a day; asked by POST, so that it stands in no address.

    Attributes:
        reference: The force's own reference for the person.
        on: The local day.
    """

    reference: Annotated[str, Field(min_length=1, max_length=200)]
    on: date


@router.get("/log")
@allow(Role.AUDITOR)
def events(
    console: OfConsole,
    person: OfPerson,
    kind: EventKind | None = None,
    last: Annotated[int, Query(ge=1, le=MOST, description="How many of the latest.")] = 50,
) -> list[Document]:
    """Return the latest events, oldest first; that they were read is logged."""
    found = read_audit(console.workplace, person.actor.actor_id, last, kind)
    return [_event(logged.seq, logged.hash, document(logged.event)) for logged in found]


@router.post("/listed")
@allow(Role.AUDITOR)
def listed(console: OfConsole, person: OfPerson, asked: ListedQuestion) -> list[Document]:
    """Answer when a reference was listed on a day, in the service's time zone; logged.

    A misspelt reference has no period either, and rehearsals with volunteers are not covered.
    """
    found = was_listed(
        console.workplace, person.actor.actor_id, asked.reference, asked.on, _zone(console)
    )
    return [document(period) for period in found.periods]


def _event(seq: int, line_hash: bytes, event: Document) -> Document:
    return {"seq": seq, "hash": line_hash.hex(), **event}


def _zone(console: OfConsole) -> ZoneInfo:
    return ZoneInfo(console.settings.time_zone)
