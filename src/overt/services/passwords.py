"""Set and change passwords, and make the links with which somebody sets their own (R-36)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.accounts import require_keeper
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import require_other_person
from overt.core.sign_in import Credential, SignInLink, SignInMethod
from overt.core.sign_in_rules import require_link_lifetime, require_suitable, token_digest
from overt.errors import PasswordUnsuitableError, RoleForbiddenError, RuleError
from overt.services.check_password import accept, try_password
from overt.services.open_session import open_session
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from overt.core.canonical_json import JsonValue
    from overt.core.roles import Actor
    from overt.ports.sign_in import PasswordHasher
    from overt.ports.store import UnitOfWork
    from overt.services.open_session import NewSession
    from overt.services.workplace import Workplace

_LINK = "make a sign-in link"


def change_password(
    workplace: Workplace, hasher: PasswordHasher, actor_id: str, old: str, new: str
) -> NewSession:
    """Return a new session after another password was set; every other session is over.

    Args:
        workplace: Store, time, rules.
        hasher: Of passwords.
        actor_id: Whose.
        old: The password so far. A wrong one counts as at sign-in: who finds a browser open
            cannot guess on here.
        new: The password from now on.

    Raises:
        PasswordUnsuitableError: Too short, too long, the account's identifier, or the old one.
        SignInRefusedError: ``old`` is not the password.
        AccountLockedError: There were too many wrong ones.
    """
    require_suitable(new, actor_id, workplace.policies.current().security)
    attempt = try_password(workplace, hasher, actor_id, old)
    new_hash = hasher.hash(new)
    is_same = hasher.verify(new, attempt.tried_hash)
    with workplace.open() as uow:
        actor, credential = accept(workplace, uow, attempt)
        if is_same:
            msg = "expected a new password, found the old one"
            raise PasswordUnsuitableError(msg)
        _set(workplace, uow, credential, new_hash, EventKind.PASSWORD_CHANGED, actor_id)
        session = open_session(workplace, uow, actor, SignInMethod.PASSWORD)
        uow.commit()
    return session


def set_first_password(
    workplace: Workplace, hasher: PasswordHasher, actor_id: str, new: str
) -> NewSession:
    """Return a new session after a first password was set; every other session is over.

    For somebody whose session began with a link that an officer made. Any other account is
    refused: a browser that was left open must not be enough to take it.

    Args:
        workplace: Store, time, rules.
        hasher: Of passwords.
        actor_id: Whose.
        new: The password from now on.

    Raises:
        PasswordUnsuitableError: Too short, too long, or the account's identifier.
        RuleError: No such link was made, or the password is set, or the account is closed;
            that has been logged.
        RecordNotFoundError: There is no such account.
    """
    require_suitable(new, actor_id, workplace.policies.current().security)
    new_hash = hasher.hash(new)
    with workplace.open() as uow:
        actor = uow.actors.get(actor_id)
        credential = uow.credentials.get_or_none(actor_id) or Credential(actor_id)
        try:
            _require_link_made(actor, credential)
        except RuleError as error:
            now = workplace.clock.now()
            log_refusal(uow, error, "set a first password", actor_id, None, now)
            raise
        _set(workplace, uow, credential, new_hash, EventKind.CREDENTIAL_SET, actor_id)
        session = open_session(workplace, uow, actor, SignInMethod.PASSWORD)
        uow.commit()
    return session


def replace_password(workplace: Workplace, hasher: PasswordHasher, actor_id: str, new: str) -> None:
    """Set a password from the machine itself, whatever it was; every session is over.

    Args:
        workplace: Store, time, rules.
        hasher: Of passwords.
        actor_id: Whose.
        new: The password from now on.

    Raises:
        PasswordUnsuitableError: Too short, too long, or the account's identifier.
        RoleForbiddenError: The account is closed.
        RecordNotFoundError: There is no such account.
    """
    require_suitable(new, actor_id, workplace.policies.current().security)
    new_hash = hasher.hash(new)
    with workplace.open() as uow:
        _require_open(uow.actors.get(actor_id))
        credential = uow.credentials.get_or_none(actor_id) or Credential(actor_id)
        _set(workplace, uow, credential, new_hash, EventKind.CREDENTIAL_SET, SYSTEM_ACTOR)
        uow.commit()


def make_sign_in_link(
    workplace: Workplace, by_id: str | None, actor_id: str, lifetime: timedelta
) -> str:
    """Return the token of a link that opens an account once, to set its password.

    The old password and earlier links open nothing from now on, and every session is over:
    a link is also the way out where somebody else knows the password.

    Args:
        workplace: Store, time, chance, rules.
        by_id: An authorising officer other than the account's owner; None for the software
            itself, with the very first account.
        actor_id: Whose account.
        lifetime: How long it can be used; at most seven days.

    Raises:
        RuleError: The officer may not, or the account is closed; that has been logged.
        SettingInvalidError: The lifetime is out of range.
        RecordNotFoundError: There is no such officer or account.
    """
    require_link_lifetime(lifetime)
    now, policy = workplace.clock.now(), workplace.policies.current()
    with workplace.open() as uow:
        by = acting(uow, by_id, _LINK, None, now) if by_id is not None else None
        actor = uow.actors.get(actor_id)
        try:
            if by is not None:
                require_keeper(by, policy)
                require_other_person(by, {"has this account": actor_id}, "make a link to it")
            _require_open(actor)
        except RuleError as error:
            log_refusal(uow, error, _LINK, by_id or SYSTEM_ACTOR, None, now)
            raise
        uow.credentials.save(_without_password(uow, actor_id, now))
        uow.sessions.revoke_of(actor_id, now)
        token = _link(workplace, uow, actor_id, lifetime, by_id or SYSTEM_ACTOR)
        uow.commit()
    return token


def make_demo_link(workplace: Workplace, actor_id: str, lifetime: timedelta) -> str:
    """Return the token of a link that opens an account once, and asks for no password.

    For demonstrations with made-up people: an account that was given to somebody is refused.

    Args:
        workplace: Store, time, chance.
        actor_id: Whose account.
        lifetime: How long it can be used; at most seven days.

    Raises:
        RoleForbiddenError: Somebody works with the account, or it is closed.
        SettingInvalidError: The lifetime is out of range.
        RecordNotFoundError: There is no such account.
    """
    require_link_lifetime(lifetime)
    with workplace.open() as uow:
        _require_open(uow.actors.get(actor_id))
        credential = uow.credentials.get_or_none(actor_id)  # failed attempts alone make none
        is_given = credential is not None and (credential.password_hash or credential.must_change)
        if is_given or uow.identities.of_actor(actor_id):
            msg = f"{actor_id} is somebody's account, and not one for a demonstration"
            raise RoleForbiddenError(msg, actor_id=actor_id)
        token = _link(workplace, uow, actor_id, lifetime, SYSTEM_ACTOR)
        uow.commit()
    return token


def _require_open(actor: Actor) -> None:
    if not actor.is_active:
        msg = f"the account {actor.actor_id} is closed, for good"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id)


def _require_link_made(actor: Actor, credential: Credential) -> None:
    _require_open(actor)
    if not credential.must_change or credential.password_hash is not None:
        msg = f"to set a first password of {actor.actor_id}, a sign-in link by an officer is needed"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id)


def _without_password(uow: UnitOfWork, actor_id: str, now: datetime) -> Credential:
    """Return a credential that only a link from now on opens; failures and a lock stay."""
    before = uow.credentials.get_or_none(actor_id) or Credential(actor_id)
    return replace(before, password_hash=None, password_changed_at=now, must_change=True)


def _set(
    workplace: Workplace,
    uow: UnitOfWork,
    credential: Credential,
    new_hash: str,
    kind: EventKind,
    by_id: str,
) -> None:
    """Keep a new password and end every session of its account; the caller commits."""
    now, actor_id = workplace.clock.now(), credential.actor_id
    uow.credentials.save(Credential(actor_id, new_hash, password_changed_at=now))
    n_ended = uow.sessions.revoke_of(actor_id, now)
    details: dict[str, JsonValue] = {"subject_id": actor_id, "n_sessions": n_ended}
    if kind is EventKind.CREDENTIAL_SET:
        details["what"] = "password"
    uow.audit.append(AuditEvent(kind, now, by_id, details=details))


def _link(
    workplace: Workplace, uow: UnitOfWork, actor_id: str, lifetime: timedelta, by_id: str
) -> str:
    now, token = workplace.clock.now(), workplace.ids.token()
    link = SignInLink(token_digest(token), actor_id, created_at=now, expires_at=now + lifetime)
    uow.links.add(link)
    expires = link.expires_at.isoformat()
    details = {"subject_id": actor_id, "what": "sign_in_link", "expires_at": expires}
    uow.audit.append(AuditEvent(EventKind.CREDENTIAL_SET, now, by_id, details=details))
    return token
