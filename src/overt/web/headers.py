"""Headers of every answer: nothing from elsewhere, nothing kept, nobody frames us."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OWN = ("script-src", "style-src", "font-src", "connect-src", "form-action", "manifest-src")
_POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind} 'self'" for kind in _OWN),
        "img-src 'self' data:",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",  # without any, browsers hide the origin of our own forms
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_NO_STORE = ("cache-control", "no-store")
_STATIC = ("cache-control", "public, max-age=3600")
_TLS_ONLY = ("strict-transport-security", "max-age=31536000")


class Headers:
    """Adds the headers; what a route has set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application.

        Args:
            app: The one behind.
        """
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = [*_HEADERS.items()]
        wanted.append(_STATIC if scope["path"].startswith("/static/") else _NO_STORE)
        if scope["scheme"] == "https":
            wanted.append(_TLS_ONLY)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                there = {name.lower() for name, _ in headers}
                headers += [
                    (name.encode(), value.encode())
                    for name, value in wanted
                    if name.encode() not in there
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def add_headers(app: FastAPI) -> None:
    """Let every answer of an application have the headers.

    Args:
        app: Which.
    """
    app.add_middleware(Headers)
