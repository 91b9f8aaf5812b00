"""The engagement officer's screen, phone first: alerts passed on, and the record of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overt.core.adjudication import AlertState, Step
from overt.core.roles import Role
from overt.errors import (
    AlertWrongStepError,
    AlreadyDecidedError,
    ReasonUnknownError,
    RecordConflictError,
    RecordNotFoundError,
    TrialError,
)
from overt.services.decide_step import Choice, decide_step, verdict_named
from overt.services.engage import end_engagement, engage_on_grounds
from overt.services.view_alert import first_shown
from overt.services.view_engagement import view_engagement, view_street_alert
from overt.services.view_queue import view_officer_queue
from overt.web.access import allow
from overt.web.alert_cards import chosen
from overt.web.alert_forms import (
    AlertAddress,
    EndForm,
    EngagementAddress,
    SentChoice,
    SentDisposal,
    SentEnd,
    SentGrounds,
    SentIdentity,
)
from overt.web.deps import OfConsole, OfPerson, read_deployment
from overt.web.error_handlers import status_of
from overt.web.live_screen import ended_with_alerts, require_of, running_or_suspended
from overt.web.pages import pages_of, zone_of
from overt.web.street_steps import street_page_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.core.engagement import Engagement
    from overt.services.sign_in import SignedIn
    from overt.web.live_events import LogFollower
    from overt.web.street_steps import StreetPage

router = APIRouter(include_in_schema=False)

_UNDECIDED = {
    AlertState.PASSED_ON,
    AlertState.ENGAGED,
    AlertState.CONFIRMED_TRUE,
    AlertState.CONFIRMED_FALSE,
    AlertState.INCONCLUSIVE,
}
_SHOWN_ON_PAGE = (
    AlreadyDecidedError,
    AlertWrongStepError,
    ReasonUnknownError,
    RecordConflictError,
    RecordNotFoundError,
)
"""What may be refused although the page offered it: somebody was first, a reason is missing."""


@router.get("/street")
@allow(Role.ENGAGEMENT_OFFICER)
def choose(request: Request, console: OfConsole) -> Response:
    """Show which deployments run; one alone opens at once."""
    with console.reading() as uow:
        open_now, ended = running_or_suspended(uow), ended_with_alerts(uow, _UNDECIDED)
    if len(open_now) == 1 and not ended:
        return RedirectResponse(f"/street/{open_now[0].deployment_id}", status_code=303)
    return pages_of(request).show(request, "officer_choose.html", open_now=open_now, ended=ended)


@router.get("/street/{deployment_id}")
@allow(Role.ENGAGEMENT_OFFICER)
def street(request: Request, deployment_id: str, console: OfConsole, person: OfPerson) -> Response:
    """Show the alerts that were passed on, and this officer's own contacts."""
    return pages_of(request).show(request, "officer.html", **_queue(console, person, deployment_id))


@router.get("/street/{deployment_id}/queue")
@allow(Role.ENGAGEMENT_OFFICER)
def queue_part(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Show the same as a part of the page."""
    values = _queue(console, person, deployment_id)
    return pages_of(request).show(request, "parts/alert_street_queue.html", **values)


@router.get("/street/{deployment_id}/alerts/{alert_id}")
@allow(Role.ENGAGEMENT_OFFICER)
def street_alert(
    request: Request, deployment_id: str, alert_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Show an alert with the step that is next; from now on it was shown, which is logged."""
    at = AlertAddress(deployment_id, alert_id)
    return _alert_page(request, console, person, at)


@router.post("/street/{deployment_id}/alerts/{alert_id}/decision")
@allow(Role.ENGAGEMENT_OFFICER)
def decide(
    request: Request,
    deployment_id: str,
    alert_id: str,
    console: OfConsole,
    person: OfPerson,
    sent: SentChoice,
) -> Response:
    """Store an officer's own decision once; an engagement begins with it."""
    at = AlertAddress(deployment_id, alert_id)
    verdict, reasons = chosen(Step.OFFICER, sent.choice)
    with console.reading() as uow:
        shown_at = first_shown(uow, at.alert_id, person.actor.actor_id)
    said = (Step.OFFICER, verdict, reasons, shown_at, sent.key, tuple(sent.factor))
    return _stored(request, console, person, at, Choice(at.alert_id, *said))


@router.post("/street/{deployment_id}/alerts/{alert_id}/identity")
@allow(Role.ENGAGEMENT_OFFICER)
def identity(
    request: Request,
    deployment_id: str,
    alert_id: str,
    console: OfConsole,
    person: OfPerson,
    sent: SentIdentity,
) -> Response:
    """Store what an identity check by ordinary means gave."""
    at = AlertAddress(deployment_id, alert_id)
    verdict = verdict_named(Step.IDENTITY, sent.verdict)
    method = (sent.method,) if sent.method else ()
    said = (Step.IDENTITY, verdict, method, None, sent.key)
    return _stored(request, console, person, at, Choice(at.alert_id, *said))


@router.post("/street/{deployment_id}/alerts/{alert_id}/disposal")
@allow(Role.ENGAGEMENT_OFFICER)
def disposal(
    request: Request,
    deployment_id: str,
    alert_id: str,
    console: OfConsole,
    person: OfPerson,
    sent: SentDisposal,
) -> Response:
    """Store how an engagement ended; several reasons may apply to an arrest."""
    at = AlertAddress(deployment_id, alert_id)
    verdict = verdict_named(Step.DISPOSAL, sent.verdict)
    said = (Step.DISPOSAL, verdict, tuple(sent.reason), None, sent.key)
    return _stored(request, console, person, at, Choice(at.alert_id, *said))


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
    _wake(request)
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
        return _alert_page(request, console, person, at_alert, error=error)
    _wake(request)
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


def _stored(
    request: Request, console: Console, person: SignedIn, at: AlertAddress, choice: Choice
) -> Response:
    """Store one step and show the next; what is refused is shown beside what was stored."""
    try:
        with console.reading() as uow:
            require_of(at.deployment_id, uow.alerts.get(at.alert_id))
        decide_step(console.workplace, person.actor.actor_id, choice)
    except _SHOWN_ON_PAGE as error:
        return _alert_page(request, console, person, at, error=error)
    _wake(request)
    return RedirectResponse(f"/street/{at.deployment_id}/alerts/{at.alert_id}", status_code=303)


def _alert_page(
    request: Request,
    console: Console,
    person: SignedIn,
    at: AlertAddress,
    *,
    error: TrialError | None = None,
) -> Response:
    """Show an alert as it is stored, with what was refused; or that it is erased."""
    deployment = read_deployment(console, at.deployment_id)
    try:
        page = _seen(console, person, deployment, at.alert_id)
    except RecordNotFoundError:
        return pages_of(request).show(
            request, "officer_gone.html", status=404, deployment=deployment
        )
    return pages_of(request).show(
        request,
        "officer_alert.html",
        status=status_of(error) if error else 200,
        problem=error.message if error else None,
        page=page,
        deployment=deployment,
        rules=console.workplace.policies.get(page.card.alert.policy_hash).alerts,
        key=console.workplace.ids.token(),
        zone=page.card.zone,
    )


def _seen(console: Console, person: SignedIn, deployment: Deployment, alert_id: str) -> StreetPage:
    actor_id = person.actor.actor_id
    with console.reading() as uow:
        require_of(deployment.deployment_id, uow.alerts.get(alert_id))
    seen = view_street_alert(console.workplace, actor_id, alert_id)
    policy = console.workplace.policies.get(seen.view.alert.policy_hash)
    with console.reading() as uow:
        shown_at = first_shown(uow, alert_id, actor_id)
    return street_page_of(seen, deployment, policy, actor_id, shown_at)


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


def _queue(console: Console, person: SignedIn, deployment_id: str) -> dict[str, Any]:
    deployment = read_deployment(console, deployment_id)
    queue = view_officer_queue(console.workplace, person.actor.actor_id, deployment_id)
    return {
        "deployment": deployment,
        "queue": queue,
        "zone": zone_of(deployment),
        "actor_id": person.actor.actor_id,
        "grounds": console.workplace.policies.get(
            deployment.policy_hash
        ).alerts.grounds_without_alert,
    }


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


def _wake(request: Request) -> None:
    follower: LogFollower = request.app.state.follower
    follower.wake()
