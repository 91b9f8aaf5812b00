"""Steps of the authority: draft, consent, apply, grant, refuse, ratify (R-02, R-03, R-04)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.application_check import missing_fields
from overt.core.audit_events import EventKind
from overt.core.authority import Authority
from overt.core.deployment import Change, Deployment, DeploymentKind, DeploymentState
from overt.core.deployment_steps import require_kind, require_state, settled
from overt.core.notice import is_sha256
from overt.core.retention import purge_due_at
from overt.core.roles import (
    Role,
    rank_named,
    require,
    require_any,
    require_other_person,
    require_rank,
    require_reason,
)
from overt.errors import (
    ApplicationIncompleteError,
    ConsentMissingError,
    RatificationOverdueError,
    WrongStateError,
)

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.authority import Application
    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import ConsentRecord
    from overt.core.policy import Policy
    from overt.core.roles import Actor

_OPERATIONAL = DeploymentKind.OPERATIONAL


def draft(
    deployment_id: str, name: str, kind: DeploymentKind, actor: Actor, policy: Policy, now: datetime
) -> Change:
    """Return a new deployment, as a draft.

    Args:
        deployment_id: Identifier, made at the edge.
        name: For people; not blank.
        kind: Operational or rehearsal.
        actor: An applicant; for a rehearsal also an evaluator.
        policy: The policy that it will run under (R-72).
        now: Aware UTC.

    Raises:
        RoleForbiddenError: The actor is no applicant.
        ReasonMissingError: The name is blank.
    """
    may = {Role.APPLICANT} if kind is _OPERATIONAL else {Role.APPLICANT, Role.EVALUATOR}
    require_any(actor, frozenset(may), "draft a deployment")
    name, digest = require_reason(name, "name a deployment"), policy.digest()
    deployment = Deployment(
        deployment_id, name, kind, DeploymentState.DRAFT, actor.actor_id, now, digest
    )
    details: dict[str, JsonValue] = {"deployment_kind": kind.value, "policy_hash": digest}
    return Change(deployment, EventKind.DEPLOYMENT_DRAFTED, details)


def apply_(
    deployment: Deployment, actor: Actor, application: Application, policy: Policy, now: datetime
) -> Change:
    """Return the deployment with its application, if nothing is missing (R-02).

    Args:
        deployment: A draft, operational.
        actor: An applicant.
        application: All mandatory fields.
        policy: Closed lists and limits.
        now: Aware UTC.

    Raises:
        WrongKindError: It is a rehearsal.
        WrongStateError: It is no draft.
        RoleForbiddenError: The actor is no applicant.
        ApplicationIncompleteError: Fields are missing or not allowed; it names all of them.
    """
    require_kind(deployment, _OPERATIONAL, "apply")
    require_state(deployment, "apply_")
    require(actor, Role.APPLICANT, "apply for an authority")
    if unmet := missing_fields(application, policy, now):
        msg = "the application cannot be decided"
        raise ApplicationIncompleteError(msg, unmet=unmet)
    after = replace(
        deployment,
        state=DeploymentState.APPLIED,
        application=application,
        applied_by=actor.actor_id,
        applied_at=now,
        policy_hash=policy.digest(),
    )
    details: dict[str, JsonValue] = {
        "application_sha256": application.digest(),
        "policy_hash": after.policy_hash,
    }
    return Change(after, EventKind.DEPLOYMENT_APPLIED, details)


def record_consent(
    deployment: Deployment, actor: Actor, consent: ConsentRecord, policy: Policy, now: datetime
) -> Change:
    """Return the rehearsal with the volunteers' consent in place of an authority.

    Args:
        deployment: A draft, rehearsal.
        actor: An applicant or evaluator, the one who recorded it.
        consent: With the digest of the forms and its end.
        policy: The policy that the rehearsal runs under.
        now: Aware UTC.

    Raises:
        WrongKindError: It is operational.
        WrongStateError: It is no draft.
        RoleForbiddenError: The actor may not record consent.
        ConsentMissingError: The forms are not named by their digest, or the consent is over.
    """
    require_kind(deployment, DeploymentKind.REHEARSAL, "record consent")
    require_state(deployment, "record_consent")
    require_any(actor, frozenset({Role.APPLICANT, Role.EVALUATOR}), "record consent")
    if not is_sha256(consent.document_sha256) or consent.valid_until <= now:
        msg = "consent needs the SHA-256 of its forms and an end that lies ahead"
        raise ConsentMissingError(msg)
    consent = replace(consent, recorded_by=actor.actor_id, recorded_at=now)
    after = replace(
        deployment,
        state=DeploymentState.AUTHORISED,
        consent=consent,
        policy_hash=policy.digest(),
    )
    details: dict[str, JsonValue] = {
        "consent_sha256": consent.document_sha256,
        "n_volunteers": consent.n_volunteers,
    }
    return Change(settled(after, policy), EventKind.REHEARSAL_CONSENT_RECORDED, details)


def authorise(
    deployment: Deployment,
    actor: Actor,
    policy: Policy,
    now: datetime,
    *,
    reason: str,
    conditions: str = "",
    is_oral: bool = False,
) -> Change:
    """Return the deployment with an authority in force (R-03, R-04).

    Args:
        deployment: Applied for.
        actor: An authorising officer of sufficient rank who did not apply.
        policy: Ranks, and the deadline of an oral authority.
        now: Aware UTC.
        reason: Why it is granted; for an oral one, also why it could not wait.
        conditions: What the officer asks for beyond the application.
        is_oral: Granted by word of mouth in urgency: a lower rank may, and it lapses
            unless it is ratified in time.

    Raises:
        WrongStateError: Nothing is applied for.
        RoleForbiddenError: The actor is no authorising officer.
        RankTooLowError: The rank is below the policy's.
        SeparationOfDutiesError: The actor drafted or submitted the application.
        ReasonMissingError: There is no reason.
    """
    require_state(deployment, "authorise")
    _require_authorising(deployment, actor, "grant the authority")
    rules = policy.authority
    lowest = rules.urgent_oral_min_rank if is_oral else rules.min_rank
    authority = Authority(
        granted_by=actor.actor_id,
        rank=require_rank(actor, rank_named(lowest), "grant the authority"),
        granted_at=now,
        is_oral=is_oral,
        reason=require_reason(reason, "grant the authority"),
        conditions=conditions.strip(),
        ratify_by=now + rules.ratify_within if is_oral else None,
    )
    after = replace(deployment, state=DeploymentState.AUTHORISED, authority=authority)
    details: dict[str, JsonValue] = {
        "rank": authority.rank.title,
        "is_oral": is_oral,
        "ratify_by": authority.ratify_by.isoformat() if authority.ratify_by else None,
        "reason": authority.reason,
        "conditions": authority.conditions,
    }
    return Change(after, EventKind.DEPLOYMENT_AUTHORISED, details)


def refuse(
    deployment: Deployment, actor: Actor, policy: Policy, now: datetime, *, reason: str
) -> Change:
    """Return the deployment refused, for good; the addresses of its cameras are purged in time.

    Args:
        deployment: Applied for.
        actor: An authorising officer who did not apply.
        policy: With the retentions.
        now: Aware UTC.
        reason: Why.

    Raises:
        WrongStateError: Nothing is applied for.
        RoleForbiddenError: The actor is no authorising officer.
        SeparationOfDutiesError: The actor drafted or submitted the application.
        ReasonMissingError: There is no reason.
    """
    require_state(deployment, "refuse")
    _require_authorising(deployment, actor, "refuse the authority")
    reason = require_reason(reason, "refuse the authority")
    after = replace(
        deployment,
        state=DeploymentState.REFUSED,
        ended_at=now,
        end_reason=reason,
        purge_due_at=purge_due_at(now, policy),
    )
    return Change(after, EventKind.DEPLOYMENT_REFUSED, {"reason": reason})


def ratify(deployment: Deployment, actor: Actor, policy: Policy, now: datetime) -> Change:
    """Return the deployment with its urgent oral authority ratified in writing (R-03).

    Args:
        deployment: With an oral authority that waits; it may have ended meanwhile.
        actor: Another authorising officer, of the rank for written authorities.
        policy: With that rank.
        now: Aware UTC, before the deadline.

    Raises:
        WrongStateError: There is nothing to ratify.
        RoleForbiddenError: The actor is no authorising officer.
        RankTooLowError: The rank is below the policy's.
        SeparationOfDutiesError: The actor applied, granted it or composed the watchlist.
        RatificationOverdueError: The deadline has passed.
    """
    require_state(deployment, "ratify")
    authority = deployment.authority
    if authority is None or authority.ratify_by is None or authority.ratified_at is not None:
        msg = "to ratify, expected an oral authority that waits for it; there is none"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
    _require_authorising(deployment, actor, "ratify the authority")
    composer = deployment.watchlist.built_by if deployment.watchlist else None
    earlier = {"granted it": authority.granted_by, "composed the watchlist": composer}
    require_other_person(actor, earlier, "ratify the authority")
    rank = require_rank(actor, rank_named(policy.authority.min_rank), "ratify the authority")
    if authority.is_ratification_overdue(now):
        deadline = authority.ratify_by.isoformat()
        msg = f"the oral authority had to be ratified before {deadline}; it has lapsed"
        raise RatificationOverdueError(msg, ratify_by=deadline)
    authority = replace(authority, ratified_by=actor.actor_id, ratified_at=now)
    after = replace(deployment, authority=authority)
    return Change(after, EventKind.AUTHORITY_RATIFIED, {"rank": rank.title})


def _require_authorising(deployment: Deployment, actor: Actor, action: str) -> None:
    require(actor, Role.AUTHORISING_OFFICER, action)
    earlier = {
        "drafted the deployment": deployment.created_by,
        "applied for it": deployment.applied_by,
    }
    require_other_person(actor, earlier, action)
