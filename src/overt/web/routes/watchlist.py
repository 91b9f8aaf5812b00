"""The watchlist: composed from what is sent, approved by a second person, kept fresh, looked at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.bootstrap.watchlists import read_sent_feed
from overt.core.roles import Role
from overt.core.watchlist_gates import list_kind_of
from overt.services.check_freshness import check_freshness
from overt.services.view_watchlist import VIEWERS, view_portrait, view_watchlist
from overt.web.access import allow
from overt.web.body_limit import a_file, takes
from overt.web.deps import (
    OfConsole,
    OfPerson,
    console_of,
    policy_of,
    read_deployment,
    require_entry_of,
    signed_in_of,
    waiting_entries,
)
from overt.web.desk import DESK, WHO, answer, refusal_of, show, who
from overt.web.sent_form import OfForm, one_file
from overt.web.tasks import TaskKind, tasks_of

if TYPE_CHECKING:
    from overt.errors import TrialError

router = APIRouter(include_in_schema=False)

_VIEWERS = tuple(sorted(frozenset[Role]().union(*VIEWERS.values())))


@router.get("/deployments/{deployment_id}/watchlist")
@allow(*DESK)
def watchlist(request: Request, deployment_id: str) -> Response:
    """Show where the list stands, and what may be done with it."""
    return _page(request, deployment_id)


@router.get("/deployments/{deployment_id}/watchlist/entries")
@allow(*_VIEWERS)
def entries(request: Request, deployment_id: str, console: OfConsole, person: OfPerson) -> Response:
    """Show the entries without pictures; the look is logged."""
    deployment = read_deployment(console, deployment_id)
    kind, actor_id = list_kind_of(deployment.kind), person.actor.actor_id
    listed = view_watchlist(console.workplace, actor_id, deployment_id, kind)
    return show(
        request, "entries.html", deployment, entries=listed, policy=policy_of(console, deployment)
    )


@router.get("/deployments/{deployment_id}/watchlist/entries/{entry_id}/portrait.jpg")
@allow(*_VIEWERS)
def portrait(deployment_id: str, entry_id: str, console: OfConsole, person: OfPerson) -> Response:
    """Return an entry's portrait; the look is logged."""
    require_entry_of(console, deployment_id, entry_id)
    content = view_portrait(console.workplace, person.actor.actor_id, entry_id)
    return Response(content, media_type="image/jpeg")


@router.post("/deployments/{deployment_id}/watchlist/feed")
@allow(*WHO["check_freshness"])
@takes(a_file)
def feed(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Compare the list with the feed; who is on it leaves at once."""

    def work() -> str:
        file = one_file(form, "feed", 'expected the feed of those "no longer wanted"')
        read = read_sent_feed("that was sent", file.content)
        actor_id = person.actor.actor_id
        checked = check_freshness(console.workplace, actor_id, deployment_id, read)
        done = "left" if checked.no_longer_wanted else "checked"
        return f"/deployments/{deployment_id}/watchlist?done={done}"

    again = partial(_page, request, deployment_id)
    return answer(request, person, form, work, again)


def _page(request: Request, deployment_id: str, error: TrialError | None = None) -> Response:
    console, person = console_of(request), signed_in_of(request)
    deployment = read_deployment(console, deployment_id)
    viewers = VIEWERS[list_kind_of(deployment.kind)]
    problem, status = refusal_of(error)
    return show(
        request,
        "watchlist.html",
        deployment,
        problem=problem,
        status=status,
        policy=policy_of(console, deployment),
        n_waiting=len(waiting_entries(console, deployment)),
        may_look=bool(person.actor.roles & viewers),
        who_may_look=who(sorted(viewers)),
        task=tasks_of(request).find(TaskKind.COMPOSE, deployment_id),
    )
