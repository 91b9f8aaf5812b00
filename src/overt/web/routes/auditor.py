"""The auditor's screens: look for events, verify the log, take it away; nothing is changed."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from overt.bootstrap.audit import own_signer, own_verifier, public_key_text
from overt.core.audit import line_of
from overt.core.audit_events import EventKind
from overt.core.checkpoint import parse_checkpoint
from overt.core.roles import Role
from overt.core.signed_note import parse_note
from overt.errors import RequestInvalidError, SignedNoteInvalidError, WrongStateError
from overt.services.check_log import CheckedLog, check_log
from overt.services.export_audit import export_audit
from overt.services.read_audit import log_export
from overt.services.search_audit import Edge, FoundEvents, read_event, search_audit
from overt.services.was_listed import was_listed
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson
from overt.web.error_handlers import status_of
from overt.web.log_query import LogQuery
from overt.web.pages import pages_of
from overt.web.streamed import from_one_thread
from overt.web.tasks import TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.bootstrap.console import Console
    from overt.core.canonical_json import JsonValue
    from overt.services.was_listed import Listing
    from overt.web.tasks import Task, Tasks

router = APIRouter(include_in_schema=False)

_LOG = "audit_log"
_MOST_SEQ = 2**53
_Field = Annotated[str, Query(max_length=128)]
_Number = Annotated[int | None, Query(ge=0, le=_MOST_SEQ)]
_Seq = Annotated[int, Path(ge=0, le=_MOST_SEQ)]


@router.get("/log")
@allow(Role.AUDITOR)
def events(  # noqa: PLR0913, PLR0917 - one parameter a field of the form
    request: Request,
    console: OfConsole,
    person: OfPerson,
    kind: _Field = "",
    actor: _Field = "",
    deployment: _Field = "",
    since: _Field = "",
    until: _Field = "",
    text: _Field = "",
    before: _Number = None,
    after: _Number = None,
) -> Response:
    """Show a page of the events that are looked for, the newest first; the look is logged."""
    typed = (kind, actor, deployment, since, until, text)
    query = LogQuery(*(field.strip() for field in typed))
    found, problem = FoundEvents((), has_older=False, has_newer=False), None
    try:
        wanted = query.search(_zone(console))
        edge = Edge(before, after)
        actor_id = person.actor.actor_id
        found = search_audit(console.workplace, console.reading, actor_id, wanted, edge)
    except RequestInvalidError as error:
        problem = error
    return pages_of(request).show(
        request,
        "auditor/log.html",
        status=status_of(problem) if problem else 200,
        query=query,
        kinds=sorted(EventKind),
        found=found,
        lines={logged.seq: _short(logged.event.details) for logged in found.events},
        problem=problem.message if problem else None,
        wrong_field=problem.fields["field"] if problem else None,
        zone=console.settings.time_zone,
    )


@router.get("/log/verify")
@allow(Role.AUDITOR)
def verify_page(request: Request, console: OfConsole) -> Response:
    """Show how the log can be verified, and how the last verification went."""
    return _verify_page(request, console)


@router.get("/log/verify/progress")
@allow(Role.AUDITOR)
def verify_progress(request: Request, console: OfConsole) -> Response:
    """Show how the verification goes, as a part of the page."""
    return pages_of(request).show(
        request, "auditor/check.html", task=_check(request), zone=console.settings.time_zone
    )


@router.post("/log/verify")
@allow(Role.AUDITOR)
def verify(
    request: Request,
    console: OfConsole,
    person: OfPerson,
    checkpoint: Annotated[str, Form(max_length=4096)] = "",
    sign: Annotated[bool, Form()] = False,  # noqa: FBT002 - a box of a form
) -> Response:
    """Begin to verify the whole log; it goes on while pages ask how far it is."""
    verifier = own_verifier(console.settings)
    signer = own_signer(console.settings) if sign else None
    given = checkpoint.replace("\r\n", "\n").strip()
    notes = [f"{given}\n".encode()] if given else []

    def work(task: Task) -> CheckedLog:
        def progress(n_done: int, n_total: int) -> None:
            task.n_done, task.n_total = n_done, n_total

        return check_log(
            console.workplace,
            console.reading,
            verifier,
            checkpoints=notes,
            signer=signer,
            progress=progress,
        )

    try:
        for note in notes:  # what is no checkpoint says nothing against the log
            parse_checkpoint(parse_note(note).text)
    except SignedNoteInvalidError as error:
        problem = f"What you pasted is no checkpoint: {error.message}. Nothing was verified."
        return _verify_page(request, console, problem, status=422, checkpoint=checkpoint)
    try:
        _tasks(request).start(TaskKind.VERIFY_LOG, _LOG, person.actor.actor_id, work)
    except WrongStateError as error:
        return _verify_page(request, console, error.message, status=status_of(error))
    return RedirectResponse("/log/verify#check", status_code=303)


@router.post("/log/export")
@allow(Role.AUDITOR)
def export(console: OfConsole, person: OfPerson) -> StreamingResponse:
    """Send the whole log with a signed checkpoint; that it was taken away is its last event."""
    signer = own_signer(console.settings)
    log_export(console.workplace, person.actor.actor_id)

    def parts() -> Iterator[bytes]:
        with console.reading() as uow:
            yield from export_audit(uow.audit, signer)

    now = console.workplace.clock.now()
    name = f"overt-log-{now:%Y%m%dT%H%M%SZ}.jsonl"
    return StreamingResponse(
        from_one_thread(parts),
        media_type="application/jsonl",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.get("/log/listed")
@allow(Role.AUDITOR)
def listed_page(request: Request, console: OfConsole) -> Response:
    """Show where somebody is asked for."""
    return _listed_page(request, console, on=None, found=None)


@router.post("/log/listed")
@allow(Role.AUDITOR)
def listed(
    request: Request,
    console: OfConsole,
    person: OfPerson,
    reference: Annotated[str, Form(max_length=128)],
    on: Annotated[date, Form()],
) -> Response:
    """Answer whether a reference was listed on a day; the reference stands in no address."""
    found: Listing | None = None
    if reference.strip():
        actor_id, zone = person.actor.actor_id, _zone(console)
        found = was_listed(console.workplace, actor_id, reference, on, zone)
    return _listed_page(request, console, reference=reference, on=on, found=found)


@router.get("/log/{seq}")
@allow(Role.AUDITOR)
def event(request: Request, console: OfConsole, person: OfPerson, seq: _Seq) -> Response:
    """Show one event as it stands in the log, with its hash; the look is logged."""
    logged = read_event(console.workplace, console.reading, person.actor.actor_id, seq)
    return pages_of(request).show(
        request,
        "auditor/event.html",
        logged=logged,
        line=line_of(logged).decode(),
        details=_json(logged.event.details, indent=2),
        zone=console.settings.time_zone,
    )


def _verify_page(
    request: Request,
    console: Console,
    problem: str | None = None,
    *,
    status: int = 200,
    checkpoint: str = "",
) -> Response:
    return pages_of(request).show(
        request,
        "auditor/verify.html",
        status=status,
        task=_check(request),
        public_key=public_key_text(console.settings),
        problem=problem,
        checkpoint=checkpoint,
        zone=console.settings.time_zone,
    )


def _listed_page(
    request: Request,
    console: Console,
    *,
    on: date | None,
    found: Listing | None,
    reference: str = "",
) -> Response:
    is_blank = on is not None and found is None
    return pages_of(request).show(
        request,
        "auditor/listed.html",
        status=422 if is_blank else 200,
        reference=reference,
        on=on,
        found=None if found is None else found.periods,
        is_known=found is None or found.is_known,
        problem="Type the reference, as the force writes it." if is_blank else None,
        zone=console.settings.time_zone,
    )


def _short(details: Mapping[str, JsonValue]) -> str:
    """Return the details of an event on one line; the page cuts it where there is no room."""
    texts = (f"{name} {v if isinstance(v, str) else _json(v)}" for name, v in details.items())
    return " · ".join(texts)


def _json(value: JsonValue, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, sort_keys=True, default=list)


def _check(request: Request) -> Task | None:
    return _tasks(request).find(TaskKind.VERIFY_LOG, _LOG)


def _tasks(request: Request) -> Tasks:
    tasks: Tasks = request.app.state.tasks
    return tasks


def _zone(console: Console) -> ZoneInfo:
    return ZoneInfo(console.settings.time_zone)
