"""What people ask, at the desk: taken down by staff, answered by an auditor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from overt.core.public_request import (
    ANSWERS,
    RECEIVERS,
    UNANSWERED,
    AnswerCode,
    Channel,
    CloseCode,
    RequestKind,
)
from overt.core.request_words import MOST_CONTACT, MOST_DAY_REASON, MOST_PLACE, MOST_WORDS
from overt.core.roles import Role
from overt.core.sign_in_rules import is_trained
from overt.errors import (
    PublicRequestInvalidError,
    RecordNotFoundError,
    TrialError,
)
from overt.services.answer_request import Answering, answer_request
from overt.services.close_request import close_request
from overt.services.decide_request import acknowledge_request, record_identity
from overt.services.receive_request import receive_for_somebody
from overt.services.view_requests import request_status, view_request, view_requests
from overt.web.access import allow
from overt.web.asked_fields import KIND_WORDS, KINDS, asked_of, day_of, days_left, kind_of
from overt.web.body_limit import a_few_texts, takes
from overt.web.deps import OfConsole, OfPerson
from overt.web.error_handlers import status_of
from overt.web.pages import pages_of
from overt.web.sent_form import NOTHING, OfForm, SentForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.bootstrap.console import Console
    from overt.core.public_request import PublicRequest
    from overt.services.sign_in import SignedIn
    from overt.services.view_requests import RequestQueue
    from overt.web.once import Once

router = APIRouter(include_in_schema=False)

_Id = Annotated[str, Path(max_length=128)]
_CHANNELS = (
    (Channel.TELEPHONE, "By telephone"),
    (Channel.LETTER, "In a letter or message"),
    (Channel.IN_PERSON, "In person"),
)
_NO_REFERENCE = "no_reference"
ANSWER_WORDS = {
    AnswerCode.UPHELD: "The complaint is upheld",
    AnswerCode.PARTLY_UPHELD: "A part of the complaint is upheld",
    AnswerCode.NOT_UPHELD: "The complaint is not upheld",
    AnswerCode.DONE: "What was asked for is done",
    AnswerCode.PARTLY_DONE: "A part of it is done",
    AnswerCode.REFUSED: "It is not done",
    AnswerCode.LISTED: "Listed on that day",
    AnswerCode.NOT_LISTED: "Not listed on that day",
    AnswerCode.WITHHELD: "Withheld, as the law allows",
}
CLOSE_WORDS = {
    CloseCode.ANSWERED: "Answered",
    CloseCode.WITHDRAWN: "Taken back by the person",
    CloseCode.NO_IDENTITY: "The person did not show who they are",
    CloseCode.DUPLICATE: "Asked twice",
    CloseCode.NO_REQUEST: "Nothing was asked: advertisement, abuse, nonsense",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A request in the queue.

    Attributes:
        request: As it stands.
        words: Its kind.
        left: Days left, in words; blank where it was answered.
        is_late: Whether the answer is late.
        is_unacknowledged: Whether a complaint should have been acknowledged by now.
    """

    request: PublicRequest
    words: str
    left: str
    is_late: bool
    is_unacknowledged: bool


@router.get("/requests")
@allow(Role.AUDITOR)
def queue(request: Request, console: OfConsole, person: OfPerson) -> Response:
    """Show what people ask: what is late first, with the days left."""
    found = view_requests(console.workplace, console.reading, person.actor.actor_id)
    return pages_of(request).show(
        request,
        "requests/queue.html",
        waiting=_rows(found, found.open),
        answered=_rows(found, found.answered),
        closed=_rows(found, found.closed),
        close_words=CLOSE_WORDS,
        answer_words=ANSWER_WORDS,
    )


@router.get("/requests/new")
@allow(*sorted(RECEIVERS))
def new_page(request: Request, console: OfConsole) -> Response:
    """Show where a request is taken down for somebody."""
    return _new_page(request, console, NOTHING)


@router.post("/requests/new")
@allow(*sorted(RECEIVERS))
@takes(a_few_texts)
def new(request: Request, console: OfConsole, person: OfPerson, form: OfForm) -> Response:
    """Take a request down, once, and show the receipt that the person is told."""
    once: Once = request.app.state.once
    try:
        with once.turn(person.session.csrf_token, form.text("form_key")) as turn:
            turn.location = turn.location or _taken_down(console, person, form)
            receipt = turn.location
    except PublicRequestInvalidError as error:
        return _new_page(request, console, form, error)
    return pages_of(request).show(
        request,
        "requests/received.html",
        receipt=receipt,
        found=request_status(console.reading, receipt),
    )


@router.get("/requests/{request_id}")
@allow(Role.AUDITOR)
def one(request: Request, request_id: _Id, console: OfConsole, person: OfPerson) -> Response:
    """Show a request with what was written; the look is logged."""
    return _one(request, request_id, console, person, NOTHING)


@router.post("/requests/{request_id}/{step}")
@allow(Role.AUDITOR)
@takes(a_few_texts)
def step(
    request: Request, request_id: _Id, step: _Id, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Acknowledge, record the identity check, answer, close: one step of a request."""
    work = _work(step, request_id, console, person, form)
    try:
        work()
    except RecordNotFoundError:
        raise
    except TrialError as error:  # the page is shown again, with what was typed
        return _one(request, request_id, console, person, form, error)
    return RedirectResponse(f"/requests/{request_id}", status_code=303)


def _work(
    step: str, request_id: str, console: Console, person: SignedIn, form: SentForm
) -> Callable[[], object]:
    """Return what a step does.

    Args:
        step: From the address.
        request_id: Which request.
        console: With the store.
        person: Who asks.
        form: As sent.

    Raises:
        RecordNotFoundError: There is no such step.
    """
    workplace, actor_id = console.workplace, person.actor.actor_id
    zone = ZoneInfo(console.settings.time_zone)
    steps: dict[str, Callable[[], object]] = {
        "acknowledge": lambda: acknowledge_request(workplace, actor_id, request_id),
        "identity": lambda: record_identity(workplace, actor_id, _checked(form, request_id)),
        "answer": lambda: answer_request(workplace, actor_id, request_id, _answering(form), zone),
        "close": lambda: close_request(workplace, actor_id, request_id, _close_code(form)),
    }
    if step not in steps:
        msg = f"a request has no step of this name; expected one of {', '.join(steps)}"
        raise RecordNotFoundError(msg)
    return steps[step]


def _checked(form: SentForm, request_id: str) -> str:
    """Return the request whose box was ticked: that the identity was checked is said, not meant."""
    if not form.has("is_checked"):
        msg = "tick the box once the identity was checked; nothing was recorded"
        raise PublicRequestInvalidError(msg, field="is_checked")
    return request_id


def _answering(form: SentForm) -> Answering:
    chosen, reference = form.text("answer"), form.text("reference")
    words = Answering(
        on=day_of(form.text("on")), day_reason=form.text("day_reason"), note=form.text("note")
    )
    if chosen == _NO_REFERENCE:
        return replace(words, code=AnswerCode.NOT_LISTED)
    if chosen == "look_up":
        return replace(words, reference=reference)
    code = next((code for code in AnswerCode if code.value == chosen), None)
    return replace(words, code=code)


def _close_code(form: SentForm) -> CloseCode:
    for code in CloseCode:
        if form.text("close") == code.value:
            return code
    msg = "choose why it is closed"
    raise PublicRequestInvalidError(msg, field="close")


def _taken_down(console: Console, person: SignedIn, form: SentForm) -> str:
    channel = next((c for c, _ in _CHANNELS if form.text("channel") == c.value), None)
    if channel is None:
        msg = "choose how it came"
        raise PublicRequestInvalidError(msg, field="channel")
    asked = asked_of(form, kind_of(form, tuple(RequestKind)))
    zone = ZoneInfo(console.settings.time_zone)
    actor_id = person.actor.actor_id
    return receive_for_somebody(console.workplace, actor_id, asked, channel, zone).receipt


def _new_page(
    request: Request,
    console: Console,
    form: SentForm,
    problem: PublicRequestInvalidError | None = None,
) -> Response:
    return pages_of(request).show(
        request,
        "requests/new.html",
        status=status_of(problem) if problem else 200,
        form=form,
        form_key=form.text("form_key") or console.workplace.ids.token(),
        kinds=KINDS,
        channels=_CHANNELS,
        problem=problem.message if problem else None,
        wrong_field=problem.fields["field"] if problem else None,
        most={"words": MOST_WORDS, "contact": MOST_CONTACT, "place": MOST_PLACE},
        zone=console.settings.time_zone,
    )


def _one(
    request: Request,
    request_id: str,
    console: Console,
    person: SignedIn,
    form: SentForm,
    problem: TrialError | None = None,
) -> Response:
    view = view_request(console.workplace, person.actor.actor_id, request_id)
    training = console.workplace.policies.current().training
    return pages_of(request).show(
        request,
        "requests/one.html",
        status=status_of(problem) if problem else 200,
        view=view,
        each=view.request,
        row=_row(view.now, view.request),
        form=form,
        answers=[(c, ANSWER_WORDS[c]) for c in ANSWERS[view.request.kind]],
        answer_words=ANSWER_WORDS,
        close_words=CLOSE_WORDS,
        unanswered=[(code, CLOSE_WORDS[code]) for code in UNANSWERED],
        is_trained=is_trained(person.actor, view.now, training),
        problem=problem,
        wrong_field=problem.fields.get("field") if problem else None,
        most_note=MOST_WORDS,
        most_day_reason=MOST_DAY_REASON,
        zone=console.settings.time_zone,
    )


def _rows(found: RequestQueue, requests: tuple[PublicRequest, ...]) -> list[_Row]:
    return [_row(found.now, each) for each in requests]


def _row(now: datetime, each: PublicRequest) -> _Row:
    left = each.time_left(now)
    return _Row(
        request=each,
        words=KIND_WORDS[each.kind],
        left="" if left is None else days_left(left),
        is_late=left is not None and left.total_seconds() < 0,
        is_unacknowledged=each.is_acknowledgement_late(now),
    )
