"""A page for observers on this machine: live counts, settings and notices; nobody's face.

It is small on purpose: no script, no account, no list of alerts. Whether it is up is asked over
HTTP, as an observer would.
"""

from __future__ import annotations

import html
import json
import threading
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

LOOPBACK = "127.0.0.1"
DATA_PATH = "/live.json"
_TIMEOUT_S = 2.0
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


class ObserversPage:
    """Serves what observers may see, made anew for each request."""

    def __init__(
        self, read: Callable[[], Mapping[str, object]], *, host: str = LOOPBACK, port: int = 0
    ) -> None:
        """Serve nothing yet.

        Args:
            read: Returns the numbers and settings to be shown; called for each request.
            host: Where to listen; this machine only, unless somebody opens it.
            port: Which port; 0 takes one that is free.
        """
        self._read, self._place = read, (host, port)
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        """Begin to serve, in a thread.

        Raises:
            OutputUnwritableError: The port is taken.
        """
        try:
            self._server = ThreadingHTTPServer(self._place, _handler(self._read))
        except OSError as error:
            msg = f"the observers' page cannot listen on port {self._place[1]}"
            raise OutputUnwritableError(msg) from error
        self._server.daemon_threads = True
        name, poll = "observers' page", {"poll_interval": 0.1}
        threading.Thread(
            target=self._server.serve_forever, kwargs=poll, name=name, daemon=True
        ).start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop serving; safe to call twice."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    @property
    def address(self) -> str:
        """Return where it is served."""
        host, port = self._place if self._server is None else self._server.server_address[:2]
        return f"http://{host!s}:{port}/"

    def is_up(self, deployment_id: str) -> bool:
        """Return whether somebody who asks over HTTP now is told about a deployment.

        Args:
            deployment_id: Which deployment they want to see.
        """
        if self._server is None:
            return False
        host, port = self._server.server_address[:2]
        connection = HTTPConnection(str(host), int(port), timeout=_TIMEOUT_S)
        try:
            connection.request("GET", DATA_PATH)
            answer = connection.getresponse()
            told = json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            return False
        finally:
            connection.close()
        is_ok = answer.status == HTTPStatus.OK and isinstance(told, dict)
        return is_ok and told.get("deployment") == deployment_id


def _handler(read: Callable[[], Mapping[str, object]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "overt", ""

        def do_GET(self) -> None:
            """Answer with the page, the same as data, or nothing."""
            if self.path not in {"/", DATA_PATH}:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            try:
                shown = read()
            except Exception:  # noqa: BLE001 - whoever asks is told that there is nothing now
                self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
                return
            if self.path == DATA_PATH:
                self._answer("application/json", json.dumps(shown, ensure_ascii=False))
            else:
                self._answer("text/html; charset=utf-8", _page(shown))

        def _answer(self, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(HTTPStatus.OK)
            for name, value in {"Content-Type": kind, **_HEADERS}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - its names
            """Keep no record of who looked."""

    return Handler


def _page(shown: Mapping[str, object]) -> str:
    rows = "".join(
        f"<tr><th>{html.escape(name.replace('_', ' '))}</th><td>{_cell(value)}</td></tr>"
        for name, value in shown.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="refresh" content="10"><title>Live facial recognition: now</title>'
        "<style>body{font:1.1rem/1.5 sans-serif;margin:2rem;max-width:60rem}"
        "th{text-align:left;padding-right:2rem;vertical-align:top}</style></head>"
        "<body><h1>Live facial recognition: now</h1>"
        "<p>Numbers and settings only. No face, name or alert is shown here.</p>"
        f"<table>{rows}</table></body></html>"
    )


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return "<br>".join(_cell(one) for one in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{html.escape(str(k))} {_cell(v)}" for k, v in value.items())
    return "none" if value is None else html.escape(str(value))
