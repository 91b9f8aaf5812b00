"""A second person looks at every portrait of a watchlist, and approves it or refuses entries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.core.watchlist import EntryStatus
from overt.core.watchlist_gates import list_kind_of
from overt.errors import RecordConflictError, RequestInvalidError
from overt.services.approve_watchlist import approve_one_entry, approve_watchlist
from overt.services.view_watchlist import view_watchlist
from overt.web.access import allow
from overt.web.deps import (
    OfConsole,
    OfPerson,
    console_of,
    policy_of,
    read_deployment,
    require_entry_of,
    waiting_entries,
)
from overt.web.desk import WHO, answer, refusal_of, show
from overt.web.sent_form import NOTHING, OfForm, SentForm

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.core.watchlist import WatchlistEntry
    from overt.errors import TrialError
    from overt.services.sign_in import SignedIn

router = APIRouter(include_in_schema=False)


@router.get("/deployments/{deployment_id}/watchlist/approve")
@allow(*WHO["approve_watchlist"])
def approving(request: Request, deployment_id: str, person: OfPerson) -> Response:
    """Show every portrait beside its row to a second person; the look is logged."""
    return _approve_page(request, person, deployment_id)


@router.post("/deployments/{deployment_id}/watchlist/approve")
@allow(*WHO["approve_watchlist"])
def approve(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Approve the list, but for the entries that were refused with a reason."""

    def work() -> str:
        _require_same_list(console, deployment_id, form)
        _require_ticked(console, deployment_id, form)
        refused = {entry: form.text(f"reason.{entry}") for entry in form.texts("refuse")}
        approve_watchlist(console.workplace, person.actor.actor_id, deployment_id, refused)
        return f"/deployments/{deployment_id}/watchlist?done=approved"

    again = partial(_approve_page, request, person, deployment_id, form)
    return answer(request, person, form, work, again)


@router.post("/deployments/{deployment_id}/watchlist/entries/{entry_id}/approve")
@allow(*WHO["approve_watchlist"])
def approve_entry(
    request: Request,
    deployment_id: str,
    entry_id: str,
    console: OfConsole,
    person: OfPerson,
    form: OfForm,
) -> Response:
    """Approve one entry by itself: one under 18, by the officer who granted the exception."""

    def work() -> str:
        require_entry_of(console, deployment_id, entry_id)
        approve_one_entry(console.workplace, person.actor.actor_id, entry_id)
        return f"/deployments/{deployment_id}/watchlist/approve?done=entry"

    again = partial(_approve_page, request, person, deployment_id, form)
    return answer(request, person, form, work, again)


def _list_mark(deployment: Deployment, waiting: Iterable[WatchlistEntry]) -> str:
    """Return what tells one list that waits from another."""
    version = deployment.watchlist.version if deployment.watchlist else 0
    ids = ",".join(entry.entry_id for entry in waiting)
    return f"{version}-{sha256(ids.encode()).hexdigest()[:16]}"


def _require_same_list(console: Console, deployment_id: str, form: SentForm) -> None:
    deployment = read_deployment(console, deployment_id)
    if form.text("seen") != _list_mark(deployment, waiting_entries(console, deployment)):
        msg = (
            "the list has changed since you opened this page; look at it again, then approve. "
            "What you refused is still ticked where it still waits"
        )
        raise RecordConflictError(msg, deployment_id=deployment_id)


def _require_ticked(console: Console, deployment_id: str, form: SentForm) -> None:
    """Refuse to approve what somebody wrote a reason against and forgot to tick."""
    ticked = set(form.texts("refuse"))
    waiting = waiting_entries(console, read_deployment(console, deployment_id))
    meant = [e for e in waiting if form.text(f"reason.{e.entry_id}").strip()]
    forgotten = [e.reference for e in meant if e.entry_id not in ticked]
    if forgotten:
        msg = (
            f"a reason for refusing {', '.join(forgotten)} is written, but Refuse is not ticked: "
            "tick it, or take the reason away"
        )
        raise RequestInvalidError(msg)


def _approve_page(
    request: Request,
    person: SignedIn,
    deployment_id: str,
    form: SentForm = NOTHING,
    error: TrialError | None = None,
) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    kind = list_kind_of(deployment.kind)
    listed = view_watchlist(console.workplace, person.actor.actor_id, deployment_id, kind)
    waiting = [entry for entry in listed if entry.status is EntryStatus.COMPOSED]
    problem, status = refusal_of(error)
    return show(
        request,
        "approve.html",
        deployment,
        problem=problem,
        form=form,
        status=status,
        waiting=waiting,
        mark=_list_mark(deployment, waiting_entries(console, deployment)),
        policy=policy_of(console, deployment),
        ticked=form.texts("refuse"),
    )
