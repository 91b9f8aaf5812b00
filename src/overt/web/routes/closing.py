"""After a deployment: purge, certificate, proof, the published record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from overt.core.deployment import DeploymentKind
from overt.errors import RecordNotFoundError
from overt.services.certify_destruction import destruction_certificate
from overt.services.publish_record import publish_record, record_of
from overt.services.verify_privacy import PrivacyProof
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, console_of, policy_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, require_seen, show
from overt.web.error_handlers import wants_page
from overt.web.sent_form import OfForm
from overt.web.tasks import Task, TaskKind, progress_of, tasks_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.errors import TrialError

router = APIRouter(include_in_schema=False)


@router.get("/deployments/{deployment_id}/closing")
@allow(*DESK)
def closing(request: Request, deployment_id: str) -> Response:
    """Show what is left of a deployment, and what is still to be done."""
    return _page(request, deployment_id)


@router.post("/deployments/{deployment_id}/closing/purge")
@allow(*WHO["purged"])
def purge(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Begin to purge; how it goes is another page, as the disk is searched twice."""

    def work() -> str:
        require_seen(read_deployment(console, deployment_id), form)
        actor_id = person.actor.actor_id
        doing = partial(_purged, console, request, deployment_id, actor_id)
        tasks_of(request).start(TaskKind.PURGE, deployment_id, actor_id, doing)
        return f"/deployments/{deployment_id}/closing/purging"

    return answer(request, person, form, work, partial(_page, request, deployment_id))


@router.get("/deployments/{deployment_id}/closing/purging")
@allow(*DESK)
def purging(request: Request, deployment_id: str) -> Response:
    """Show that a deployment is being purged; once that is over, what came of it."""
    what = "Pictures, templates, alerts and the key go; the disk is searched before and after."
    return _going(request, deployment_id, TaskKind.PURGE, "The deployment is being purged", what)


@router.post("/deployments/{deployment_id}/closing/proof")
@allow(*DESK)
def prove(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Begin to prove that nothing of faces lies about."""

    def work() -> str:
        read_deployment(console, deployment_id)
        tasks_of(request).start(
            TaskKind.PROVE,
            deployment_id,
            person.actor.actor_id,
            lambda _: console.closing.prove(deployment_id),
        )
        return f"/deployments/{deployment_id}/closing/proving"

    return answer(request, person, form, work, partial(_page, request, deployment_id))


@router.get("/deployments/{deployment_id}/closing/proving")
@allow(*DESK)
def proving(request: Request, deployment_id: str) -> Response:
    """Show that the disk is being searched; once that is over, what was found."""
    what = "Counts are taken from the store and from the log; every file is searched."
    return _going(request, deployment_id, TaskKind.PROVE, "The proof is being made", what)


@router.get("/deployments/{deployment_id}/closing/certificate.txt")
@allow(*DESK)
def certificate(deployment_id: str, console: OfConsole) -> Response:
    """Return the certificate of destruction, verified against the whole log."""
    verified = console.closing.certificate(deployment_id)
    headers = {"content-disposition": f'attachment; filename="certificate-{deployment_id}.txt"'}
    return Response(
        verified.certificate.text, media_type="text/plain; charset=utf-8", headers=headers
    )


@router.post("/deployments/{deployment_id}/closing/publish")
@allow(*WHO["published"])
def publish(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Publish the record, counted from the log."""

    def work() -> str:
        publish_record(console.workplace, person.actor.actor_id, deployment_id)
        return f"/deployments/{deployment_id}/closing?done=published"

    return answer(request, person, form, work, partial(_page, request, deployment_id))


@router.get("/deployments/{deployment_id}/closing/record.json")
@allow(*DESK)
def record(deployment_id: str, console: OfConsole) -> Response:
    """Return the record as it was published."""
    headers = {"content-disposition": f'attachment; filename="record-{deployment_id}.json"'}
    text = record_of(console.reading, deployment_id)
    return Response(text, media_type="application/json", headers=headers)


def _purged(
    console: Console, request: Request, deployment_id: str, actor_id: str, _: Task
) -> object:
    certificate = console.closing.purge(deployment_id, actor_id)
    tasks_of(request).forget(deployment_id)  # rows of its list that were refused
    return certificate


def _going(request: Request, deployment_id: str, kind: TaskKind, title: str, what: str) -> Response:
    task = tasks_of(request).find(kind, deployment_id)
    if not wants_page(request):
        return JSONResponse(progress_of(task))
    if task is None or task.result is not None:
        end = "?done=purged" if task and kind is TaskKind.PURGE else ""
        return RedirectResponse(f"/deployments/{deployment_id}/closing{end}", status_code=303)
    if task.is_over:
        return _page(request, deployment_id, task)
    deployment = read_deployment(console_of(request), deployment_id)
    return show(request, "waiting.html", deployment, title=title, what=what, task=task)


def _page(request: Request, deployment_id: str, error: TrialError | Task | None = None) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    with console.reading() as uow:
        kept = destruction_certificate(uow, deployment_id)
    task = tasks_of(request).find(TaskKind.PROVE, deployment_id)
    problem, status = refusal_of(error)
    return show(
        request,
        "closing.html",
        deployment,
        problem=problem,
        status=status,
        certificate=kept,
        record=_record(console, deployment_id),
        proof=task.result if task and isinstance(task.result, PrivacyProof) else None,
        proved_at=task.started_at if task else None,
        is_real=deployment.kind is DeploymentKind.OPERATIONAL,
        policy=policy_of(console, deployment),
    )


def _record(console: Console, deployment_id: str) -> str | None:
    try:
        return record_of(console.reading, deployment_id)
    except RecordNotFoundError:
        return None
