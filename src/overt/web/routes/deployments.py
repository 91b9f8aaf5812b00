"""Deployments: all of them, a new one, and where one stands with all that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.bootstrap.live_conditions import unmet_now
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.services.draft_deployment import draft_deployment
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, read_deployment
from overt.web.desk import DESK, WHO, answer, problem_of, show, who
from overt.web.desk_stages import OVER, life_cycle, stages_of, where_to_mend
from overt.web.error_handlers import status_of
from overt.web.pages import pages_of
from overt.web.sent_form import NOTHING, OfForm

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.unmet import Unmet
    from overt.errors import TrialError
    from overt.services.sign_in import SignedIn
    from overt.web.desk import Problem
    from overt.web.sent_form import SentForm

router = APIRouter(include_in_schema=False)


@router.get("/deployments")
@allow(*DESK)
def deployments(
    request: Request, console: OfConsole, person: OfPerson, only: str = "open"
) -> Response:
    """List deployments, newest first: those that are not over, or all."""
    with console.reading() as uow:
        everything = uow.deployments.list()
    is_all = only == "all"
    shown = [d for d in reversed(everything) if is_all or d.state not in OVER]
    return pages_of(request).show(
        request,
        "desk/list.html",
        deployments=shown,
        is_all=is_all,
        n_all=len(everything),
        may_draft=bool(person.actor.roles & set(WHO["draft"])),
        who_may_draft=who(WHO["draft"]),
    )


@router.get("/deployments/new")
@allow(*DESK)
def new(request: Request, console: OfConsole, person: OfPerson) -> Response:
    """Show where a deployment is drafted."""
    return _new_page(request, console, person)


@router.post("/deployments")
@allow(*WHO["draft"])
def draft(request: Request, console: OfConsole, person: OfPerson, form: OfForm) -> Response:
    """Draft a deployment."""

    def work() -> str:
        is_rehearsal = form.text("kind") == DeploymentKind.REHEARSAL
        kind = DeploymentKind.REHEARSAL if is_rehearsal else DeploymentKind.OPERATIONAL
        actor_id = person.actor.actor_id
        drafted = draft_deployment(console.workplace, actor_id, name=form.text("name"), kind=kind)
        done = "rehearsal" if is_rehearsal else "drafted"
        return f"/deployments/{drafted.deployment_id}?done={done}"

    def again(error: TrialError) -> Response:
        problem, status = problem_of(error), status_of(error)
        return _new_page(request, console, person, problem=problem, form=form, status=status)

    return answer(request, person, form, work, again)


@router.get("/deployments/{deployment_id}")
@allow(*DESK)
def overview(request: Request, deployment_id: str, console: OfConsole) -> Response:
    """Show where a deployment stands, and every condition that is not met."""
    deployment = read_deployment(console, deployment_id)
    unmet = conditions_of(console, deployment_id) if deployment.state not in OVER else ()
    return show(
        request,
        "overview.html",
        deployment,
        cycle=life_cycle(deployment),
        stages=stages_of(deployment, unmet),
        unmet=[(each, where_to_mend(each, deployment)) for each in unmet],
        is_running=console.runs.running == deployment_id,
        is_live=deployment.state is DeploymentState.LIVE,
    )


def conditions_of(
    console: Console, deployment_id: str, site_ids: tuple[str, ...] = ()
) -> tuple[Unmet, ...]:
    """Return every condition that keeps a deployment from being live now.

    Args:
        console: With store, rules and purge worker.
        deployment_id: Which deployment.
        site_ids: Where cameras shall run.
    """
    now = console.workplace.clock.now()
    is_healthy = console.health().is_healthy(now)
    policies, settings = console.workplace.policies, console.settings
    with console.reading() as uow:
        return unmet_now(
            uow, deployment_id, policies, settings, now, site_ids, purge_healthy=is_healthy
        )


def _new_page(
    request: Request,
    console: Console,
    person: SignedIn,
    *,
    problem: Problem | None = None,
    form: SentForm = NOTHING,
    status: int = 200,
) -> Response:
    return pages_of(request).show(
        request,
        "desk/new.html",
        status=status,
        problem=problem,
        form=form,
        form_key=console.workplace.ids.token(),
        may=bool(person.actor.roles & set(WHO["draft"])),
        who=who(WHO["draft"]),
    )
