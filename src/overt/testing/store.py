"""A store in memory that keeps the port's promises: commit or nothing, one writer, versions.

A unit works on a copy of what was committed; a commit puts the copy in its place.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Self

from overt.errors import StoreUnavailableError
from overt.testing.store_desk import FakeDrafts, FakePapers, FakeStatements
from overt.testing.store_lists import FakeEntries, FakePasses, FakePeriods
from overt.testing.store_observers import FakeInvitations, FakeMessages
from overt.testing.store_records import (
    FakeActors,
    FakeAlerts,
    FakeCertificates,
    FakeCounts,
    FakeDecisions,
    FakeDeployments,
    FakeEngagements,
)
from overt.testing.store_requests import FakePublicRequests, FakeRequestTexts
from overt.testing.store_sealed import FakeLog, FakeSecrets
from overt.testing.store_sign_in import (
    FakeCredentials,
    FakeIdentities,
    FakeLinks,
    FakeSessions,
)
from overt.testing.store_tables import Tables


@dataclass(slots=True)
class FakeIds:
    """Identifiers that a test can foresee: ``alert-1``, ``alert-2``, ``secret-3``.

    Attributes:
        n_made: How many were given out.
    """

    n_made: int = 0

    def new(self, kind: str) -> str:
        """Return the next identifier.

        Args:
            kind: What it identifies.
        """
        self.n_made += 1
        return f"{kind}-{self.n_made}"

    def token(self) -> str:
        """Return the next token; a test can guess it."""
        return self.new("token")


class FakeStore:
    """A store in memory.

    Attributes:
        n_commits: How often something was committed.
    """

    def __init__(self, *, busy_s: float = 5) -> None:
        """Start empty.

        Args:
            busy_s: How long a unit of work waits for another one to end.
        """
        self.n_commits = 0
        self._committed = Tables()
        self._turn = threading.Lock()
        self._busy_s = busy_s

    def unit_of_work(self) -> FakeUnitOfWork:
        """Return a unit of work that may write; a ``UnitOfWorkFactory``."""
        return FakeUnitOfWork(self, writes=True)

    def reading(self) -> FakeUnitOfWork:
        """Return a unit of work that sees one moment and cannot write; a ``UnitOfWorkFactory``."""
        return FakeUnitOfWork(self, writes=False)

    def begin(self, *, writes: bool) -> Tables:
        """Return a copy of what was committed.

        Args:
            writes: Whether the turn to write is needed.

        Raises:
            StoreUnavailableError: Another unit of work has it.
        """
        if writes and not self._turn.acquire(timeout=self._busy_s):
            msg = f"another unit of work has been writing for {self._busy_s} s"
            raise StoreUnavailableError(msg)
        return self._committed.copy(is_read_only=not writes)

    def end(self, tables: Tables | None, *, writes: bool) -> None:
        """Put a unit's copy in place of what was committed, and free the turn to write.

        Args:
            tables: The copy; None takes everything back.
            writes: Whether the unit had the turn.
        """
        if writes and tables is not None:
            self._committed = tables
            self.n_commits += 1
        if writes:
            self._turn.release()


class FakeUnitOfWork:
    """The ``UnitOfWork`` port on a ``FakeStore``; its attributes are those of the port."""

    def __init__(self, store: FakeStore, *, writes: bool) -> None:
        """Begin with the first use.

        Args:
            store: Where it commits to.
            writes: Whether it may.
        """
        self._store = store
        self._writes = writes
        self._own: Tables | None = None
        self.actors = FakeActors(self._tables)
        self.deployments = FakeDeployments(self._tables)
        self.entries = FakeEntries(self._tables)
        self.alerts = FakeAlerts(self._tables)
        self.decisions = FakeDecisions(self._tables)
        self.engagements = FakeEngagements(self._tables)
        self.passes = FakePasses(self._tables)
        self.counts = FakeCounts(self._tables)
        self.secrets = FakeSecrets(self._tables)
        self.listed = FakePeriods(self._tables)
        self.certificates = FakeCertificates(self._tables)
        self.credentials = FakeCredentials(self._tables)
        self.sessions = FakeSessions(self._tables)
        self.links = FakeLinks(self._tables)
        self.identities = FakeIdentities(self._tables)
        self.statements = FakeStatements(self._tables)
        self.invitations = FakeInvitations(self._tables)
        self.messages = FakeMessages(self._tables)
        self.papers = FakePapers(self._tables)
        self.drafts = FakeDrafts(self._tables)
        self.requests = FakePublicRequests(self._tables)
        self.request_texts = FakeRequestTexts(self._tables)
        self.audit = FakeLog(self._tables)

    def __enter__(self) -> Self:
        """Return this unit."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Take back what was not committed."""
        if self._own is not None:
            self._own = None
            self._store.end(None, writes=self._writes)

    def commit(self) -> None:
        """Make everything since the beginning, or since the last commit, last."""
        if self._own is None:
            return
        tables, self._own = self._tables(), None
        self._store.end(tables, writes=self._writes)

    def _tables(self) -> Tables:
        if self._own is None:
            self._own = self._store.begin(writes=self._writes)
        if self._own.is_spoiled:
            msg = "a statement of this unit of work was refused; leave it and begin another"
            raise StoreUnavailableError(msg)
        return self._own
