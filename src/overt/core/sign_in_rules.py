"""What opens an account, and when what was opened closes again (R-36).

The numbers come from the policy: how many failures lock an account and for how long, how long a
session lasts. A clock that was put back opens nothing: what lies in the future is not believed.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.roles import ADJUDICATORS
from overt.errors import PasswordUnsuitableError, SettingInvalidError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.policy_rules import SecurityRules, TrainingRules
    from overt.core.roles import Actor, Role
    from overt.core.sign_in import Credential, Session, SignInLink

CLOCK_SKEW = timedelta(seconds=60)
"""How far the clocks of two machines may differ."""

MAX_LINK_LIFETIME = timedelta(days=7)
"""Longest life of a link that opens an account."""

MAX_PASSWORD_LENGTH = 1000
"""Longest password, in characters; more is no password but an attack on the hash."""

_NOTED_EVERY = timedelta(minutes=1)
_PARTS_OF_IDLE = 4  # where the idle time is short, the last use is noted more often
_DAY = timedelta(days=1)


class SignInFailure(StrEnum):
    """Why somebody was not let in: for the log, never for the one who tries."""

    ACCOUNT_UNKNOWN = "account_unknown"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_LOCKED = "account_locked"
    PASSWORD_MISSING = "password_missing"  # noqa: S105 - a reason, not one
    PASSWORD_WRONG = "password_wrong"  # noqa: S105 - a reason, not one
    LINK_UNKNOWN = "link_unknown"
    LINK_USED = "link_used"
    LINK_EXPIRED = "link_expired"
    LINK_SUPERSEDED = "link_superseded"
    IDENTITY_UNKNOWN = "identity_unknown"
    PROVIDER_REFUSED = "provider_refused"


class SessionEnd(StrEnum):
    """Why a session is over."""

    ENDED_EARLY = "ended_early"
    TOO_LONG = "too_long"
    IDLE = "idle"
    CLOCK_SET_BACK = "clock_set_back"


def token_digest(token: str) -> str:
    """Return what is kept of a token: its SHA-256 in hexadecimal digits.

    A token holds 256 bits of chance, so that no slow hash is needed.

    Args:
        token: Of a session or a link; any text that somebody sends.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def is_locked(credential: Credential, now: datetime) -> bool:
    """Return whether no password opens the account now.

    Args:
        credential: Of the account.
        now: Aware UTC.
    """
    return credential.locked_until is not None and now < credential.locked_until


def after_failure(credential: Credential, now: datetime, rules: SecurityRules) -> Credential:
    """Return a credential after one more wrong password; the last that is allowed locks it.

    Once a lock has ended, the count begins anew.

    Args:
        credential: Not locked now.
        now: Aware UTC.
        rules: How many failures lock it, and for how long.
    """
    n_before = 0 if credential.locked_until is not None else credential.failed_attempts
    n_failed = n_before + 1
    until = now + rules.lockout if n_failed >= rules.lockout_after else None
    return replace(credential, failed_attempts=n_failed, locked_until=until)


def after_success(credential: Credential) -> Credential:
    """Return a credential without failures and lock.

    Args:
        credential: Of an account that was opened.
    """
    return replace(credential, failed_attempts=0, locked_until=None)


def link_failure(
    link: SignInLink, credential: Credential | None, now: datetime
) -> SignInFailure | None:
    """Return why a link opens nothing, or None where it opens its account.

    Args:
        link: As kept.
        credential: Of its account; a password that was set since the link was made has
            taken the link's place.
        now: Aware UTC.
    """
    changed_at = credential.password_changed_at if credential else None
    if link.used_at is not None:
        return SignInFailure.LINK_USED
    if not link.created_at - CLOCK_SKEW <= now < link.expires_at:
        return SignInFailure.LINK_EXPIRED
    if changed_at is not None and link.created_at < changed_at:
        return SignInFailure.LINK_SUPERSEDED
    return None


def require_link_lifetime(lifetime: timedelta) -> timedelta:
    """Return how long a link shall open its account, if it may.

    Args:
        lifetime: As asked for.

    Raises:
        SettingInvalidError: It is not above zero, or longer than seven days.
    """
    if not timedelta(0) < lifetime <= MAX_LINK_LIFETIME:
        hours = MAX_LINK_LIFETIME / timedelta(hours=1)
        msg = f"a sign-in link lives for more than 0 and at most {hours:g} hours"
        raise SettingInvalidError(msg, setting="lifetime")
    return lifetime


def session_end(session: Session, now: datetime, rules: SecurityRules) -> SessionEnd | None:
    """Return why a session is over, or None where it is not.

    A policy that was made stricter since holds for sessions that are open.

    Args:
        session: As kept.
        now: Aware UTC.
        rules: How long a session lasts.
    """
    if session.revoked_at is not None:
        return SessionEnd.ENDED_EARLY
    if now < max(session.created_at, session.last_seen_at) - CLOCK_SKEW:
        return SessionEnd.CLOCK_SET_BACK
    if now >= min(session.expires_at, session.created_at + rules.session_max):
        return SessionEnd.TOO_LONG
    if now >= session.last_seen_at + rules.session_idle:
        return SessionEnd.IDLE
    return None


def is_use_noted(session: Session, now: datetime, rules: SecurityRules) -> bool:
    """Return whether the last use lies so far back that this one has to be noted.

    Once a minute is enough, or four times in an idle time below four minutes: nobody who
    works is signed out for a use that was not noted.

    Args:
        session: As kept.
        now: Aware UTC.
        rules: With the idle time.
    """
    every = min(_NOTED_EVERY, rules.session_idle / _PARTS_OF_IDLE)
    return now - session.last_seen_at >= every


def lapsed_roles(actor: Actor, now: datetime, rules: TrainingRules) -> frozenset[Role]:
    """Return the roles that somebody has not without a training that holds (R-36).

    Operators and engagement officers decide about people, so they must have been trained. A
    training after today, give or take the day that time zones make, has not been held.
    Auditors keep their role, and are asked for a training where they answer people.

    Args:
        actor: With roles and last training.
        now: Aware UTC.
        rules: How long a training holds.
    """
    return frozenset() if is_trained(actor, now, rules) else actor.roles & ADJUDICATORS


def is_trained(actor: Actor, now: datetime, rules: TrainingRules) -> bool:
    """Return whether somebody's last training still holds (R-36).

    Args:
        actor: With the last training.
        now: Aware UTC.
        rules: How long a training holds.
    """
    if actor.trained_on is None:
        return False
    return -_DAY <= now.date() - actor.trained_on <= rules.validity


def require_suitable(password: str, actor_id: str, rules: SecurityRules) -> None:
    """Let pass only what may become a password.

    Length is what counts; no mixture of characters is asked for.

    Args:
        password: As typed.
        actor_id: Whose; not a secret, and so no password.
        rules: With the shortest length.

    Raises:
        PasswordUnsuitableError: It is too short or too long, or the account's identifier.
    """
    shortest, found = rules.min_password_length, len(password)
    if not shortest <= found <= MAX_PASSWORD_LENGTH:
        msg = f"a password has {shortest} to {MAX_PASSWORD_LENGTH} characters, found {found}"
        raise PasswordUnsuitableError(msg, expected=shortest, found=found)
    if password.strip().casefold() == actor_id.casefold():
        msg = "the account's identifier is no password: everybody may know it"
        raise PasswordUnsuitableError(msg)
