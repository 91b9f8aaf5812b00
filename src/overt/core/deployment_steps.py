"""Which step is allowed in which state, and how far the preparation has come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.notice_plan import is_plan_met, unmet_signs
from overt.core.retention import purge_due_at
from overt.errors import WrongKindError, WrongStateError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.policy import Policy

_S = DeploymentState

PREPARING = frozenset({_S.AUTHORISED, _S.WATCHLIST_APPROVED, _S.NOTIFIED, _S.CALIBRATED})
"""Authorised and not yet live: the steps in between may come in any order and be repeated."""

BEFORE_LIVE = PREPARING | {_S.DRAFT, _S.APPLIED}
RUNNING = frozenset({_S.LIVE, _S.SUSPENDED})
HELD = PREPARING | {_S.SUSPENDED}

ALLOWED: dict[str, frozenset[DeploymentState]] = {
    "apply_": frozenset({_S.DRAFT}),
    "record_consent": frozenset({_S.DRAFT}),
    "authorise": frozenset({_S.APPLIED}),
    "refuse": frozenset({_S.APPLIED}),
    "ratify": PREPARING | RUNNING | {_S.ENDED, _S.PURGED},
    "suspend_authority": PREPARING | RUNNING,
    "restore_authority": HELD,
    "withdraw": PREPARING | RUNNING,
    "cancel": BEFORE_LIVE,
    "watchlist_built": HELD,
    "approve_watchlist": HELD,
    "check_freshness": HELD | {_S.LIVE},
    "announce": HELD,
    "plan_signs": HELD,
    "place_notice": HELD | {_S.LIVE},
    "remove_notice": HELD | {_S.LIVE, _S.ENDED},
    "calibrate": HELD,
    "go_live": BEFORE_LIVE,
    "join_sites": frozenset({_S.LIVE}),
    "suspend": frozenset({_S.LIVE}),
    "resume": frozenset({_S.SUSPENDED}),
    "close_sites": frozenset({_S.LIVE}),
    "end": RUNNING,
    "lapse": PREPARING | RUNNING,
    "expire": PREPARING | RUNNING | {_S.APPLIED},
    "purged": frozenset({_S.ENDED, _S.CANCELLED, _S.REFUSED}),
    "published": frozenset({_S.PURGED}),
}
"""Step -> states in which it may be taken. LIVE may be asked for early: the answer names all
that is missing."""


def require_state(deployment: Deployment, step: str) -> None:
    """Let pass only a step that the deployment's state allows.

    Args:
        deployment: As it stands.
        step: A key of ``ALLOWED``.

    Raises:
        WrongStateError: The state does not allow it.
    """
    allowed = ALLOWED[step]
    if deployment.state not in allowed:
        expected = " or ".join(state.value for state in DeploymentState if state in allowed)
        msg = f"to {step.strip('_').replace('_', ' ')}, expected {expected}"
        msg = f"{msg}; the deployment is {deployment.state}"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id, state=deployment.state)


def require_kind(deployment: Deployment, kind: DeploymentKind, step: str) -> None:
    """Let pass only a deployment of the kind that a step is for (R-22).

    Args:
        deployment: As it stands.
        kind: Operational or rehearsal.
        step: The step in words, for the message.

    Raises:
        WrongKindError: It is of the other kind.
    """
    if deployment.kind is not kind:
        msg = f"to {step}, expected kind {kind}; the deployment is of kind {deployment.kind}"
        raise WrongKindError(msg, deployment_id=deployment.deployment_id)


def settled(deployment: Deployment, policy: Policy) -> Deployment:
    """Return a deployment in preparation in the state that its facts have reached.

    A watchlist that is built anew leads back to AUTHORISED; once approved, what was
    done before still counts. In any other state nothing changes.

    Args:
        deployment: After a step of the preparation.
        policy: Says how many signs are enough.
    """
    if deployment.state not in PREPARING:
        return deployment
    return replace(deployment, state=_reached(deployment, policy))


def cancelled(deployment: Deployment, reason: str, now: datetime, policy: Policy) -> Deployment:
    """Return a deployment that ends before LIVE; what was built for it has to be purged (R-19).

    Also of a draft: the addresses of its cameras are kept encrypted until then.

    Args:
        deployment: Before LIVE.
        reason: Why.
        now: Aware UTC.
        policy: With the retentions.
    """
    due = purge_due_at(now, policy)
    return replace(
        deployment, state=_S.CANCELLED, ended_at=now, end_reason=reason, purge_due_at=due
    )


def ended(deployment: Deployment, reason: str, now: datetime, policy: Policy) -> Deployment:
    """Return a deployment that was live and is over (R-01, R-19).

    Args:
        deployment: Live or suspended.
        reason: Why.
        now: Aware UTC.
        policy: With the retentions.
    """
    return replace(
        deployment,
        state=_S.ENDED,
        live_since=None,
        live_sites=(),
        suspended_by=None,
        suspended_reason=None,
        ended_at=now,
        end_reason=reason,
        purge_due_at=purge_due_at(now, policy),
    )


def over(deployment: Deployment, reason: str, now: datetime, policy: Policy) -> Deployment:
    """Return a deployment ended if it was ever live, else cancelled.

    Args:
        deployment: Authorised, or applied for.
        reason: Why.
        now: Aware UTC.
        policy: With the retentions.
    """
    finish = ended if deployment.state in RUNNING else cancelled
    return finish(deployment, reason, now, policy)


def suspended(deployment: Deployment, actor_id: str, reason: str) -> Deployment:
    """Return a live deployment suspended at all its sites.

    Args:
        deployment: Live.
        actor_id: Who suspends it, or the software itself.
        reason: Why.
    """
    return replace(
        deployment,
        state=_S.SUSPENDED,
        live_since=None,
        live_sites=(),
        suspended_by=actor_id,
        suspended_reason=reason,
    )


def _reached(deployment: Deployment, policy: Policy) -> DeploymentState:
    if deployment.watchlist is None or deployment.watchlist.approved_by is None:
        return _S.AUTHORISED
    if not _is_notified(deployment, policy):
        return _S.WATCHLIST_APPROVED
    return _S.NOTIFIED if deployment.calibration is None else _S.CALIBRATED


def _is_notified(deployment: Deployment, policy: Policy) -> bool:
    if deployment.consent is not None and not deployment.consent.uses_live_cameras:
        return True
    site_ids = {notice.site_id for notice in deployment.notices}
    at_sites = ([n for n in deployment.notices if n.site_id == site] for site in site_ids)
    enough = any(not any(unmet_signs(notices, policy)) for notices in at_sites)
    return enough and is_plan_met(deployment, policy)
