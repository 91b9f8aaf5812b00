"""Who may open which route: denied by default, decided before any route runs.

A route says its access with a decorator. One dependency of the whole application looks at
it, at the session and at the token against forged requests; a route that says nothing is
closed to everybody (R-36).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require_any
from overt.errors import (
    RequestForgedError,
    RoleForbiddenError,
    RuleError,
    SignInRequiredError,
)
from overt.services.sign_in import SignedIn, session_of
from overt.web.route_name import route_pattern
from overt.web.sent_form import form_of
from overt.web.session_cookie import bearer_token, shown_token

if TYPE_CHECKING:
    from overt.bootstrap.console import Console

ACCESS = "overt_access"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CSRF_HEADER, _CSRF_FIELD = "X-CSRF-Token", "csrf_token"
_PASSWORD_PATHS = frozenset({"/account/password", "/sign-out"})

_Route = TypeVar("_Route", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a route.

    Attributes:
        roles: One of them is needed; empty where any account will do.
        is_public: Whether nobody has to be signed in.
    """

    roles: frozenset[Role] = frozenset()
    is_public: bool = False


def allow(*roles: Role) -> Callable[[_Route], _Route]:
    """Return a decorator that opens a route to accounts with one of the roles.

    Args:
        *roles: At least one.
    """
    return _says(Access(frozenset(roles)))


def allow_signed_in(route: _Route) -> _Route:
    """Open a route to every account.

    Args:
        route: Which.
    """
    return _says(Access())(route)


def allow_public(route: _Route) -> _Route:
    """Open a route to everybody.

    Args:
        route: Which.
    """
    return _says(Access(is_public=True))(route)


def access_of(endpoint: Callable[..., object]) -> Access | None:
    """Return what a route says of its access, or None where it says nothing.

    Args:
        endpoint: The route's function.
    """
    said = getattr(endpoint, ACCESS, None)
    return said if isinstance(said, Access) else None


async def guard(request: Request) -> None:
    """Let a request pass to its route, or refuse it; what is refused is logged.

    Args:
        request: Before its route runs; gets ``state.signed_in``.

    Raises:
        RuleError: The route is not public, and nobody is signed in (SignInRequiredError); the
            account has none of the roles, or the route is open to nobody (RoleForbiddenError);
            a change without its session's token, or from another site (RequestForgedError).
    """
    console: Console = request.app.state.console
    access = access_of(request.scope["endpoint"])
    token, signed_in = shown_token(request), None
    if token is not None:
        signed_in = await run_in_threadpool(session_of, console.workplace, console.reading, token)
    request.state.signed_in = signed_in
    try:
        await _require(request, access, signed_in, is_bearer=bearer_token(request) is not None)
    except RuleError as error:
        await request.close()  # the files of a form that nobody takes
        await run_in_threadpool(_log_denied, console, request, signed_in, error)
        raise


async def _require(
    request: Request, access: Access | None, signed_in: SignedIn | None, *, is_bearer: bool
) -> None:
    if access is None:
        msg = "this route is open to nobody"
        raise RoleForbiddenError(msg)
    is_change = request.method not in _SAFE and not is_bearer
    if is_change:
        _refuse_other_sites(request)
    if not access.is_public:
        _require_person(request, access, signed_in)
    if is_change and signed_in is not None:  # last, as a body is read only of who may send it
        await _require_token(request, signed_in)


def _require_person(request: Request, access: Access, signed_in: SignedIn | None) -> None:
    if signed_in is None:
        msg = "sign in first; a session ends by itself after a while"
        raise SignInRequiredError(msg)
    if signed_in.must_change_password and request.url.path not in _PASSWORD_PATHS:
        msg = "choose a password of your own first"
        raise RoleForbiddenError(msg, actor_id=signed_in.actor.actor_id)
    if access.roles:
        require_any(signed_in.actor, access.roles, f"open {_route_name(request)}")


def _refuse_other_sites(request: Request) -> None:
    """Refuse a change that another site's page sent (ASVS 3.5)."""
    origin, host = request.headers.get("origin"), request.headers.get("host")
    is_foreign = origin is not None and not _is_of(origin, host)
    if is_foreign or request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        msg = "the request came from a page of another site"
        raise RequestForgedError(msg)


def _is_of(origin: str, host: str | None) -> bool:
    """Return whether an origin is an address, and that of this host and port."""
    try:
        place = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(place) and place == host


async def _require_token(request: Request, signed_in: SignedIn) -> None:
    given = request.headers.get(_CSRF_HEADER) or await _field(request)
    if not hmac.compare_digest(given.encode(), signed_in.session.csrf_token.encode()):
        msg = "the page is older than this session: open it again, and repeat what you did"
        raise RequestForgedError(msg)


async def _field(request: Request) -> str:
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return ""
    given = (await form_of(request)).get(_CSRF_FIELD)
    return given if isinstance(given, str) else ""


def _says(access: Access) -> Callable[[_Route], _Route]:
    def mark(route: _Route) -> _Route:
        setattr(route, ACCESS, access)
        return route

    return mark


def _route_name(request: Request) -> str:
    return f"{request.method} {route_pattern(request.scope)}"


def _log_denied(
    console: Console, request: Request, signed_in: SignedIn | None, error: RuleError
) -> None:
    """Log a denial: the route's pattern, never what was typed."""
    if isinstance(error, SignInRequiredError) and request.method in _SAFE:
        return  # a page that is opened after a night: nobody tried anything
    actor_id = signed_in.actor.actor_id if signed_in is not None else SYSTEM_ACTOR
    details = {"action": _route_name(request), "code": error.code}
    now, kind = console.workplace.clock.now(), EventKind.ACCESS_DENIED
    with console.workplace.open() as uow:
        uow.audit.append(AuditEvent(kind, now, actor_id, details=details))
        uow.commit()
