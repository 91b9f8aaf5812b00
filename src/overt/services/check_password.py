"""Check an account's password: slowly, outside the store, and once for every cause.

The slow hash is computed exactly once whatever is wrong, so that time tells nobody which
accounts exist, are open, locked or have a password; and in no unit of work, so that
nobody who guesses can keep an alert from being written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.sign_in import Credential, SignInMethod
from overt.core.sign_in_rules import SignInFailure, after_failure, after_success, is_locked
from overt.services.refuse_sign_in import actor_or_none, refused, refused_locked

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.roles import Actor
    from overt.errors import RuleError
    from overt.ports.sign_in import PasswordHasher
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Attempt:
    """A password that was tried.

    Attributes:
        actor_id: For which account, as typed.
        tried_hash: What it was compared with; None where there was nothing.
        fits: Whether it was the password.
    """

    actor_id: str
    tried_hash: str | None
    fits: bool


def try_password(
    workplace: Workplace, hasher: PasswordHasher, actor_id: str, password: str
) -> Attempt:
    """Return what came of a password, after one slow comparison.

    Args:
        workplace: The store.
        hasher: Compares.
        actor_id: As typed.
        password: As typed.
    """
    with workplace.open() as uow:
        credential = _credential(uow, actor_or_none(uow, actor_id))
    tried = credential.password_hash if credential else None
    return Attempt(actor_id, tried, fits=hasher.verify(password, tried))


def accept(workplace: Workplace, uow: UnitOfWork, attempt: Attempt) -> tuple[Actor, Credential]:
    """Return the account that a password opens, without failures; the caller saves and commits.

    A lock that began while the password was compared holds for it too: who sends a thousand
    guesses at once learns of no more than the first few.

    A lock is told to whoever asks for that account, whether the password was right or not: so
    it says nothing about the password, and an operator in a van knows what is wrong and that
    a sign-in link helps. That the account exists is told with it, after failures that the
    log shows; an identifier is no secret and names nobody.

    Args:
        workplace: Time and rules.
        uow: An open unit of work.
        attempt: What came of the password.

    Raises:
        SignInRefusedError: The account is unknown or closed, or it was not its password.
        AccountLockedError: There were too many wrong ones.
    """
    actor = actor_or_none(uow, attempt.actor_id)
    credential = _credential(uow, actor)
    if actor is None or credential is None:
        unknown = SignInFailure.ACCOUNT_UNKNOWN
        raise refused(workplace, uow, unknown, SignInMethod.PASSWORD)
    failure = _failure(workplace, actor, credential, attempt)
    if failure is not None:
        raise _counted(workplace, uow, credential, failure)
    return actor, after_success(credential)


def _failure(
    workplace: Workplace, actor: Actor, credential: Credential, attempt: Attempt
) -> SignInFailure | None:
    if not actor.is_active:
        return SignInFailure.ACCOUNT_CLOSED
    if is_locked(credential, workplace.clock.now()):
        return SignInFailure.ACCOUNT_LOCKED
    if credential.password_hash is None:
        return SignInFailure.PASSWORD_MISSING
    is_still_it = attempt.tried_hash == credential.password_hash
    return None if attempt.fits and is_still_it else SignInFailure.PASSWORD_WRONG


def _counted(
    workplace: Workplace, uow: UnitOfWork, credential: Credential, failure: SignInFailure
) -> RuleError:
    actor_id, now = credential.actor_id, workplace.clock.now()
    if failure is SignInFailure.ACCOUNT_CLOSED:
        return refused(workplace, uow, failure, SignInMethod.PASSWORD, actor_id)
    if failure is not SignInFailure.ACCOUNT_LOCKED:
        rules = workplace.policies.current().security
        credential = after_failure(credential, now, rules)
        uow.credentials.save(credential)
        _log_lock(uow, credential, now)
    if credential.locked_until is None:
        return refused(workplace, uow, failure, SignInMethod.PASSWORD, actor_id)
    return refused_locked(workplace, uow, failure, actor_id, credential.locked_until)


def _log_lock(uow: UnitOfWork, credential: Credential, now: datetime) -> None:
    """Append that an account is locked from now on, where it is."""
    if credential.locked_until is None:
        return
    details: dict[str, JsonValue] = {
        "subject_id": credential.actor_id,
        "locked_until": credential.locked_until.isoformat(),
        "n_failed": credential.failed_attempts,
    }
    uow.audit.append(AuditEvent(EventKind.ACCOUNT_LOCKED, now, SYSTEM_ACTOR, details=details))


def _credential(uow: UnitOfWork, actor: Actor | None) -> Credential | None:
    """Return how an account is opened, empty where it never had a password; None without one."""
    if actor is None:
        return None
    return uow.credentials.get_or_none(actor.actor_id) or Credential(actor.actor_id)
