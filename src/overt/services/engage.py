"""The officer on the street decides anew, engages or not, and records the contact (R-56, R-57)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core import engagement as rules
from overt.core.adjudication import Step
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.roles import Role, require
from overt.errors import (
    AlertWrongStepError,
    RecordConflictError,
    RecordNotFoundError,
    RuleError,
    WrongStateError,
)
from overt.services.decide_step import Choice, Decided, decide_step
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from overt.core.adjudication import OfficerVerdict
    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.core.engagement import Engagement
    from overt.core.roles import Actor
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

_OPEN = frozenset({DeploymentState.LIVE, DeploymentState.SUSPENDED, DeploymentState.ENDED})


def engage(
    workplace: Workplace,
    actor_id: str,
    alert_id: str,
    verdict: OfficerVerdict,
    *,
    reason_codes: tuple[str, ...],
    shown_at: datetime | None,
    key: str,
) -> Decided:
    """Return the officer's own decision, stored and logged; an engagement begins with it.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An engagement officer who is not the alert's operator.
        alert_id: An alert that an operator passed on.
        verdict: Engaged, not engaged or not located.
        reason_codes: Why, from the policy's closed list for this verdict.
        shown_at: When the alert was first on the officer's screen; None by radio.
        key: Made by the sender, so that a repeated message decides once.

    Raises:
        RuleError: Not passed on, decided before, not by this person, or not for this reason.
        RecordNotFoundError: There is no such alert or actor.
    """
    choice = Choice(alert_id, Step.OFFICER, verdict, reason_codes, shown_at, key)
    return decide_step(workplace, actor_id, choice)


def engage_on_grounds(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    grounds_code: str,
    *,
    engagement_id: str | None = None,
) -> Engagement:
    """Return the record of an engagement that began without an alert (R-63).

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An engagement officer.
        deployment_id: At which deployment.
        grounds_code: Why, from the policy's closed list; where somebody walks is not in it.
        engagement_id: Made for the sender, so that a repeated message begins one engagement;
            None makes a new one.

    Raises:
        RuleError: Not this person, not now, or not on these grounds; logged. Or the identifier
            came before, with another engagement.
        RecordNotFoundError: There is no such deployment or actor.
    """
    now = workplace.clock.now()
    new_id = engagement_id or workplace.ids.new("engagement")
    with workplace.open() as uow:
        deployment = uow.deployments.get(deployment_id)
        policy = workplace.policies.get(deployment.policy_hash)

        def decide(actor: Actor) -> Engagement:
            begun = rules.engagement_on_grounds(
                new_id, deployment_id, grounds_code, actor, policy, now
            )
            if deployment.state not in _OPEN:
                msg = f"an engagement belongs to a deployment that ran; it is {deployment.state}"
                raise WrongStateError(msg, deployment_id=deployment_id)
            return begun

        engagement = _allowed(uow, actor_id, deployment_id, now, decide)
        if (stored := _begun_before(uow, engagement)) is not None:
            return stored
        uow.engagements.add(engagement)
        details: dict[str, JsonValue] = {"grounds_code": grounds_code}
        _log(uow, engagement, "engaged", actor_id, now, details)
        uow.commit()
    return engagement


def end_engagement(
    workplace: Workplace,
    actor_id: str,
    engagement_id: str,
    *,
    is_leaflet_given: bool,
    details: rules.EqualityDetails = rules.NOTHING_RECORDED,
) -> Engagement:
    """Return the record with its end; the same message again changes nothing.

    Ethnicity, age band and sex, as the person said or the officer perceived them, stay in the
    record for equality monitoring; the log, which nobody can shorten, only says that they do.

    Args:
        workplace: Store, time, rules.
        actor_id: The officer who engaged.
        engagement_id: One that lasts.
        is_leaflet_given: Whether the person was given the leaflet (R-57).
        details: For equality monitoring, from the policy's closed lists.

    Raises:
        RuleError: Not this person, it has ended, the code is not in the list, or the
            deployment is purged, and with it counted what was recorded; logged.
        RecordNotFoundError: There is no such engagement or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        engagement = uow.engagements.get(engagement_id)
        deployment = uow.deployments.get(engagement.deployment_id)
        policy = workplace.policies.get(deployment.policy_hash)
        if _ended_before(engagement, actor_id, details, is_leaflet_given=is_leaflet_given):
            return engagement

        def decide(actor: Actor) -> Engagement:
            _require_own(engagement, actor)
            _require_uncounted(deployment)
            return rules.engagement_ended(
                engagement, details, policy, now, is_leaflet_given=is_leaflet_given
            )

        ended = _allowed(uow, actor_id, engagement.deployment_id, now, decide)
        uow.engagements.save(ended)
        _log(uow, ended, "ended", actor_id, now, _end_of(ended, details))
        uow.commit()
    return ended


def engagement_of_alert(uow: UnitOfWork, alert_id: str) -> Engagement:
    """Return the engagement that began with an alert.

    Args:
        uow: An open unit of work.
        alert_id: Which alert.

    Raises:
        RecordNotFoundError: Nobody was engaged for it, or it is erased.
    """
    deployment_id = uow.alerts.get(alert_id).deployment_id
    for engagement in uow.engagements.of_deployment(deployment_id):
        if engagement.alert_id == alert_id:
            return engagement
    msg = f"nobody was engaged for alert {alert_id}"
    raise RecordNotFoundError(msg, key=alert_id)


def _begun_before(uow: UnitOfWork, engagement: Engagement) -> Engagement | None:
    """Return the stored engagement that this message repeats, or None."""
    try:
        stored = uow.engagements.get(engagement.engagement_id)
    except RecordNotFoundError:
        return None
    said = (engagement.deployment_id, engagement.grounds_code, engagement.engaged_by)
    if said != (stored.deployment_id, stored.grounds_code, stored.engaged_by):
        msg = "this identifier came before, with another engagement"
        raise RecordConflictError(msg, engagement_id=stored.engagement_id)
    return stored


def _ended_before(
    engagement: Engagement,
    actor_id: str,
    details: rules.EqualityDetails,
    *,
    is_leaflet_given: bool,
) -> bool:
    """Return whether this officer has ended it before, in the same words."""
    kept = rules.EqualityDetails(
        engagement.perceived_ethnicity_code,
        engagement.self_defined_ethnicity_code,
        engagement.age_band_code,
        engagement.sex_code,
    )
    has_ended = engagement.ended_at is not None and engagement.engaged_by == actor_id
    return has_ended and (kept, engagement.is_leaflet_given) == (details, is_leaflet_given)


def _require_own(engagement: Engagement, actor: Actor) -> None:
    require(actor, Role.ENGAGEMENT_OFFICER, "record an engagement")
    if engagement.engaged_by != actor.actor_id:
        msg = "an engagement is recorded by the officer who engaged; expected that officer"
        raise AlertWrongStepError(msg, engagement_id=engagement.engagement_id)


def _require_uncounted(deployment: Deployment) -> None:
    if deployment.purged_at is not None:
        msg = "an engagement is recorded before its deployment is purged: then it is counted"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)


def _end_of(ended: Engagement, details: rules.EqualityDetails) -> dict[str, JsonValue]:
    """Return what the log says of an end: whether there are details, never which."""
    said, perceived = details.self_defined_ethnicity_code, details.perceived_ethnicity_code
    return {
        "duration_s": ended.duration.total_seconds() if ended.duration else None,
        "is_leaflet_given": ended.is_leaflet_given,
        "has_ethnicity": (said or perceived) is not None,
        "has_age_band": details.age_band_code is not None,
        "has_sex": details.sex_code is not None,
    }


def _allowed(
    uow: UnitOfWork,
    actor_id: str,
    deployment_id: str,
    now: datetime,
    decide: Callable[[Actor], Engagement],
) -> Engagement:
    actor = acting(uow, actor_id, "record an engagement", deployment_id, now)
    try:
        return decide(actor)
    except RuleError as error:
        log_refusal(uow, error, "record an engagement", actor_id, deployment_id, now)
        raise


def _log(
    uow: UnitOfWork,
    engagement: Engagement,
    verdict: str,
    actor_id: str,
    now: datetime,
    details: dict[str, JsonValue],
) -> None:
    common: dict[str, JsonValue] = {
        "alert_id": engagement.alert_id,
        "verdict": verdict,
        "engagement_id": engagement.engagement_id,
    }
    kind, deployment_id = EventKind.ENGAGEMENT_RECORDED, engagement.deployment_id
    uow.audit.append(AuditEvent(kind, now, actor_id, deployment_id, {**common, **details}))
