"""The purge worker: a thread that makes a round each minute, and says whether it is well."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from overt.errors import TrialError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from overt.ports.engine import Clock
    from overt.ports.live import Lease
    from overt.services.do_what_is_due import Round, Rounds

HEALTHY_WITHIN = timedelta(minutes=2)
"""A worker whose last good round is older than this is not healthy (R-33)."""


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """How the worker is.

    Attributes:
        last_good_at: When a round last went well, aware UTC, or None.
        n_failures: Rounds in a row that did not.
        code: Code of the last failure's error; None after a good round.
    """

    last_good_at: datetime | None
    n_failures: int
    code: str | None

    def is_healthy(self, now: datetime) -> bool:
        """Return whether the last round went well, and not long ago.

        Args:
            now: Aware UTC.
        """
        is_recent = self.last_good_at is not None and now - self.last_good_at <= HEALTHY_WITHIN
        return is_recent and self.n_failures == 0


class PurgeWorker:
    """Makes rounds in a thread while it is entered."""

    def __init__(self, rounds: Rounds, clock: Clock, lease: Lease) -> None:
        """Start before the first round.

        Args:
            rounds: What is to be done.
            clock: Rounds are made at full minutes of its time.
            lease: Of the store; without it nothing is done.
        """
        self._rounds, self._clock, self._lease = rounds, clock, lease
        self._health = WorkerHealth(None, 0, None)
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def health(self) -> WorkerHealth:
        """Return how it is."""
        return self._health

    def __enter__(self) -> Self:
        """Make a first round, then go on in a thread."""
        self.tick()
        self._thread = threading.Thread(target=self._run, name="purge worker", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Finish the round that is being made, and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def tick(self) -> Round | None:
        """Return what a round did; None where it failed, as the health then says."""
        now = self._clock.now()
        try:
            with self._turn:
                self._lease.check()
                made = self._rounds.make()
        except TrialError as error:
            failures = self._health.n_failures + 1
            self._health = WorkerHealth(self._health.last_good_at, failures, error.code)
            return None
        self._health = WorkerHealth(now, 0, None)
        return made

    @contextmanager
    def between_rounds(self) -> Iterator[None]:
        """Let nothing else be purged meanwhile; a round that is due waits."""
        with self._turn:
            yield

    def _run(self) -> None:
        while not self._stopping.wait(self._until_next_minute_s()):
            self.tick()

    def _until_next_minute_s(self) -> float:
        now = self._clock.now()
        return 60 - now.second - now.microsecond / 1e6
