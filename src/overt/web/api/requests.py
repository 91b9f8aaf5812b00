"""What people ask: taken down by staff, answered by an auditor."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel, Field

from overt.core.public_request import RECEIVERS, AnswerCode, Channel, CloseCode, RequestKind
from overt.core.request_words import MOST_CONTACT, MOST_DAY_REASON, MOST_PLACE, MOST_WORDS
from overt.core.roles import Role
from overt.services.answer_request import Answering, answer_request
from overt.services.close_request import close_request
from overt.services.decide_request import acknowledge_request, record_identity
from overt.services.receive_request import Asked, receive_for_somebody
from overt.services.view_requests import view_request, view_requests
from overt.web.access import allow
from overt.web.api.answers import Document, Id, document
from overt.web.body_limit import a_few_texts, takes
from overt.web.deps import OfConsole, OfPerson

router = APIRouter(prefix="/requests", tags=["requests"])


class TakenDown(BaseModel):
    """What somebody asks, as staff take it down.

    Attributes:
        kind: What they want.
        channel: How it came.
        words: In their own words.
        contact: How they are reached.
        place: Where it was; may be blank.
        on: Which day it is about.
        deployment_id: Which deployment it is about.
    """

    kind: RequestKind
    channel: Channel
    words: Annotated[str, Field(min_length=1, max_length=MOST_WORDS)]
    contact: Annotated[str, Field(min_length=1, max_length=MOST_CONTACT)]
    place: Annotated[str, Field(max_length=MOST_PLACE)] = ""
    on: date | None = None
    deployment_id: Annotated[str | None, Field(max_length=128)] = None


class Finding(BaseModel):
    """What an auditor found.

    Attributes:
        code: Which answer; left out to read from the record whether a reference was listed.
        reference: The force's own reference of the person.
        on: Another day than the one that was asked about; left out for that one.
        day_reason: Why another day, in words that the person reads.
        note: What is added in words.
    """

    code: AnswerCode | None = None
    reference: Annotated[str | None, Field(max_length=200)] = None
    on: date | None = None
    day_reason: Annotated[str, Field(max_length=MOST_DAY_REASON)] = ""
    note: Annotated[str, Field(max_length=MOST_WORDS)] = ""


class Closing(BaseModel):
    """Why a request is closed.

    Attributes:
        code: ``answered`` for an answered one.
    """

    code: CloseCode


@router.post("", status_code=201)
@allow(*sorted(RECEIVERS))
@takes(a_few_texts)
def take_down(console: OfConsole, person: OfPerson, asked: TakenDown) -> Document:
    """Take a request down for somebody; the answer holds the receipt that they are told."""
    fields = asked.model_dump(exclude={"channel"})
    received = receive_for_somebody(
        console.workplace, person.actor.actor_id, Asked(**fields), asked.channel, _zone(console)
    )
    return _told(received.request) | {"receipt": received.receipt}


@router.get("")
@allow(Role.AUDITOR)
def listed(console: OfConsole, person: OfPerson) -> dict[str, list[Document]]:
    """Return what people ask, by deadline, without a word of it."""
    queue = view_requests(console.workplace, console.reading, person.actor.actor_id)
    parts = {"open": queue.open, "answered": queue.answered, "closed": queue.closed}
    return {name: [_told(each) for each in requests] for name, requests in parts.items()}


@router.get("/{request_id}")
@allow(Role.AUDITOR)
def one(console: OfConsole, person: OfPerson, request_id: Id) -> Document:
    """Return a request with what was written and answered; the look is logged."""
    view = view_request(console.workplace, person.actor.actor_id, request_id)
    words = None if view.words is None else document(view.words)
    return _told(view.request) | {"words": words, "answer": view.answer}


@router.post("/{request_id}/acknowledgement")
@allow(Role.AUDITOR)
def acknowledge(console: OfConsole, person: OfPerson, request_id: Id) -> Document:
    """Record that somebody was told that their complaint was read."""
    return _told(acknowledge_request(console.workplace, person.actor.actor_id, request_id))


@router.post("/{request_id}/identity")
@allow(Role.AUDITOR)
def identity(console: OfConsole, person: OfPerson, request_id: Id) -> Document:
    """Record that the identity of who asks was checked, outside."""
    return _told(record_identity(console.workplace, person.actor.actor_id, request_id))


@router.post("/{request_id}/answer")
@allow(Role.AUDITOR)
@takes(a_few_texts)
def answer(console: OfConsole, person: OfPerson, request_id: Id, found: Finding) -> Document:
    """Answer a request; the answer's text comes back, to be sent."""
    answering, actor_id = Answering(**found.model_dump()), person.actor.actor_id
    given = answer_request(console.workplace, actor_id, request_id, answering, _zone(console))
    return _told(given.request) | {"answer": given.text}


@router.post("/{request_id}/closing")
@allow(Role.AUDITOR)
def close(console: OfConsole, person: OfPerson, request_id: Id, why: Closing) -> Document:
    """Close a request."""
    return _told(close_request(console.workplace, person.actor.actor_id, request_id, why.code))


def _told(request: object) -> Document:
    """Return a request without the digest of its receipt, which is of use to nobody here."""
    return {name: each for name, each in document(request).items() if name != "receipt_sha256"}


def _zone(console: OfConsole) -> ZoneInfo:
    return ZoneInfo(console.settings.time_zone)
