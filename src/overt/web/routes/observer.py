"""What invited observers see: counts, settings and notices of a deployment; no face, no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from overt.core.deployment import DeploymentState
from overt.core.policy_settings import PolicyChoice, PolicyNumber
from overt.core.roles import Role
from overt.core.statement import MOST_CHARACTERS
from overt.core.thread import MOST_CHARACTERS as MOST_OF_MESSAGE, as_asked
from overt.errors import (
    MessageInvalidError,
    RuleError,
    StatementInvalidError,
    WrongStateError,
)
from overt.services.ask_question import ask_question
from overt.services.file_statement import file_statement, own_statements
from overt.services.invited import held_invitations, observable, require_invited
from overt.services.sign_in import session_of
from overt.services.withdraw_message import withdraw_message
from overt.services.withdraw_statement import withdraw_statement
from overt.web.access import allow, allow_public
from overt.web.deps import OfConsole, OfPerson, read_deployment
from overt.web.error_handlers import status_of
from overt.web.observer_stream import counts_stream
from overt.web.observer_texts import LABELS, live_texts
from overt.web.pages import pages_of, zone_of
from overt.web.session_cookie import shown_token

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.core.policy import Policy
    from overt.errors import TrialError
    from overt.services.observed_figures import ObservedFigures
    from overt.services.sign_in import SignedIn
    from overt.web.listeners import Listeners

router = APIRouter(include_in_schema=False)

_TOLD_FIRST = (
    "alerts.false_alert_limit",
    "retention.nonmatch",
    "retention.alert",
    "retention.watchlist",
    "watchlist.max_age",
    "watchlist.size_cap",
    "notices.min_signs",
    "notices.sign_distance_m",
    "publication.small_number",
)
"""The policy's numbers that somebody on the street asks for; all others stand behind them."""


@router.get("/observe")
@allow(Role.OBSERVER)
def choose(request: Request, console: OfConsole, person: OfPerson) -> Response:
    """Show which deployments can be observed, the latest first."""
    now, actor_id = console.workplace.clock.now(), person.actor.actor_id
    with console.reading() as uow:
        found = observable(uow, actor_id, now)
        every = uow.invitations.of_actor(actor_id)
        held = {one.deployment_id: one for one in held_invitations(uow, actor_id, now)}
    return pages_of(request).show(
        request,
        "observer/choose.html",
        deployments=found[::-1],
        held=held,
        is_invited=bool(every),
    )


@router.get("/observe/{deployment_id}")
@allow(Role.OBSERVER)
def observe(request: Request, deployment_id: str, console: OfConsole, person: OfPerson) -> Response:
    """Show a deployment to an observer, with what they have stated about it."""
    return _page(request, console, person, deployment_id)


@router.get("/observe/{deployment_id}/live.json")
@allow_public
def live_numbers(request: Request, deployment_id: str) -> JSONResponse:
    """Return the numbers of a deployment to anybody; also before it is live, which needs it."""
    return JSONResponse(_figures(request).of(deployment_id))


@router.get("/observe/{deployment_id}/events")
@allow(Role.OBSERVER)
def live_counts(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson
) -> StreamingResponse:
    """Stream a deployment's figures: numbers only, and no event of any single alert."""
    _require_invited(console, person, deployment_id)
    figures, token = _figures(request), shown_token(request) or ""
    listeners: Listeners = request.app.state.listeners
    zone = _zone(console, read_deployment(console, deployment_id))
    figures.of(deployment_id)  # a stream of nothing is not begun

    def is_still_observer() -> bool:
        now = session_of(console.workplace, console.reading, token)
        if now is None or Role.OBSERVER not in now.actor.roles:
            return False
        try:
            _require_invited(console, now, deployment_id)
        except RuleError:
            return False
        return True

    stream = counts_stream(
        lambda: live_texts(figures.of(deployment_id), zone),
        is_still_observer,
        one_more=listeners.of(person.session.session_id_sha256),
    )
    return StreamingResponse(
        stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


@router.post("/observe/{deployment_id}/statements")
@allow(Role.OBSERVER)
def state(
    request: Request,
    deployment_id: str,
    console: OfConsole,
    person: OfPerson,
    text: Annotated[str, Form()] = "",
) -> Response:
    """File a statement; one that cannot be filed is shown again as it was written."""
    try:
        file_statement(console.workplace, person.actor.actor_id, deployment_id, text)
    except (StatementInvalidError, WrongStateError) as error:
        return _page(request, console, person, deployment_id, text=text, refused=error)
    return RedirectResponse(f"/observe/{deployment_id}#statements", status_code=303)


@router.post("/observe/{deployment_id}/statements/{statement_id}/withdraw")
@allow(Role.OBSERVER)
def withdraw(
    deployment_id: str, statement_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Withdraw one's own statement."""
    withdraw_statement(console.workplace, person.actor.actor_id, statement_id)
    return RedirectResponse(f"/observe/{deployment_id}#statements", status_code=303)


@router.post("/observe/{deployment_id}/questions")
@allow(Role.OBSERVER)
def ask(
    request: Request,
    deployment_id: str,
    console: OfConsole,
    person: OfPerson,
    question: Annotated[str, Form()] = "",
) -> Response:
    """Ask the force; a question that cannot be asked is shown again as it was written."""
    try:
        ask_question(console.workplace, person.actor.actor_id, deployment_id, question)
    except (MessageInvalidError, WrongStateError) as error:
        return _page(request, console, person, deployment_id, question=question, refused=error)
    return RedirectResponse(f"/observe/{deployment_id}#questions", status_code=303)


@router.post("/observe/{deployment_id}/messages/{message_id}/withdraw")
@allow(Role.OBSERVER)
def withdraw_question(
    deployment_id: str, message_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Withdraw one's own question."""
    withdraw_message(console.workplace, person.actor.actor_id, message_id)
    return RedirectResponse(f"/observe/{deployment_id}#questions", status_code=303)


def _require_invited(console: Console, person: SignedIn, deployment_id: str) -> None:
    now = console.workplace.clock.now()
    with console.reading() as uow:
        require_invited(uow, person.actor.actor_id, deployment_id, now)


def _page(
    request: Request,
    console: Console,
    person: SignedIn,
    deployment_id: str,
    *,
    text: str = "",
    question: str = "",
    refused: TrialError | None = None,
) -> Response:
    _require_invited(console, person, deployment_id)
    told = _figures(request).of(deployment_id)
    deployment = read_deployment(console, deployment_id)
    policy = console.workplace.policies.get(deployment.policy_hash)
    zone = _zone(console, deployment)
    categories = deployment.application.categories if deployment.application else ()
    with console.reading() as uow:
        thread = as_asked(uow.messages.of_deployment(deployment_id))
    is_question = bool(question) or isinstance(refused, MessageInvalidError)
    return pages_of(request).show(
        request,
        "observer/live.html",
        status=200 if refused is None else status_of(refused),
        deployment=deployment,
        zone=zone,
        told=told,
        texts=live_texts(told, zone),
        labels=LABELS,
        numbers=_policy_numbers(policy, _TOLD_FIRST),
        other_numbers=_policy_numbers(policy, [n for n in policy.settings if n not in _TOLD_FIRST]),
        categories=[policy.watchlist.categories.label(key) for key in categories],
        statements=own_statements(console.workplace, person.actor.actor_id, deployment_id)[::-1],
        text=text,
        problem=None if refused is None or is_question else refused.message,
        question=question,
        question_problem=refused.message if refused is not None and is_question else None,
        most_of_question=MOST_OF_MESSAGE,
        thread=thread[::-1],
        me=person.actor.actor_id,
        most_characters=MOST_CHARACTERS,
        is_published=deployment.state is DeploymentState.PUBLISHED,
    )


def _zone(console: Console, deployment: Deployment) -> str:
    return zone_of(deployment) or console.settings.time_zone


def _policy_numbers(policy: Policy, names: list[str] | tuple[str, ...]) -> list[dict[str, str]]:
    """Return numbers and choices of a policy with their source; closed lists are left out."""
    rows = []
    for name in names:
        setting = policy.settings[name]
        if isinstance(setting, PolicyNumber):
            rows.append({"name": name, "value": setting.text(), "source": setting.source})
        elif isinstance(setting, PolicyChoice):
            rows.append({"name": name, "value": setting.value, "source": setting.source})
    return rows


def _figures(request: Request) -> ObservedFigures:
    figures: ObservedFigures = request.app.state.observed
    return figures
