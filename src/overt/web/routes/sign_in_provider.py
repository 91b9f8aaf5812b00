"""Sign in with the force's own account, by OpenID Connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overt.errors import RecordNotFoundError, SignInRefusedError
from overt.services.sign_in import log_provider_refusal, sign_in_with_identity
from overt.web.access import allow_public
from overt.web.deps import OfConsole
from overt.web.pages import pages_of
from overt.web.session_cookie import set_session

if TYPE_CHECKING:
    from overt.bootstrap.console import Console

router = APIRouter(include_in_schema=False)

_COOKIE, _PATH, _LIFETIME_S = "overt-pending", "/sign-in/provider", 600


@router.get("/sign-in/provider")
@allow_public
def go_to_provider(request: Request, console: OfConsole) -> Response:
    """Send the browser to the force's own sign-in service."""
    if console.oidc is None:
        msg = "no sign-in service is set up here: sign in with a password"
        raise RecordNotFoundError(msg)
    back = str(request.url_for("come_back"))
    address, pending = console.oidc.begin(back)
    response = RedirectResponse(address, status_code=303)
    response.set_cookie(
        _COOKIE,
        request.app.state.pending_sign_ins.keep(pending),
        max_age=_LIFETIME_S,
        path=_PATH,
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",  # it comes back from another site
    )
    return response


@router.get("/sign-in/provider/back")
@allow_public
def come_back(request: Request, console: OfConsole, state: str = "") -> Response:
    """Begin a session for whoever the service has signed in."""
    try:
        issuer, subject = _signed_in_there(request, console, state)
    except SignInRefusedError:
        log_provider_refusal(console.workplace)
        raise
    session = sign_in_with_identity(console.workplace, issuer, subject)
    # The browser sends the session's cookie from a page of ours only: not straight from theirs.
    response = pages_of(request).show(request, "signed_in.html")
    response.delete_cookie(_COOKIE, path=_PATH)
    set_session(request, response, session)
    return response


def _signed_in_there(request: Request, console: Console, state: str) -> tuple[str, str]:
    """Return issuer and subject of whoever comes back from where this browser was sent."""
    pending = request.app.state.pending_sign_ins.take(request.cookies.get(_COOKIE, ""), state)
    if pending is None or console.oidc is None:
        msg = "this sign-in was not begun here, or not in this browser: begin again"
        raise SignInRefusedError(msg)
    issuer, subject, _ = console.oidc.finish(pending, str(request.url))
    return issuer, subject
