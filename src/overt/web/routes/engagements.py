"""An officer's contacts with people: begun without an alert, ended, recorded (R-56, R-57, R-63)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overt.core.roles import Role
from overt.errors import (
    AlertWrongStepError,
    ReasonUnknownError,
    RecordNotFoundError,
    TrialError,
)
from overt.services.engage import end_engagement, engage_on_grounds
from overt.services.view_engagement import view_engagement
from overt.web.access import allow
from overt.web.alert_forms import (
    AlertAddress,
    EndForm,
    EngagementAddress,
    SentEnd,
    SentGrounds,
)
from overt.web.deps import OfConsole, OfPerson, read_deployment
from overt.web.error_handlers import status_of
from overt.web.live_screen import wake
from overt.web.pages import pages_of, zone_of
from overt.web.routes.officer import alert_page

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.engagement import Engagement
    from overt.services.sign_in import SignedIn

router = APIRouter(include_in_schema=False)


@router.get("/street/{deployment_id}/engage")
@allow(Role.ENGAGEMENT_OFFICER)
def grounds_page(request: Request, deployment_id: str, console: OfConsole) -> Response:
    """Show where a contact without an alert begins, with its grounds."""
    return _grounds_page(request, console, deployment_id)


@router.post("/street/{deployment_id}/engage")
@allow(Role.ENGAGEMENT_OFFICER)
def engage_without_alert(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, sent: SentGrounds
) -> Response:
    """Begin a contact without an alert, once, on grounds from the closed list (R-63)."""
    try:
        begun = engage_on_grounds(
            console.workplace,
            person.actor.actor_id,
            deployment_id,
            sent.grounds,
            engagement_id=sent.engagement_id,
        )
    except ReasonUnknownError as error:
        problem = "Choose one of these grounds. Without any of them, nobody is engaged."
        return _grounds_page(
            request, console, deployment_id, problem=problem, status=status_of(error)
        )
    wake(request)
    where = f"/street/{deployment_id}/engagements/{begun.engagement_id}"
    return RedirectResponse(where, status_code=303)


@router.get("/street/{deployment_id}/engagements/{engagement_id}")
@allow(Role.ENGAGEMENT_OFFICER)
def engagement_page(
    request: Request, deployment_id: str, engagement_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Show an officer's own contact without an alert."""
    at = EngagementAddress(deployment_id, engagement_id)
    return _engagement_page(request, console, person, at)


@router.post("/street/{deployment_id}/engagements/{engagement_id}/end")
@allow(Role.ENGAGEMENT_OFFICER)
def end(
    request: Request,
    deployment_id: str,
    engagement_id: str,
    console: OfConsole,
    person: OfPerson,
    sent: SentEnd,
) -> Response:
    """Store the end of a contact: the notice, and what is kept for equality monitoring."""
    at = EngagementAddress(deployment_id, engagement_id)
    engagement = _of_address(console, at)
    alert_id = engagement.alert_id
    try:
        _end(console, person, at.engagement_id, sent)
    except (ReasonUnknownError, AlertWrongStepError) as error:
        if alert_id is None:
            return _engagement_page(request, console, person, at, error=error)
        at_alert = AlertAddress(at.deployment_id, alert_id)
        return alert_page(request, console, person, at_alert, error=error)
    wake(request)
    behind = f"alerts/{alert_id}" if alert_id else f"engagements/{at.engagement_id}"
    return RedirectResponse(f"/street/{at.deployment_id}/{behind}", status_code=303)


def _end(console: Console, person: SignedIn, engagement_id: str, sent: EndForm) -> None:
    """Store the end of a contact.

    Args:
        console: Store, time, rules.
        person: The officer who engaged.
        engagement_id: Which contact.
        sent: What they recorded.

    Raises:
        ReasonUnknownError: It does not say whether the notice was given.
    """
    if sent.leaflet not in {"yes", "no"}:
        msg = "say whether the person was given the notice"
        raise ReasonUnknownError(msg)
    end_engagement(
        console.workplace,
        person.actor.actor_id,
        engagement_id,
        is_leaflet_given=sent.leaflet == "yes",
        details=sent.details(),
    )


def _engagement_page(
    request: Request,
    console: Console,
    person: SignedIn,
    at: EngagementAddress,
    *,
    error: TrialError | None = None,
) -> Response:
    deployment = read_deployment(console, at.deployment_id)
    _of_address(console, at)
    engagement = view_engagement(console.workplace, person.actor.actor_id, at.engagement_id)
    if engagement.alert_id is not None:
        where = f"/street/{at.deployment_id}/alerts/{engagement.alert_id}"
        return RedirectResponse(where, status_code=303)
    return pages_of(request).show(
        request,
        "officer_engagement.html",
        status=status_of(error) if error else 200,
        problem=error.message if error else None,
        deployment=deployment,
        engagement=engagement,
        rules=console.workplace.policies.get(deployment.policy_hash).alerts,
        zone=zone_of(deployment),
    )


def _grounds_page(
    request: Request,
    console: Console,
    deployment_id: str,
    *,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    deployment = read_deployment(console, deployment_id)
    policy = console.workplace.policies.get(deployment.policy_hash)
    return pages_of(request).show(
        request,
        "officer_grounds.html",
        status=status,
        deployment=deployment,
        grounds=policy.alerts.grounds_without_alert,
        engagement_id=console.workplace.ids.new("engagement"),
        problem=problem,
    )


def _of_address(console: Console, at: EngagementAddress) -> Engagement:
    """Return the contact that an address names.

    Args:
        console: With the store.
        at: Deployment and contact.

    Raises:
        RecordNotFoundError: It belongs to another deployment.
    """
    with console.reading() as uow:
        engagement = uow.engagements.get(at.engagement_id)
    if engagement.deployment_id != at.deployment_id:
        msg = f"there is no engagement {at.engagement_id} of {at.deployment_id}"
        raise RecordNotFoundError(msg, key=at.engagement_id)
    return engagement
