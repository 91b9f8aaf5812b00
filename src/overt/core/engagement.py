"""The record of an engagement: an officer's contact with a person (R-56, R-57, R-63)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.alert_progress import Disposed, Engaged, Identified
from overt.core.alert_steps import alert_of
from overt.core.roles import Role, require
from overt.errors import AlertWrongStepError, ReasonUnknownError

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from overt.core.alert_progress import Progress
    from overt.core.policy import Policy
    from overt.core.roles import Actor


@dataclass(frozen=True, slots=True)
class Engagement:
    """An officer's contact with a person at a deployment.

    Attributes:
        engagement_id: Identifier, made at the edge.
        deployment_id: At which deployment.
        alert_id: The alert that an operator passed on and this officer engaged for,
            or None: then there are grounds.
        grounds_code: Why there was contact without an alert, from the policy's closed
            list, or None.
        engaged_by: The engagement officer.
        started_at: Aware UTC.
        ended_at: Aware UTC, or None while it lasts.
        is_leaflet_given: Whether the person was given the leaflet (R-57).
        perceived_ethnicity_code: As the officer perceived it, from the policy's closed
            list; None where it was not recorded. Never taken from a picture.
        self_defined_ethnicity_code: As the person said; from the same list, or None.
        age_band_code: As the person said or the officer perceived it, or None.
        sex_code: The same.
    """

    engagement_id: str
    deployment_id: str
    alert_id: str | None
    grounds_code: str | None
    engaged_by: str
    started_at: datetime
    ended_at: datetime | None = None
    is_leaflet_given: bool = False
    perceived_ethnicity_code: str | None = None
    self_defined_ethnicity_code: str | None = None
    age_band_code: str | None = None
    sex_code: str | None = None

    @property
    def duration(self) -> timedelta | None:
        """Return how long it lasted, or None while it does."""
        return None if self.ended_at is None else self.ended_at - self.started_at


@dataclass(frozen=True, slots=True)
class EqualityDetails:
    """What an officer records of a person for equality monitoring (R-56).

    Each comes from a closed list of the policy, or is None where it was not recorded. As
    said or perceived by people; never taken from a picture.

    Attributes:
        perceived_ethnicity_code: As the officer perceived it.
        self_defined_ethnicity_code: As the person said.
        age_band_code: As the person said or the officer perceived it.
        sex_code: The same.
    """

    perceived_ethnicity_code: str | None = None
    self_defined_ethnicity_code: str | None = None
    age_band_code: str | None = None
    sex_code: str | None = None


NOTHING_RECORDED = EqualityDetails()
"""Nobody said anything, and the officer recorded nothing."""


def engagement_for_alert(
    engagement_id: str, progress: Progress, actor: Actor, now: datetime
) -> Engagement:
    """Return the record of an engagement that two people decided (R-51).

    Args:
        engagement_id: Identifier, made at the edge.
        progress: The alert, at least as far as an officer's decision to engage.
        actor: That officer.
        now: Aware UTC.

    Raises:
        RoleForbiddenError: The actor is no engagement officer.
        AlertWrongStepError: Two people have not decided it, or the officer is another.
    """
    require(actor, Role.ENGAGEMENT_OFFICER, "engage")
    alert = alert_of(progress)
    engaged = _engaged(progress)
    if engaged is None or engaged.officer.decided_by != actor.actor_id:
        msg = f"expected an officer's own decision to engage for alert {alert.alert_id}"
        raise AlertWrongStepError(msg, alert_id=alert.alert_id)
    return Engagement(engagement_id, alert.deployment_id, alert.alert_id, None, actor.actor_id, now)


def engagement_on_grounds(
    engagement_id: str,
    deployment_id: str,
    grounds_code: str,
    actor: Actor,
    policy: Policy,
    now: datetime,
) -> Engagement:
    """Return the record of an engagement without an alert (R-63).

    Args:
        engagement_id: Identifier, made at the edge.
        deployment_id: At which deployment.
        grounds_code: Why, from the policy's closed list; where somebody walks is not in it.
        actor: The engagement officer.
        policy: With that list.
        now: Aware UTC.

    Raises:
        RoleForbiddenError: The actor is no engagement officer.
        ReasonUnknownError: The grounds are not in the list.
    """
    require(actor, Role.ENGAGEMENT_OFFICER, "engage")
    allowed = policy.alerts.grounds_without_alert
    if grounds_code not in allowed:
        msg = f"expected grounds out of {', '.join(allowed.enabled)}; found {grounds_code!r}"
        raise ReasonUnknownError(msg)
    return Engagement(engagement_id, deployment_id, None, grounds_code, actor.actor_id, now)


def engagement_ended(
    engagement: Engagement,
    details: EqualityDetails,
    policy: Policy,
    now: datetime,
    *,
    is_leaflet_given: bool,
) -> Engagement:
    """Return the record with its end.

    Args:
        engagement: One that lasts.
        details: For equality monitoring.
        policy: With the closed lists of these.
        now: Aware UTC, not before its start.
        is_leaflet_given: Whether the person was given the leaflet (R-57).

    Raises:
        AlertWrongStepError: It has ended before, or would end before its start.
        ReasonUnknownError: A detail is not in its list.
    """
    rules = policy.alerts
    for code, allowed in (
        (details.perceived_ethnicity_code, rules.ethnicities),
        (details.self_defined_ethnicity_code, rules.ethnicities),
        (details.age_band_code, rules.age_bands),
        (details.sex_code, rules.sexes),
    ):
        if code is not None and code not in allowed:
            msg = f"expected one of {', '.join(allowed.enabled)}; found {code!r}"
            raise ReasonUnknownError(msg)
    if engagement.ended_at is not None or now < engagement.started_at:
        msg = "an engagement ends once, after its start"
        raise AlertWrongStepError(msg, alert_id=engagement.alert_id)
    return replace(
        engagement,
        ended_at=now,
        is_leaflet_given=is_leaflet_given,
        perceived_ethnicity_code=details.perceived_ethnicity_code,
        self_defined_ethnicity_code=details.self_defined_ethnicity_code,
        age_band_code=details.age_band_code,
        sex_code=details.sex_code,
    )


def _engaged(progress: Progress) -> Engaged | None:
    match progress:
        case Engaged():
            return progress
        case Identified():
            return progress.engaged
        case Disposed():
            return progress.identified.engaged
    return None
