"""Trials: plans that are registered before their deployments go live (R-40)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from overt.core.deployment import DeploymentKind
from overt.core.roles import Role
from overt.core.trial_plan import plan_from
from overt.services.add_to_trial import add_to_trial
from overt.services.end_trial import end_trial
from overt.services.invited import trial_seen, trials_seen
from overt.services.register_trial import register_trial
from overt.services.trial_progress import CountedEvents, trial_progress
from overt.web.access import allow
from overt.web.api.answers import After, Document, Id, Limit, Page, document, page_of
from overt.web.deps import OfConsole, OfPerson

router = APIRouter(tags=["trials"])

READERS = (Role.EVALUATOR, Role.AUDITOR, Role.AUTHORISING_OFFICER, Role.OBSERVER)
"""Who may look at trials; an evaluator alone changes them."""

DeploymentId = Annotated[str, Field(min_length=1, max_length=128)]


class TrialWanted(BaseModel):
    """A trial that somebody registers.

    Attributes:
        plan: As `overt trial template` has its fields.
        deployment_kind: Of all its deployments: operational or rehearsals.
        deployment_ids: Deployments that are put in at once; none has been live.
    """

    plan: dict[str, Any]
    deployment_kind: DeploymentKind = DeploymentKind.OPERATIONAL
    deployment_ids: Annotated[list[DeploymentId], Field(max_length=1000)] = []


class Member(BaseModel):
    """A deployment that is put into a trial.

    Attributes:
        deployment_id: Which; it has never been live.
    """

    deployment_id: DeploymentId


class Ending(BaseModel):
    """Why a trial ends; left empty, all planned deployments are done.

    Attributes:
        stop_rule: Number of the plan's stop rule that ends it, from 1.
        note: Why, in words.
    """

    stop_rule: Annotated[int | None, Field(ge=1)] = None
    note: Annotated[str, Field(max_length=1000)] = ""


@router.get("/trials")
@allow(*READERS)
def list_trials(
    console: OfConsole, person: OfPerson, after: After = None, limit: Limit = 50
) -> Page:
    """List trials in the order of their registration."""
    with console.reading() as uow:
        found = trials_seen(uow, person.actor.actor_id, console.workplace.clock.now())
    page = page_of(found, lambda each: each.trial_id, after=after, limit=limit)
    shown = {each["trial_id"] for each in page.items}
    items = [trial.document() for trial in found if trial.trial_id in shown]
    return Page(items=items, next=page.next)


@router.post("/trials", status_code=201)
@allow(Role.EVALUATOR)
def register(console: OfConsole, person: OfPerson, wanted: TrialWanted) -> Document:
    """Register a plan; the log then holds the whole of it."""
    plan, kind = plan_from(wanted.plan), wanted.deployment_kind
    actor_id = person.actor.actor_id
    trial = register_trial(console.workplace, actor_id, plan, kind, wanted.deployment_ids)
    return trial.document()


@router.get("/trials/{trial_id}")
@allow(*READERS)
def show(request: Request, console: OfConsole, person: OfPerson, trial_id: Id) -> Document:
    """Show a trial with its plan, and each deployment's counts so far."""
    counted: CountedEvents = request.app.state.counted
    with console.reading() as uow:
        trial_seen(uow, person.actor.actor_id, trial_id, console.workplace.clock.now())
        progress = trial_progress(uow, trial_id, counted)
    members = [
        {
            "deployment_id": member.deployment.deployment_id,
            "state": member.deployment.state.value,
            "is_done": member.is_done,
            **document(member.counts),
        }
        for member in progress.members
    ]
    return {
        **progress.trial.document(),
        "n_done": progress.n_done,
        "deployments": members,
        "total": document(progress.total),
    }


@router.post("/trials/{trial_id}/deployments")
@allow(Role.EVALUATOR)
def add(console: OfConsole, person: OfPerson, trial_id: Id, given: Member) -> Document:
    """Put a deployment into a trial, before it first goes live."""
    actor_id = person.actor.actor_id
    return add_to_trial(console.workplace, actor_id, trial_id, given.deployment_id).document()


@router.post("/trials/{trial_id}/end")
@allow(Role.EVALUATOR)
def end(console: OfConsole, person: OfPerson, trial_id: Id, given: Ending) -> Document:
    """End a trial: as planned, by a stop rule, or for a reason."""
    actor_id = person.actor.actor_id
    ended = end_trial(
        console.workplace, actor_id, trial_id, stop_rule=given.stop_rule, note=given.note
    )
    return ended.document()
