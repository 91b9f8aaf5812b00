"""Rows of governed deployments: who may act, what was decided, who is sought, what was raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from overt.core.adjudication import AlertRecord, Decision
    from overt.core.blue_list import BluePass, Volunteer
    from overt.core.deployment import Deployment
    from overt.core.engagement import Engagement
    from overt.core.roles import Actor
    from overt.core.watchlist import WatchlistEntry


class Ids(Protocol):
    """Makes identifiers, at the edge."""

    def new(self, kind: str) -> str:
        """Return an identifier that nothing else has; it grows with time and names nobody.

        Args:
            kind: A word for what it identifies; the identifier starts with it.
        """
        ...

    def token(self) -> str:
        """Return a text that nobody can guess, for a session, a form or a link."""
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

    def approve_many(
        self, entry_ids: Collection[str], approved_by: str, approved_at: datetime
    ) -> None:
        """Keep that entries are approved; RecordNotFoundError where one of them is not there.

        Args:
            entry_ids: Composed, by the rules approved; may be thousands.
            approved_by: Who approved them.
            approved_at: When, aware UTC.
        """
        ...

    def take_off_all(
        self, deployment_id: str, list_kind: str, removed_at: datetime, *, reason: str
    ) -> int:
        """Remove every entry that stands on a list; return how many there were.

        They name no picture and no template any more; whoever asks deletes those.

        Args:
            deployment_id: Whose.
            list_kind: Which list.
            removed_at: When they left, aware UTC.
            reason: Why.
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
