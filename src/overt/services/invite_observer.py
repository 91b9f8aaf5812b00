"""Invite somebody to observe one deployment, and take an invitation back (R-64)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.invitation import Invitation, require_view
from overt.core.roles import Actor, Role, require_any, require_reason
from overt.core.sign_in import Credential
from overt.core.sign_in_rules import require_link_lifetime, token_digest
from overt.errors import InvitationRevokedError, RoleForbiddenError, RuleError, WrongStateError
from overt.services.invited import held_invitations
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

INVITERS = frozenset({Role.APPLICANT, Role.AUTHORISING_OFFICER})
"""Who invites observers."""

_INVITE, _REVOKE = "invite an observer", "take an invitation back"
_S = DeploymentState
_NOBODY_LOOKS = frozenset({_S.DRAFT, _S.APPLIED, _S.REFUSED, _S.CANCELLED})


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was just made.

    Attributes:
        invitation: As kept, with the digest of the token.
        token: Of the link, told once; None where the account is open already.
    """

    invitation: Invitation
    token: str | None = field(repr=False)


def invite_observer(
    workplace: Workplace,
    by_id: str,
    deployment_id: str,
    *,
    link_lifetime: timedelta,
    sees_until: datetime,
    actor_id: str | None = None,
) -> Invited:
    """Return an invitation: its link opens a new account once, which sees this deployment alone.

    Args:
        workplace: Store, time, chance.
        by_id: An applicant or authorising officer.
        deployment_id: Authorised or later.
        link_lifetime: How long the link can be used; at most seven days.
        sees_until: Until when the observer may look, aware UTC; at most a year.
        actor_id: Somebody who was invited before, and sees this one too from now on; a new
            account without it.

    Raises:
        RuleError: The one who invites may not, nobody observes the deployment, or the account
            was not made by an invitation; this has been logged.
        SettingInvalidError: A time is out of range.
        RecordNotFoundError: There is no such deployment, inviter or account.
    """
    require_link_lifetime(link_lifetime)
    now = workplace.clock.now()
    require_view(sees_until, now)
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        by = acting(uow, by_id, _INVITE, deployment_id, now)
        try:
            require_any(by, INVITERS, _INVITE)
            _require_observed(deployment)
            if actor_id is not None:
                _require_guest(uow, actor_id)
        except RuleError as error:
            log_refusal(uow, error, _INVITE, by_id, deployment_id, now)
            raise
        token = workplace.ids.token()
        guest_id = actor_id or _new_guest(workplace, uow, by_id, now)
        invitation = Invitation(
            workplace.ids.new("invitation"),
            deployment_id,
            guest_id,
            by_id,
            now,
            token_digest(token),
            now + link_lifetime,
            sees_until,
            used_at=None if actor_id is None else now,
        )
        uow.invitations.add(invitation)
        _log(uow, EventKind.OBSERVER_INVITED, by_id, invitation, now)
        uow.commit()
    return Invited(invitation, token if actor_id is None else None)


def revoke_invitation(
    workplace: Workplace, by_id: str, invitation_id: str, *, reason: str
) -> Invitation:
    """Return an invitation taken back; its observer sees nothing of the deployment from now on.

    Args:
        workplace: Store, time.
        by_id: An applicant or authorising officer.
        invitation_id: Which.
        reason: Why.

    Raises:
        RuleError: The actor may not, there is no reason, or it was taken back before; this has
            been logged.
        RecordNotFoundError: There is no such invitation or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        invitation = uow.invitations.get(invitation_id)
        deployment_id = invitation.deployment_id
        by = acting(uow, by_id, _REVOKE, deployment_id, now)
        try:
            require_any(by, INVITERS, _REVOKE)
            why = require_reason(reason, _REVOKE)
            _require_stands(invitation)
        except RuleError as error:
            log_refusal(uow, error, _REVOKE, by_id, deployment_id, now)
            raise
        revoked = replace(invitation, revoked_at=now)
        uow.invitations.save(revoked)
        if not held_invitations(uow, invitation.actor_id, now):
            uow.sessions.revoke_of(invitation.actor_id, now)
        details = {"invitation_id": invitation_id, "reason": why}
        kind = EventKind.INVITATION_REVOKED
        uow.audit.append(AuditEvent(kind, now, by_id, deployment_id, details))
        uow.commit()
    return revoked


def _require_stands(invitation: Invitation) -> None:
    if invitation.revoked_at is not None:
        msg = "the invitation was taken back before"
        raise InvitationRevokedError(msg)


def _require_observed(deployment: Deployment) -> None:
    if deployment.state in _NOBODY_LOOKS:
        msg = f"observers are invited once it is authorised; it is {deployment.state}"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)


def _require_guest(uow: UnitOfWork, actor_id: str) -> None:
    """Let pass only an account that an invitation made: nobody narrows another one's view."""
    actor = uow.actors.get(actor_id)
    is_guest = bool(uow.invitations.of_actor(actor_id)) and actor.roles == {Role.OBSERVER}
    if not (is_guest and actor.is_active):
        msg = f"{actor_id} was not invited before; an account of the force sees every deployment"
        raise RoleForbiddenError(msg, actor_id=actor_id)


def _new_guest(workplace: Workplace, uow: UnitOfWork, by_id: str, now: datetime) -> str:
    """Return the identifier of a new account; its first use is to set a password."""
    guest = Actor(workplace.ids.new("guest"), frozenset({Role.OBSERVER}))
    uow.actors.save(guest)
    uow.credentials.save(Credential(guest.actor_id, must_change=True))
    details: dict[str, JsonValue] = {
        "subject_id": guest.actor_id,
        "roles": tuple(sorted(guest.roles)),
        "rank": None,
        "trained_on": None,
    }
    uow.audit.append(AuditEvent(EventKind.ACTOR_ADDED, now, by_id, details=details))
    return guest.actor_id


def _log(
    uow: UnitOfWork, kind: EventKind, by_id: str, invitation: Invitation, now: datetime
) -> None:
    details: dict[str, JsonValue] = {
        "invitation_id": invitation.invitation_id,
        "subject_id": invitation.actor_id,
        "sees_until": invitation.sees_until.isoformat(),
        "link_expires_at": invitation.link_expires_at.isoformat(),
    }
    uow.audit.append(AuditEvent(kind, now, by_id, invitation.deployment_id, details))
