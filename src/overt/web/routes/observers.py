"""The desk's room for observers: who is invited, what they ask, and what the force answers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.core.deployment import DeploymentState
from overt.core.sign_in_rules import MAX_LINK_LIFETIME
from overt.core.thread import MOST_CHARACTERS, as_asked
from overt.errors import RecordNotFoundError, RequestInvalidError, TrialError
from overt.services.answer_question import answer_question
from overt.services.invite_observer import invite_observer, revoke_invitation
from overt.services.withdraw_message import withdraw_message
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, console_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, show
from overt.web.pages import zone_of
from overt.web.sent_form import NOTHING, OfForm, SentForm
from overt.web.wall_time import comes_twice, wall_moment

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.services.invite_observer import Invited
    from overt.services.sign_in import SignedIn

router = APIRouter(include_in_schema=False)

_ONE_DAY = timedelta(days=1)


@router.get("/deployments/{deployment_id}/observers")
@allow(*DESK)
def observers(request: Request, deployment_id: str) -> Response:
    """Show who is invited, and the thread of questions and answers."""
    return _page(request, deployment_id)


@router.post("/deployments/{deployment_id}/observers/invite")
@allow(*WHO["invite_observer"])
def invite(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Invite an observer; the link is on the answer's page, and on no other."""
    try:
        made = _invited(console, person, read_deployment(console, deployment_id), form)
    except RecordNotFoundError:
        raise
    except TrialError as error:
        return _page(request, deployment_id, form, error)
    return _page(request, deployment_id, made=made)


@router.post("/deployments/{deployment_id}/observers/{invitation_id}/revoke")
@allow(*WHO["invite_observer"])
def revoke(
    request: Request,
    deployment_id: str,
    invitation_id: str,
    console: OfConsole,
    person: OfPerson,
    form: OfForm,
) -> Response:
    """Take an invitation back."""

    def work() -> str:
        with console.reading() as uow:
            _require_of(uow.invitations.get(invitation_id).deployment_id, deployment_id)
        actor_id, reason = person.actor.actor_id, form.text("reason")
        revoke_invitation(console.workplace, actor_id, invitation_id, reason=reason)
        return f"/deployments/{deployment_id}/observers?done=revoked"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


@router.post("/deployments/{deployment_id}/observers/questions/{message_id}/answer")
@allow(*WHO["answer_question"])
def answered(
    request: Request,
    deployment_id: str,
    message_id: str,
    console: OfConsole,
    person: OfPerson,
    form: OfForm,
) -> Response:
    """Answer a question for the force."""

    def work() -> str:
        with console.reading() as uow:
            _require_of(uow.messages.get(message_id).deployment_id, deployment_id)
        actor_id = person.actor.actor_id
        answer_question(console.workplace, actor_id, message_id, form.text("text"))
        return f"/deployments/{deployment_id}/observers?done=answered#{message_id}"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


@router.post("/deployments/{deployment_id}/observers/messages/{message_id}/withdraw")
@allow(*WHO["answer_question"])
def answer_withdrawn(
    request: Request,
    deployment_id: str,
    message_id: str,
    console: OfConsole,
    person: OfPerson,
    form: OfForm,
) -> Response:
    """Withdraw one's own answer."""

    def work() -> str:
        with console.reading() as uow:
            _require_of(uow.messages.get(message_id).deployment_id, deployment_id)
        withdraw_message(console.workplace, person.actor.actor_id, message_id)
        return f"/deployments/{deployment_id}/observers?done=answer-withdrawn"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


def _require_of(found: str, deployment_id: str) -> None:
    if found != deployment_id:
        msg = "there is no such row of this deployment"
        raise RecordNotFoundError(msg, key=deployment_id)


def _invited(console: Console, person: SignedIn, deployment: Deployment, form: SentForm) -> Invited:
    zone = zone_of(deployment) or console.settings.time_zone
    until, days = wall_moment(form, "until", zone), form.text("days")
    if until is None or not days.isdecimal():
        msg = "say until when the observer may look, and for how many days the link works"
        raise RequestInvalidError(msg, field="until")
    return invite_observer(
        console.workplace,
        person.actor.actor_id,
        deployment.deployment_id,
        link_lifetime=int(days[:3]) * _ONE_DAY,
        sees_until=until,
        actor_id=form.text("account").strip() or None,
    )


def _page(
    request: Request,
    deployment_id: str,
    form: SentForm = NOTHING,
    error: TrialError | None = None,
    *,
    made: Invited | None = None,
) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    with console.reading() as uow:
        invitations = uow.invitations.of_deployment(deployment_id)
        thread = as_asked(uow.messages.of_deployment(deployment_id))
    zone = zone_of(deployment) or console.settings.time_zone
    problem, status = refusal_of(error)
    has_link = made is not None and made.token is not None
    return show(
        request,
        "observers.html",
        deployment,
        problem=problem,
        form=form,
        status=201 if made else status,
        made=made,
        link=f"{request.base_url}invitation#{made.token}" if made and has_link else None,
        invitations=invitations[::-1],
        thread=thread[::-1],
        wall=zone,
        is_twice=comes_twice(form.text("until"), zone),
        most_days=MAX_LINK_LIFETIME.days,
        most_characters=MOST_CHARACTERS,
        is_published=deployment.state is DeploymentState.PUBLISHED,
    )
