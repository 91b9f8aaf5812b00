"""Steps that take an authority back: suspend, restore, withdraw, cancel (R-07)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.authority import AuthorityStatus
from overt.core.deployment import Change, DeploymentState
from overt.core.deployment_steps import cancelled, over, require_state, suspended
from overt.core.roles import Role, require, require_any, require_other_person, require_reason
from overt.errors import WrongStateError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.authority import Authority
    from overt.core.deployment import Deployment
    from overt.core.policy import Policy
    from overt.core.roles import Actor

_GRANTED = (AuthorityStatus.IN_FORCE, AuthorityStatus.SUSPENDED)
_CANCELLERS = frozenset({Role.APPLICANT, Role.AUTHORISING_OFFICER})


def suspend_authority(deployment: Deployment, actor: Actor, *, reason: str) -> Change:
    """Return the deployment with its authority suspended; if it is live, it stops.

    Args:
        deployment: Authorised.
        actor: An authorising officer.
        reason: Why.

    Raises:
        WrongStateError: No authority is in force.
        RoleForbiddenError: The actor is no authorising officer.
        ReasonMissingError: There is no reason.
    """
    authority = _authority(deployment, "suspend_authority", AuthorityStatus.IN_FORCE)
    require(actor, Role.AUTHORISING_OFFICER, "suspend the authority")
    reason = require_reason(reason, "suspend the authority")
    authority = replace(authority, status=AuthorityStatus.SUSPENDED, status_reason=reason)
    after = replace(deployment, authority=authority)
    if deployment.state is DeploymentState.LIVE:
        after = suspended(after, actor.actor_id, reason)
    return Change(after, EventKind.AUTHORITY_SUSPENDED, {"reason": reason})


def restore_authority(deployment: Deployment, actor: Actor, *, reason: str) -> Change:
    """Return the deployment with its authority in force again; going live is another step.

    Args:
        deployment: With a suspended authority.
        actor: An authorising officer who did not apply.
        reason: Why.

    Raises:
        WrongStateError: No authority is suspended.
        RoleForbiddenError: The actor is no authorising officer.
        SeparationOfDutiesError: The actor drafted or submitted the application.
        ReasonMissingError: There is no reason.
    """
    authority = _authority(deployment, "restore_authority", AuthorityStatus.SUSPENDED)
    require(actor, Role.AUTHORISING_OFFICER, "restore the authority")
    earlier = {
        "drafted the deployment": deployment.created_by,
        "applied for it": deployment.applied_by,
    }
    require_other_person(actor, earlier, "restore the authority")
    reason = require_reason(reason, "restore the authority")
    authority = replace(authority, status=AuthorityStatus.IN_FORCE, status_reason=None)
    after = replace(deployment, authority=authority)
    return Change(after, EventKind.AUTHORITY_RESTORED, {"reason": reason})


def withdraw(
    deployment: Deployment, actor: Actor, policy: Policy, now: datetime, *, reason: str
) -> Change:
    """Return the deployment without its authority: ended if it was live, else cancelled.

    Args:
        deployment: Authorised.
        actor: An authorising officer.
        policy: With the retentions.
        now: Aware UTC.
        reason: Why.

    Raises:
        WrongStateError: There is no authority to withdraw.
        RoleForbiddenError: The actor is no authorising officer.
        ReasonMissingError: There is no reason.
    """
    authority = _authority(deployment, "withdraw", *_GRANTED)
    require(actor, Role.AUTHORISING_OFFICER, "withdraw the authority")
    reason = require_reason(reason, "withdraw the authority")
    authority = replace(authority, status=AuthorityStatus.WITHDRAWN, status_reason=reason)
    after = over(replace(deployment, authority=authority), reason, now, policy)
    return Change(after, EventKind.AUTHORITY_WITHDRAWN, {"reason": reason})


def cancel(
    deployment: Deployment, actor: Actor, policy: Policy, now: datetime, *, reason: str
) -> Change:
    """Return the deployment cancelled before it was ever live.

    Args:
        deployment: Not yet live.
        actor: An applicant or authorising officer.
        policy: With the retentions.
        now: Aware UTC.
        reason: Why.

    Raises:
        WrongStateError: It has been live, or is over.
        RoleForbiddenError: The actor is neither.
        ReasonMissingError: There is no reason.
    """
    require_state(deployment, "cancel")
    require_any(actor, _CANCELLERS, "cancel the deployment")
    reason = require_reason(reason, "cancel the deployment")
    after = cancelled(deployment, reason, now, policy)
    return Change(after, EventKind.DEPLOYMENT_CANCELLED, {"reason": reason})


def _authority(deployment: Deployment, step: str, *statuses: AuthorityStatus) -> Authority:
    require_state(deployment, step)
    authority = deployment.authority
    if authority is None or authority.status not in statuses:
        expected = " or ".join(statuses)
        found = authority.status if authority else "none"
        msg = f"to {step.replace('_', ' ')}, expected an authority {expected}; found {found}"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
    return authority
