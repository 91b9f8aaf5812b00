"""Tie accounts at the force's own sign-in service to accounts here, or untie them (R-36)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from overt.core.accounts import require_keeper
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import require_other_person
from overt.core.sign_in import Identity
from overt.errors import (
    RecordConflictError,
    RecordNotFoundError,
    RoleForbiddenError,
    RuleError,
    SettingInvalidError,
)
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

_LINK, _UNLINK = "link an identity", "unlink an identity"


def link_identity(
    workplace: Workplace, by_id: str, actor_id: str, issuer: str, subject: str
) -> Identity:
    """Return an identity that opens an account from now on.

    The log names the service and the account, not what the service calls the person.

    Args:
        workplace: Store, time, rules.
        by_id: An authorising officer other than the account's owner.
        actor_id: Whose account here.
        issuer: Address of the service, as it states it.
        subject: What it calls the person, for ever.

    Raises:
        RuleError: The officer may not, the account is closed, or the identity is tied
            already; that has been logged.
        SettingInvalidError: Issuer or subject is blank.
        RecordNotFoundError: There is no such officer or account.
    """
    identity = _identity(issuer, subject, actor_id)
    now, policy = workplace.clock.now(), workplace.policies.current()
    with workplace.open() as uow:
        by = acting(uow, by_id, _LINK, None, now)
        actor = uow.actors.get(actor_id)
        with _refusals_logged(uow, _LINK, by_id, now):
            _require_may(by, actor, policy)
            _require_open_and_free(uow, actor, identity)
        uow.identities.add(identity)
        uow.audit.append(_event(identity, "identity", by_id, now))
        uow.commit()
    return identity


def unlink_identity(
    workplace: Workplace, by_id: str, actor_id: str, issuer: str, subject: str
) -> None:
    """Let an identity open an account no more; every session of the account is over.

    Args:
        workplace: Store, time, rules.
        by_id: An authorising officer other than the account's owner.
        actor_id: Whose account here.
        issuer: Address of the service, as it states it.
        subject: What it calls the person.

    Raises:
        RuleError: The officer may not; that has been logged.
        SettingInvalidError: Issuer or subject is blank.
        RecordNotFoundError: There is no such officer or account, or it is not tied to it.
    """
    identity = _identity(issuer, subject, actor_id)
    now, policy = workplace.clock.now(), workplace.policies.current()
    with workplace.open() as uow:
        by = acting(uow, by_id, _UNLINK, None, now)
        actor = uow.actors.get(actor_id)
        with _refusals_logged(uow, _UNLINK, by_id, now):
            _require_may(by, actor, policy)
        if uow.identities.find(identity.issuer, identity.subject) != identity:
            msg = f"this identity is not tied to the account {actor_id}"
            raise RecordNotFoundError(msg, actor_id=actor_id)
        uow.identities.delete(identity.issuer, identity.subject)
        uow.sessions.revoke_of(actor_id, now)
        uow.audit.append(_event(identity, "identity_removed", by_id, now))
        uow.commit()


def _identity(issuer: str, subject: str, actor_id: str) -> Identity:
    if not issuer.strip() or not subject.strip():
        msg = "an identity has an issuer and a subject, neither of them blank"
        raise SettingInvalidError(msg, setting="subject")
    return Identity(issuer.strip(), subject.strip(), actor_id)


@contextmanager
def _refusals_logged(uow: UnitOfWork, action: str, by_id: str, now: datetime) -> Iterator[None]:
    try:
        yield
    except RuleError as error:
        log_refusal(uow, error, action, by_id, None, now)
        raise


def _require_may(by: Actor, actor: Actor, policy: Policy) -> None:
    require_keeper(by, policy)
    require_other_person(by, {"has this account": actor.actor_id}, "say what opens it")


def _require_open_and_free(uow: UnitOfWork, actor: Actor, identity: Identity) -> None:
    if not actor.is_active:
        msg = f"to {_LINK}, expected an open account; {actor.actor_id} is closed"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id)
    tied = uow.identities.find(identity.issuer, identity.subject)
    if tied is not None:
        msg = f"this identity opens the account {tied.actor_id} already, and opens one only"
        raise RecordConflictError(msg, actor_id=tied.actor_id)


def _event(identity: Identity, what: str, by_id: str, now: datetime) -> AuditEvent:
    details = {"subject_id": identity.actor_id, "what": what, "issuer": identity.issuer}
    return AuditEvent(EventKind.CREDENTIAL_SET, now, by_id, details=details)
