"""Sign in as a program; the token goes into the header ``Authorization: Bearer``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from overt.services.sign_in import sign_in_with_password, sign_out
from overt.web.access import allow_public, allow_signed_in
from overt.web.deps import OfConsole, OfPerson
from overt.web.session_cookie import forget_session, shown_token

router = APIRouter(tags=["session"])


class SignInWanted(BaseModel):
    """Who wants to sign in.

    Attributes:
        account: Identifier of the account.
        password: Its password.
    """

    account: Annotated[str, Field(max_length=128)]
    password: Annotated[str, Field(max_length=1024)]


class SessionBegun(BaseModel):
    """A session that has begun.

    Attributes:
        token: To be sent with each request.
        expires_at: When it ends whatever happens.
        must_change_password: Whether nothing else is answered before that.
    """

    token: str
    expires_at: datetime
    must_change_password: bool


class Me(BaseModel):
    """Who is signed in.

    Attributes:
        account: Identifier.
        roles: What they may do.
        lapsed_roles: Withheld, as the training record has lapsed.
        expires_at: When the session ends whatever happens.
    """

    account: str
    roles: list[str]
    lapsed_roles: list[str]
    expires_at: datetime


@router.post("/session", status_code=201)
@allow_public
def begin_session(console: OfConsole, wanted: SignInWanted) -> SessionBegun:
    """Begin a session with an account's password."""
    session = sign_in_with_password(
        console.workplace, console.hasher, wanted.account.strip(), wanted.password
    )
    return SessionBegun(
        token=session.token,
        expires_at=session.session.expires_at,
        must_change_password=session.must_change_password,
    )


@router.delete("/session", status_code=204)
@allow_signed_in
def end_session(request: Request, response: Response, console: OfConsole) -> None:
    """End the session."""
    token = shown_token(request)
    if token is not None:
        sign_out(console.workplace, token)
    forget_session(response)


@router.get("/me")
@allow_signed_in
def me(person: OfPerson) -> Me:
    """Say who is signed in, with which roles."""
    return Me(
        account=person.actor.actor_id,
        roles=sorted(person.actor.roles),
        lapsed_roles=sorted(person.lapsed_roles),
        expires_at=person.session.expires_at,
    )
