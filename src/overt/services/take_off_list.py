"""Take an entry off a list: its face goes at once, what it was stays until the purge."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.watchlist import ListKind, remove_entry
from overt.core.watchlist_gates import list_kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.watchlist import WatchlistEntry
    from overt.ports.store import UnitOfWork


class RemovalReason(StrEnum):
    """Why an entry left its list, as the audit log says it."""

    NO_LONGER_WANTED = "no_longer_wanted"
    EXPIRED = "expired"
    NOT_APPROVED = "not_approved"
    REPLACED = "replaced"
    CONSENT_WITHDRAWN = "consent_withdrawn"


def take_off(uow: UnitOfWork, entry: WatchlistEntry, now: datetime, reason: str) -> WatchlistEntry:
    """Return the entry removed and saved, its picture and template deleted, its period closed.

    Args:
        uow: An open unit of work; the caller logs and commits.
        entry: Composed or approved.
        now: When it left, aware UTC.
        reason: Why; kept with the entry, not in the log.

    Raises:
        EntryWrongStatusError: It is removed already.
        ReasonMissingError: There is no reason.
    """
    removed = remove_entry(entry, now, reason=reason)
    for secret_id in (entry.image_secret_id, entry.template_secret_id):
        if secret_id is not None:
            uow.secrets.delete(secret_id)
    removed = replace(removed, image_secret_id=None, template_secret_id=None)
    uow.entries.save(removed)
    if entry.list_kind is ListKind.OPERATIONAL and entry.approved_at is not None:
        uow.listed.close(entry.deployment_id, now, reference=entry.reference)
    return removed


def log_removals(
    uow: UnitOfWork,
    entries: Iterable[WatchlistEntry],
    reason: RemovalReason,
    actor_id: str | None,
    now: datetime,
) -> None:
    """Append one event an entry; it names the entry, never the person's reference.

    Args:
        uow: An open unit of work.
        entries: Taken off.
        reason: Why, by code.
        actor_id: Who did it; None for the software itself.
        now: Aware UTC.
    """
    for entry in entries:
        details = {"entry_id": entry.entry_id, "reason": reason.value}
        uow.audit.append(
            AuditEvent(
                EventKind.ENTRY_REMOVED, now, actor_id or SYSTEM_ACTOR, entry.deployment_id, details
            )
        )


def expired_entries(
    uow: UnitOfWork, deployment: Deployment, now: datetime
) -> tuple[WatchlistEntry, ...]:
    """Return the entries whose time is over and that are still on the list.

    Args:
        uow: An open unit of work.
        deployment: Whose.
        now: Aware UTC.
    """
    statuses = ("composed", "approved")
    entries = uow.entries.of_deployment(deployment.deployment_id, statuses=statuses)
    return tuple(e for e in entries if e.expires_at is not None and e.expires_at <= now)


def fewer(deployment: Deployment, gone: Iterable[WatchlistEntry]) -> Deployment:
    """Return the deployment whose watchlist counts those gone no longer.

    Args:
        deployment: With the status of its watchlist, if any.
        gone: Taken off; entries of the list that this deployment does not search do not count.
    """
    kind = list_kind_of(deployment.kind)
    n_gone = sum(1 for entry in gone if entry.list_kind is kind)
    watchlist = deployment.watchlist
    if watchlist is None or not n_gone:
        return deployment
    return replace(
        deployment,
        watchlist=replace(
            watchlist,
            n_entries=watchlist.n_entries - n_gone,
            n_templates=watchlist.n_templates - n_gone,
        ),
    )
