"""A real `overt demo` in a process of its own: started, asked for links, ended, killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

CACHE = Path(__file__).resolve().parents[2] / "build" / "cache"
"""Where the street and the networks are kept, from one run of the tests to the next."""

READY_WITHIN_S = 300  # two shared cores draw a street
LINKS_WITHIN_S = 60
ENDED_WITHIN_S = 60


@dataclass
class ConsoleProcess:
    """A demonstration that is served: its rehearsal is live, an alert comes every 15 seconds.

    Attributes:
        home: OVERT_HOME of the process; the demonstration lies in its folder ``demo``.
        cache: OVERT_CACHE of the process.
        address: Where it is served.
        deployment_id: The rehearsal that is live.
    """

    home: Path
    cache: Path
    address: str = ""
    deployment_id: str = ""
    _process: subprocess.Popen | None = None
    _lines: Queue = field(default_factory=Queue)
    _links: dict = field(default_factory=dict)

    def start(self, *options: str) -> None:
        """Start it, at the port that it had before, and wait until it is live."""
        port = self.address.rpartition(":")[2] or "0"
        command = [
            sys.executable,
            "-m",
            "overt",
            "demo",
            "--json",
            "--no-trial",
            "--port",
            port,
            *options,
        ]
        variables = {"OVERT_HOME": str(self.home), "OVERT_CACHE": str(self.cache)}
        self._lines = Queue()
        with (self.home.parent / "stderr.txt").open("a") as errors:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, **variables, "OVERT_MODEL_PACK": ""},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        Thread(target=self._listen, args=[self._process, self._lines], daemon=True).start()
        told = self._next(READY_WITHIN_S)
        self.address, self.deployment_id = told["address"], told["deployment_id"]
        self._take(told)

    def link(self, actor_id: str, *, own: bool = False) -> str:
        """Return a sign-in link that was not given before; ``own``: at the person's own address."""
        if actor_id not in self._links:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
            self._take(self._next(LINKS_WITHIN_S))
        return self._links.pop(actor_id)["own_link" if own else "link"]

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it and return its exit status; nothing happens where it has ended."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(number)
        try:
            return process.wait(ENDED_WITHIN_S)
        finally:
            process.kill()
            process.wait()
            process.stdin.close()

    def kill(self) -> None:
        """Kill it, as a power cut would; ``start("--keep")`` goes on from what is on the disk."""
        self.end(signal.SIGKILL)

    def said(self) -> str:
        """Return what it wrote to standard error."""
        return (self.home.parent / "stderr.txt").read_text(encoding="utf-8")

    def _take(self, told: dict) -> None:
        self._links = {person["actor_id"]: person for person in told["people"]}

    def _next(self, within_s: float) -> dict:
        try:
            line = self._lines.get(timeout=within_s)
        except Empty:
            line = None
        if line is None:
            message = f"the console told nothing:\n{self.said()}"
            raise AssertionError(message)
        return json.loads(line)

    @staticmethod
    def _listen(process: subprocess.Popen, lines: Queue) -> None:
        with process.stdout as out:
            for line in out:
                lines.put(line)
        lines.put(None)
