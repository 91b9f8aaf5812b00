"""Events for browsers: the log itself, followed, so that no alert is lost.

The number of an event in the log is its id in the browser. Whoever comes back, after a broken
line, a restarted server or a night's sleep, names the last one and is told all that came since.
An event carries identifiers only; what they stand for is fetched, by those who may.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from overt.core.audit_events import EventKind
from overt.errors import TrialError
from overt.web.listeners import unlimited

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.core.audit import LoggedEvent
    from overt.ports.store import UnitOfWorkFactory
    from overt.web.listeners import OneMore

LOOK_EVERY_S = 0.15
KEEP_ALIVE_S = 15.0
_MOST_WAITING = 1000
_READ_AT_ONCE = 500

TOLD = frozenset(
    {
        EventKind.ALERT_RAISED,
        EventKind.ALERT_DECIDED,
        EventKind.ENGAGEMENT_RECORDED,
        EventKind.OUTCOME_RECORDED,
        EventKind.DEPLOYMENT_WENT_LIVE,
        EventKind.DEPLOYMENT_RESUMED,
        EventKind.DEPLOYMENT_SUSPENDED,
        EventKind.DEPLOYMENT_ENDED,
        EventKind.DEPLOYMENT_PURGED,
        EventKind.AUTHORITY_WITHDRAWN,
        EventKind.CAMERA_LOST,
        EventKind.CAMERA_RETURNED,
        EventKind.LIMIT_STATUS_CHANGED,
        EventKind.BIOMETRICS_ERASED,
        EventKind.STATEMENT_FILED,
        EventKind.MINUTE_COUNTED,
    }
)
_FIELDS = ("alert_id", "list_kind", "step", "verdict", "camera_id", "engagement_id", "status")


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One event as a browser is told.

    Attributes:
        seq: Its number in the log.
        kind: Of the log's closed list.
        deployment_id: Of which deployment, or None.
        details: Identifiers and codes; no name, picture or reason.
    """

    seq: int
    kind: EventKind
    deployment_id: str | None
    details: Mapping[str, str | None] = field(default_factory=dict)

    def text(self) -> str:
        """Return it in the form of server-sent events."""
        body = json.dumps({"kind": self.kind.value, **self.details}, ensure_ascii=False)
        return f"id: {self.seq}\nevent: {self.kind.value}\ndata: {body}\n\n"


class LogFollower:
    """Follows the log in a thread, and tells every open stream what is new."""

    def __init__(
        self, reading: UnitOfWorkFactory, heard: Callable[[LiveEvent], None] = lambda _: None
    ) -> None:
        """Follow nothing yet.

        Args:
            reading: Opens a unit of work that only looks.
            heard: Called with each new event, in the follower's thread; must be quick.
        """
        self._reading, self._heard = reading, heard
        self._streams: set[_Stream] = set()
        self._lock = threading.Lock()
        self._wake, self._is_over = threading.Event(), threading.Event()
        self._size = 0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to follow, from the log's present end."""
        with self._reading() as uow:
            self._size = uow.audit.size()
        self._thread = threading.Thread(target=self._follow, name="log follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End every stream, and the thread."""
        self._is_over.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            streams = tuple(self._streams)
        for stream in streams:
            stream.close()

    @property
    def n_streams(self) -> int:
        """Return how many browsers listen."""
        with self._lock:
            return len(self._streams)

    @property
    def is_following(self) -> bool:
        """Return whether the thread goes on."""
        return self._thread is not None and self._thread.is_alive()

    def wake(self) -> None:
        """Look now: something has just been committed in this process."""
        self._wake.set()

    async def stream(
        self,
        wanted: Callable[[LiveEvent], bool],
        *,
        after: int | None,
        is_still_allowed: Callable[[], bool],
        one_more: OneMore = unlimited,
    ) -> AsyncIterator[str]:
        """Yield events as text until whoever listens may no longer; comments keep the line open.

        Args:
            wanted: Whether an event is for whoever listens.
            after: Number of the last event they know; None begins now.
            is_still_allowed: Asked at each silence, and before each event that is told.
            one_more: Counts the stream, and ends it where it has to give way.
        """
        stream = _Stream(asyncio.get_running_loop())
        with one_more(stream.close), self._joined(stream) as known:
            yield "retry: 1000\n\n"
            first = known if after is None else min(after + 1, known)
            for missed in await run_in_threadpool(self._read, first, known):
                if wanted(missed):
                    yield missed.text()

            def is_news(event: LiveEvent) -> bool:
                return event.seq >= known and wanted(event)

            while (text := await stream.next(is_news)) is not None:
                if not await run_in_threadpool(is_still_allowed):
                    return
                yield text

    @contextmanager
    def _joined(self, stream: _Stream) -> Iterator[int]:
        """Tell a stream what is new; yield the number of the first event that is."""
        with self._lock:
            self._streams.add(stream)
            known = self._size
        try:
            yield known
        finally:
            with self._lock:
                self._streams.discard(stream)

    def _follow(self) -> None:
        while not self._is_over.is_set():
            self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()
            try:
                self._look()
            except TrialError:
                continue  # the store is away: asked again; nobody misses what it did not take

    def _look(self) -> None:
        with self._reading() as uow:
            size = uow.audit.size()
        if size == self._size:
            return
        events = self._read(self._size, size)
        with self._lock:
            self._size = size
            streams = tuple(self._streams)
        for stream in streams:
            stream.put(events)
        for event in events:
            self._heard(event)

    def _read(self, first: int, end: int) -> list[LiveEvent]:
        found: list[LiveEvent] = []
        with self._reading() as uow:
            while first < end:
                n_read = min(end - first, _READ_AT_ONCE)
                logged = uow.audit.read(first, n_read)
                found += [_live(one) for one in logged if one.event.kind in TOLD]
                first += n_read
        return found


@dataclass(eq=False, slots=True)
class _Stream:
    """What waits for one browser; one that does not keep up is closed, and comes back."""

    loop: asyncio.AbstractEventLoop
    waiting: asyncio.Queue[LiveEvent | None] = field(
        default_factory=lambda: asyncio.Queue(_MOST_WAITING)
    )

    def put(self, events: list[LiveEvent]) -> None:
        """Add events, from another thread."""
        if events and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._add, events)

    def close(self) -> None:
        """End the stream, from another thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._end)

    async def next(self, is_news: Callable[[LiveEvent], bool]) -> str | None:
        """Return the next event that is news, a comment after a silence, or None at the end."""
        try:
            async with asyncio.timeout(KEEP_ALIVE_S):
                while (event := await self.waiting.get()) is not None:
                    if is_news(event):
                        return event.text()
        except TimeoutError:
            return ": still here\n\n"
        return None

    def _add(self, events: list[LiveEvent]) -> None:
        for event in events:
            if self.waiting.full():
                self._end()
                return
            self.waiting.put_nowait(event)

    def _end(self) -> None:
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


def _live(logged: LoggedEvent) -> LiveEvent:
    event = logged.event
    details = {
        name: None if event.details[name] is None else str(event.details[name])
        for name in _FIELDS
        if name in event.details
    }
    return LiveEvent(logged.seq, EventKind(event.kind), event.deployment_id, details)
