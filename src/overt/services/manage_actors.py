"""Accounts: the first one, others, their roles, and their end; each logged (R-04, R-36)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from overt.core import accounts
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.errors import RolesConflictError, RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

    Decide = Callable[[UnitOfWork, Policy], Actor]

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def add_first_actor(workplace: Workplace, actor: Actor) -> Actor:
    """Return the first account of this installation.

    Args:
        workplace: Store, time, rules.
        actor: An authorising officer of the rank that a written authority needs.

    Raises:
        RolesConflictError: The identifier may be a name.
        RuleError: There are accounts already, or this one could add no others.
    """
    _require_one_word(actor)

    def decide(uow: UnitOfWork, policy: Policy) -> Actor:
        return accounts.first_account(actor, uow.actors.list(), policy)

    return _kept(workplace, SYSTEM_ACTOR, "add the first account", EventKind.ACTOR_ADDED, decide)


def add_actor(workplace: Workplace, by_id: str, actor: Actor) -> Actor:
    """Return a new account.

    Args:
        workplace: Store, time, rules.
        by_id: An authorising officer of the rank that a written authority needs.
        actor: The new one, with roles that go together.

    Raises:
        RolesConflictError: The identifier may be a name.
        RuleError: The officer may not, or the identifier is taken.
        RecordNotFoundError: There is no such officer.
    """
    _require_one_word(actor)

    def decide(uow: UnitOfWork, policy: Policy) -> Actor:
        return accounts.added(actor, uow.actors.get(by_id), uow.actors.list(), policy)

    return _kept(workplace, by_id, "add an account", EventKind.ACTOR_ADDED, decide)


def change_roles(workplace: Workplace, by_id: str, changes: Actor) -> Actor:
    """Return an account with other roles or another rank.

    Args:
        workplace: Store, time, rules.
        by_id: An authorising officer other than the account's owner.
        changes: Identifier, and the roles and rank that the account shall have.

    Raises:
        RuleError: The officer may not, it is their own account, or it is closed.
        RecordNotFoundError: There is no such officer or account.
    """

    def decide(uow: UnitOfWork, policy: Policy) -> Actor:
        actor = uow.actors.get(changes.actor_id)
        return accounts.changed(actor, changes, uow.actors.get(by_id), policy)

    return _kept(workplace, by_id, "change an account", EventKind.ACTOR_CHANGED, decide)


def deactivate_actor(workplace: Workplace, by_id: str, actor_id: str, *, reason: str) -> Actor:
    """Return an account closed, for good.

    Args:
        workplace: Store, time, rules.
        by_id: An authorising officer other than the account's owner.
        actor_id: Whose account.
        reason: Why.

    Raises:
        RuleError: The officer may not, it is their own account, or it is closed.
        RecordNotFoundError: There is no such officer or account.
    """

    def decide(uow: UnitOfWork, policy: Policy) -> Actor:
        actor = uow.actors.get(actor_id)
        return accounts.deactivated(actor, uow.actors.get(by_id), policy, reason=reason)

    kind = EventKind.ACTOR_DEACTIVATED
    return _kept(workplace, by_id, "close an account", kind, decide, reason=reason.strip())


def record_training(workplace: Workplace, by_id: str, actor_id: str, on: date) -> Actor:
    """Return an account with the day of its owner's last training (R-36).

    Args:
        workplace: Store, time, rules.
        by_id: An authorising officer other than the account's owner.
        actor_id: Whose account.
        on: The day of the training.

    Raises:
        RuleError: The officer may not, it is their own account, or it is closed.
        SettingInvalidError: The day is to come.
        RecordNotFoundError: There is no such officer or account.
    """
    now = workplace.clock.now()

    def decide(uow: UnitOfWork, policy: Policy) -> Actor:
        actor = uow.actors.get(actor_id)
        return accounts.trained(actor, uow.actors.get(by_id), policy, on, now)

    return _kept(workplace, by_id, "record a training", EventKind.ACTOR_CHANGED, decide)


def _require_one_word(actor: Actor) -> None:
    """Let pass what stands in the log for ever: one word, so that nobody types a full name."""
    if not _IDENTIFIER.fullmatch(actor.actor_id):
        msg = (
            "an account is an identifier such as op-17, never a name: at most 64 letters, digits, "
            "dots, dashes and underlines, without a blank"
        )
        raise RolesConflictError(msg)


def _kept(
    workplace: Workplace,
    by_id: str,
    action: str,
    kind: EventKind,
    decide: Decide,
    *,
    reason: str | None = None,
) -> Actor:
    now, policy = workplace.clock.now(), workplace.policies.current()
    with workplace.open() as uow:
        if by_id != SYSTEM_ACTOR:
            acting(uow, by_id, action, None, now)
        try:
            actor = decide(uow, policy)
        except RuleError as error:
            log_refusal(uow, error, action, by_id, None, now)
            raise
        uow.actors.save(actor)
        uow.audit.append(_event(kind, now, by_id, actor, reason))
        uow.commit()
    return actor


def _event(
    kind: EventKind, now: datetime, by_id: str, actor: Actor, reason: str | None
) -> AuditEvent:
    details: dict[str, JsonValue] = {"subject_id": actor.actor_id}
    if kind is EventKind.ACTOR_DEACTIVATED:
        details["reason"] = reason
    else:
        details["roles"] = tuple(sorted(actor.roles))
        details["rank"] = actor.rank.title if actor.rank else None
        details["trained_on"] = actor.trained_on.isoformat() if actor.trained_on else None
    return AuditEvent(kind, now, by_id, details=details)
