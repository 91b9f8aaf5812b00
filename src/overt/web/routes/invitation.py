"""An invitation's link: opened once by whoever was invited to observe."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from overt.errors import TrialError
from overt.services.use_invitation import use_invitation
from overt.web.access import allow_public
from overt.web.deps import OfConsole
from overt.web.error_handlers import status_of
from overt.web.pages import pages_of
from overt.web.routes.sign_in import signed_in_answer

router = APIRouter(include_in_schema=False)


@router.get("/invitation")
@allow_public
def invitation_page(request: Request) -> Response:
    """Show where an invitation is used; its secret stands behind the #, and is sent by POST."""
    return pages_of(request).show(request, "invitation.html", problem=None)


@router.post("/invitation")
@allow_public
def accept(
    request: Request, console: OfConsole, token: Annotated[str, Form(max_length=256)]
) -> Response:
    """Begin the observer's first session, or say plainly what became of the link."""
    try:
        session = use_invitation(console.workplace, token.strip())
    except TrialError as error:
        return pages_of(request).show(
            request, "invitation.html", status=status_of(error), problem=error
        )
    return signed_in_answer(request, console, session, "/observe")
