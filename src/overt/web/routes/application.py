"""The application: written and saved, applied with, read by those who decide on it."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from overt.bootstrap.applications import addresses_of_none, apply_from_draft, kept_addresses
from overt.core.application_form import ApplicationForm
from overt.core.application_reading import read_form
from overt.core.deployment import DeploymentState
from overt.errors import ApplicationIncompleteError, RecordConflictError, TrialError
from overt.services.save_draft import draft_mark, read_draft, save_draft
from overt.web.access import allow
from overt.web.application_fields import application_sent, label_of, with_rows_changed
from overt.web.body_limit import a_file, takes
from overt.web.deps import OfConsole, OfPerson, read_deployment
from overt.web.desk import DESK, WHO, answer, problem_of, show
from overt.web.error_handlers import status_of, wants_page
from overt.web.sent_form import OfForm
from overt.web.wall_time import comes_twice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from overt.bootstrap.console import Console
    from overt.core.application_reading import Lacking
    from overt.core.policy import Policy
    from overt.services.sign_in import SignedIn
    from overt.web.sent_form import SentForm

router = APIRouter(include_in_schema=False)


@router.get("/deployments/{deployment_id}/application")
@allow(*DESK)
def application(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Show the application: to write it, while it is a draft, else to read it."""
    deployment = read_deployment(console, deployment_id)
    is_writer = bool(person.actor.roles & set(WHO["apply_"]))
    if deployment.state is DeploymentState.DRAFT and is_writer:
        form, draft = read_draft(console.reading, deployment_id)
        return _writing_page(request, console, deployment_id, form, draft_mark(draft))
    policy = console.workplace.policies.get(deployment.policy_hash)
    return show(request, "application_read.html", deployment, policy=policy)


@router.post("/deployments/{deployment_id}/application")
@allow(*WHO["apply_"])
@takes(a_file)
def write_application(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Save the draft; then apply with it, add or take out a row, or go on."""
    action, place = form.text("action"), f"/deployments/{deployment_id}"

    def work() -> str:
        mark, anchor = _saved(console, person, deployment_id, form)
        if action != "apply":
            return f"{place}/application?done=saved#{anchor}"
        apply_from_draft(console.workplace, person.actor.actor_id, deployment_id, seen=mark)
        return f"{place}?done=applied"

    again = partial(_again, request, console, deployment_id, form)
    return answer(request, person, form, work, again)


@router.post("/deployments/{deployment_id}/application/draft")
@allow(*WHO["apply_"])
def save_while_writing(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Save the draft for the page's script, which goes on with the mark that it gets."""
    mark, _ = _saved(console, person, deployment_id, form)
    if wants_page(request):
        return RedirectResponse(f"/deployments/{deployment_id}/application", status_code=303)
    addresses = kept_addresses(console.reading, deployment_id)
    return JSONResponse({"seen": mark, "addresses": addresses})


def _saved(
    console: Console, person: SignedIn, deployment_id: str, form: SentForm
) -> tuple[str, str]:
    """Return the mark of the draft that is saved now, and the place of the page to show."""
    sent = application_sent(form, _policy(console, deployment_id))
    changed, anchor = with_rows_changed(
        sent.form, form.text("action"), lambda: _new_key(console), console.settings.time_zone
    )
    draft = save_draft(
        console.workplace,
        person.actor.actor_id,
        deployment_id,
        changed,
        sent.addresses,
        seen=form.text("over") or form.text("seen"),
    )
    return draft_mark(draft), anchor


def _again(
    request: Request, console: Console, deployment_id: str, sent: SentForm, error: TrialError
) -> Response:
    """Show the form with what was typed, saved or not, and what is wrong beside each field."""
    if isinstance(error, ApplicationIncompleteError):
        written, draft = read_draft(console.reading, deployment_id)
        mark = draft_mark(draft)
    else:
        written = application_sent(sent, _policy(console, deployment_id)).form
        mark = sent.text("seen")
    return _writing_page(request, console, deployment_id, written, mark, error=error)


def _writing_page(
    request: Request,
    console: Console,
    deployment_id: str,
    written: ApplicationForm,
    mark: str,
    *,
    error: TrialError | None = None,
) -> Response:
    deployment, policy = read_deployment(console, deployment_id), _policy(console, deployment_id)
    lacking = (
        *read_form(written, policy, console.workplace.clock.now()).lacking,
        *addresses_of_none(console.reading, deployment_id),
    )
    is_asked = isinstance(error, ApplicationIncompleteError)
    _, draft = read_draft(console.reading, deployment_id)
    return show(
        request,
        "application.html",
        deployment,
        problem=None if error is None or is_asked else problem_of(error),
        status=200 if error is None else status_of(error),
        written=written,
        mark=mark,
        draft=draft,
        over=draft_mark(draft) if isinstance(error, RecordConflictError) else "",
        policy=policy,
        floors=", ".join(f"{pack} {low:g}" for pack, low in policy.threshold.floor.items()),
        held={document.kind: document for document in written.documents},
        lacking=[(each, label_of(written, each.field)) for each in lacking],
        problems=_beside_fields(lacking, is_asked=is_asked),
        is_asked=is_asked,
        addresses=kept_addresses(console.reading, deployment_id),
        twice=_twice(written),
    )


def _beside_fields(lacking: Iterable[Lacking], *, is_asked: bool) -> dict[str, list[str]]:
    """Return problems by field; before somebody applies, only those of times that were typed."""
    problems: dict[str, list[str]] = {}
    for each in lacking:
        is_typed_time = ".windows." in each.field and "found nothing" not in each.problem
        if is_asked or is_typed_time:
            problems.setdefault(each.field, []).append(each.problem)
    return problems


def _twice(form: ApplicationForm) -> frozenset[str]:
    """Return the fields whose time a clock on that wall shows twice."""
    found = set()
    for site in form.sites:
        for window in site.windows:
            for name, text in (("starts_at", window.starts_at), ("ends_at", window.ends_at)):
                if comes_twice(text, site.time_zone):
                    found.add(f"sites.{site.key}.windows.{window.key}.{name}")
    return frozenset(found)


def _policy(console: Console, deployment_id: str) -> Policy:
    return console.workplace.policies.get(read_deployment(console, deployment_id).policy_hash)


def _new_key(console: Console) -> str:
    return sha256(console.workplace.ids.token().encode()).hexdigest()[:12]
