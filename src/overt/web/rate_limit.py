"""No more requests than people make: a bucket a session and a bucket an address, in memory."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse

from overt.errors import TooManyRequestsError
from overt.web.session_cookie import shown_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

_MOST_BUCKETS = 20_000
_STATUS = 429


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

_SIGN_IN = frozenset(
    {
        ("POST", "/sign-in"),
        ("POST", "/sign-in/link"),
        ("POST", "/api/v1/session"),
        ("GET", "/sign-in/provider"),  # asks the provider, and takes a place in memory
    }
)


class Buckets:
    """Buckets that fill by themselves; the one unused for longest goes first."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Know nobody yet.

        Args:
            clock: Seconds that only grow.
        """
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, limit: Limit) -> float:
        """Take one request; return 0, or after how many seconds to come again.

        Args:
            key: Whose bucket.
            limit: How it fills.
        """
        now = self._clock()
        left, at = self._left.pop(key, (limit.at_once, now))
        left = min(limit.at_once, left + (now - at) * limit.per_s)
        is_allowed = left >= 1
        self._left[key] = (left - 1 if is_allowed else left, now)
        while len(self._left) > _MOST_BUCKETS:
            self._left.popitem(last=False)
        return 0.0 if is_allowed else (1 - left) / limit.per_s


class RateLimit:
    """Refuses what is too much, before anything else is asked."""

    def __init__(self, app: ASGIApp, buckets: Buckets | None = None) -> None:
        """Stand before an application.

        Args:
            app: The one behind.
            buckets: Empty ones without it.
        """
        self._app, self._buckets = app, buckets or Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 429 with the time to wait."""
        wait_s = self._wait_s(scope) if scope["type"] == "http" else 0.0
        if not wait_s:
            await self._app(scope, receive, send)
            return
        await _too_many(wait_s)(scope, receive, send)

    def _wait_s(self, scope: Scope) -> float:
        request = Request(scope)
        address = request.client.host if request.client else "unknown"
        waits = [self._buckets.take(f"address {address}", OF_ADDRESS)]
        token = shown_token(request)
        if token is not None:
            digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
            waits.append(self._buckets.take(f"session {digest}", OF_SESSION))
        if (scope["method"], scope["path"]) in _SIGN_IN:
            waits.append(self._buckets.take(f"sign-in {address}", OF_SIGN_IN))
        return max(waits)


def _too_many(wait_s: float) -> JSONResponse:
    shape = {
        "code": TooManyRequestsError.code,
        "message": f"more requests than people make; come again in {wait_s:.0f} s",
        "status": _STATUS,
        "details": {"wait_s": round(wait_s, 1)},
    }
    headers = {"Retry-After": str(max(1, round(wait_s)))}
    return JSONResponse(shape, status_code=_STATUS, headers=headers)
