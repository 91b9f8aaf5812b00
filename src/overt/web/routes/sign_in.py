"""Sign in and out: by password, by a one-time link, by the force's own provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from overt.errors import TrialError
from overt.services.sign_in import (
    NewSession,
    sign_in_with_link,
    sign_in_with_password,
    sign_out,
)
from overt.web.access import allow_public, allow_signed_in
from overt.web.deps import OfConsole
from overt.web.error_handlers import status_of
from overt.web.pages import pages_of
from overt.web.session_cookie import forget_session, session_token, set_session, shown_token

if TYPE_CHECKING:
    from overt.bootstrap.console import Console

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
@allow_public
def sign_in_page(request: Request, console: OfConsole, then: str = "/") -> Response:
    """Show where to sign in."""
    if request.state.signed_in is not None:
        return RedirectResponse(_inside(then), status_code=303)
    return _page(request, console, then=_inside(then))


@router.post("/sign-in")
@allow_public
def sign_in(
    request: Request,
    console: OfConsole,
    account: Annotated[str, Form(max_length=128)],
    password: Annotated[str, Form(max_length=1024)],
    then: Annotated[str, Form(max_length=512)] = "/",
) -> Response:
    """Begin a session, or say that it was refused."""
    try:
        session = sign_in_with_password(
            console.workplace, console.hasher, account.strip(), password
        )
    except TrialError as error:
        return _page(
            request, console, then=_inside(then), problem=error.message, status=status_of(error)
        )
    return signed_in_answer(request, console, session, _inside(then))


@router.get("/sign-in/link")
@allow_public
def link_page(request: Request) -> Response:
    """Show where a one-time link is used; its secret stands behind the #, and is sent by POST."""
    return pages_of(request).show(request, "sign_in_link.html", problem=None)


@router.post("/sign-in/link")
@allow_public
def use_link(
    request: Request, console: OfConsole, token: Annotated[str, Form(max_length=256)]
) -> Response:
    """Begin a session with a one-time link."""
    try:
        session = sign_in_with_link(console.workplace, token.strip())
    except TrialError as error:
        status = status_of(error)
        return pages_of(request).show(
            request, "sign_in_link.html", status=status, problem=error.message
        )
    return signed_in_answer(request, console, session, "/")


@router.post("/sign-out")
@allow_signed_in
def leave(request: Request, console: OfConsole) -> Response:
    """End the session."""
    token = shown_token(request)
    if token is not None:
        sign_out(console.workplace, token)
    response = RedirectResponse("/sign-in", status_code=303)
    forget_session(response)
    return response


def signed_in_answer(
    request: Request, console: Console, session: NewSession, then: str
) -> Response:
    """Return the answer with which a session begins in a browser; the one before it ends.

    Args:
        request: Of the browser.
        console: With the store.
        session: As it began.
        then: Where to go on, unless a password has to be set first.
    """
    before = session_token(request)
    if before is not None:
        sign_out(console.workplace, before)  # this browser shows it no more; nobody else shall
    where = "/account/password" if session.must_change_password else then
    response = RedirectResponse(where, status_code=303)
    set_session(request, response, session)
    return response


def _page(
    request: Request,
    console: OfConsole,
    *,
    then: str,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    return pages_of(request).show(
        request,
        "sign_in.html",
        status=status,
        then=then,
        problem=problem,
        has_provider=console.oidc is not None,
    )


def _inside(then: str) -> str:
    """Return an address of this console; anything else is the way in."""
    is_inside = then.startswith("/") and not then.startswith(("//", "/\\"))
    return then if is_inside else "/"
