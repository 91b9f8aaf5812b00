"""Who may do what: roles, ranks, and two people where one would not do (R-03, R-04)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR
from overt.errors import (
    RankTooLowError,
    ReasonMissingError,
    RoleForbiddenError,
    RolesConflictError,
    SeparationOfDutiesError,
    SettingInvalidError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Role(StrEnum):
    """What somebody does in a trial; nobody has a role by default."""

    APPLICANT = "applicant"
    AUTHORISING_OFFICER = "authorising_officer"
    OPERATOR = "operator"
    ENGAGEMENT_OFFICER = "engagement_officer"
    SYSTEM_ENGINEER = "system_engineer"
    EVALUATOR = "evaluator"
    AUDITOR = "auditor"
    OBSERVER = "observer"


ADJUDICATORS = frozenset({Role.OPERATOR, Role.ENGAGEMENT_OFFICER})
"""The roles that see and decide alerts."""

_ALONE = frozenset({Role.AUDITOR, Role.OBSERVER})  # they watch, so they do nothing else
_NO_ALERTS = frozenset({Role.SYSTEM_ENGINEER, Role.EVALUATOR})


class Rank(IntEnum):
    """Police ranks from low to high, as far as the rules need them (R-03)."""

    CONSTABLE = 1
    SERGEANT = 2
    INSPECTOR = 3
    CHIEF_INSPECTOR = 4
    SUPERINTENDENT = 5
    CHIEF_SUPERINTENDENT = 6

    @property
    def title(self) -> str:
        """Return the rank in words: ``chief inspector``."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who uses the software, by id: names stay outside.

    Attributes:
        actor_id: Identifier in logs and records; never a name.
        roles: What they may do. An auditor or observer has no other role; an
            engineer or evaluator is neither operator nor engagement officer.
        rank: Police rank, or None for people without one.
        is_active: False once they have left: nothing is allowed any more.
        trained_on: Day of the last training; None where none is recorded (R-36).
    """

    actor_id: str
    roles: frozenset[Role]
    rank: Rank | None = None
    is_active: bool = True
    trained_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse roles that exclude each other, and the software's own id.

        Raises:
            RolesConflictError: An auditor or observer with another role, an engineer
                or evaluator who would see alerts, or an id that is blank or the software's own.
        """
        if not self.actor_id.strip() or self.actor_id == SYSTEM_ACTOR:
            msg = f"an actor's id must not be blank or '{SYSTEM_ACTOR}'"
            raise RolesConflictError(msg)
        conflict = conflicting_roles(self.roles)
        if conflict:
            msg = f"one person cannot be {' and '.join(conflict)}"
            raise RolesConflictError(msg, actor_id=self.actor_id)


def conflicting_roles(roles: frozenset[Role]) -> tuple[Role, ...]:
    """Return the roles that one person cannot have together, sorted; empty if they go together.

    Who watches changes nothing (auditor, observer); who sets thresholds or scores
    the trial decides no alert (engineer, evaluator).

    Args:
        roles: What one person would be.
    """
    alone = roles & _ALONE
    if alone and len(roles) > 1:
        return tuple(sorted(roles))
    if roles & _NO_ALERTS and roles & ADJUDICATORS:
        return tuple(sorted(roles & (_NO_ALERTS | ADJUDICATORS)))
    return ()


def require(actor: Actor, role: Role, action: str) -> None:
    """Let pass only somebody active who has the role.

    Args:
        actor: Who asks.
        role: What the action needs.
        action: The action in words, for the message: ``grant the authority``.

    Raises:
        RoleForbiddenError: The role is missing, or the actor is no longer active.
    """
    require_any(actor, frozenset({role}), action)


def require_any(actor: Actor, roles: frozenset[Role], action: str) -> None:
    """Let pass only somebody active who has at least one of the roles.

    Args:
        actor: Who asks.
        roles: One of them is enough; not empty.
        action: The action in words, for the message.

    Raises:
        RoleForbiddenError: All of them are missing, or the actor is no longer active.
    """
    if not actor.is_active:
        msg = f"to {action}, an active account is needed; {actor.actor_id} is not active"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id)
    if not actor.roles & roles:
        needed, found = " or ".join(sorted(roles)), ", ".join(sorted(actor.roles)) or "none"
        msg = f"to {action}, the role {needed} is needed; {actor.actor_id} has: {found}"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id, needed=needed)


def require_rank(actor: Actor, minimum: Rank, action: str) -> Rank:
    """Return the actor's rank if it is at least the one needed (R-03).

    Args:
        actor: Who asks.
        minimum: Lowest rank that may.
        action: The action in words, for the message.

    Raises:
        RankTooLowError: A lower rank, or none.
    """
    if actor.rank is None or actor.rank < minimum:
        found = actor.rank.title if actor.rank else "no rank"
        msg = f"to {action}, the rank {minimum.title} or above is needed, found {found}"
        raise RankTooLowError(msg, actor_id=actor.actor_id)
    return actor.rank


def require_other_person(actor: Actor, earlier: Mapping[str, str | None], action: str) -> None:
    """Let pass only somebody who did none of the earlier steps (R-04, R-16).

    Args:
        actor: Who asks.
        earlier: What was done, in words -> who did it, or None if nobody has.
        action: The action in words, for the message.

    Raises:
        SeparationOfDutiesError: The actor did one of the steps.
    """
    done = [step for step, actor_id in earlier.items() if actor_id == actor.actor_id]
    if done:
        msg = f"who {' and '.join(done)} cannot {action}; expected another person"
        raise SeparationOfDutiesError(msg, actor_id=actor.actor_id)


def require_reason(reason: str, action: str) -> str:
    """Return the reason without surrounding blanks (R-07).

    Args:
        reason: What was given.
        action: The action in words, for the message.

    Raises:
        ReasonMissingError: Nothing but blanks.
    """
    if not reason.strip():
        msg = f"to {action}, a reason is needed"
        raise ReasonMissingError(msg)
    return reason.strip()


def rank_named(name: str) -> Rank:
    """Return a rank from the policy's spelling: ``chief_inspector``.

    Args:
        name: As in the policy file, any case.

    Raises:
        SettingInvalidError: There is no such rank.
    """
    try:
        return Rank[name.strip().upper().replace(" ", "_")]
    except KeyError as error:
        known = ", ".join(rank.name.lower() for rank in Rank)
        msg = f"a rank is one of {known}; found {name!r}"
        raise SettingInvalidError(msg, setting="rank") from error
