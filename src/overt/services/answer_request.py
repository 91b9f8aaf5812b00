"""Answer what somebody asked, from the record that holds no faces (R-20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.public_request import (
    AnswerCode,
    RequestKind,
    answered,
    require_answerable,
)
from overt.core.request_answers import AnswerFacts, ListedLine, answer_text
from overt.core.request_words import (
    ANSWER,
    WORDS,
    checked_answer,
    checked_day_reason,
    read_words,
    require_day,
)
from overt.errors import KeyDestroyedError, PublicRequestInvalidError
from overt.services.decide_request import decide_request
from overt.services.was_listed import look_up

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from overt.core.listed_period import ListedPeriod
    from overt.core.public_request import PublicRequest
    from overt.ports.store import UnitOfWork
    from overt.services.decide_request import Decided
    from overt.services.workplace import Workplace

ACTION = "answer a request"


@dataclass(frozen=True, slots=True)
class Answering:
    """What an auditor found.

    Attributes:
        code: Which answer; None to read from the record whether a reference was listed.
        reference: The force's own reference of the person; None where there is none, or where it
            does not matter.
        on: Another day than the one that was asked about, where it must be; None takes that one.
        day_reason: Why another day, in words that go out; blank without one.
        note: What is added in words; may be blank where the sentences suffice.
    """

    code: AnswerCode | None = None
    reference: str | None = None
    on: date | None = None
    day_reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was given.

    Attributes:
        request: As it stands now.
        text: To be sent.
    """

    request: PublicRequest
    text: str


def answer_request(
    workplace: Workplace, actor_id: str, request_id: str, answering: Answering, zone: tzinfo
) -> Answered:
    """Return the answer, once it is kept; the log holds a digest, and neither answer nor reference.

    Whether somebody was listed is read from the record in the same unit of work: nobody types it.

    Args:
        workplace: Store, time, rules.
        actor_id: A trained auditor.
        request_id: Open, and with a recorded identity check where the answer is about a person.
        answering: What was found.
        zone: Of days and times.

    Raises:
        RuleError: Not allowed, no identity check, or answered before; this has been logged.
        InputError: No such day, reference or note; nothing was changed.
        RecordNotFoundError: There is no such request or actor.
    """
    texts: list[str] = []

    def decide(uow: UnitOfWork, request: PublicRequest, now: datetime) -> Decided:
        require_answerable(request)
        facts = _facts(workplace, uow, actor_id, request, answering, zone, now)
        text = answer_text(facts)
        texts.append(text)
        after = answered(request, facts.code, actor_id, now)
        sealed_sha256 = uow.request_texts.put(request_id, ANSWER, text.encode())
        details = {"due_at": request.due_at.isoformat(), "answer_sha256": sealed_sha256}
        return after, EventKind.REQUEST_ANSWERED, details

    request = decide_request(workplace, actor_id, request_id, ACTION, decide)
    return Answered(request, texts[0])


def _facts(
    workplace: Workplace,
    uow: UnitOfWork,
    actor_id: str,
    request: PublicRequest,
    answering: Answering,
    zone: tzinfo,
    now: datetime,
) -> AnswerFacts:
    words = uow.request_texts.get(request.request_id, WORDS)
    if words is None:
        msg = f"the words of {request.request_id} are erased"
        raise KeyDestroyedError(msg, request_id=request.request_id)
    on: date | None = None
    listed: tuple[ListedLine, ...] = ()
    day_reason = checked_day_reason(answering.day_reason)
    if request.kind is RequestKind.WAS_LISTED:
        on = _day_of(request.concerns_on, answering.on, day_reason)
        require_day(on, now.astimezone(zone).date())
        code, listed = _found(workplace, uow, actor_id, answering, on, zone, now)
    else:
        code = _chosen(answering)
    return AnswerFacts(
        code=code,
        receipt=read_words(words).receipt,
        received_at=request.received_at,
        zone=zone,
        on=on,
        asked_on=request.concerns_on,
        day_reason=day_reason,
        listed=listed,
        has_reference=answering.reference is not None,
        note=checked_answer(answering.note),
    )


def _day_of(asked_on: date | None, chosen: date | None, reason: str) -> date:
    """Return the day that an answer is about: the one asked about, or another with its reason."""
    on = chosen or asked_on
    if on is None:
        msg = "whether somebody was listed is answered for a day, found none"
        raise PublicRequestInvalidError(msg, field="on")
    if on != asked_on and not reason:
        asked = "no day" if asked_on is None else asked_on.isoformat()
        msg = f"{asked} was asked about, not {on.isoformat()}: say why another day, found nothing"
        raise PublicRequestInvalidError(msg, field="day_reason")
    if on == asked_on and reason:
        msg = "a reason for another day needs that day, found none but the one asked about"
        raise PublicRequestInvalidError(msg, field="on")
    return on


def _chosen(answering: Answering) -> AnswerCode:
    if answering.code is None:
        msg = "choose what the answer is"
        raise PublicRequestInvalidError(msg, field="answer")
    return answering.code


def _found(
    workplace: Workplace,
    uow: UnitOfWork,
    actor_id: str,
    answering: Answering,
    on: date,
    zone: tzinfo,
    now: datetime,
) -> tuple[AnswerCode, tuple[ListedLine, ...]]:
    """Return what the record says of a reference; withheld and "no reference" look at nothing."""
    if answering.code is AnswerCode.WITHHELD:
        return answering.code, ()
    if answering.reference is None:
        if answering.code is AnswerCode.NOT_LISTED:
            return answering.code, ()
        msg = "give the force's reference of the person, or say that there is none"
        raise PublicRequestInvalidError(msg, field="reference")
    listed = _listed(workplace, uow, look_up(uow, actor_id, answering.reference, on, zone, now))
    return (AnswerCode.LISTED if listed else AnswerCode.NOT_LISTED), listed


def _listed(
    workplace: Workplace, uow: UnitOfWork, periods: tuple[ListedPeriod, ...]
) -> tuple[ListedLine, ...]:
    """Return times on watchlists as the person is told of them."""
    categories = workplace.policies.current().watchlist.categories
    labels = dict(categories.labels)
    return tuple(
        ListedLine(
            period,
            uow.deployments.get(period.deployment_id).name,
            labels.get(period.category, period.category.replace("_", " ")),
        )
        for period in periods
    )
