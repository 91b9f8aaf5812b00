"""One line of JSON a request: which route, which status, how long; never who or what.

It stands outside everything else, so that a mistake of this program becomes an answer in the one
shape and a line that names where it happened, without the values that it happened with.
"""

from __future__ import annotations

import re
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from overt.bootstrap.logs import failure_of
from overt.web.route_name import route_pattern

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from overt.web.meters import Meters

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HEADER = "x-request-id"
_FAILED = 500
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Any other word is somebody's own, and stands in no line and no number."""

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not done - overt</title><link rel="stylesheet" href="/static/css/base.css"></head>
<body><main><h1>This was not done</h1><p role="alert">{message}</p>
<p>Request <code>{request_id}</code></p><p><a href="/">Go on from the start</a></p></main></body>
</html>"""


class RequestLog:
    """Logs each request, and counts it."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        """Stand before an application.

        Args:
            app: The one behind.
            meters: Where requests are counted.
        """
        self._app, self._meters = app, meters
        self._log = structlog.get_logger("overt.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_s, request_id, status = perf_counter(), _request_id(scope), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    (_HEADER.encode(), request_id.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:  # noqa: BLE001 - the top of the web: told and logged here
            self._log.error("failed", request_id=request_id, **failure_of(error))
            if not status:
                await _failed(scope, request_id)(scope, receive, send_with_id)
        seconds, route = perf_counter() - started_s, route_pattern(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._meters.count_request(route, method, status, seconds)
        self._log.info(
            "request",
            request_id=request_id,
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
        )


def _request_id(scope: Scope) -> str:
    given = Request(scope).headers.get(_HEADER, "")
    return given if _ID.fullmatch(given) else uuid4().hex


def _failed(scope: Scope, request_id: str) -> Response:
    """Return the answer to a mistake: a page for people, which no template can fail to make."""
    message = "The service made a mistake; what was stored before is as it was."
    if "text/html" in Request(scope).headers.get("accept", ""):
        return HTMLResponse(_PAGE.format(message=message, request_id=request_id), _FAILED)
    shape = {
        "code": "request.failed",
        "message": message,
        "status": _FAILED,
        "details": {"request_id": request_id},
    }
    return JSONResponse(shape, status_code=_FAILED)
