"""Sign in, stay signed in, sign out (R-36).

A session is known by a token that only the browser has; the store has its digest. Roles and the
training that they need are looked up again at every request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.accounts import require_keeper
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import require_reason
from overt.core.sign_in import SignInMethod
from overt.core.sign_in_rules import (
    SessionEnd,
    SignInFailure,
    after_success,
    is_use_noted,
    link_failure,
    session_end,
    token_digest,
)
from overt.errors import RuleError, StoreFullError, StoreUnavailableError
from overt.services.check_password import accept, try_password
from overt.services.open_session import (
    NewSession as NewSession,  # noqa: PLC0414 - callers find it here
    must_change_password,
    open_session,
    without_lapsed,
)
from overt.services.refuse_sign_in import refused
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.roles import Actor, Role
    from overt.core.sign_in import Session
    from overt.ports.sign_in import PasswordHasher
    from overt.ports.store import UnitOfWork, UnitOfWorkFactory
    from overt.services.workplace import Workplace

_END = "end sessions"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody with a session that holds.

    Attributes:
        actor: Who, without the roles whose training has lapsed.
        session: As stored.
        lapsed_roles: Roles that they have again once they are trained (R-36).
        must_change_password: Whether they have to set a password before anything else.
    """

    actor: Actor
    session: Session
    lapsed_roles: frozenset[Role] = frozenset()
    must_change_password: bool = False


def sign_in_with_password(
    workplace: Workplace, hasher: PasswordHasher, actor_id: str, password: str
) -> NewSession:
    """Return a session for an account's password.

    Args:
        workplace: Store, time, rules.
        hasher: Compares passwords.
        actor_id: As typed.
        password: As typed; stored and logged nowhere.

    Raises:
        SignInRefusedError: The account is unknown or closed, or it was not its password; the
            words and the time are the same for each.
        AccountLockedError: There were too many wrong passwords; see ``check_password.accept``.
    """
    attempt = try_password(workplace, hasher, actor_id, password)
    with workplace.open() as uow:
        actor, credential = accept(workplace, uow, attempt)
        uow.credentials.save(credential)
        session = open_session(workplace, uow, actor, SignInMethod.PASSWORD)
        uow.commit()
    return session


def sign_in_with_link(workplace: Workplace, token: str) -> NewSession:
    """Return a session for a link that an officer or the software made; it opens nothing again.

    It opens an account that is locked, too: whoever locks another's account out by wrong
    passwords keeps nobody away from an alert.

    Args:
        workplace: Store, time, rules.
        token: Of the link, as sent.

    Raises:
        SignInRefusedError: The link is unknown, used or too old, or its account is closed.
    """
    method, now = SignInMethod.LINK, workplace.clock.now()
    with workplace.open() as uow:
        link = uow.links.get_or_none(token_digest(token))
        if link is None:
            raise refused(workplace, uow, SignInFailure.LINK_UNKNOWN, method)
        actor = uow.actors.get(link.actor_id)
        credential = uow.credentials.get_or_none(actor.actor_id)
        closed = None if actor.is_active else SignInFailure.ACCOUNT_CLOSED
        failure = link_failure(link, credential, now) or closed
        if failure is not None:
            raise refused(workplace, uow, failure, method, actor.actor_id)
        uow.links.save(replace(link, used_at=now))
        if credential is not None:
            uow.credentials.save(after_success(credential))
        session = open_session(workplace, uow, actor, method)
        uow.commit()
    return session


def sign_in_with_identity(workplace: Workplace, issuer: str, subject: str) -> NewSession:
    """Return a session for somebody whom the force's own service has signed in.

    No account is made by it: an officer has tied the identity to one before.

    Args:
        workplace: Store, time, rules.
        issuer: The service, as it states itself; verified.
        subject: What it calls the person; verified.

    Raises:
        SignInRefusedError: The identity belongs to no account, or the account is closed.
    """
    method = SignInMethod.OIDC
    with workplace.open() as uow:
        identity = uow.identities.find(issuer, subject)
        if identity is None:
            raise refused(workplace, uow, SignInFailure.IDENTITY_UNKNOWN, method)
        actor = uow.actors.get(identity.actor_id)
        if not actor.is_active:
            closed = SignInFailure.ACCOUNT_CLOSED
            raise refused(workplace, uow, closed, method, actor.actor_id)
        session = open_session(workplace, uow, actor, method)
        uow.commit()
    return session


def log_provider_refusal(workplace: Workplace) -> None:
    """Log that the force's own service signed nobody in, or answered what cannot be trusted.

    Args:
        workplace: Store and time.
    """
    with workplace.open() as uow:
        refused(workplace, uow, SignInFailure.PROVIDER_REFUSED, SignInMethod.OIDC)


def session_of(
    workplace: Workplace, reading: UnitOfWorkFactory, token: str, *, is_use: bool = True
) -> SignedIn | None:
    """Return who has a session, or None where it is unknown or over, or the account is closed.

    A session that is found to be over by time is ended for good: no clock that is put back
    opens it again. The last use is noted at most once a minute; where it cannot be noted, as
    the store is busy or full, the session goes on.

    Args:
        workplace: Time, rules, and the store for what has to be noted.
        reading: Opens a unit of work that only looks.
        token: As sent.
        is_use: Whether somebody does something; False for a page that only waits for news.
    """
    with reading() as uow:
        session = uow.sessions.get_or_none(token_digest(token))
        if session is None:
            return None
        actor = uow.actors.get(session.actor_id)
        credential = uow.credentials.get_or_none(session.actor_id)
    now, policy = workplace.clock.now(), workplace.policies.current()
    end = session_end(session, now, policy.security)
    if end is not None or not actor.is_active:
        _close(workplace, session, end, now)
        return None
    if is_use and is_use_noted(session, now, policy.security):
        session = _note_use(workplace, session, now)
    at_work, lapsed = without_lapsed(actor, policy, now)
    must_change = must_change_password(credential, session.authenticated_by)
    return SignedIn(at_work, session, lapsed, must_change)


def sign_out(workplace: Workplace, token: str) -> None:
    """End a session; nothing happens where there is none, or it is over.

    Args:
        workplace: Store and time.
        token: As sent.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        session = uow.sessions.get_or_none(token_digest(token))
        if session is not None and session.revoked_at is None:
            _end(uow, session, session.actor_id, now)
            uow.commit()


def revoke_sessions(workplace: Workplace, by_id: str, actor_id: str, reason: str) -> int:
    """Return how many sessions of an account were ended: one's own, or by an officer.

    Args:
        workplace: Store, time, rules.
        by_id: Whose account it is, or an authorising officer of the rank for written authorities.
        actor_id: Whose sessions.
        reason: Why.

    Raises:
        RuleError: They may not, or there is no reason; the refusal has been logged.
        RecordNotFoundError: There is no such account.
    """
    now, policy = workplace.clock.now(), workplace.policies.current()
    with workplace.open() as uow:
        by, actor = acting(uow, by_id, _END, None, now), uow.actors.get(actor_id)
        try:
            if by.actor_id != actor.actor_id:
                require_keeper(by, policy)
            why = require_reason(reason, _END)
        except RuleError as error:
            log_refusal(uow, error, _END, by_id, None, now)
            raise
        n_ended = uow.sessions.revoke_of(actor_id, now)
        details = {"authenticated_by": None, "subject_id": actor_id, "n_sessions": n_ended}
        details |= {"reason": why}
        uow.audit.append(AuditEvent(EventKind.SIGNED_OUT, now, by_id, details=details))
        uow.commit()
    return n_ended


def _close(workplace: Workplace, session: Session, end: SessionEnd | None, now: datetime) -> None:
    """End for good what is over by time; what was ended, and what a closed account had, is."""
    if end in {None, SessionEnd.ENDED_EARLY}:
        return
    try:
        with workplace.open() as uow:
            current = uow.sessions.get_or_none(session.session_id_sha256)
            if current is not None and current.revoked_at is None:
                _end(uow, current, SYSTEM_ACTOR, now, end)
                uow.commit()
    except (StoreUnavailableError, StoreFullError):
        return  # it is over all the same


def _note_use(workplace: Workplace, session: Session, now: datetime) -> Session:
    seen = replace(session, last_seen_at=now)
    try:
        with workplace.open() as uow:
            current = uow.sessions.get_or_none(session.session_id_sha256)
            if current != session:
                return session  # another request has noted it, or it has just been ended
            uow.sessions.save(seen)
            uow.commit()
    except (StoreUnavailableError, StoreFullError):
        return session  # who decides about alerts is not thrown out by a full disk
    return seen


def _end(
    uow: UnitOfWork,
    session: Session,
    by_id: str,
    now: datetime,
    end: SessionEnd | None = None,
) -> None:
    uow.sessions.save(replace(session, revoked_at=now))
    details = {
        "authenticated_by": session.authenticated_by.value,
        "subject_id": session.actor_id,
        "reason": end.value if end else None,
    }
    uow.audit.append(AuditEvent(EventKind.SIGNED_OUT, now, by_id, details=details))
