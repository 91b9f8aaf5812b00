"""The watchlist: who is sought, why, on whose word, until when (R-10 to R-21)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.roles import (
    Role,
    rank_named,
    require,
    require_any,
    require_other_person,
    require_rank,
    require_reason,
)
from overt.errors import EntryWrongStatusError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from overt.core.policy import Policy
    from overt.core.roles import Actor


class ListKind(StrEnum):
    """The governed list, or the volunteers' own; an entry stands in one of them (R-22)."""

    OPERATIONAL = "operational"
    BLUE = "blue"


class Urgency(StrEnum):
    """What an alert for this entry asks for (R-21)."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class EntryStatus(StrEnum):
    """Where an entry stands."""

    COMPOSED = "composed"
    APPROVED = "approved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Under18Exception:
    """An exception that lets somebody under 18 be listed (R-18).

    Attributes:
        granted_by: The authorising officer who granted it.
        reason: Why.
    """

    granted_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class WatchlistEntry:
    """One person on the watchlist of one deployment; no name, only the force's reference.

    Attributes:
        entry_id: Identifier, made at the edge.
        deployment_id: The only deployment that it belongs to (R-12).
        list_kind: Operational or blue (R-22).
        reference: The force's own reference of the person (R-20).
        category: Code from the policy's closed list (R-10).
        justification: Why this person is listed (R-11).
        image_source: Where the photograph comes from (R-11).
        image_date: When it was taken (R-15).
        urgency: Red, amber or green (R-21).
        is_under_18: Whether the person is under 18 (R-18).
        composed_by: Who put the entry on the list.
        composed_at: Aware UTC.
        under_18_exception: Needed where ``is_under_18``, else None.
        expires_at: From when it no longer counts, or None for the deployment's end.
        status: Where it stands.
        approved_by: Who saw that the photograph shows the intended person, or None (R-16).
        approved_at: When, or None.
        removed_at: When it left the list, or None.
        removed_reason: Why, or None.
        image_secret_id: Secret that holds the photograph, or None once erased.
        template_secret_id: Secret that holds the template, or None once erased.
    """

    entry_id: str
    deployment_id: str
    list_kind: ListKind
    reference: str
    category: str
    justification: str
    image_source: str
    image_date: date
    urgency: Urgency
    is_under_18: bool
    composed_by: str
    composed_at: datetime
    under_18_exception: Under18Exception | None = None
    expires_at: datetime | None = None
    status: EntryStatus = EntryStatus.COMPOSED
    approved_by: str | None = None
    approved_at: datetime | None = None
    removed_at: datetime | None = None
    removed_reason: str | None = None
    image_secret_id: str | None = None
    template_secret_id: str | None = None

    def is_searchable(self, now: datetime) -> bool:
        """Return whether the entry belongs in the gallery: approved and not expired.

        Args:
            now: Aware UTC.
        """
        is_current = self.expires_at is None or now < self.expires_at
        return self.status is EntryStatus.APPROVED and is_current


def approve_entry(entry: WatchlistEntry, actor: Actor, now: datetime) -> WatchlistEntry:
    """Return the entry approved: a second person saw that it shows the intended one (R-16).

    Args:
        entry: Composed, not yet approved.
        actor: An applicant, authorising officer or evaluator (blue list) who did not compose it.
        now: Aware UTC.

    Raises:
        EntryWrongStatusError: It is approved or removed.
        RoleForbiddenError: The actor may not approve.
        SeparationOfDutiesError: The actor composed it.
    """
    if entry.status is not EntryStatus.COMPOSED:
        msg = f"to approve an entry, expected {EntryStatus.COMPOSED}; found {entry.status}"
        raise EntryWrongStatusError(msg, entry_id=entry.entry_id)
    roles = {Role.APPLICANT, Role.AUTHORISING_OFFICER}
    if entry.list_kind is ListKind.BLUE:
        roles.add(Role.EVALUATOR)
    require_any(actor, frozenset(roles), "approve an entry")
    require_other_person(actor, {"composed the entry": entry.composed_by}, "approve it")
    return replace(entry, status=EntryStatus.APPROVED, approved_by=actor.actor_id, approved_at=now)


def remove_entry(entry: WatchlistEntry, now: datetime, *, reason: str) -> WatchlistEntry:
    """Return the entry removed: it leaves the gallery and never comes back (R-14).

    Args:
        entry: Composed or approved.
        now: Aware UTC.
        reason: Why.

    Raises:
        EntryWrongStatusError: It is removed already.
        ReasonMissingError: There is no reason.
    """
    if entry.status is EntryStatus.REMOVED:
        msg = "the entry is removed already"
        raise EntryWrongStatusError(msg, entry_id=entry.entry_id)
    reason = require_reason(reason, "remove an entry")
    return replace(entry, status=EntryStatus.REMOVED, removed_at=now, removed_reason=reason)


def no_longer_wanted(
    entries: Iterable[WatchlistEntry], references: Collection[str]
) -> tuple[WatchlistEntry, ...]:
    """Return the entries that a "no longer wanted" feed takes off the list (R-14).

    Args:
        entries: Of one deployment.
        references: All references of the feed.
    """
    return tuple(
        entry
        for entry in entries
        if entry.reference in references and entry.status is not EntryStatus.REMOVED
    )


def on_both_lists(entries: Iterable[WatchlistEntry]) -> frozenset[str]:
    """Return the references that stand on the operational and on the blue list (R-22).

    Args:
        entries: Of both lists; removed ones do not count.
    """
    standing = [entry for entry in entries if entry.status is not EntryStatus.REMOVED]
    operational, blue = (
        {entry.reference for entry in standing if entry.list_kind is kind} for kind in ListKind
    )
    return frozenset(operational & blue)


def grant_under_18_exception(actor: Actor, policy: Policy, *, reason: str) -> Under18Exception:
    """Return an exception that lets somebody under 18 be listed (R-18).

    Args:
        actor: An authorising officer of sufficient rank.
        policy: With that rank.
        reason: Why.

    Raises:
        RoleForbiddenError: The actor is no authorising officer.
        RankTooLowError: The rank is below the policy's.
        ReasonMissingError: There is no reason.
    """
    action = "list somebody under 18"
    require(actor, Role.AUTHORISING_OFFICER, action)
    require_rank(actor, rank_named(policy.watchlist.under_18_exception_min_rank), action)
    return Under18Exception(actor.actor_id, require_reason(reason, action))
