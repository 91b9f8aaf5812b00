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

    from overt.core.adjudication import AlertRecord, Decision
    from overt.core.blue_list import BluePass, Volunteer
    from overt.core.certificate import Certificate
    from overt.core.deployment import Deployment
    from overt.core.engagement import Engagement
    from overt.core.listed_period import ListedPeriod
    from overt.core.live_counts import LiveCounts, MinuteCounts
    from overt.core.roles import Actor
    from overt.core.watchlist import WatchlistEntry
    from overt.ports.audit import AuditLog


class Ids(Protocol):
    """Makes identifiers, at the edge."""

    def new(self, kind: str) -> str:
        """Return an identifier that nothing else has; it grows with time and names nobody.

        Args:
            kind: A word for what it identifies; the identifier starts with it.
        """
        ...


class Actors(Protocol):
    """Who may act."""

    def get(self, actor_id: str) -> Actor:
        """Return one; RecordNotFoundError where there is none.

        Args:
            actor_id: Whose.
        """
        ...

    def save(self, actor: Actor) -> None:
        """Add or replace one.

        Args:
            actor: With roles and rank.
        """
        ...

    def list(self) -> tuple[Actor, ...]:
        """Return all, by identifier."""
        ...


class Deployments(Protocol):
    """Deployments with everything decided about them."""

    def get(self, deployment_id: str) -> Deployment:
        """Return one; RecordNotFoundError where there is none.

        Args:
            deployment_id: Which.
        """
        ...

    def add(self, deployment: Deployment) -> None:
        """Add a new one; RecordConflictError where the identifier is taken.

        Args:
            deployment: Its ``version`` is kept as it is.
        """
        ...

    def save(self, deployment: Deployment) -> Deployment:
        """Replace one and return it with ``version + 1``.

        RecordConflictError where the stored version is another than the one given: somebody
        else has changed it since it was read.

        Args:
            deployment: As read and then changed; its ``version`` is the one read.
        """
        ...

    def list(self, states: Collection[str] | None = None) -> tuple[Deployment, ...]:
        """Return deployments by time of creation.

        Args:
            states: Only in these states; None takes all.
        """
        ...


class WatchlistEntries(Protocol):
    """The watchlists, operational and blue, without pictures and templates (see ``Secrets``)."""

    def add_many(self, entries: Iterable[WatchlistEntry]) -> int:
        """Add new ones and return how many; RecordConflictError where an identifier is taken.

        Args:
            entries: May be thousands.
        """
        ...

    def get(self, entry_id: str) -> WatchlistEntry:
        """Return one; RecordNotFoundError where there is none.

        Args:
            entry_id: Which.
        """
        ...

    def of_deployment(
        self,
        deployment_id: str,
        *,
        list_kind: str | None = None,
        statuses: Collection[str] | None = None,
    ) -> tuple[WatchlistEntry, ...]:
        """Return a deployment's entries, by identifier.

        Args:
            deployment_id: Whose.
            list_kind: Only of this list, operational or blue; None takes both.
            statuses: Only with these statuses; None takes all.
        """
        ...

    def save(self, entry: WatchlistEntry) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            entry: As read and then changed.
        """
        ...

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's entries and return how many there were.

        Args:
            deployment_id: Whose.
        """
        ...


class Alerts(Protocol):
    """Alerts of one deployment each; nothing joins two of them."""

    def add(self, alert: AlertRecord) -> None:
        """Add a new one; RecordConflictError where the identifier is taken.

        Args:
            alert: As raised.
        """
        ...

    def get(self, alert_id: str) -> AlertRecord:
        """Return one; RecordNotFoundError where there is none.

        Args:
            alert_id: Which.
        """
        ...

    def save(self, alert: AlertRecord) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            alert: As read and then changed.
        """
        ...

    def of_deployment(
        self, deployment_id: str, *, list_kind: str | None = None
    ) -> tuple[AlertRecord, ...]:
        """Return a deployment's alerts in the order of their capture.

        Args:
            deployment_id: Whose.
            list_kind: Only of this list, operational or blue; None takes both.
        """
        ...

    def count_by_state(self, deployment_id: str, *, list_kind: str | None = None) -> dict[str, int]:
        """Return how many alerts are in each state; a state without alerts is left out.

        Args:
            deployment_id: Whose.
            list_kind: Only of this list, operational or blue; None takes both.
        """
        ...

    def delete_one(self, alert_id: str) -> None:
        """Delete one with its decisions; nothing happens where there is none.

        Args:
            alert_id: Which.
        """
        ...

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's alerts with their decisions; return how many alerts there were.

        Args:
            deployment_id: Whose.
        """
        ...


class Decisions(Protocol):
    """What people decided about an alert: one decision a step."""

    def add(self, decision: Decision) -> Decision:
        """Add a decision and return what is stored.

        The same idempotency key again returns the first decision and adds nothing, so that a
        telephone without reception may ask twice. RecordConflictError where somebody else has
        decided this step, or the key came with something else.

        Args:
            decision: With step, verdict, both times and key.
        """
        ...

    def of_alert(self, alert_id: str) -> tuple[Decision, ...]:
        """Return an alert's decisions in the order in which they were made.

        Args:
            alert_id: Which.
        """
        ...


class Engagements(Protocol):
    """Officers' contacts with people, for equality monitoring; nobody is named."""

    def add(self, engagement: Engagement) -> None:
        """Add a new one; RecordConflictError where the identifier is taken.

        Args:
            engagement: With or without an alert.
        """
        ...

    def get(self, engagement_id: str) -> Engagement:
        """Return one; RecordNotFoundError where there is none.

        Args:
            engagement_id: Which.
        """
        ...

    def save(self, engagement: Engagement) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            engagement: As read and then changed.
        """
        ...

    def of_deployment(self, deployment_id: str) -> tuple[Engagement, ...]:
        """Return a deployment's engagements in the order of their start.

        Args:
            deployment_id: Whose.
        """
        ...

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's engagements and return how many there were.

        Args:
            deployment_id: Whose.
        """
        ...


class Passes(Protocol):
    """Volunteers with their consent, and their logged passes: the blue list."""

    def add_volunteer(self, volunteer: Volunteer) -> None:
        """Add a new one; RecordConflictError where the identifier is taken.

        Args:
            volunteer: With the record of consent.
        """
        ...

    def save_volunteer(self, volunteer: Volunteer) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            volunteer: As read and then changed.
        """
        ...

    def volunteer(self, volunteer_id: str) -> Volunteer:
        """Return one; RecordNotFoundError where there is none.

        Args:
            volunteer_id: Which.
        """
        ...

    def volunteers(self, deployment_id: str) -> tuple[Volunteer, ...]:
        """Return a deployment's volunteers, by identifier.

        Args:
            deployment_id: Whose.
        """
        ...

    def add(self, blue_pass: BluePass) -> None:
        """Add a pass that has started; RecordConflictError where the identifier is taken.

        Args:
            blue_pass: With volunteer, camera and start.
        """
        ...

    def save(self, blue_pass: BluePass) -> None:
        """Replace one, such as when it ends; RecordNotFoundError where there is none.

        Args:
            blue_pass: As read and then changed.
        """
        ...

    def get(self, pass_id: str) -> BluePass:
        """Return one; RecordNotFoundError where there is none.

        Args:
            pass_id: Which.
        """
        ...

    def of_deployment(self, deployment_id: str) -> tuple[BluePass, ...]:
        """Return a deployment's passes in the order of their start.

        Args:
            deployment_id: Whose.
        """
        ...

    def delete_of(self, deployment_id: str) -> int:
        """Delete a deployment's passes and volunteers; return how many rows there were.

        Args:
            deployment_id: Whose.
        """
        ...


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
