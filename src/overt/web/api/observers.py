"""Observers and signs: invitations, questions and answers, the plan of the signs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from overt.core.geojson import signs_of
from overt.core.roles import Role
from overt.core.sign_in_rules import MAX_LINK_LIFETIME
from overt.core.thread import MOST_CHARACTERS, Message, as_asked
from overt.services.answer_question import ANSWERERS, answer_question
from overt.services.ask_question import ask_question
from overt.services.invite_observer import INVITERS, invite_observer, revoke_invitation
from overt.services.invited import require_invited
from overt.services.place_notice import plan_signs
from overt.services.withdraw_message import withdraw_message
from overt.web.access import allow
from overt.web.api.answers import Document, Id, Moment, Reason, WithReason, document
from overt.web.api.deployments import READERS
from overt.web.deps import OfConsole, OfPerson, policy_of, read_deployment
from overt.web.sign_rows import plans_of

router = APIRouter(tags=["observers"])

_HOURS = MAX_LINK_LIFETIME // timedelta(hours=1)


class InvitationWanted(BaseModel):
    """An invitation to observe a deployment.

    Attributes:
        sees_until: Until when the observer may look.
        link_hours: How long the link works.
        actor_id: Somebody who was invited before; a new account without it.
    """

    sees_until: Moment
    link_hours: Annotated[int, Field(ge=1, le=_HOURS)] = 72
    actor_id: Annotated[str | None, Field(min_length=1, max_length=64)] = None


class InvitationMade(BaseModel):
    """An invitation, and the token of its link, which is told this once.

    Attributes:
        invitation: As kept.
        token: To be put behind ``/invitation#``; null where the account is open already.
    """

    invitation: Document
    token: str | None


class Written(BaseModel):
    """A question or an answer.

    Attributes:
        text: As it is published.
    """

    text: Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)]


class PlanWanted(BaseModel):
    """A plan of the signs.

    Attributes:
        points: GeoJSON of points with the properties ``name``, ``site`` and ``distance_m``.
        reason: Why there; it stands in the log.
    """

    points: dict[str, Any]
    reason: Reason


@router.get("/deployments/{deployment_id}/sign-plan")
@allow(*READERS)
def sign_plan(console: OfConsole, deployment_id: Id) -> list[Document]:
    """List every planned position with what stands there, by site."""
    deployment = read_deployment(console, deployment_id)
    now = console.workplace.clock.now()
    plans = plans_of(deployment, policy_of(console, deployment), now)
    return [document(position) for plan in plans for position in plan.positions]


@router.put("/deployments/{deployment_id}/sign-plan")
@allow(Role.APPLICANT, Role.SYSTEM_ENGINEER, Role.EVALUATOR)
def plan(console: OfConsole, person: OfPerson, deployment_id: Id, wanted: PlanWanted) -> Document:
    """Plan where signs shall stand; it takes the place of the plan before."""
    signs, actor_id = signs_of(wanted.points, None), person.actor.actor_id
    return document(
        plan_signs(console.workplace, actor_id, deployment_id, signs, reason=wanted.reason)
    )


@router.get("/deployments/{deployment_id}/invitations")
@allow(*READERS)
def invitations(console: OfConsole, deployment_id: Id) -> list[Document]:
    """List who was invited, oldest first; no link is told."""
    read_deployment(console, deployment_id)
    with console.reading() as uow:
        found = uow.invitations.of_deployment(deployment_id)
    return [_without_link(document(one)) for one in found]


@router.post("/deployments/{deployment_id}/invitations", status_code=201)
@allow(*sorted(INVITERS))
def invite(
    console: OfConsole, person: OfPerson, deployment_id: Id, wanted: InvitationWanted
) -> InvitationMade:
    """Invite an observer to this deployment."""
    made = invite_observer(
        console.workplace,
        person.actor.actor_id,
        deployment_id,
        link_lifetime=timedelta(hours=wanted.link_hours),
        sees_until=wanted.sees_until,
        actor_id=wanted.actor_id,
    )
    return InvitationMade(invitation=_without_link(document(made.invitation)), token=made.token)


@router.post("/invitations/{invitation_id}/revocation")
@allow(*sorted(INVITERS))
def revoke(console: OfConsole, person: OfPerson, invitation_id: Id, given: WithReason) -> Document:
    """Take an invitation back."""
    actor_id, workplace = person.actor.actor_id, console.workplace
    revoked = revoke_invitation(workplace, actor_id, invitation_id, reason=given.reason)
    return _without_link(document(revoked))


@router.get("/deployments/{deployment_id}/questions")
@allow(*READERS, Role.OBSERVER)
def questions(console: OfConsole, person: OfPerson, deployment_id: Id) -> list[Document]:
    """List questions with their answers, oldest first; observers are told no account but theirs."""
    actor = person.actor
    is_observer = Role.OBSERVER in actor.roles
    read_deployment(console, deployment_id)
    with console.reading() as uow:
        if is_observer:
            now = console.workplace.clock.now()
            require_invited(uow, actor.actor_id, deployment_id, now)
        thread = as_asked(uow.messages.of_deployment(deployment_id))
    reader = actor.actor_id if is_observer else None
    return [
        {
            "question": _told(asked.question, reader),
            "answers": [_told(reply, reader) for reply in asked.answers],
        }
        for asked in thread
    ]


@router.post("/deployments/{deployment_id}/questions", status_code=201)
@allow(Role.OBSERVER)
def ask(console: OfConsole, person: OfPerson, deployment_id: Id, written: Written) -> Document:
    """Ask the force; the question is published as it is written."""
    actor_id = person.actor.actor_id
    return document(ask_question(console.workplace, actor_id, deployment_id, written.text))


@router.post("/questions/{message_id}/answers", status_code=201)
@allow(*sorted(ANSWERERS))
def answer(console: OfConsole, person: OfPerson, message_id: Id, written: Written) -> Document:
    """Answer a question for the force; the answer is published as it is written."""
    actor_id = person.actor.actor_id
    return document(answer_question(console.workplace, actor_id, message_id, written.text))


@router.post("/messages/{message_id}/withdrawal")
@allow(*sorted(ANSWERERS), Role.OBSERVER)
def withdraw(console: OfConsole, person: OfPerson, message_id: Id) -> Document:
    """Withdraw one's own question or answer."""
    return document(withdraw_message(console.workplace, person.actor.actor_id, message_id))


def _told(message: Message, reader: str | None) -> Document:
    """Return a message as somebody reads it: withdrawn words are told to their author alone."""
    told = document(message)
    is_own = message.written_by == reader
    if message.withdrawn_at is not None and not is_own:
        del told["text"]
    if reader is not None and not is_own:
        del told["written_by"]
    return told


def _without_link(told: Document) -> Document:
    del told["link_sha256"]
    return told
