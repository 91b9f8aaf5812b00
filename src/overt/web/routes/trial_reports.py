"""The report of a trial: made as a task, read on a page, taken away as files."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from overt.bootstrap.kept_reports import KeptReport, latest_report, make_and_keep
from overt.core.roles import Role
from overt.errors import RecordNotFoundError
from overt.services.invited import trial_seen
from overt.services.report_digests import LOG
from overt.services.take_report_log import take_report_log
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, console_of
from overt.web.desk import answer, refusal_of
from overt.web.error_handlers import wants_page
from overt.web.pages import pages_of
from overt.web.routes.trials import READERS
from overt.web.sent_form import OfForm
from overt.web.tasks import Task, TaskKind, progress_of, tasks_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.trial import Trial
    from overt.errors import TrialError
    from overt.services.sign_in import SignedIn

router = APIRouter(include_in_schema=False)

_PAGE = "report.html"
_DOCUMENT = "report.json"
_KINDS = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
}
_ALONE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    )
}
"""What a file of a report may do in a browser: be looked at; its styles stand within it."""


@router.get("/trials/{trial_id}/report")
@allow(*READERS)
def report(request: Request, trial_id: str, person: OfPerson) -> Response:
    """Show what the latest report says, with its files; an evaluator makes one."""
    return _page(request, person, trial_id)


@router.post("/trials/{trial_id}/report")
@allow(Role.EVALUATOR)
def make(
    request: Request, trial_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Begin to make a report; how it goes is another page, as it takes seconds."""

    def work() -> str:
        _trial(console, person, trial_id)
        actor_id = person.actor.actor_id
        doing = partial(_made, console, actor_id, trial_id)
        tasks_of(request).start(TaskKind.MAKE_REPORT, trial_id, actor_id, doing)
        return f"/trials/{trial_id}/report/making"

    return answer(request, person, form, work, partial(_page, request, person, trial_id))


@router.get("/trials/{trial_id}/report/making")
@allow(*READERS)
def making(request: Request, trial_id: str, person: OfPerson) -> Response:
    """Show that a report is being made; once that is over, the report or why there is none."""
    task = tasks_of(request).find(TaskKind.MAKE_REPORT, trial_id)
    if not wants_page(request):
        return JSONResponse(progress_of(task))
    if task is None or task.result is not None:
        end = "?done=made" if task else ""
        return RedirectResponse(f"/trials/{trial_id}/report{end}", status_code=303)
    if task.is_over:
        return _page(request, person, trial_id, task)
    trial = _trial(console_of(request), person, trial_id)
    return pages_of(request).show(request, "trials/making.html", trial=trial, task=task)


@router.get(f"/trials/{{trial_id}}/report/{LOG}")
@allow(Role.EVALUATOR, Role.AUDITOR)
def log(console: OfConsole, person: OfPerson, trial_id: str) -> Response:
    """Send the log that the report comes from; that it was taken away is logged."""
    kept = _kept(console, person, trial_id)
    content = kept.read(LOG)
    size = json.loads(kept.read(_DOCUMENT))["log"]["size"]
    take_report_log(console.workplace, person.actor.actor_id, size)
    return _sent(LOG, content)


@router.get("/trials/{trial_id}/report/files/{name:path}")
@allow(*READERS)
def file(console: OfConsole, person: OfPerson, trial_id: str, name: str) -> Response:
    """Send a file of the latest report; its page is shown, all others are taken away."""
    kept = _kept(console, person, trial_id)
    if name == LOG:
        msg = "the log of a report stands under an address of its own"
        raise RecordNotFoundError(msg)
    return _sent(name, kept.read(name))


def _made(console: Console, actor_id: str, trial_id: str, task: Task) -> str:
    def tell(_: str) -> None:
        task.n_done += 1

    return make_and_keep(console, actor_id, trial_id, tell)


def _sent(name: str, content: bytes) -> Response:
    kind = _KINDS.get(name.rpartition(".")[2], "application/octet-stream")
    headers = dict(_ALONE)
    if name != _PAGE:
        last = name.rpartition("/")[2]
        headers["Content-Disposition"] = f'attachment; filename="{last}"'
    return Response(content, media_type=kind, headers=headers)


def _trial(console: Console, person: SignedIn, trial_id: str) -> Trial:
    with console.reading() as uow:
        return trial_seen(uow, person.actor.actor_id, trial_id, console.workplace.clock.now())


def _kept(console: Console, person: SignedIn, trial_id: str) -> KeptReport:
    kept = latest_report(console.settings, _trial(console, person, trial_id))
    if kept is None:
        msg = "no report of this trial is kept here"
        raise RecordNotFoundError(msg)
    return kept


def _page(
    request: Request, person: SignedIn, trial_id: str, error: TrialError | Task | None = None
) -> Response:
    console = console_of(request)
    trial = _trial(console, person, trial_id)
    kept = latest_report(console.settings, trial)
    said: dict[str, Any] | None = None if kept is None else json.loads(kept.read(_DOCUMENT))
    problem, status = refusal_of(error)
    names = kept.names if kept else ()
    return pages_of(request).show(
        request,
        "trials/report.html",
        status=status,
        problem=problem,
        trial=trial,
        kept=kept,
        said=said,
        tables=[name for name in names if name.startswith("tables/")],
        figures=[name for name in names if name.startswith("figures/")],
        form_key=console.workplace.ids.token(),
        may=Role.EVALUATOR in person.actor.roles,
        may_take_log=bool(person.actor.roles & {Role.EVALUATOR, Role.AUDITOR}),
        is_done=request.query_params.get("done") == "made",
    )
