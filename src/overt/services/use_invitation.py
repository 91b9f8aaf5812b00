"""Use the link of an invitation, once: it opens the observer's account (R-36, R-64)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.invitation import require_usable
from overt.core.sign_in import SignInMethod
from overt.core.sign_in_rules import SignInFailure, token_digest
from overt.errors import (
    InvitationExpiredError,
    InvitationRevokedError,
    InvitationUsedError,
    RuleError,
)
from overt.services.open_session import open_session
from overt.services.refuse_sign_in import refused

if TYPE_CHECKING:
    from overt.services.open_session import NewSession
    from overt.services.workplace import Workplace

_CAUSES = {
    InvitationExpiredError: SignInFailure.LINK_EXPIRED,
    InvitationRevokedError: SignInFailure.LINK_SUPERSEDED,
    InvitationUsedError: SignInFailure.LINK_USED,
}


def use_invitation(workplace: Workplace, token: str) -> NewSession:
    """Return a session of the account that an invitation made; the link opens nothing again.

    Who has a link may be told what became of it: nobody can guess one.

    Args:
        workplace: Store, time, rules.
        token: Of the link, as sent.

    Raises:
        SignInRefusedError: There is no such link, or its account is closed; this has been logged.
        RuleError: The link was used, is too old or was taken back; this has been logged.
    """
    method, now = SignInMethod.LINK, workplace.clock.now()
    with workplace.open() as uow:
        invitation = uow.invitations.find(token_digest(token))
        if invitation is None:
            raise refused(workplace, uow, SignInFailure.LINK_UNKNOWN, method)
        actor = uow.actors.get(invitation.actor_id)
        if not actor.is_active:
            closed = SignInFailure.ACCOUNT_CLOSED
            raise refused(workplace, uow, closed, method, actor.actor_id)
        try:
            require_usable(invitation, now)
        except RuleError as error:
            refused(workplace, uow, _CAUSES[type(error)], method, actor.actor_id)
            raise
        uow.invitations.save(replace(invitation, used_at=now))
        details = {"invitation_id": invitation.invitation_id}
        kind, place = EventKind.INVITATION_USED, invitation.deployment_id
        uow.audit.append(AuditEvent(kind, now, actor.actor_id, place, details))
        session = open_session(workplace, uow, actor, method)
        uow.commit()
    return session
