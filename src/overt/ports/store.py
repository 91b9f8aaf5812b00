"""What the services need from the store: one unit of work, and what lies in it.

A unit of work is a transaction: nothing is there until ``commit`` has returned, and
everything is there afterwards, whatever happens to the machine. Leaving the context
without a commit takes everything back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date, datetime, tzinfo

    from overt.core.certificate import Certificate
    from overt.core.listed_period import ListedPeriod
    from overt.core.live_counts import LiveCounts, MinuteCounts
    from overt.ports.audit import AuditLog
    from overt.ports.desk import ApplicationDrafts, Papers, Statements
    from overt.ports.observers import Invitations, Messages
    from overt.ports.records import (
        Actors,
        Alerts,
        Decisions,
        Deployments,
        Engagements,
        Passes,
        WatchlistEntries,
    )
    from overt.ports.requests import PublicRequests, RequestTexts
    from overt.ports.sign_in import Credentials, Identities, Sessions, SignInLinks


class Counts(Protocol):
    """Numbers of live runs."""

    def add_minute(self, minute: MinuteCounts) -> None:
        """Add to what is stored for this camera and minute.

        Args:
            minute: What was counted since the last call.
        """
        ...

    def minutes(self, deployment_id: str) -> tuple[MinuteCounts, ...]:
        """Return a deployment's minutes, by time and camera.

        Args:
            deployment_id: Whose.
        """
        ...

    def totals(self, deployment_id: str) -> LiveCounts:
        """Return the sum over cameras and minutes.

        Args:
            deployment_id: Whose.
        """
        ...

    def add_scores(self, deployment_id: str, histogram: Mapping[int, int]) -> None:
        """Add searches to the histogram of best scores.

        Args:
            deployment_id: Whose.
            histogram: Searches by best score in hundredths, rounded down.
        """
        ...

    def histogram(self, deployment_id: str) -> dict[int, int]:
        """Return searches by best score in hundredths, lowest first; no empty bin.

        Args:
            deployment_id: Whose.
        """
        ...


class Secrets(Protocol):
    """Pictures, templates and places, under a key of their deployment."""

    def put(self, deployment_id: str, kind: str, row_id: str, plaintext: bytes) -> str:
        """Encrypt and keep bytes; return the secret's identifier.

        The first secret of a deployment makes its key. KeyDestroyedError once the key is gone.

        Args:
            deployment_id: Under whose key.
            kind: What it is, such as ``image``, ``template``, ``crop``, ``probe``.
            row_id: The row that it belongs to.
            plaintext: Any bytes.
        """
        ...

    def put_many(
        self, deployment_id: str, kind: str, plaintexts: Mapping[str, bytes]
    ) -> dict[str, str]:
        """Encrypt and keep bytes of many rows at once; return each row's secret.

        Args:
            deployment_id: Under whose key.
            kind: What they are.
            plaintexts: Row identifier -> any bytes.
        """
        ...

    def get(self, secret_id: str) -> bytes:
        """Return the bytes; RecordNotFoundError, KeyDestroyedError, SecretUnopenableError.

        Args:
            secret_id: Which.
        """
        ...

    def read_all(self, deployment_id: str, kind: str) -> Iterator[tuple[str, bytes]]:
        """Yield row identifier and bytes of every secret of a kind, in order of being put.

        Args:
            deployment_id: Whose.
            kind: Which kind.
        """
        ...

    def ciphertexts(self, deployment_id: str) -> Iterator[bytes]:
        """Yield what lies on the disk for each secret, for the scan after a purge.

        Args:
            deployment_id: Whose.
        """
        ...

    def delete(self, secret_id: str) -> None:
        """Delete one; nothing happens where there is none.

        Args:
            secret_id: Which.
        """
        ...

    def astray(self, deployment_id: str, kinds: Collection[str]) -> tuple[str, ...]:
        """Return the secrets that the watchlist entry of their row does not name, in order.

        Args:
            deployment_id: Whose.
            kinds: Of entries: pictures, templates.
        """
        ...

    def delete_astray(self, secret_ids: Collection[str]) -> int:
        """Delete secrets, but for those that an entry names by now; return how many.

        Args:
            secret_ids: From ``astray``; some hundreds.
        """
        ...

    def delete_of(self, deployment_id: str) -> dict[str, int]:
        """Delete a deployment's secrets; return how many there were of each kind.

        Args:
            deployment_id: Whose.
        """
        ...

    def destroy_key(self, deployment_id: str) -> bool:
        """Overwrite and delete a deployment's key for good; return whether there was one.

        No key is ever made for this deployment again. Calling it twice does no harm.

        Args:
            deployment_id: Whose.
        """
        ...


class ListedPeriods(Protocol):
    """Who was listed when, by reference: all that outlives a watchlist."""

    def add(self, period: ListedPeriod) -> None:
        """Add a period; the same reference, deployment and start again changes nothing.

        Args:
            period: Open (without an end) or closed.
        """
        ...

    def add_many(self, periods: Iterable[ListedPeriod]) -> None:
        """Add periods; one that is there already changes nothing.

        Args:
            periods: Of one deployment; may be thousands.
        """
        ...

    def close(
        self, deployment_id: str, listed_until: datetime, *, reference: str | None = None
    ) -> int:
        """End open periods and return how many.

        Args:
            deployment_id: Whose watchlist.
            listed_until: When the entry left the gallery, exclusive.
            reference: Only of this reference; None takes all.
        """
        ...

    def references(self) -> Iterator[str]:
        """Yield every reference that was ever listed, each once, in no order."""
        ...

    def is_known(self, reference: str) -> bool:
        """Return whether a reference was ever listed, whenever that was.

        Args:
            reference: The force's own reference for the person.
        """
        ...

    def was_listed(self, reference: str, on: date, zone: tzinfo) -> tuple[ListedPeriod, ...]:
        """Return the periods that touch a local day, oldest first; empty where there are none.

        Args:
            reference: The force's own reference for the person.
            on: The day.
            zone: The time zone in which the question is asked.
        """
        ...


class Certificates(Protocol):
    """Signed statements; they stay."""

    def add(self, certificate: Certificate) -> None:
        """Add a new one; RecordConflictError where the identifier is taken.

        Args:
            certificate: As signed.
        """
        ...

    def of_deployment(self, deployment_id: str) -> tuple[Certificate, ...]:
        """Return a deployment's certificates, oldest first.

        Args:
            deployment_id: Whose.
        """
        ...


class UnitOfWork(Protocol):
    """One transaction over everything that is kept.

    One thread uses it. It begins with its first use. Only one that may write is open at a
    time; another waits a few seconds and is then refused with StoreUnavailableError. Where the
    store itself refuses a value or a row, nothing of the unit can be committed any more.
    """

    @property
    def actors(self) -> Actors:
        """Return who may act."""
        ...

    @property
    def deployments(self) -> Deployments:
        """Return the deployments."""
        ...

    @property
    def entries(self) -> WatchlistEntries:
        """Return the watchlists' entries."""
        ...

    @property
    def alerts(self) -> Alerts:
        """Return the alerts."""
        ...

    @property
    def decisions(self) -> Decisions:
        """Return the decisions about alerts."""
        ...

    @property
    def engagements(self) -> Engagements:
        """Return the officers' contacts with people."""
        ...

    @property
    def passes(self) -> Passes:
        """Return volunteers and their passes."""
        ...

    @property
    def counts(self) -> Counts:
        """Return the numbers of live runs."""
        ...

    @property
    def secrets(self) -> Secrets:
        """Return what is encrypted."""
        ...

    @property
    def listed(self) -> ListedPeriods:
        """Return who was listed when."""
        ...

    @property
    def certificates(self) -> Certificates:
        """Return the signed statements."""
        ...

    @property
    def credentials(self) -> Credentials:
        """Return how accounts are opened with a password."""
        ...

    @property
    def sessions(self) -> Sessions:
        """Return who is signed in."""
        ...

    @property
    def links(self) -> SignInLinks:
        """Return the addresses that open an account once."""
        ...

    @property
    def identities(self) -> Identities:
        """Return the accounts at the force's own sign-in service."""
        ...

    @property
    def statements(self) -> Statements:
        """Return what observers state."""
        ...

    @property
    def invitations(self) -> Invitations:
        """Return who may observe which deployment."""
        ...

    @property
    def messages(self) -> Messages:
        """Return questions and answers."""
        ...

    @property
    def papers(self) -> Papers:
        """Return what notices are made of."""
        ...

    @property
    def drafts(self) -> ApplicationDrafts:
        """Return the applications as far as they were written."""
        ...

    @property
    def requests(self) -> PublicRequests:
        """Return what people ask."""
        ...

    @property
    def request_texts(self) -> RequestTexts:
        """Return what they wrote and were answered, encrypted."""
        ...

    @property
    def audit(self) -> AuditLog:
        """Return the audit log."""
        ...

    def __enter__(self) -> UnitOfWork:
        """Begin."""
        ...

    def __exit__(self, *exc: object) -> None:
        """Take back what was not committed; free what was held."""
        ...

    def commit(self) -> None:
        """Make everything since the beginning, or since the last commit, last.

        When it returns, the data is on the disk. StoreFullError and StoreUnavailableError
        leave the last committed state.
        """
        ...


UnitOfWorkFactory = Callable[[], UnitOfWork]
"""Opens a unit of work. A reader's factory opens one that refuses to write and sees one moment."""
