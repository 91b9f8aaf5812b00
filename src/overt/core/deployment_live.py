"""Steps around LIVE: calibrate, go live, join a site, suspend, resume, end (R-01, R-40)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR
from overt.core.audit_events import EventKind
from overt.core.deployment import Change, DeploymentKind, DeploymentState, LiveSite
from overt.core.deployment_steps import ended, require_state, settled, suspended
from overt.core.gates import unmet_live_conditions
from overt.core.roles import Role, require_any, require_reason
from overt.errors import DeploymentNotReadyError, ThresholdTooLowError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Calibration, Deployment
    from overt.core.gates import LiveFacts
    from overt.core.policy import Policy
    from overt.core.roles import Actor

_CALIBRATORS = frozenset({Role.SYSTEM_ENGINEER, Role.EVALUATOR})
_RUNNERS = frozenset({Role.OPERATOR, Role.SYSTEM_ENGINEER})
_STOPPERS = _RUNNERS | {Role.AUTHORISING_OFFICER}


def calibrate(
    deployment: Deployment,
    actor: Actor,
    calibration: Calibration,
    policy: Policy,
    now: datetime,
    *,
    reason: str,
) -> Change:
    """Return the deployment with its operating point fixed (R-40).

    It can be changed as long as no camera runs; each change has its reason in the log.

    Args:
        deployment: Authorised, not live.
        actor: A system engineer or evaluator.
        calibration: Operating point, model pack, and the evidence behind them.
        policy: Decides the state that is reached.
        now: Aware UTC.
        reason: Why these numbers.

    Raises:
        WrongStateError: It is not authorised, live or over.
        RoleForbiddenError: The actor may not fix it.
        ReasonMissingError: There is no reason.
        ThresholdTooLowError: A real deployment's is below the policy's floor of the pack, or
            below the authorised one.
    """
    require_state(deployment, "calibrate")
    require_any(actor, _CALIBRATORS, "fix the operating point")
    reason = require_reason(reason, "fix the operating point")
    _require_high_enough(deployment, calibration, policy)
    calibration = replace(calibration, fixed_at=now, fixed_by=actor.actor_id)
    after = settled(replace(deployment, calibration=calibration), policy)
    before = deployment.calibration
    details: dict[str, JsonValue] = {
        "operating_point_digest": calibration.operating_point_digest,
        "threshold": calibration.threshold,
        "previous_threshold": before.threshold if before else None,
        "pack_digest": calibration.pack_digest,
        "pack": calibration.pack_name,
        "evidence": calibration.evidence,
        "reason": reason,
    }
    return Change(after, EventKind.CALIBRATION_FIXED, details)


def _require_high_enough(deployment: Deployment, calibration: Calibration, policy: Policy) -> None:
    """Let pass what could be live; a rehearsal's threshold is free."""
    if deployment.application is None:
        return
    floor = policy.threshold.floor.get(calibration.pack_name, -1.0)
    least = max(floor, deployment.application.threshold)
    if calibration.threshold < least:
        why = "the policy's floor of this model pack" if floor == least else "the authorised one"
        msg = f"expected a threshold of at least {least:g}, {why}; found {calibration.threshold:g}"
        raise ThresholdTooLowError(msg, deployment_id=deployment.deployment_id)


def go_live(
    deployment: Deployment, actor: Actor, facts: LiveFacts, policy: Policy, now: datetime
) -> Change:
    """Return the deployment live at its sites, if nothing at all is missing.

    Args:
        deployment: Not yet live.
        actor: An operator or system engineer; in a rehearsal also an evaluator.
        facts: What the edge found, with the sites.
        policy: Limits and closed lists.
        now: Aware UTC.

    Raises:
        WrongStateError: It is live, suspended or over.
        RoleForbiddenError: The actor may not start it.
        DeploymentNotReadyError: Conditions are not met; it names every one of them.
    """
    after = _live(deployment, actor, facts, policy, now, step="go_live")
    return Change(after, EventKind.DEPLOYMENT_WENT_LIVE, _live_details(after, policy))


def join_sites(
    deployment: Deployment, actor: Actor, facts: LiveFacts, policy: Policy, now: datetime
) -> Change:
    """Return the live deployment with further sites, if nothing is missing there (R-01).

    Args:
        deployment: Live elsewhere.
        actor: An operator or system engineer.
        facts: What the edge found, with the further sites.
        policy: Limits and closed lists.
        now: Aware UTC.

    Raises:
        WrongStateError: It is not live.
        RoleForbiddenError: The actor may not start it.
        DeploymentNotReadyError: Conditions are not met; it names every one of them.
    """
    after = _live(deployment, actor, facts, policy, now, step="join_sites")
    return Change(after, EventKind.SITES_JOINED, {"site_ids": facts.site_ids})


def resume(
    deployment: Deployment,
    actor: Actor,
    facts: LiveFacts,
    policy: Policy,
    now: datetime,
    *,
    reason: str,
) -> Change:
    """Return the suspended deployment live again, if nothing is missing now.

    Args:
        deployment: Suspended.
        actor: An operator or system engineer; in a rehearsal also an evaluator.
        facts: What the edge found, with the sites.
        policy: Limits and closed lists.
        now: Aware UTC.
        reason: Why it can go on.

    Raises:
        WrongStateError: It is not suspended.
        RoleForbiddenError: The actor may not start it.
        ReasonMissingError: There is no reason.
        DeploymentNotReadyError: Conditions are not met; it names every one of them.
    """
    reason = require_reason(reason, "resume")
    after = _live(deployment, actor, facts, policy, now, step="resume")
    details: dict[str, JsonValue] = {"reason": reason, **_live_details(after, policy)}
    return Change(after, EventKind.DEPLOYMENT_RESUMED, details)


def suspend(deployment: Deployment, actor: Actor | None, *, reason: str) -> Change:
    """Return the live deployment suspended at all its sites (R-07).

    Args:
        deployment: Live.
        actor: An operator, system engineer or authorising officer; None where the
            software stops by itself: a lost camera, a full disk.
        reason: Why.

    Raises:
        WrongStateError: It is not live.
        RoleForbiddenError: The actor may not stop it.
        ReasonMissingError: There is no reason.
    """
    require_state(deployment, "suspend")
    actor_id = _stopper(deployment, actor, "suspend the deployment")
    reason = require_reason(reason, "suspend the deployment")
    after = suspended(deployment, actor_id, reason)
    return Change(after, EventKind.DEPLOYMENT_SUSPENDED, {"reason": reason})


def end(
    deployment: Deployment, actor: Actor | None, policy: Policy, now: datetime, *, reason: str
) -> Change:
    """Return the deployment ended, with the deadline of its purge (R-01, R-19).

    Args:
        deployment: Live or suspended.
        actor: An operator, system engineer or authorising officer; None where the
            software ends by itself.
        policy: With the retentions.
        now: Aware UTC.
        reason: Why.

    Raises:
        WrongStateError: It was never live, or is over.
        RoleForbiddenError: The actor may not end it.
        ReasonMissingError: There is no reason.
    """
    require_state(deployment, "end")
    _stopper(deployment, actor, "end the deployment")
    reason = require_reason(reason, "end the deployment")
    after = ended(deployment, reason, now, policy)
    return Change(after, EventKind.DEPLOYMENT_ENDED, {"reason": reason})


def _live(
    deployment: Deployment,
    actor: Actor,
    facts: LiveFacts,
    policy: Policy,
    now: datetime,
    *,
    step: str,
) -> Deployment:
    require_state(deployment, step)
    require_any(actor, _for_kind(deployment, _RUNNERS), "start the cameras")
    if unmet := unmet_live_conditions(deployment, facts, policy, now):
        msg = "the deployment may not be live"
        raise DeploymentNotReadyError(msg, unmet=unmet)
    going_on = [site for site in deployment.live_sites if site.site_id not in facts.site_ids]
    return replace(
        deployment,
        state=DeploymentState.LIVE,
        live_since=deployment.live_since or now,
        live_sites=(*going_on, *_sites(deployment, facts.site_ids, now)),
        suspended_by=None,
        suspended_reason=None,
    )


def _sites(deployment: Deployment, site_ids: tuple[str, ...], now: datetime) -> Iterator[LiveSite]:
    for site_id in dict.fromkeys(site_ids):
        site = deployment.application.site(site_id) if deployment.application else None
        window = site.open_window(now) if site else None
        if window is not None:
            yield LiveSite(site_id, window.ends_at)


def _live_details(deployment: Deployment, policy: Policy) -> dict[str, JsonValue]:
    """Return what a run starts with; whoever reads the log alone needs the limits too (R-71)."""
    calibration, watchlist = deployment.calibration, deployment.watchlist
    return {
        "site_ids": tuple(site.site_id for site in deployment.live_sites),
        "operating_point_digest": calibration.operating_point_digest if calibration else None,
        "pack_digest": calibration.pack_digest if calibration else None,
        "policy_hash": deployment.policy_hash,
        "n_entries": watchlist.n_entries if watchlist else 0,
        "false_alert_limit": policy.alerts.false_alert_limit,
        "small_number": policy.publication.small_number,
    }


def _stopper(deployment: Deployment, actor: Actor | None, action: str) -> str:
    if actor is None:
        return SYSTEM_ACTOR
    require_any(actor, _for_kind(deployment, _STOPPERS), action)
    return actor.actor_id


def _for_kind(deployment: Deployment, roles: frozenset[Role]) -> frozenset[Role]:
    if deployment.kind is DeploymentKind.REHEARSAL:
        return roles | {Role.EVALUATOR}
    return roles
