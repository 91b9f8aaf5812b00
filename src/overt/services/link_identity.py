"""Tie an account at the force's own sign-in service to an account here (R-36)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.accounts import require_keeper
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import require_other_person
from overt.core.sign_in import Identity
from overt.errors import (
    RecordConflictError,
    RoleForbiddenError,
    RuleError,
    SettingInvalidError,
)
from overt.services.take_step import log_refusal

if TYPE_CHECKING:
    from overt.core.policy import Policy
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

_ACTION = "link an identity"


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
    if not issuer.strip() or not subject.strip():
        msg = "an identity has an issuer and a subject, neither of them blank"
        raise SettingInvalidError(msg, setting="subject")
    now, policy = workplace.clock.now(), workplace.policies.current()
    identity = Identity(issuer.strip(), subject.strip(), actor_id)
    with workplace.open() as uow:
        try:
            _require_may(uow, by_id, identity, policy)
        except RuleError as error:
            log_refusal(uow, error, _ACTION, by_id, None, now)
            raise
        uow.identities.add(identity)
        details = {"subject_id": actor_id, "what": "identity", "issuer": identity.issuer}
        uow.audit.append(AuditEvent(EventKind.CREDENTIAL_SET, now, by_id, details=details))
        uow.commit()
    return identity


def _require_may(uow: UnitOfWork, by_id: str, identity: Identity, policy: Policy) -> None:
    by, actor = uow.actors.get(by_id), uow.actors.get(identity.actor_id)
    require_keeper(by, policy)
    require_other_person(by, {"has this account": actor.actor_id}, "link an identity to it")
    if not actor.is_active:
        msg = f"to {_ACTION}, expected an open account; {actor.actor_id} is closed"
        raise RoleForbiddenError(msg, actor_id=actor.actor_id)
    tied = uow.identities.find(identity.issuer, identity.subject)
    if tied is not None:
        msg = f"this identity opens the account {tied.actor_id} already, and opens one only"
        raise RecordConflictError(msg, actor_id=tied.actor_id)
