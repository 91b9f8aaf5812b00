"""The console of the demonstration: served here, its cameras running, links for every person."""

from __future__ import annotations

import json
import os
import signal
import sys
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from overt.bootstrap.demo import demo_links
from overt.bootstrap.demo_people import OFFICER, OPERATOR, PEOPLE
from overt.errors import OutputUnwritableError, TrialError
from overt.web.serving import Place, listening, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.bootstrap.console import Console
    from overt.bootstrap.demo import Demo
    from overt.bootstrap.demo_people import DemoPerson

DEFAULT_PORT = 8000
LOG = "console.log"
"""File of the service's own log, in the demonstration's home: a newcomer's terminal stays quiet."""

_ANSWERS_WITHIN_S = 60
_LINK = "/sign-in/link#"


def port_for(wanted: int | None, *, usual: int = DEFAULT_PORT) -> int:
    """Return the port to take: the one that is asked for, or a free one where the usual is taken.

    Args:
        wanted: As asked for, or None.
        usual: Which is tried first.
    """
    if wanted is not None:
        return wanted
    try:
        with listening(Place(port=usual)):
            return usual
    except OutputUnwritableError:
        typer.echo(f"Port {usual} is taken, so the console gets another one.", err=True)
        return 0


class DemoConsole:
    """Serves a demonstration until Ctrl-C or SIGTERM."""

    def __init__(self, demo: Demo, *, as_json: bool) -> None:
        """Serve nothing yet.

        Args:
            demo: Ready to go live.
            as_json: Whether a program reads the links.
        """
        self._demo, self._as_json = demo, as_json
        self._problem: TrialError | None = None

    def serve(self, port: int) -> None:
        """Serve, and start the cameras once the console answers.

        Args:
            port: Which; 0 takes a free one.

        Raises:
            TrialError: It could not be served, or the cameras could not be started.
        """
        if hasattr(signal, "SIGTTIN"):  # started in the background of a terminal: nobody types
            signal.signal(signal.SIGTTIN, signal.SIG_IGN)
        with (self._demo.settings.home / LOG).open("a", encoding="utf-8") as logs:
            serve(self._demo.settings, Place(port=port), self._on_ready, logs=logs)
        if self._problem is not None:
            raise self._problem
        typer.echo(
            "The cameras have stopped, and that is on record. --keep goes on from here.", err=True
        )
        if self._demo.report is not None:
            typer.echo(
                f"The report of the finished trial: {self._demo.report}/report.html", err=True
            )

    def _on_ready(self, address: str, console: Console) -> None:
        Thread(target=self._begin, args=(address, console), name="demo", daemon=True).start()

    def _begin(self, address: str, console: Console) -> None:
        try:
            _wait_for(address)
            console.runs.start(self._demo.run_request())
            self._show(address, demo_links(console.workplace))
            for _ in _lines_of_input():
                self._show(address, demo_links(console.workplace))
        except TrialError as error:
            self._problem = error
            signal.raise_signal(signal.SIGTERM)

    def _show(self, address: str, tokens: dict[str, str]) -> None:
        text = self._document(address, tokens) if self._as_json else self._words(address, tokens)
        typer.echo(text)
        sys.stdout.flush()

    def _document(self, address: str, tokens: dict[str, str]) -> str:
        people = [
            {
                "actor_id": person.actor_id,
                "role": person.role,
                "link": f"{address}{_LINK}{tokens[person.actor_id]}",
                "own_link": f"{_own(address, person)}{_LINK}{tokens[person.actor_id]}",
            }
            for person in PEOPLE
        ]
        document = {
            "address": address,
            "deployment_id": self._demo.deployment_id,
            "home": str(self._demo.settings.home),
            "report": None if self._demo.report is None else str(self._demo.report),
            "people": people,
        }
        return json.dumps(document)

    def _words(self, address: str, tokens: dict[str, str]) -> str:
        """Return what people read: the two steps last, where they are seen."""
        lines = ["", f"The console is at {address}. Kept in {self._demo.settings.home}"]
        if self._demo.report is not None:
            lines += [f"A trial is behind it, with its report: {self._demo.report}/report.html"]
        lines += [f"What the public sees: {address}/public", "It opens for:"]
        first = [person for person in PEOPLE if person.actor_id in {OPERATOR, OFFICER}]
        for person in PEOPLE:
            link = f"{_own(address, person)}{_LINK}{tokens[person.actor_id]}"
            if person not in first:
                lines += [
                    f"  the {person.title} {person.actor_id}, who {person.does}",
                    f"    {link}",
                ]
        lines += ["", *_NOTES, "", *_FOLLOW]
        for number, person in enumerate(first, 1):
            link = f"{_own(address, person)}{_LINK}{tokens[person.actor_id]}"
            lines += [f"  {number}. the {person.title} {person.does}", f"    {link}"]
        return "\n".join([*lines, "", "Enter: new links. Ctrl-C: the cameras stop, and it ends."])


_NOTES = (
    "A link signs in once; the browser stays signed in at the address before the #.",
    "Each person has an address of their own, so one browser can be all of them. If it",
    "does not find NAME.localhost, write 127.0.0.1, and use a private window a person.",
)
_FOLLOW = (
    "An alert comes about every 16 seconds. Follow one from the camera to its outcome,",
    "in two tabs:",
)


def _own(address: str, person: DemoPerson) -> str:
    """Return the console's address under a name that only this person's session belongs to."""
    return f"http://{person.actor_id}.localhost:{urlsplit(address).port}"


def _wait_for(address: str) -> None:
    """Ask until the console answers: whoever comes early waits in the line of its port."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=_ANSWERS_WITHIN_S)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except OSError as error:
        msg = f"the console at {address} does not answer ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
    finally:
        connection.close()


def _lines_of_input() -> Iterator[None]:
    """Yield once a line until the input ends; unbuffered, so that nothing is locked at the end."""
    while True:
        try:
            data = os.read(sys.stdin.fileno(), 4096)
        except (OSError, ValueError):
            return
        if not data:
            return
        yield from (None for _ in range(data.count(b"\n")))
