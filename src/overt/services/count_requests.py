"""Count what people asked, for the public register: from the audit log alone."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.public_request import RequestKind
from overt.evaluation.small_numbers import without_small_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.core.audit import AuditEvent
    from overt.ports.engine import Clock
    from overt.ports.policies import Policies
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory

IN_TIME, LATE, UNANSWERED = "answered_in_time", "answered_late", "closed_without_an_answer"
OPEN, OVERDUE = "open", "open_and_overdue"

FRESH_FOR = timedelta(days=1)
"""Nobody can tie a count to the moment in which somebody asked."""

_KINDS = frozenset(
    {EventKind.REQUEST_RECEIVED, EventKind.REQUEST_ANSWERED, EventKind.REQUEST_CLOSED}
)
_READ_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """Requests in numbers; small ones are withheld, and as many others as keep them withheld.

    Attributes:
        counted_at: When, aware UTC.
        withheld_below: A smaller number than this is not told.
        received: All of them; None where it is withheld.
        by_outcome: Answered in time, answered late, closed without an answer, open, open and
            overdue: number, or None where it is withheld. They add up to ``received``.
        by_kind: Was I listed, complaint, other right: number received, or None.
    """

    counted_at: datetime
    withheld_below: int
    received: int | None
    by_outcome: Mapping[str, int | None]
    by_kind: Mapping[str, int | None]


@dataclass(slots=True)
class _Tally:
    """Requests as the log tells of them, by identifier."""

    kinds: dict[str, str] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)

    def take(self, event: AuditEvent) -> None:
        """Count an event in; those of a request come in order."""
        request_id = str(event.details["request_id"])
        if event.kind == EventKind.REQUEST_RECEIVED:
            self.kinds[request_id] = str(event.details["request_kind"])
            self.due[request_id] = datetime.fromisoformat(str(event.details["due_at"]))
        elif event.kind == EventKind.REQUEST_ANSWERED:
            is_late = event.occurred_at > self.due[request_id]
            self.outcomes[request_id] = LATE if is_late else IN_TIME
        else:
            self.outcomes.setdefault(request_id, UNANSWERED)

    def by_outcome(self, now: datetime) -> Counter[str]:
        """Return requests by what became of them."""
        return Counter(
            self.outcomes.get(request_id, OVERDUE if now > due_at else OPEN)
            for request_id, due_at in self.due.items()
        )


def count_requests(
    reading: UnitOfWorkFactory, now: datetime, *, withheld_below: int
) -> RequestFigures:
    """Return what people asked, in numbers that point at nobody.

    The outcome of each kind is not told: two tables with the same sums on both sides would give
    away what each of them withholds.

    Args:
        reading: Opens a unit of work that only looks.
        now: Aware UTC.
        withheld_below: The policy's ``publication.small_number``.

    Raises:
        AuditChainBrokenError: An event of the log was changed.
    """
    tally = _Tally()
    with reading() as uow:
        for event in _events(uow):
            tally.take(event)
    outcomes, kinds = tally.by_outcome(now), Counter(tally.kinds.values())
    names = (IN_TIME, LATE, UNANSWERED, OPEN, OVERDUE)
    received = len(tally.kinds)
    return RequestFigures(
        counted_at=now,
        withheld_below=withheld_below,
        received=None if 0 < received < withheld_below else received,
        by_outcome=without_small_numbers({n: outcomes[n] for n in names}, withheld_below),
        by_kind=without_small_numbers(
            {k.value: kinds[k.value] for k in RequestKind}, withheld_below
        ),
    )


def _events(uow: UnitOfWork) -> Iterator[AuditEvent]:
    """Yield the events of requests, oldest first."""
    wanted, after = AuditSearch(kinds=_KINDS), -1
    while found := uow.audit.search(wanted, after=after, limit=_READ_AT_ONCE):
        yield from (logged.event for logged in reversed(found))
        after = found[0].seq


class RequestCounts:
    """What the public is told of requests: counted anew once a day, whoever asks."""

    def __init__(self, reading: UnitOfWorkFactory, policies: Policies, clock: Clock) -> None:
        """Count nothing yet.

        Args:
            reading: Opens a unit of work that only looks.
            policies: With the smallest number that is told.
            clock: The time.
        """
        self._reading, self._policies, self._clock = reading, policies, clock
        self._told: RequestFigures | None = None
        self._lock = threading.Lock()

    def told(self) -> RequestFigures:
        """Return the figures, at most ``FRESH_FOR`` old."""
        now = self._clock.now()
        with self._lock:  # one counts, the others wait for what it finds
            if self._told is None or now - self._told.counted_at >= FRESH_FOR:
                least = self._policies.current().publication.small_number
                self._told = count_requests(self._reading, now, withheld_below=least)
            return self._told
