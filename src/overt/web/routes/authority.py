"""The authority: granted, refused, ratified, suspended, restored, withdrawn; or all cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from overt.core.roles import Role, rank_named
from overt.services import decide_authority as decide
from overt.services.workplace import Workplace
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, console_of, policy_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, require_seen, show
from overt.web.sent_form import NOTHING, OfForm, SentForm

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.errors import TrialError
    from overt.services.sign_in import SignedIn

router = APIRouter(include_in_schema=False)

_Take = Callable[[Workplace, str, str, SentForm], object]


@dataclass(frozen=True, slots=True)
class _Decision:
    """A decision about an authority.

    Attributes:
        take: Takes it.
        done: What the page says afterwards, by its code.
        is_stop: Whether it stops cameras, and is taken however old the page is.
    """

    take: _Take
    done: str
    is_stop: bool = False


@router.get("/deployments/{deployment_id}/authority")
@allow(*DESK)
def authority(request: Request, deployment_id: str, console: OfConsole) -> Response:
    """Show the authority and what may be decided about it."""
    return _page(request, console, deployment_id)


@router.post("/deployments/{deployment_id}/authority/cancel")
@allow(*WHO["cancel"])
def cancel(request: Request, deployment_id: str, person: OfPerson, form: OfForm) -> Response:
    """Cancel the deployment before it was ever live."""
    decision = _Decision(_with_reason(decide.cancel), "cancelled")
    return _decided(request, person, deployment_id, form, decision)


@router.post("/deployments/{deployment_id}/authority/{step}")
@allow(Role.AUTHORISING_OFFICER)
def decide_authority(
    request: Request, deployment_id: str, step: str, person: OfPerson, form: OfForm
) -> Response:
    """Grant, refuse, ratify, suspend, restore or withdraw it."""
    decision = _DECISIONS.get(step)
    if decision is None:
        raise HTTPException(404, "there is no such decision about an authority")
    return _decided(request, person, deployment_id, form, decision)


def _authorise(workplace: Workplace, actor_id: str, deployment_id: str, form: SentForm) -> object:
    return decide.authorise(
        workplace,
        actor_id,
        deployment_id,
        reason=form.text("reason"),
        conditions=form.text("conditions"),
        is_oral=form.has("is_oral"),
    )


def _ratify(workplace: Workplace, actor_id: str, deployment_id: str, _: SentForm) -> object:
    return decide.ratify(workplace, actor_id, deployment_id)


def _with_reason(step: Callable[..., object]) -> _Take:
    def take(workplace: Workplace, actor_id: str, deployment_id: str, form: SentForm) -> object:
        return step(workplace, actor_id, deployment_id, reason=form.text("reason"))

    return take


_DECISIONS = {
    "authorise": _Decision(_authorise, "authorised"),
    "refuse": _Decision(_with_reason(decide.refuse), "refused"),
    "ratify": _Decision(_ratify, "ratified"),
    "suspend": _Decision(
        _with_reason(decide.suspend_authority), "suspended-authority", is_stop=True
    ),
    "restore": _Decision(_with_reason(decide.restore_authority), "restored"),
    "withdraw": _Decision(_with_reason(decide.withdraw), "withdrawn", is_stop=True),
}


def _decided(
    request: Request, person: SignedIn, deployment_id: str, form: SentForm, decision: _Decision
) -> Response:
    console = console_of(request)

    def work() -> str:
        if not decision.is_stop:
            require_seen(read_deployment(console, deployment_id), form)
        decision.take(console.workplace, person.actor.actor_id, deployment_id, form)
        return f"/deployments/{deployment_id}/authority?done={decision.done}"

    again = partial(_page, request, console, deployment_id, form)
    return answer(request, person, form, work, again)


def _page(
    request: Request,
    console: Console,
    deployment_id: str,
    form: SentForm = NOTHING,
    error: TrialError | None = None,
) -> Response:
    deployment = read_deployment(console, deployment_id)
    policy = policy_of(console, deployment)
    rules = policy.authority
    problem, status = refusal_of(error)
    return show(
        request,
        "authority.html",
        deployment,
        problem=problem,
        form=form,
        status=status,
        step_here=request.url.path.rpartition("/")[2],
        rank=rank_named(rules.min_rank).title,
        oral_rank=rank_named(rules.urgent_oral_min_rank).title,
        ratify_within=policy.number("authority.ratify_within").text(),
    )
