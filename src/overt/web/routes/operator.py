"""The operator's screen: alerts as they come, cameras, figures, and the way to stop it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from overt.core.adjudication import AlertState, OperatorVerdict, Step
from overt.core.deployment import DeploymentState
from overt.core.roles import Role
from overt.errors import (
    AlreadyDecidedError,
    ReasonMissingError,
    RecordConflictError,
    RecordNotFoundError,
)
from overt.services.decide_step import Choice, decide_step
from overt.services.go_live import suspend
from overt.services.view_alert import first_shown, view_alert
from overt.services.view_queue import view_operator_queue
from overt.web.access import allow
from overt.web.alert_cards import card_of, chosen, groups_of, line_of
from overt.web.alert_forms import AlertAddress, SentChoice, SentStop
from overt.web.deps import OfConsole, OfPerson, read_deployment
from overt.web.error_handlers import status_of
from overt.web.live_screen import (
    ended_with_alerts,
    is_script,
    one_in,
    require_of,
    running_or_suspended,
    wake,
)
from overt.web.pages import pages_of, zone_of
from overt.web.routes.alert_pictures import cameras_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.services.live_figures import Figures, LiveFigures
    from overt.services.sign_in import SignedIn
    from overt.web.alert_cards import AlertCard

router = APIRouter(include_in_schema=False)

STOP_REASONS = (
    "Safety of people or officers",
    "A camera or the system does not work as it should",
    "False alerts call for a review",
    "No officers are free",
)
"""Offered beside a reason in one's own words; each is a button that stops at once."""


@router.get("/live")
@allow(Role.OPERATOR)
def choose(request: Request, console: OfConsole) -> Response:
    """Show which deployments run; one alone opens at once."""
    with console.reading() as uow:
        open_now, ended = running_or_suspended(uow), ended_with_alerts(uow, {AlertState.RAISED})
    if len(open_now) == 1 and not ended:
        return RedirectResponse(f"/live/{open_now[0].deployment_id}", status_code=303)
    return pages_of(request).show(request, "operator_choose.html", open_now=open_now, ended=ended)


@router.get("/live/{deployment_id}")
@allow(Role.OPERATOR)
def live_page(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Show a deployment's alerts, cameras and figures to its operators."""
    return _page(request, console, person, deployment_id)


@router.get("/live/{deployment_id}/queue")
@allow(Role.OPERATOR)
def queue_part(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Show the alerts that wait and those just decided, as a part of the page."""
    return pages_of(request).show(
        request, "parts/alert_queue.html", **_queue(console, person, deployment_id)
    )


@router.get("/live/{deployment_id}/status")
@allow(Role.OPERATOR)
def status_part(request: Request, deployment_id: str, console: OfConsole) -> Response:
    """Show the figures as they stand, as a part of the page."""
    return pages_of(request).show(
        request, "parts/alert_status.html", **_status(request, console, deployment_id)
    )


@router.get("/live/{deployment_id}/side")
@allow(Role.OPERATOR)
def side_part(request: Request, deployment_id: str, console: OfConsole) -> Response:
    """Show the way to stop it and its cameras, as a part of the page, once its state changes."""
    values = _status(request, console, deployment_id)
    return pages_of(request).show(request, "parts/alert_side.html", stop_problem=None, **values)


@router.get("/live/{deployment_id}/alerts/{alert_id}")
@allow(Role.OPERATOR)
def alert(
    request: Request, deployment_id: str, alert_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Show an alert: from now on it was on this operator's screen, which is logged."""
    at = AlertAddress(deployment_id, alert_id)
    shown = _card(console, person, at)
    status = 200 if shown["card"] else 404
    return _shown(request, console, person, at, shown, status)


@router.post("/live/{deployment_id}/alerts/{alert_id}/decision")
@allow(Role.OPERATOR)
def decide(
    request: Request,
    deployment_id: str,
    alert_id: str,
    console: OfConsole,
    person: OfPerson,
    sent: SentChoice,
) -> Response:
    """Store an operator's decision once; whoever comes second is told who was first."""
    at = AlertAddress(deployment_id, alert_id)
    actor_id = person.actor.actor_id
    verdict, reasons = chosen(Step.OPERATOR, sent.choice)
    try:
        with console.reading() as uow:
            require_of(at.deployment_id, uow.alerts.get(at.alert_id))
            shown_at = first_shown(uow, at.alert_id, actor_id)
        factors = tuple(sent.factor)
        said = Choice(at.alert_id, Step.OPERATOR, verdict, reasons, shown_at, sent.key, factors)
        decided = decide_step(console.workplace, actor_id, said)
    except (AlreadyDecidedError, RecordConflictError, RecordNotFoundError) as error:
        # What stands instead is shown: somebody else's decision, or that the alert is gone.
        shown = _card(console, person, at) | {"is_too_late": True}
        return _shown(request, console, person, at, shown, status_of(error))
    wake(request)
    if not is_script(request):
        where = f"/live/{at.deployment_id}/alerts/{at.alert_id}"
        return RedirectResponse(where, status_code=303)
    policy = console.workplace.policies.get(decided.alert.policy_hash)
    zone = zone_of(read_deployment(console, at.deployment_id), decided.alert.site_id)
    line = line_of(decided.decision, policy)
    return pages_of(request).show(request, "parts/alert_decided.html", line=line, zone=zone)


@router.post("/live/{deployment_id}/suspend")
@allow(Role.OPERATOR)
def stop(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, sent: SentStop
) -> Response:
    """Stop all cameras of the deployment; a reason is needed, and no second confirmation."""
    reason = sent.reason or sent.words
    try:
        suspend(console.workplace, person.actor.actor_id, deployment_id, reason=reason)
    except ReasonMissingError as error:
        problem = "Say why: choose a reason, or write one."
        return _page(
            request, console, person, deployment_id, status=status_of(error), stop_problem=problem
        )
    wake(request)
    return RedirectResponse(f"/live/{deployment_id}", status_code=303)


def _shown(
    request: Request,
    console: Console,
    person: SignedIn,
    at: AlertAddress,
    shown: dict[str, Any],
    status: int,
) -> Response:
    """Show a card to a script by itself, and to a person within the page."""
    if is_script(request):
        return pages_of(request).show(request, "parts/alert_card.html", status=status, **shown)
    return _page(request, console, person, at.deployment_id, status=status, shown=shown)


def _page(
    request: Request,
    console: Console,
    person: SignedIn,
    deployment_id: str,
    *,
    status: int = 200,
    shown: dict[str, Any] | None = None,
    stop_problem: str | None = None,
) -> Response:
    values = _queue(console, person, deployment_id) | _status(request, console, deployment_id)
    return pages_of(request).show(
        request,
        "operator.html",
        status=status,
        shown=shown,
        stop_problem=stop_problem,
        **values,
    )


def _queue(console: Console, person: SignedIn, deployment_id: str) -> dict[str, Any]:
    deployment = read_deployment(console, deployment_id)
    queue = view_operator_queue(console.workplace, person.actor.actor_id, deployment_id)
    return {"deployment": deployment, "queue": queue, "zone": zone_of(deployment)}


def _status(request: Request, console: Console, deployment_id: str) -> dict[str, Any]:
    reader: LiveFigures = request.app.state.figures
    figures: Figures = reader.of(deployment_id)
    deployment = read_deployment(console, deployment_id)  # its state now, whatever the figures' age
    return {
        "deployment": deployment,
        "figures": figures,
        "limit_words": one_in(figures.limit),
        "run": console.runs.status(deployment_id),
        "is_running_here": console.runs.running == deployment_id,
        "cameras": cameras_of(console, deployment),
        "zone": zone_of(deployment),
        "stop_reasons": STOP_REASONS,
        "can_stop": deployment.state is DeploymentState.LIVE,
    }


def _card(console: Console, person: SignedIn, at: AlertAddress) -> dict[str, Any]:
    """Return what a card shows; without a card where the alert is erased."""
    deployment = read_deployment(console, at.deployment_id)
    shown: dict[str, Any] = {"deployment": deployment, "alert_id": at.alert_id, "card": None}
    try:
        card = _seen(console, person, deployment, at.alert_id)
    except RecordNotFoundError:
        return shown
    policy = console.workplace.policies.get(card.alert.policy_hash)
    return shown | {
        "card": card,
        "groups": groups_of(OperatorVerdict, policy, has_keys=True),
        "factors": policy.alerts.factors,
        "key": console.workplace.ids.token(),
    }


def _seen(console: Console, person: SignedIn, deployment: Deployment, alert_id: str) -> AlertCard:
    actor_id = person.actor.actor_id
    with console.reading() as uow:
        require_of(deployment.deployment_id, uow.alerts.get(alert_id))
    view = view_alert(console.workplace, actor_id, alert_id)
    with console.reading() as uow:
        shown_at = first_shown(uow, alert_id, actor_id)
    policy = console.workplace.policies.get(view.alert.policy_hash)
    return card_of(view, deployment, policy, shown_at)
