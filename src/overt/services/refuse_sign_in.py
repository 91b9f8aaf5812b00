"""Refuse to let somebody in: the same words for every cause, and the cause in the log (R-36)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.sign_in import SignInMethod
from overt.errors import AccountLockedError, RecordNotFoundError, SignInRefusedError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.roles import Actor
    from overt.core.sign_in_rules import SignInFailure
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

_LONGEST_ID = 200


def refused(
    workplace: Workplace,
    uow: UnitOfWork,
    failure: SignInFailure,
    method: SignInMethod,
    actor_id: str | None = None,
) -> SignInRefusedError:
    """Return the error that says no, once it is logged and everything is committed.

    Args:
        workplace: The time.
        uow: With what the failure changes, if anything.
        failure: Why; for the log only.
        method: What was shown.
        actor_id: Which account it was about, where there is one.
    """
    msg = "this opens no account here; which part of it was wrong is told to nobody"
    error = SignInRefusedError(msg)
    _log(workplace, uow, error.code, failure, method, actor_id)
    return error


def refused_locked(
    workplace: Workplace, uow: UnitOfWork, failure: SignInFailure, actor_id: str, until: datetime
) -> AccountLockedError:
    """Return the error that names the end of a lock, once it is logged and committed.

    Args:
        workplace: The time.
        uow: With the lock, where it begins now.
        failure: What locked it, or that it was locked before.
        actor_id: Whose account.
        until: The end of the lock.
    """
    text = until.isoformat(timespec="seconds").replace("+00:00", "Z")
    msg = f"too many wrong passwords: until {text} no password opens this account"
    error = AccountLockedError(msg, locked_until=text)
    _log(workplace, uow, error.code, failure, SignInMethod.PASSWORD, actor_id)
    return error


def actor_or_none(uow: UnitOfWork, actor_id: str) -> Actor | None:
    """Return an account, or None where there is none of that identifier.

    Args:
        uow: An open unit of work.
        actor_id: As typed by anybody.
    """
    if len(actor_id) > _LONGEST_ID or not actor_id.isprintable():
        return None  # not even asked for: no store keeps such a text
    try:
        return uow.actors.get(actor_id)
    except RecordNotFoundError:
        return None


def _log(
    workplace: Workplace,
    uow: UnitOfWork,
    code: str,
    failure: SignInFailure,
    method: SignInMethod,
    actor_id: str | None,
) -> None:
    """Append and commit a failure; what was typed is not in it, as it may be a password.

    Whoever tries has not shown who they are: the attempt is nobody's act.
    """
    details: dict[str, JsonValue] = {
        "code": code,
        "cause": failure.value,
        "authenticated_by": method.value,
        "subject_id": actor_id,
    }
    now = workplace.clock.now()
    uow.audit.append(AuditEvent(EventKind.SIGN_IN_FAILED, now, SYSTEM_ACTOR, details=details))
    uow.commit()
