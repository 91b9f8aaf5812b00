"""Trials: their plans, their deployments with the figures so far, and their end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from overt.adapters.files.trial_plan_file import TEMPLATE, parse_trial_plan
from overt.core.deployment import DeploymentKind
from overt.core.roles import Role
from overt.errors import RequestInvalidError, TrialPlanInvalidError
from overt.services.add_to_trial import add_to_trial
from overt.services.end_trial import end_trial
from overt.services.invited import trial_seen, trials_seen
from overt.services.register_trial import register_trial
from overt.services.trial_progress import CountedEvents, trial_progress
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, console_of
from overt.web.desk import answer, refusal_of
from overt.web.pages import pages_of
from overt.web.sent_form import NOTHING, OfForm, one_file, typed
from overt.web.trial_fields import FIGURES, RELATIONS, in_words, plan_of_form, problems_of, rows_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.errors import TrialError
    from overt.services.sign_in import SignedIn
    from overt.web.sent_form import SentForm

router = APIRouter(include_in_schema=False)

READERS = (Role.EVALUATOR, Role.AUDITOR, Role.AUTHORISING_OFFICER, Role.OBSERVER)
"""Who may look at trials; an evaluator alone changes them."""

DONE = {
    "registered": "The plan is registered: the log holds it as a whole, and nobody changes it.",
    "added": "The deployment is in the trial.",
    "ended": "The trial is over.",
}

_BLANK = typed(
    (("n_deployments", "10"), ("seed", "1"), ("equality_margin", "0.05"), ("passes_planned", "0"))
)


@router.get("/trials")
@allow(*READERS)
def trials(request: Request, console: OfConsole, person: OfPerson) -> Response:
    """List the trials, the latest first."""
    with console.reading() as uow:
        found = trials_seen(uow, person.actor.actor_id, console.workplace.clock.now())
    return pages_of(request).show(request, "trials/list.html", trials=found[::-1], may=_may(person))


@router.get("/trials/new")
@allow(Role.EVALUATOR)
def new(request: Request) -> Response:
    """Show where a plan is registered: as a form, or as a file."""
    return _new_page(request, _BLANK)


@router.get("/trials/plan.toml")
@allow(*READERS)
def template() -> Response:
    """Send an empty plan, to be filled in."""
    headers = {"Content-Disposition": 'attachment; filename="plan.toml"'}
    return PlainTextResponse(TEMPLATE, headers=headers)


@router.post("/trials")
@allow(Role.EVALUATOR)
def register(request: Request, console: OfConsole, person: OfPerson, form: OfForm) -> Response:
    """Register a plan that was typed, or sent as a file."""

    def work() -> str:
        is_file = form.text("from") == "file"
        plan = parse_trial_plan(_plan_file(form)) if is_file else plan_of_form(form)
        kind = _kind(form)
        _require_other_title(console, person, plan.title)
        trial = register_trial(console.workplace, person.actor.actor_id, plan, kind)
        return f"/trials/{trial.trial_id}?done=registered"

    again = _BLANK if form.text("from") == "file" else form
    return answer(request, person, form, work, partial(_new_page, request, again))


@router.get("/trials/{trial_id}")
@allow(*READERS)
def trial(request: Request, trial_id: str, person: OfPerson) -> Response:
    """Show a trial: its plan, its deployments, how far it has come."""
    return _page(request, person, trial_id)


@router.post("/trials/{trial_id}/deployments")
@allow(Role.EVALUATOR)
def add(
    request: Request, trial_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Put a deployment into a trial, before it first goes live."""

    def work() -> str:
        deployment_id = form.text("deployment")
        if not deployment_id:
            msg = "choose a deployment"
            raise RequestInvalidError(msg, field="deployment")
        add_to_trial(console.workplace, person.actor.actor_id, trial_id, deployment_id)
        return f"/trials/{trial_id}?done=added"

    again = partial(_page, request, person, trial_id, form)
    return answer(request, person, form, work, again)


@router.post("/trials/{trial_id}/end")
@allow(Role.EVALUATOR)
def end(
    request: Request, trial_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """End a trial: as planned, by a stop rule, or for a reason."""

    def work() -> str:
        stop_rule, note = _ending(form)
        actor_id = person.actor.actor_id
        end_trial(console.workplace, actor_id, trial_id, stop_rule=stop_rule, note=note)
        return f"/trials/{trial_id}?done=ended"

    again = partial(_page, request, person, trial_id, form)
    return answer(request, person, form, work, again)


def _ending(form: SentForm) -> tuple[int | None, str]:
    """Return the stop rule that was chosen, and the note; a note alone is for another reason."""
    chosen, note = form.text("why"), form.text("note").strip()
    if chosen == "all_done":
        return None, ""
    if chosen.isascii() and chosen.isdigit():
        return int(chosen[:9]), note
    if chosen != "other" or not note:
        msg = "say why it ends: choose, and for another reason write which"
        raise RequestInvalidError(msg, field="why")
    return None, note


def _plan_file(form: SentForm) -> bytes:
    return one_file(form, "plan", "expected the file of a plan in TOML").content


def _kind(form: SentForm) -> DeploymentKind:
    """Return the kind that was chosen: nobody changes it afterwards, so that none is assumed."""
    chosen = form.text("kind")
    if chosen not in frozenset(DeploymentKind):
        msg = "choose of which deployments: operational ones, or rehearsals with volunteers"
        raise RequestInvalidError(msg, field="kind")
    return DeploymentKind(chosen)


def _require_other_title(console: Console, person: SignedIn, title: str) -> None:
    """Refuse the title of a trial that is not over: their reports could not be told apart."""
    with console.reading() as uow:
        found = trials_seen(uow, person.actor.actor_id, console.workplace.clock.now())
    titles = {each.plan.title.strip().casefold() for each in found if not each.is_ended}
    if title.strip().casefold() in titles:
        msg = "a trial of this title is under way: look for it in the list, or choose another title"
        raise RequestInvalidError(msg, field="title")


def _may(person: SignedIn) -> bool:
    return Role.EVALUATOR in person.actor.roles


def _new_page(request: Request, form: SentForm, error: TrialError | None = None) -> Response:
    problem, status = refusal_of(error)
    told = problems_of(form, error) if isinstance(error, TrialPlanInvalidError) else {}
    if problem and told:
        problem = replace(problem, message=in_words(told))
    return pages_of(request).show(
        request,
        "trials/new.html",
        status=status,
        problem=problem,
        told={name: [words] for name, (_, words) in told.items()},
        form=form,
        form_key=console_of(request).workplace.ids.token(),
        rows=rows_of(form),
        figures=FIGURES,
        relations=RELATIONS,
    )


def _page(
    request: Request,
    person: SignedIn,
    trial_id: str,
    form: SentForm = NOTHING,
    error: TrialError | None = None,
) -> Response:
    console = console_of(request)
    counted: CountedEvents = request.app.state.counted
    with console.reading() as uow:
        trial_seen(uow, person.actor.actor_id, trial_id, console.workplace.clock.now())
        progress = trial_progress(uow, trial_id, counted)
    problem, status = refusal_of(error)
    return pages_of(request).show(
        request,
        "trials/trial.html",
        status=status,
        problem=problem,
        form=form,
        form_key=console.workplace.ids.token(),
        done=DONE.get(request.query_params.get("done", "")),
        progress=progress,
        trial=progress.trial,
        plan=progress.trial.plan,
        figures=dict(FIGURES),
        relations=dict(RELATIONS),
        may=_may(person),
        is_desk=bool(person.actor.roles - {Role.OBSERVER}),
    )
