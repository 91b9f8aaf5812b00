"""A watchlist is composed of what is sent: a CSV file and photographs, all of it in memory."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from overt.bootstrap.watchlists import failed_rows_text, offers_of_upload
from overt.core.watchlist_cells import OPTIONAL_COLUMNS, REQUIRED_COLUMNS
from overt.errors import (
    NothingEnrolledError,
    RecordNotFoundError,
    RequestTooLargeError,
    RoleForbiddenError,
)
from overt.services.compose_watchlist import ComposeProgress, compose_watchlist
from overt.web.access import allow
from overt.web.body_limit import MIB, a_list, takes
from overt.web.composing import Composed, refusals_of
from overt.web.deps import OfConsole, OfPerson, console_of, policy_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, show
from overt.web.error_handlers import wants_page
from overt.web.sent_form import OfForm, SentFile, SentForm, one_file
from overt.web.tasks import Task, TaskKind, progress_of, tasks_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.errors import TrialError
    from overt.services.judge_rows import RefusedRow

router = APIRouter(include_in_schema=False)


@router.get("/deployments/{deployment_id}/watchlist/compose")
@allow(*DESK)
def composing_page(request: Request, deployment_id: str) -> Response:
    """Show where a list is sent."""
    return _compose_page(request, deployment_id)


@router.post("/deployments/{deployment_id}/watchlist/compose")
@allow(*WHO["watchlist_built"])
@takes(a_list)
def compose(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Begin to compose a list of a CSV file and photographs; how it goes is another page."""

    def work() -> str:
        read_deployment(console, deployment_id)
        csv_file, photographs = _sent(console, form)
        actor_id = person.actor.actor_id
        tasks_of(request).start(
            TaskKind.COMPOSE,
            deployment_id,
            actor_id,
            partial(_composed, console, deployment_id, actor_id, csv_file, photographs),
        )
        return f"/deployments/{deployment_id}/watchlist/composing"

    again = partial(_compose_page, request, deployment_id)
    return answer(request, person, form, work, again)


@router.get("/deployments/{deployment_id}/watchlist/composing")
@allow(*DESK)
def composing(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Show how the composing goes, and what came of it."""
    deployment = read_deployment(console, deployment_id)
    task = tasks_of(request).find(TaskKind.COMPOSE, deployment_id)
    if not wants_page(request):
        return JSONResponse(progress_of(task))
    composed = task.result if task and isinstance(task.result, Composed) else None
    problem, status = refusal_of(task)
    return show(
        request,
        "composing.html",
        deployment,
        problem=problem,
        status=status,
        task=task,
        composed=composed,
        refused=refusals_of(composed.refused) if composed else [],
        is_mine=task is not None and task.started_by == person.actor.actor_id,
    )


@router.get("/deployments/{deployment_id}/watchlist/refused.csv")
@allow(*WHO["watchlist_built"])
def refused_rows(request: Request, deployment_id: str, person: OfPerson) -> Response:
    """Return the refused rows to whoever sent them, and to nobody else."""
    task = tasks_of(request).find(TaskKind.COMPOSE, deployment_id)
    if task is None or not isinstance(task.result, Composed):
        msg = "no list was composed here lately"
        raise RecordNotFoundError(msg, key=deployment_id)
    if task.started_by != person.actor.actor_id:
        msg = f"the refused rows are for {task.started_by}, who sent them"
        raise RoleForbiddenError(msg, actor_id=person.actor.actor_id)
    headers = {"content-disposition": 'attachment; filename="refused-rows.csv"'}
    text = failed_rows_text(task.result.refused)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _composed(
    console: Console,
    deployment_id: str,
    actor_id: str,
    csv_file: SentFile,
    photographs: tuple[SentFile, ...],
    task: Task,
) -> Composed:
    """Compose in the task's thread; what was sent is let go of at its end."""
    refused: list[RefusedRow] = []

    def count(n_rows: int) -> None:
        task.n_total = n_rows

    def one_more() -> None:
        task.n_done += 1

    progress = ComposeProgress(on_total=count, on_row=one_more, on_refused=refused.append)
    sent = ((photo.name, photo.content) for photo in photographs)
    enroller = console.open_enroller()
    with offers_of_upload(("that was sent", csv_file.content), sent, console.settings) as taken:
        offers, held = taken
        try:
            done = compose_watchlist(
                console.workplace, actor_id, deployment_id, offers, enroller, progress
            )
        except NothingEnrolledError as error:
            return Composed(0, 0, held.n_unused, tuple(refused), error.message)
        return Composed(done.n_entries, done.n_replaced, held.n_unused, done.refused)


def _sent(console: Console, form: SentForm) -> tuple[SentFile, tuple[SentFile, ...]]:
    csv_file = one_file(form, "list", "expected the list as a CSV file")
    photographs = form.sent_files("photographs")
    settings = console.settings
    if len(photographs) > settings.upload_files:
        msg = f"expected at most {settings.upload_files} photographs, found {len(photographs)}"
        raise RequestTooLargeError(msg)
    if any(len(file.content) > settings.upload_file_mib * MIB for file in (csv_file, *photographs)):
        msg = f"expected files of at most {settings.upload_file_mib} MiB, found a larger one"
        raise RequestTooLargeError(msg)
    return csv_file, photographs


def _compose_page(
    request: Request, deployment_id: str, error: TrialError | None = None
) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    problem, status = refusal_of(error)
    return show(
        request,
        "compose.html",
        deployment,
        problem=problem,
        status=status,
        columns=(REQUIRED_COLUMNS, OPTIONAL_COLUMNS),
        policy=policy_of(console, deployment),
        settings=console.settings,
        categories=deployment.application.categories if deployment.application else (),
    )
