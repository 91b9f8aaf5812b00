"""One's own account: roles, training, password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from overt.errors import TrialError
from overt.services.passwords import change_password, set_first_password
from overt.web.access import allow_signed_in
from overt.web.deps import OfConsole, OfPerson
from overt.web.error_handlers import status_of
from overt.web.pages import pages_of
from overt.web.session_cookie import set_session

router = APIRouter(include_in_schema=False)


@router.get("/account")
@allow_signed_in
def account_page(request: Request, person: OfPerson) -> Response:
    """Show an account to whoever has it."""
    return pages_of(request).show(request, "account.html", person=person)


@router.get("/account/password")
@allow_signed_in
def password_page(request: Request, console: OfConsole, person: OfPerson) -> Response:
    """Show where the password is changed."""
    return _password_page(request, console, person)


@router.post("/account/password")
@allow_signed_in
def new_password(
    request: Request,
    console: OfConsole,
    person: OfPerson,
    password: Annotated[str, Form(max_length=1024)],
    again: Annotated[str, Form(max_length=1024)],
    old: Annotated[str, Form(max_length=1024)] = "",
) -> Response:
    """Change the password; every other session of the account ends."""
    actor_id = person.actor.actor_id
    if password != again:
        problem = "The two passwords are different. Type the new one twice."
        return _password_page(request, console, person, problem=problem, status=422)
    try:
        if person.must_change_password:
            session = set_first_password(console.workplace, console.hasher, actor_id, password)
        else:
            session = change_password(console.workplace, console.hasher, actor_id, old, password)
    except TrialError as error:
        return _password_page(
            request, console, person, problem=error.message, status=status_of(error)
        )
    response = RedirectResponse("/", status_code=303)
    set_session(request, response, session)
    return response


def _password_page(
    request: Request,
    console: OfConsole,
    person: OfPerson,
    *,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    least = console.workplace.policies.current().security.min_password_length
    return pages_of(request).show(
        request,
        "password.html",
        status=status,
        problem=problem,
        least=least,
        is_first=person.must_change_password,
    )
