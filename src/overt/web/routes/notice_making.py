"""Posters, leaflets, cards: made in the background, looked at, fetched."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from overt.bootstrap.notices import shelf_of
from overt.core.notice_papers import details_of
from overt.core.notice_words import SheetKind
from overt.errors import RequestInvalidError
from overt.services.make_kept_notices import WantedNotices, make_kept_notices
from overt.services.make_notices import STANDARD, reviewed
from overt.services.notice_papers import papers_of, require_maker
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, console_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, show
from overt.web.error_handlers import wants_page
from overt.web.sent_form import OfForm
from overt.web.tasks import Task, TaskKind, progress_of, tasks_of

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.errors import TrialError
    from overt.web.sent_form import SentForm

router = APIRouter(include_in_schema=False)

_NAMES = {
    "en": "English",
    "cy": "Welsh",
    "fr": "French",
    "ar": "Arabic",
    "pl": "Polish",
    "bn": "Bengali",
}
_TYPES = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}
_PREVIEWED = ("poster-a4.png", "leaflet-1.png", "leaflet-2.png", "card-1.png", "card-2.png")


@router.post("/deployments/{deployment_id}/notices/make")
@allow(*WHO["make_notices"])
def make(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Begin to make notices; how it goes is another page."""

    def work() -> str:
        actor_id = person.actor.actor_id
        wanted = _wanted(console, form)
        require_maker(console.workplace, actor_id, deployment_id)
        tasks_of(request).start(
            TaskKind.MAKE_NOTICES,
            deployment_id,
            actor_id,
            partial(_made, console, deployment_id, actor_id, wanted),
        )
        return f"/deployments/{deployment_id}/notices/made"

    return answer(request, person, form, work, partial(_page, request, deployment_id))


@router.get("/deployments/{deployment_id}/notices/made")
@allow(*DESK)
def made(request: Request, deployment_id: str) -> Response:
    """Show how the making goes, what was made, and which languages wait to be approved."""
    if not wants_page(request):
        task = tasks_of(request).find(TaskKind.MAKE_NOTICES, deployment_id)
        return JSONResponse(progress_of(task))
    return _page(request, deployment_id)


@router.get("/deployments/{deployment_id}/notices/files/{name:path}")
@allow(*DESK)
def notice_file(deployment_id: str, name: str, console: OfConsole) -> Response:
    """Return a file that was made: to be looked at, printed or posted."""
    read_deployment(console, deployment_id)
    path = shelf_of(console.settings).path(deployment_id, name)
    end = name.rpartition(".")[2]
    is_shown = end in {"png", "pdf"}
    kind = _TYPES.get(end, "application/zip" if end == "zip" else "text/plain; charset=utf-8")
    return FileResponse(
        path,
        media_type=kind,
        filename=f"{deployment_id}-{name.replace('/', '-')}",
        content_disposition_type="inline" if is_shown else "attachment",
    )


def _wanted(console: Console, form: SentForm) -> WantedNotices:
    codes = console.notice_works().languages.codes()
    languages = tuple(code for code in codes if code in form.texts("languages"))
    if not languages:
        msg = "choose at least one language"
        raise RequestInvalidError(msg, field="languages")
    large = (SheetKind.LARGE_PRINT,) if form.has("large_print") else ()
    zone = console.settings.time_zone
    return WantedNotices(languages, (*STANDARD, *large), form.text("site") or None, zone)


def _made(
    console: Console, deployment_id: str, actor_id: str, wanted: WantedNotices, task: Task
) -> int:
    """Make notices in the task's thread; a sheet is a step."""
    task.n_total = len(wanted.languages) * len(wanted.sheets)

    def one_more(name: str) -> None:
        task.n_done += name.endswith(".pdf")

    shelf = shelf_of(console.settings)
    return make_kept_notices(
        console.workplace,
        actor_id,
        deployment_id,
        wanted,
        console.notice_works(),
        partial(shelf.put, deployment_id),
        one_more,
    )


def _page(request: Request, deployment_id: str, error: TrialError | None = None) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    task = tasks_of(request).find(TaskKind.MAKE_NOTICES, deployment_id)
    papers, _ = papers_of(console.reading, deployment_id)
    sites = deployment.application.sites if deployment.application else ()
    problem, status = refusal_of(error or task)
    return show(
        request,
        "notices_made.html",
        deployment,
        problem=problem,
        status=status,
        task=task,
        is_ready=papers is not None and papers.deployment_id == deployment_id,
        languages=_languages(console, deployment_id),
        groups=_groups(console, deployment_id),
        contents=shelf_of(console.settings).contents(deployment_id),
        sites=sites,
        site_choices=[(site.site_id, f"{site.site_id}: {site.place}") for site in sites],
    )


def _languages(console: Console, deployment_id: str) -> list[dict[str, Any]]:
    """Return every language with its digest, and whether it was approved as it is now."""
    papers, approved = papers_of(console.reading, deployment_id)
    by = {one.catalogue_sha256: one for one in approved}
    works = console.notice_works()
    found = []
    for code in works.languages.codes():
        language = works.languages.get(code)
        is_reviewed = code == "en" or language.sha256 in by
        if papers is not None:
            is_reviewed = reviewed(language, details_of(papers.document, approved))
        found.append(
            {
                "code": code,
                "name": _NAMES.get(code, code),
                "sha256": language.sha256,
                "is_reviewed": is_reviewed,
                "approval": by.get(language.sha256),
            }
        )
    return found


def _groups(console: Console, deployment_id: str) -> list[dict[str, Any]]:
    """Return the files that lie there by language, with the pictures that are shown small."""
    contents = shelf_of(console.settings).contents(deployment_id)
    listed = contents.get("files") if contents is not None else None
    groups: dict[str, dict[str, Any]] = {}
    for each in listed if isinstance(listed, list) else []:
        code, slash, name = str(each["file"]).partition("/")
        if not slash:
            continue
        group = groups.setdefault(
            code,
            {
                "code": code,
                "name": _NAMES.get(code, code),
                "is_reviewed": bool(each["is_reviewed"]),
                "files": [],
                "previews": [],
            },
        )
        group["files"].append(name)
        if name in _PREVIEWED:
            group["previews"].append(name)
    return list(groups.values())
