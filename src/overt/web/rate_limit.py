"""No more requests than people make: a bucket a session and a bucket an address, in memory.

And few at once: each that is worked on takes one of the service's threads, and whoever took all
of them would keep alerts from everybody else. Those beyond wait for their turn, and take none.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from overt.errors import TooManyRequestsError
from overt.web.session_cookie import shown_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST_BUCKETS = 20_000
_STATUS = 429
_HOUSEHOLD_BITS = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests are answered.

    Attributes:
        per_s: In the long run.
        at_once: After a pause.
    """

    per_s: float
    at_once: float


OF_SESSION = Limit(per_s=30, at_once=300)
"""A screen with four cameras asks for about 15 pictures a second."""

OF_ADDRESS = Limit(per_s=150, at_once=1500)
"""Everybody of a van may come from one address."""

OF_SIGN_IN = Limit(per_s=0.5, at_once=30)
"""Sign-ins from one address; an account locks long before (policy, security.lockout_after)."""

OF_ASKING = Limit(per_s=1 / 300, at_once=5)
"""Requests and complaints of one address that are taken: five, then one in five minutes."""

OF_FORMS = Limit(per_s=0.1, at_once=60)
"""Such forms that one address sends, taken or not: whoever mistypes a day loses no turn by it."""

OF_RECEIPTS = Limit(per_s=0.1, at_once=20)
"""Receipts that one address looks up."""

AT_ONCE = 12
"""Requests of a session that are worked on at the same time; a browser alone sends six."""

_SIGN_IN = frozenset(
    {
        ("POST", "/sign-in"),
        ("POST", "/sign-in/link"),
        ("POST", "/invitation"),
        ("POST", "/api/v1/session"),
        ("GET", "/sign-in/provider"),  # asks the provider, and takes a place in memory
    }
)

_OF_STRANGERS = {
    ("POST", "/public/ask"): ("forms", OF_FORMS),
    ("POST", "/public/complain"): ("forms", OF_FORMS),
    ("POST", "/public/status"): ("receipts", OF_RECEIPTS),
}
"""What everybody may send, and what is kept or looked for then: bucket and limit of an address."""

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not taken - overt</title><link rel="stylesheet" href="/static/css/base.css"></head>
<body><main><h1>Not taken: too many from here</h1><p role="alert">More came from this address than
one person sends. Nothing of it was kept. Come again in {wait_s} seconds, or write or telephone.</p>
</main></body></html>"""


class Buckets:
    """Buckets that fill by themselves; the one unused for longest goes first."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Know nobody yet.

        Args:
            clock: Seconds that only grow.
        """
        self._clock, self._lock = clock, threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, limit: Limit) -> float:
        """Take one request; return 0, or after how many seconds to come again.

        Args:
            key: Whose bucket.
            limit: How it fills.
        """
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(key, (limit.at_once, now))
            left = min(limit.at_once, left + (now - at) * limit.per_s)
            is_allowed = left >= 1
            self._left[key] = (left - 1 if is_allowed else left, now)
            while len(self._left) > _MOST_BUCKETS:
                self._left.popitem(last=False)
        return 0.0 if is_allowed else (1 - left) / limit.per_s

    def give_back(self, key: str, limit: Limit) -> None:
        """Give back one request that was taken, and of which nothing came.

        Args:
            key: Whose bucket.
            limit: How it fills.
        """
        with self._lock:
            if key in self._left:
                left, at = self._left[key]
                self._left[key] = (min(limit.at_once, left + 1), at)


@dataclass(slots=True)
class _Turns:
    """Of one session.

    Attributes:
        free: Those that are left.
        n_requests: Requests that have one, or wait for it, or whose answer goes on.
    """

    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    n_requests: int = 0


class RateLimit:
    """Refuses what is too much, before anything else is asked."""

    def __init__(self, app: ASGIApp, buckets: Buckets | None = None) -> None:
        """Stand before an application.

        Args:
            app: The one behind.
            buckets: Empty ones without it.
        """
        self._app, self._buckets = app, buckets or Buckets()
        self._turns: dict[str, _Turns] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 429 with the time to wait."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        session = _session_of(request)
        if wait_s := self._wait_s(request, session):
            await _too_many(request, wait_s)(scope, receive, send)
        elif session:
            await self._in_turn(session, scope, receive, send)
        else:  # strangers are answered quickly, or not at all
            await self._app(scope, receive, send)

    async def _in_turn(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; its turn is over when its answer begins: a stream takes no thread."""
        turns = self._turns.setdefault(session, _Turns())
        turns.n_requests += 1
        is_over = asyncio.Event()

        def end() -> None:
            if not is_over.is_set():
                is_over.set()
                turns.free.release()

        async def send_in_turn(message: Message) -> None:
            end()
            await send(message)

        try:
            await turns.free.acquire()
            try:
                await self._app(scope, receive, send_in_turn)
            finally:
                end()
        finally:
            turns.n_requests -= 1
            if not turns.n_requests:
                self._turns.pop(session, None)

    def _wait_s(self, request: Request, session: str) -> float:
        address = _address_of(request)
        waits = [self._buckets.take(f"address {address}", OF_ADDRESS)]
        if session:
            waits.append(self._buckets.take(f"session {session}", OF_SESSION))
        if (request.method, request.scope["path"]) in _SIGN_IN:
            waits.append(self._buckets.take(f"sign-in {address}", OF_SIGN_IN))
        of_strangers = _OF_STRANGERS.get((request.method, request.scope["path"]))
        if of_strangers is not None:
            bucket, limit = of_strangers
            waits.append(self._buckets.take(f"{bucket} {household_of(request)}", limit))
        return max(waits)


def _session_of(request: Request) -> str:
    """Return what tells sessions apart, without their tokens; blank where none is shown."""
    token = shown_token(request)
    return "" if token is None else sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def household_of(request: Request) -> str:
    """Return what one household has: an address, or all those of version 6 that it may take.

    Args:
        request: From whom.
    """
    address = _address_of(request)
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address) or found.ipv4_mapped is not None:
        return address
    return str(ip_network((found, _HOUSEHOLD_BITS), strict=False))


def _too_many(request: Request, wait_s: float) -> Response:
    headers = {"Retry-After": str(max(1, round(wait_s)))}
    if "text/html" in request.headers.get("accept", ""):
        page = _PAGE.format(wait_s=headers["Retry-After"])
        return HTMLResponse(page, status_code=_STATUS, headers=headers)
    shape = {
        "code": TooManyRequestsError.code,
        "message": f"more requests than people make; come again in {wait_s:.0f} s",
        "status": _STATUS,
        "details": {"wait_s": round(wait_s, 1)},
    }
    return JSONResponse(shape, status_code=_STATUS, headers=headers)
