"""Asking and complaining, for everybody: no account, no script; a receipt in place of a name."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from overt.core.public_request import RequestKind
from overt.core.request_words import MOST_CONTACT, MOST_PLACE, MOST_WORDS
from overt.errors import (
    PublicRequestInvalidError,
    PublicRequestsFullError,
    TooManyRequestsError,
    TrialError,
)
from overt.services.receive_request import receive_from_public
from overt.services.view_requests import request_status
from overt.web.access import allow_public
from overt.web.asked_fields import KINDS, asked_of, kind_of
from overt.web.body_limit import a_few_texts, takes
from overt.web.deps import OfConsole
from overt.web.error_handlers import status_of
from overt.web.pages import pages_of
from overt.web.rate_limit import OF_ASKING, household_of
from overt.web.sent_form import NOTHING, OfForm, SentForm, typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.bootstrap.console import Console
    from overt.services.receive_request import Asked
    from overt.web.once import Once
    from overt.web.rate_limit import Buckets

router = APIRouter(include_in_schema=False)

_RIGHTS = (RequestKind.WAS_LISTED, RequestKind.OTHER_RIGHT)
_NOT_FOUND = 404
_MINUTE_S = 60
_Deployment = Annotated[str, Query(max_length=128)]


@router.get("/public/ask")
@allow_public
def ask_page(request: Request, console: OfConsole, deployment: _Deployment = "") -> Response:
    """Show where somebody asks whether they were listed, or uses another right."""
    form = typed([("kind", RequestKind.WAS_LISTED.value), ("deployment", deployment)])
    return _page(request, console, "requests/ask.html", form)


@router.post("/public/ask")
@allow_public
@takes(a_few_texts)
def ask(request: Request, console: OfConsole, form: OfForm) -> Response:
    """Take what somebody asks, and show a receipt."""
    return _take(
        request, console, form, "requests/ask.html", lambda: asked_of(form, kind_of(form, _RIGHTS))
    )


@router.get("/public/complain")
@allow_public
def complain_page(request: Request, console: OfConsole, deployment: _Deployment = "") -> Response:
    """Show where somebody complains."""
    return _page(request, console, "requests/complain.html", typed([("deployment", deployment)]))


@router.post("/public/complain")
@allow_public
@takes(a_few_texts)
def complain(request: Request, console: OfConsole, form: OfForm) -> Response:
    """Take a complaint, and show a receipt."""
    return _take(
        request,
        console,
        form,
        "requests/complain.html",
        lambda: asked_of(form, RequestKind.COMPLAINT),
    )


@router.get("/public/status")
@allow_public
def status_page(request: Request) -> Response:
    """Show where a receipt is typed in."""
    return pages_of(request).show(request, "requests/status.html", found=None, problem=None)


@router.post("/public/status")
@allow_public
@takes(a_few_texts)
def status(request: Request, console: OfConsole, form: OfForm) -> Response:
    """Show where the request of a receipt stands; status and dates, and nothing else of it."""
    found = request_status(console.reading, form.text("receipt"))
    problem = "There is no request with this receipt. Look at each letter and digit again."
    return pages_of(request).show(
        request,
        "requests/status.html",
        status=_NOT_FOUND if found is None else 200,
        found=found,
        problem=problem if found is None else None,
    )


def _take(
    request: Request,
    console: Console,
    form: SentForm,
    template: str,
    asked: Callable[[], Asked],
) -> Response:
    """Keep what was asked, once however often it is sent; a refusal shows the form again."""
    once: Once = request.app.state.once
    try:
        with once.turn("public", form.text("form_key")) as turn:
            if turn.location is None:
                turn.location = _received(request, console, asked())
            receipt = turn.location
    except (PublicRequestInvalidError, PublicRequestsFullError, TooManyRequestsError) as error:
        return _page(request, console, template, form, error)
    return pages_of(request).show(
        request,
        "requests/received.html",
        receipt=receipt,
        found=request_status(console.reading, receipt),
    )


def _received(request: Request, console: Console, asked: Asked) -> str:
    """Return the receipt; only what was taken counts against whoever asks."""
    buckets: Buckets = request.app.state.asked
    household = household_of(request)
    if wait_s := buckets.take(household, OF_ASKING):
        minutes = ceil(wait_s / _MINUTE_S)
        msg = (
            "as much came from this address as is taken at a time; send it again in "
            f"{minutes} minute{'' if minutes == 1 else 's'}, or write or telephone"
        )
        raise TooManyRequestsError(msg, wait_s=ceil(wait_s))
    try:
        received = receive_from_public(
            console.workplace,
            asked,
            ZoneInfo(console.settings.time_zone),
            most_open=console.settings.public_requests,
        )
    except TrialError:
        buckets.give_back(household, OF_ASKING)
        raise
    return received.receipt


def _page(
    request: Request,
    console: Console,
    template: str,
    form: SentForm = NOTHING,
    problem: TrialError | None = None,
) -> Response:
    page = pages_of(request).show(
        request,
        template,
        status=status_of(problem) if problem else 200,
        form=form,
        form_key=form.text("form_key") or console.workplace.ids.token(),
        kinds=[(kind, words) for kind, words in KINDS if kind in _RIGHTS],
        problem=problem.message if problem else None,
        wrong_field=problem.fields.get("field") if problem else None,
        rules=console.workplace.policies.current().requests,
        most={"words": MOST_WORDS, "contact": MOST_CONTACT, "place": MOST_PLACE},
        zone=console.settings.time_zone,
    )
    if isinstance(problem, TooManyRequestsError):
        page.headers["Retry-After"] = str(problem.fields["wait_s"])
    return page
