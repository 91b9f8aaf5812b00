"""Approve: a second person says that each photograph shows the intended person (R-16)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment_steps import require_state
from overt.core.deployment_watchlist import approve_watchlist as approved
from overt.core.listed_period import ListedPeriod
from overt.core.roles import require_reason
from overt.core.watchlist import EntryStatus, ListKind, WatchlistEntry, approve_entry
from overt.core.watchlist_gates import list_kind_of
from overt.errors import ExceptionUnconfirmedError, RecordNotFoundError, RuleError
from overt.services.take_off_list import RemovalReason, fewer, log_removals, take_off
from overt.services.take_step import acting, log_refusal, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.roles import Actor
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ACTION = "approve a watchlist"


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approval did.

    Attributes:
        deployment: After it.
        n_approved: Entries approved now; those approved one by one before do not count.
        n_refused: Entries that the approver refused.
    """

    deployment: Deployment
    n_approved: int
    n_refused: int


def approve_watchlist(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    refused: Mapping[str, str] | None = None,
) -> Approval:
    """Return the deployment with its whole list approved, but for the entries refused.

    An entry under 18 must have been approved before, by itself, by the officer who granted
    the exception, unless that officer is the one who approves now (R-18).

    Args:
        workplace: Store, time, rules.
        actor_id: Somebody who did not compose it.
        deployment_id: With a list that waits.
        refused: Entry to reason; these leave the list and their faces are deleted.

    Raises:
        RuleError: Not allowed now; the refusal has been logged.
        RecordNotFoundError: There is no such deployment or actor, or no such entry waits.
    """
    now, refused = workplace.clock.now(), refused or {}
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        actor = acting(uow, actor_id, ACTION, deployment_id, now)
        policy = workplace.policies.get(deployment.policy_hash)
        waiting = _waiting(uow, deployment)
        _require_waiting(refused, waiting)
        gone = [entry for entry in waiting if entry.entry_id in refused]
        try:
            _require_reasons(refused.values())
            accepted = _approved([e for e in waiting if e.entry_id not in refused], actor, now)
            change = approved(fewer(deployment, gone), actor, policy, now)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
            raise
        for entry in gone:
            take_off(uow, entry, now, refused[entry.entry_id])
        log_removals(uow, gone, RemovalReason.NOT_APPROVED, actor_id, now)
        _keep(uow, accepted, actor, now)
        details = {**change.details, "n_not_approved": len(gone)}
        saved = record(uow, replace(change, details=details), actor_id, now)
        uow.commit()
    return Approval(saved, len(accepted), len(gone))


def approve_one_entry(workplace: Workplace, actor_id: str, entry_id: str) -> WatchlistEntry:
    """Return an entry approved by itself; the list as a whole still has to be.

    Args:
        workplace: Store, time.
        actor_id: Somebody who did not compose it; for an entry under 18, the officer who
            granted the exception.
        entry_id: An entry that waits, of the operational or the blue list.

    Raises:
        RuleError: Not allowed now; the refusal has been logged.
        RecordNotFoundError: There is no such entry or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        entry = uow.entries.get(entry_id)
        deployment = uow.deployments.get(entry.deployment_id)
        actor = acting(uow, actor_id, "approve an entry", entry.deployment_id, now)
        try:
            require_state(deployment, "approve_watchlist")
            (accepted,) = _approved([entry], actor, now)
        except RuleError as error:
            log_refusal(uow, error, "approve an entry", actor_id, entry.deployment_id, now)
            raise
        _keep(uow, [accepted], actor, now)
        event = AuditEvent(
            EventKind.ENTRY_APPROVED, now, actor_id, entry.deployment_id, {"entry_id": entry_id}
        )
        uow.audit.append(event)
        uow.commit()
    return accepted


def _waiting(uow: UnitOfWork, deployment: Deployment) -> tuple[WatchlistEntry, ...]:
    kind = list_kind_of(deployment.kind)
    return uow.entries.of_deployment(
        deployment.deployment_id, list_kind=kind, statuses=(EntryStatus.COMPOSED,)
    )


def _require_waiting(refused: Mapping[str, str], waiting: Sequence[WatchlistEntry]) -> None:
    unknown = refused.keys() - {entry.entry_id for entry in waiting}
    if unknown:
        msg = f"no entry {', '.join(sorted(unknown))} waits for approval on this list"
        raise RecordNotFoundError(msg)


def _require_reasons(reasons: Iterable[str]) -> None:
    for reason in reasons:
        require_reason(reason, "refuse an entry")


def _approved(
    entries: Sequence[WatchlistEntry], actor: Actor, now: datetime
) -> list[WatchlistEntry]:
    accepted = [approve_entry(entry, actor, now) for entry in entries]
    others = [
        entry.entry_id
        for entry in entries
        if entry.under_18_exception is not None
        and entry.under_18_exception.granted_by != actor.actor_id
    ]
    if others:
        msg = (
            "an entry under 18 is approved by the officer who granted its exception; "
            f"{len(others)} wait for another officer"
        )
        raise ExceptionUnconfirmedError(msg, entry_id=others[0])
    return accepted


def _keep(uow: UnitOfWork, accepted: Sequence[WatchlistEntry], actor: Actor, now: datetime) -> None:
    uow.entries.approve_many([entry.entry_id for entry in accepted], actor.actor_id, now)
    uow.listed.add_many(
        ListedPeriod(entry.reference, entry.deployment_id, entry.category, now, None)
        for entry in accepted
        if entry.list_kind is ListKind.OPERATIONAL
    )
