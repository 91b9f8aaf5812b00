"""Serves the console on an address of this machine until somebody stops it."""

from __future__ import annotations

import json
import socket
import ssl
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, TextIO

import uvicorn

from overt.adapters.stop_signals import StopSignals
from overt.bootstrap.console import open_console
from overt.bootstrap.logs import failed_threads_logged, write_logs_as_json
from overt.errors import OutputUnwritableError
from overt.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from overt.bootstrap.console import Console
    from overt.settings import Settings

LOOPBACK = "127.0.0.1"
_ASK_WITHIN_S = 3.0
_GRACE_S = 2
_OK = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where the console is served.

    Attributes:
        host: Address of this machine; its own only, unless somebody opens it.
        port: Which port; 0 takes one that is free.
        certificate: File of the TLS certificate, or None for plain HTTP.
        key: File of its key, or None where the certificate's file holds it.
        trusted_proxies: Addresses whose word about the client and TLS counts.
    """

    host: str = LOOPBACK
    port: int = 8000
    certificate: Path | None = None
    key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()

    @property
    def is_tls(self) -> bool:
        """Return whether it speaks TLS itself."""
        return self.certificate is not None


class OwnDoor:
    """The ``ObserversDoor`` port: asks this very server over HTTP, as an observer would."""

    def __init__(self, place: Place, port: int) -> None:
        """Ask nothing yet.

        Args:
            place: Where it is served.
            port: The port that was taken.
        """
        self._place, self._port = place, port

    def is_up(self, deployment_id: str) -> bool:
        """Return whether observers are told about a deployment now.

        Args:
            deployment_id: Which deployment.
        """
        connection = self._connection()
        try:
            connection.request("GET", f"/observe/{deployment_id}/live.json")
            answer = connection.getresponse()
            told = json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            return False
        finally:
            connection.close()
        is_told = isinstance(told, dict) and told.get("deployment") == deployment_id
        return answer.status == _OK and is_told

    def _connection(self) -> HTTPConnection:
        host = self._place.host
        reached = LOOPBACK if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - any address
        if not self._place.is_tls:
            return HTTPConnection(reached, self._port, timeout=_ASK_WITHIN_S)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # our own port
        return HTTPSConnection(reached, self._port, timeout=_ASK_WITHIN_S, context=context)


def serve(
    settings: Settings,
    place: Place,
    on_ready: Callable[[str, Console], None],
    *,
    logs: TextIO = sys.stderr,
) -> None:
    """Serve until SIGINT or SIGTERM; a run that goes on is suspended first, and recorded.

    Args:
        settings: Of this machine.
        place: Where.
        on_ready: Called with the address, just before the first request is answered.
        logs: Where the service's own log goes.

    Raises:
        OutputUnwritableError: The port is taken, or the certificate cannot be read.
        StoreMissingError: `overt init` has not been run.
        StoreLeasedError: Another service runs on this store.
    """
    write_logs_as_json(logs)
    with listening(place) as listener:
        port = int(listener.getsockname()[1])
        with open_console(settings, OwnDoor(place, port)) as console:
            server = uvicorn.Server(_config(create_app(console), place))
            on_ready(address_of(place, port), console)
            with failed_threads_logged(), StopSignals():  # uvicorn raises a signal again at its end
                server.run(sockets=[listener])


def address_of(place: Place, port: int) -> str:
    """Return the address that a browser on this machine opens.

    Args:
        place: Where it is served.
        port: The port that was taken.
    """
    scheme = "https" if place.is_tls else "http"
    host = f"[{place.host}]" if ":" in place.host else place.host
    return f"{scheme}://{host}:{port}"


@contextmanager
def listening(place: Place) -> Iterator[socket.socket]:
    """Take the port, before anything else is opened; it is given back at the end.

    Args:
        place: Where.

    Yields:
        The socket.

    Raises:
        OutputUnwritableError: The port is taken, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    # Only where the protocol is named, connections send small answers at once: without it, each
    # waits about 40 ms for the browser's word that it has the one before.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((place.host, place.port))
            listener.listen()  # who comes before the server answers waits, and is not refused
        except OSError as error:
            msg = f"the console cannot listen on {place.host} port {place.port} ({error.strerror})"
            raise OutputUnwritableError(msg) from error
        yield listener
    finally:
        listener.close()


def _config(app: object, place: Place) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type] # any ASGI application
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE_S,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        proxy_headers=bool(place.trusted_proxies),
        forwarded_allow_ips=list(place.trusted_proxies),
    )
