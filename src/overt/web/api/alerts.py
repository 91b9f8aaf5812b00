"""Alerts and the decisions of two people; an alert is only a suggestion (R-51)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field

from overt.core.adjudication import Step
from overt.core.engagement import EqualityDetails
from overt.core.roles import Role
from overt.core.watchlist import ListKind
from overt.services.decide_step import Choice, decide_step, verdict_named
from overt.services.engage import end_engagement, engage_on_grounds
from overt.services.view_alert import first_shown, view_alert, view_alerts, view_crop
from overt.services.view_engagement import view_engagement
from overt.web.access import allow
from overt.web.api.answers import After, Document, Id, Limit, Page, document, page_of
from overt.web.deps import OfConsole, OfPerson

router = APIRouter(tags=["alerts"])

_VIEWERS = (Role.OPERATOR, Role.ENGAGEMENT_OFFICER, Role.AUDITOR, Role.EVALUATOR)
Code = Annotated[str, Field(min_length=1, max_length=64)]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=128,
        pattern="^[A-Za-z0-9_-]+$",
        description="Made by the sender: the same key again decides nothing a second time.",
    ),
]


class DecisionWanted(BaseModel):
    """What somebody decides; there is no default.

    Attributes:
        step: operator, officer, identity or disposal.
        verdict: Of that step.
        reason_codes: From the policy's closed list for the verdict.
        factor_codes: What may have mattered to the picture, from the policy's list.
    """

    step: Step
    verdict: Code
    reason_codes: Annotated[list[Code], Field(min_length=1, max_length=16)]
    factor_codes: Annotated[list[Code], Field(max_length=16)] = []


class Decided(BaseModel):
    """A decision that stands.

    Attributes:
        alert_id: About which alert.
        state: The alert's new state.
        outcome: What it has turned out to be so far.
        decision_id: Of the decision.
        decided_at: When it was decided.
        is_repeated: The same message came before; nothing was decided again.
    """

    alert_id: str
    state: str
    outcome: str
    decision_id: str
    decided_at: datetime
    is_repeated: bool


class Grounds(BaseModel):
    """Why somebody is engaged without an alert; where they walk is no ground (R-63).

    Attributes:
        grounds_code: From the policy's closed list.
    """

    grounds_code: Code


class EngagementEnd(BaseModel):
    """The end of an engagement; the rest is for equality monitoring and may be left out.

    Attributes:
        is_leaflet_given: Whether the person was given the leaflet.
        perceived_ethnicity_code: As the officer perceived it.
        self_defined_ethnicity_code: As the person said.
        age_band_code: As said or perceived.
        sex_code: As said or perceived.
    """

    is_leaflet_given: bool
    perceived_ethnicity_code: Code | None = None
    self_defined_ethnicity_code: Code | None = None
    age_band_code: Code | None = None
    sex_code: Code | None = None


@router.get("/deployments/{deployment_id}/alerts")
@allow(*_VIEWERS)
def list_alerts(
    console: OfConsole,
    person: OfPerson,
    deployment_id: Id,
    list_kind: ListKind = ListKind.OPERATIONAL,
    after: After = None,
    limit: Limit = 50,
) -> Page:
    """List the alerts that this account may see, by time of capture; the look is logged."""
    found = view_alerts(console.workplace, person.actor.actor_id, deployment_id, list_kind)
    return page_of(found, lambda each: each.alert_id, after=after, limit=limit)


@router.get("/alerts/{alert_id}")
@allow(*_VIEWERS)
def show_alert(console: OfConsole, person: OfPerson, alert_id: Id) -> Document:
    """Show an alert with whom it suggests and what was decided: from now on it was shown."""
    return document(view_alert(console.workplace, person.actor.actor_id, alert_id))


@router.get(
    "/alerts/{alert_id}/crop",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}, "description": "The picture of the face."}},
)
@allow(*_VIEWERS)
def show_crop(console: OfConsole, person: OfPerson, alert_id: Id) -> Response:
    """Return an alert's picture of the face; the look is logged."""
    crop = view_crop(console.workplace, person.actor.actor_id, alert_id)
    return Response(crop, media_type="image/png" if crop.startswith(b"\x89PNG") else "image/jpeg")


@router.post("/alerts/{alert_id}/decisions", status_code=201)
@allow(Role.OPERATOR, Role.ENGAGEMENT_OFFICER)
def decide(
    console: OfConsole, person: OfPerson, alert_id: Id, wanted: DecisionWanted, key: Key
) -> Decided:
    """Decide one step of an alert; whoever comes second is told who was first."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    with console.reading() as uow:
        shown_at = first_shown(uow, alert_id, actor_id)
    choice = Choice(
        alert_id,
        wanted.step,
        verdict_named(wanted.step, wanted.verdict),
        tuple(wanted.reason_codes),
        shown_at,
        key,
        tuple(wanted.factor_codes),
    )
    decided = decide_step(workplace, actor_id, choice)
    return Decided(
        alert_id=alert_id,
        state=decided.alert.state.value,
        outcome=decided.outcome.value,
        decision_id=decided.decision.decision_id,
        decided_at=decided.decision.decided_at,
        is_repeated=decided.is_repeated,
    )


@router.post("/deployments/{deployment_id}/engagements", status_code=201)
@allow(Role.ENGAGEMENT_OFFICER)
def engage_without_alert(
    console: OfConsole, person: OfPerson, deployment_id: Id, given: Grounds
) -> Document:
    """Record an engagement that began without an alert, on grounds from the closed list."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    return document(engage_on_grounds(workplace, actor_id, deployment_id, given.grounds_code))


@router.get("/engagements/{engagement_id}")
@allow(Role.ENGAGEMENT_OFFICER)
def show_engagement(console: OfConsole, person: OfPerson, engagement_id: Id) -> Document:
    """Show an officer's own engagement."""
    return document(view_engagement(console.workplace, person.actor.actor_id, engagement_id))


@router.post("/engagements/{engagement_id}/end")
@allow(Role.ENGAGEMENT_OFFICER)
def end(console: OfConsole, person: OfPerson, engagement_id: Id, given: EngagementEnd) -> Document:
    """Record the end of an engagement; the same message again changes nothing."""
    details = EqualityDetails(
        given.perceived_ethnicity_code,
        given.self_defined_ethnicity_code,
        given.age_band_code,
        given.sex_code,
    )
    ended = end_engagement(
        console.workplace,
        person.actor.actor_id,
        engagement_id,
        is_leaflet_given=given.is_leaflet_given,
        details=details,
    )
    return document(ended)
