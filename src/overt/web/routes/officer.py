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
from overt.services.view_alert import first_shown
from overt.services.view_engagement import view_street_alert
from overt.services.view_queue import view_officer_queue
from overt.web.access import allow
from overt.web.alert_cards import chosen
from overt.web.alert_forms import (
    AlertAddress,
    SentChoice,
    SentDisposal,
    SentIdentity,
)
from overt.web.deps import OfConsole, OfPerson, read_deployment
from overt.web.error_handlers import status_of
from overt.web.live_screen import ended_with_alerts, require_of, running_or_suspended, wake
from overt.web.pages import pages_of, zone_of
from overt.web.street_steps import street_page_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.services.sign_in import SignedIn
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
    return alert_page(request, console, person, at)


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


def _stored(
    request: Request, console: Console, person: SignedIn, at: AlertAddress, choice: Choice
) -> Response:
    """Store one step and show the next; what is refused is shown beside what was stored."""
    try:
        with console.reading() as uow:
            require_of(at.deployment_id, uow.alerts.get(at.alert_id))
        decide_step(console.workplace, person.actor.actor_id, choice)
    except _SHOWN_ON_PAGE as error:
        return alert_page(request, console, person, at, error=error)
    wake(request)
    return RedirectResponse(f"/street/{at.deployment_id}/alerts/{at.alert_id}", status_code=303)


def alert_page(
    request: Request,
    console: Console,
    person: SignedIn,
    at: AlertAddress,
    *,
    error: TrialError | None = None,
) -> Response:
    """Return the page of an alert as it is stored, with what was refused; or that it is erased.

    Args:
        request: For whom.
        console: Store, rules.
        person: The officer.
        at: Which alert.
        error: What was refused, or None.
    """
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
