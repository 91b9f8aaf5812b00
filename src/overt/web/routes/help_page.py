"""Help: what each place is for, which words mean what, which keys there are."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.web.access import allow_public
from overt.web.deps import OfConsole
from overt.web.pages import pages_of

router = APIRouter(include_in_schema=False)


@router.get("/help")
@allow_public
def show_help(request: Request, console: OfConsole) -> Response:
    """Show the help; it needs no account."""
    policy = console.workplace.policies.current()
    return pages_of(request).show(request, "help.html", policy=policy)
