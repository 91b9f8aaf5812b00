"""Steps of a deployment: authority, notices, operating point, end."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from overt.bootstrap.calibrations import calibration_of_pack
from overt.core.notice import NoticePlacement
from overt.core.roles import Role
from overt.services import decide_authority, go_live, place_notice
from overt.services.calibrate import calibrate as fix
from overt.web.access import allow
from overt.web.api.answers import Document, Id, Moment, Reason, WithReason, document
from overt.web.deps import OfConsole, OfPerson

router = APIRouter(prefix="/deployments/{deployment_id}", tags=["steps"])

_OFFICER = Role.AUTHORISING_OFFICER


class Grant(BaseModel):
    """The grant of an authority.

    Attributes:
        reason: Why it is necessary and proportionate.
        conditions: What is asked for beyond the application; may be blank.
        is_oral: By word of mouth, in urgency: it must be ratified.
    """

    reason: Reason
    conditions: Annotated[str, Field(max_length=2000)] = ""
    is_oral: bool = False


class Announcement(BaseModel):
    """The public notice ahead of the day.

    Attributes:
        where: Address or publication.
    """

    where: Annotated[str, Field(min_length=1, max_length=500)]


class Sign(BaseModel):
    """A sign that stands.

    Attributes:
        site_id: At which site.
        placed_at: When it was put up; now without it.
        latitude_deg: Where it stands.
        longitude_deg: Where it stands.
        distance_m: Of walking before a camera's zone.
        photo_sha256: Digest of the photograph that shows it standing.
    """

    site_id: Annotated[str, Field(min_length=1, max_length=128)]
    placed_at: Moment | None = None
    latitude_deg: Annotated[float, Field(ge=-90, le=90)]
    longitude_deg: Annotated[float, Field(ge=-180, le=180)]
    distance_m: Annotated[float, Field(ge=0, le=100_000)]
    photo_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class OperatingPointWanted(BaseModel):
    """The operating point that shall be fixed.

    Attributes:
        pack: Model pack on this machine; its default without it.
        threshold: Operating threshold; the pack's own without it.
        evidence: Reference of the calibration that the threshold comes from.
        reason: Why; it stands in the log.
    """

    pack: Annotated[str | None, Field(max_length=128)] = None
    threshold: Annotated[float | None, Field(ge=-1, le=1)] = None
    evidence: Annotated[str, Field(min_length=1, max_length=500)]
    reason: Reason


@router.post("/authority")
@allow(_OFFICER)
def authorise(console: OfConsole, person: OfPerson, deployment_id: Id, grant: Grant) -> Document:
    """Grant the authority, in writing or by word of mouth."""
    return document(
        decide_authority.authorise(
            console.workplace,
            person.actor.actor_id,
            deployment_id,
            reason=grant.reason,
            conditions=grant.conditions,
            is_oral=grant.is_oral,
        )
    )


@router.post("/refusal")
@allow(_OFFICER)
def refuse(console: OfConsole, person: OfPerson, deployment_id: Id, given: WithReason) -> Document:
    """Refuse the authority: over, for good."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(
        decide_authority.refuse(workplace, actor_id, deployment_id, reason=given.reason)
    )


@router.post("/ratification")
@allow(_OFFICER)
def ratify(console: OfConsole, person: OfPerson, deployment_id: Id) -> Document:
    """Ratify an authority that was given by word of mouth."""
    ratified = decide_authority.ratify(console.workplace, person.actor.actor_id, deployment_id)
    return document(ratified)


@router.post("/authority/suspension")
@allow(_OFFICER)
def suspend_authority(
    console: OfConsole, person: OfPerson, deployment_id: Id, given: WithReason
) -> Document:
    """Suspend the authority: no camera runs until it is restored."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(
        decide_authority.suspend_authority(workplace, actor_id, deployment_id, reason=given.reason)
    )


@router.post("/authority/restoration")
@allow(_OFFICER)
def restore_authority(
    console: OfConsole, person: OfPerson, deployment_id: Id, given: WithReason
) -> Document:
    """Restore an authority that was suspended; no camera starts by it."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(
        decide_authority.restore_authority(workplace, actor_id, deployment_id, reason=given.reason)
    )


@router.post("/withdrawal")
@allow(_OFFICER)
def withdraw(
    console: OfConsole, person: OfPerson, deployment_id: Id, given: WithReason
) -> Document:
    """Withdraw the authority: over; what is live ends."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(
        decide_authority.withdraw(workplace, actor_id, deployment_id, reason=given.reason)
    )


@router.post("/cancellation")
@allow(Role.APPLICANT, _OFFICER)
def cancel(console: OfConsole, person: OfPerson, deployment_id: Id, given: WithReason) -> Document:
    """Cancel a deployment before it was live."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(
        decide_authority.cancel(workplace, actor_id, deployment_id, reason=given.reason)
    )


@router.post("/announcement")
@allow(Role.APPLICANT, _OFFICER)
def announce(
    console: OfConsole, person: OfPerson, deployment_id: Id, given: Announcement
) -> Document:
    """Log the public notice ahead of the day; the first one counts."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(place_notice.announce(workplace, actor_id, deployment_id, where=given.where))


@router.post("/notices", status_code=201)
@allow(
    Role.APPLICANT,
    Role.OPERATOR,
    Role.ENGAGEMENT_OFFICER,
    Role.SYSTEM_ENGINEER,
    Role.EVALUATOR,
)
def place_sign(console: OfConsole, person: OfPerson, deployment_id: Id, sign: Sign) -> Document:
    """Log a sign: where it stands, since when, how far ahead of the cameras."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    notice = NoticePlacement(
        notice_id=workplace.ids.new("notice"),
        site_id=sign.site_id,
        placed_at=sign.placed_at or workplace.clock.now(),
        latitude_deg=sign.latitude_deg,
        longitude_deg=sign.longitude_deg,
        distance_m=sign.distance_m,
        photo_sha256=sign.photo_sha256,
        placed_by=actor_id,
    )
    place_notice.place_notice(workplace, actor_id, deployment_id, notice)
    return document(notice)


@router.delete("/notices/{notice_id}")
@allow(
    Role.APPLICANT,
    Role.OPERATOR,
    Role.ENGAGEMENT_OFFICER,
    Role.SYSTEM_ENGINEER,
    Role.EVALUATOR,
)
def remove_sign(console: OfConsole, person: OfPerson, deployment_id: Id, notice_id: Id) -> Document:
    """Log that a sign was taken down or is gone."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(place_notice.remove_notice(workplace, actor_id, deployment_id, notice_id))


@router.post("/calibration")
@allow(Role.SYSTEM_ENGINEER, Role.EVALUATOR)
def calibrate(
    console: OfConsole, person: OfPerson, deployment_id: Id, wanted: OperatingPointWanted
) -> Document:
    """Fix the operating point: a model pack on this machine, verified, and a threshold."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    calibration = calibration_of_pack(
        console.settings,
        wanted.pack,
        wanted.threshold,
        evidence=wanted.evidence,
        actor_id=actor_id,
        now=workplace.clock.now(),
    )
    return document(fix(workplace, actor_id, deployment_id, calibration, reason=wanted.reason))


@router.post("/suspension")
@allow(Role.OPERATOR, Role.SYSTEM_ENGINEER, _OFFICER)
def suspend(console: OfConsole, person: OfPerson, deployment_id: Id, given: WithReason) -> Document:
    """Suspend a live deployment: its cameras stop within five seconds."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(go_live.suspend(workplace, actor_id, deployment_id, reason=given.reason))


@router.post("/end")
@allow(Role.OPERATOR, Role.SYSTEM_ENGINEER, Role.EVALUATOR, _OFFICER)
def end(console: OfConsole, person: OfPerson, deployment_id: Id, given: WithReason) -> Document:
    """End a deployment; the deadline of its purge runs from now. The reason is published."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(go_live.end(workplace, actor_id, deployment_id, reason=given.reason))
