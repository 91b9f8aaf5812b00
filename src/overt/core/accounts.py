"""Who may have an account, with which roles: kept by authorising officers (R-03, R-36)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.core.audit import UNKNOWN_ACTOR
from overt.core.roles import (
    Actor,
    Role,
    rank_named,
    require,
    require_other_person,
    require_rank,
    require_reason,
)
from overt.errors import RecordConflictError, RoleForbiddenError, SettingInvalidError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from overt.core.policy import Policy

_KEEP = "keep accounts"
_EARLIEST_ZONE = timedelta(hours=14)  # where a day begins first


def first_account(actor: Actor, existing: Collection[Actor], policy: Policy) -> Actor:
    """Return the first account of an installation, from which all others come.

    Args:
        actor: An authorising officer of the rank that a written authority needs.
        existing: The accounts so far; there must be none.
        policy: With that rank.

    Raises:
        RoleForbiddenError: There are accounts, or this one could add no others.
        RankTooLowError: The rank is below the policy's.
        RecordConflictError: The identifier stands for nobody in the log.
    """
    _require_usable(actor)
    if existing:
        msg = f"a first account is added to none; there are {len(existing)}"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id)
    require_keeper(actor, policy)
    return actor


def added(actor: Actor, by: Actor, existing: Collection[Actor], policy: Policy) -> Actor:
    """Return a new account.

    Args:
        actor: The new one.
        by: An authorising officer of the rank that a written authority needs.
        existing: The accounts so far.
        policy: With that rank.

    Raises:
        RoleForbiddenError: The one who adds it may not.
        RankTooLowError: Their rank is below the policy's.
        RecordConflictError: The identifier is taken, also by somebody who has left, or stands
            for nobody in the log.
    """
    require_keeper(by, policy)
    _require_usable(actor)
    if any(other.actor_id == actor.actor_id for other in existing):
        msg = f"there is an account {actor.actor_id} already; an identifier is never given twice"
        raise RecordConflictError(msg, actor_id=actor.actor_id)
    return actor


def changed(actor: Actor, changes: Actor, by: Actor, policy: Policy) -> Actor:
    """Return an account with other roles or another rank; nobody changes their own.

    Args:
        actor: As it stands.
        changes: The same identifier with the roles and rank that it shall have.
        by: An authorising officer of the rank that a written authority needs.
        policy: With that rank.

    Raises:
        RoleForbiddenError: The one who changes it may not, or the account is closed.
        RankTooLowError: Their rank is below the policy's.
        SeparationOfDutiesError: It is their own.
    """
    require_keeper(by, policy)
    require_other_person(by, {"has this account": actor.actor_id}, "change its roles")
    if not actor.is_active:
        msg = f"to change roles, expected an open account; {actor.actor_id} is closed"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id)
    return replace(actor, roles=changes.roles, rank=changes.rank)


def deactivated(actor: Actor, by: Actor, policy: Policy, *, reason: str) -> Actor:
    """Return an account closed, for good; as nobody closes their own, one always stays.

    Args:
        actor: As it stands.
        by: An authorising officer of the rank that a written authority needs.
        policy: With that rank.
        reason: Why.

    Raises:
        RoleForbiddenError: The one who closes it may not, or it is closed.
        RankTooLowError: Their rank is below the policy's.
        SeparationOfDutiesError: It is their own.
        ReasonMissingError: There is no reason.
    """
    require_keeper(by, policy)
    require_other_person(by, {"has this account": actor.actor_id}, "close it")
    if not actor.is_active:
        msg = f"the account {actor.actor_id} is closed already"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id)
    require_reason(reason, "close an account")
    return replace(actor, is_active=False)


def trained(actor: Actor, by: Actor, policy: Policy, on: date, now: datetime) -> Actor:
    """Return an account with the day of its owner's last training (R-36).

    Args:
        actor: As it stands.
        by: An authorising officer of the rank that a written authority needs.
        policy: With that rank.
        on: The day of the training, as on the wall there.
        now: Aware UTC.

    Raises:
        RoleForbiddenError: The one who records it may not, or the account is closed.
        RankTooLowError: Their rank is below the policy's.
        SeparationOfDutiesError: It is their own.
        SettingInvalidError: The day has not come anywhere on earth.
    """
    require_keeper(by, policy)
    require_other_person(by, {"has this account": actor.actor_id}, "record its training")
    if not actor.is_active:
        msg = f"to record a training, expected an open account; {actor.actor_id} is closed"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id)
    if on > (now + _EARLIEST_ZONE).date():
        msg = f"a training that was held is recorded, found {on.isoformat()}, which is to come"
        raise SettingInvalidError(msg, setting="trained_on")
    return replace(actor, trained_on=on)


def require_keeper(actor: Actor, policy: Policy) -> None:
    """Let pass only an authorising officer of the rank that a written authority needs.

    Args:
        actor: Who would keep accounts.
        policy: With that rank.

    Raises:
        RoleForbiddenError: Somebody else.
        RankTooLowError: Their rank is below the policy's.
    """
    require(actor, Role.AUTHORISING_OFFICER, _KEEP)
    require_rank(actor, rank_named(policy.authority.min_rank), _KEEP)


def _require_usable(actor: Actor) -> None:
    if actor.actor_id == UNKNOWN_ACTOR:
        msg = f"no account can be called '{UNKNOWN_ACTOR}': the log says so of nobody's account"
        raise RecordConflictError(msg, actor_id=actor.actor_id)
