"""What notices say of the force, the map on them, and which translations were approved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.bootstrap.notices import details_sent, shape_sent
from overt.core.notice_details import MAX_TEXT, MAX_URL, NoticeDetails
from overt.core.notice_papers import details_of, papers_document, shapes_of, street_of
from overt.errors import RecordConflictError
from overt.services.notice_papers import approve_translation, papers_of, save_papers
from overt.web.access import allow
from overt.web.body_limit import a_file, takes
from overt.web.deps import OfConsole, OfPerson, console_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, show
from overt.web.sent_form import NOTHING, OfForm, SentForm, typed

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.notice_papers import NoticePapers
    from overt.errors import TrialError

router = APIRouter(include_in_schema=False)

_FIELDS = {
    "force": "force",
    "contact": "contact",
    "complaints": "complaints",
    "regulator": "regulator",
    "page": "page_url",
}
"""Name of each field in the form, as in the file of details -> in the value."""


@router.get("/deployments/{deployment_id}/notices/details")
@allow(*DESK)
def notice_details(request: Request, deployment_id: str, console: OfConsole) -> Response:
    """Show what stands on this deployment's notices, to be written or read."""
    papers, _ = papers_of(console.reading, deployment_id)
    if papers is None:
        return _page(request, deployment_id)
    held = details_of(papers.document)
    filled = typed((name, getattr(held, field)) for name, field in _FIELDS.items())
    return _page(request, deployment_id, filled)


@router.post("/deployments/{deployment_id}/notices/details")
@allow(*WHO["make_notices"])
@takes(a_file)
def details_saved(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Save details and map; a file of details takes the place of what was typed."""

    def work() -> str:
        read_deployment(console, deployment_id)
        papers = _own(console, deployment_id)
        zone, route = (None, None) if papers is None else shapes_of(papers.document)
        if form.has("no_map"):
            zone, route = None, None
        zone = _shape(form, "zone", zone)
        route = _shape(form, "route", route)
        document = papers_document(_details(form, papers), zone, route)
        street_of(document)  # a way round that crosses the zone is refused before it is kept
        save_papers(console.workplace, person.actor.actor_id, deployment_id, document)
        return f"/deployments/{deployment_id}/notices/made?done=details"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


@router.post("/deployments/{deployment_id}/notices/translations/{language}/approve")
@allow(*WHO["approve_translation"])
def translation_approved(
    request: Request,
    deployment_id: str,
    language: str,
    console: OfConsole,
    person: OfPerson,
    form: OfForm,
) -> Response:
    """Approve what a language's catalogue says now, if it is what the page showed."""

    def work() -> str:
        read_deployment(console, deployment_id)
        now = console.notice_works().languages.get(language).sha256
        if form.text("catalogue") != now:
            msg = "the translation has changed since you opened this page; read it again"
            raise RecordConflictError(msg)
        approve_translation(console.workplace, person.actor.actor_id, language, now)
        return f"/deployments/{deployment_id}/notices/made?done=translation"

    return answer(request, person, form, work, partial(_page, request, deployment_id, form))


def _own(console: Console, deployment_id: str) -> NoticePapers | None:
    papers, _ = papers_of(console.reading, deployment_id)
    return papers if papers is not None and papers.deployment_id == deployment_id else None


def _details(form: SentForm, papers: NoticePapers | None) -> NoticeDetails:
    files = form.sent_files("file")
    if files:
        return details_sent(files[0].content)
    force, contact, complaints, regulator, page = (form.text(name).strip() for name in _FIELDS)
    words = {} if papers is None else details_of(papers.document).words
    return NoticeDetails(force, contact, complaints, regulator, page, words=words)


def _shape(form: SentForm, name: str, before: object) -> object:
    files = form.sent_files(name)
    return shape_sent(files[0].content, is_route=name == "route") if files else before


def _page(
    request: Request,
    deployment_id: str,
    form: SentForm = NOTHING,
    error: TrialError | None = None,
) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    papers, _ = papers_of(console.reading, deployment_id)
    own = _own(console, deployment_id)
    zone, route = (None, None) if own is None else shapes_of(own.document)
    problem, status = refusal_of(error)
    return show(
        request,
        "notice_details.html",
        deployment,
        problem=problem,
        form=form,
        status=status,
        papers=papers,
        is_own=own is not None,
        has_zone=zone is not None,
        has_route=route is not None,
        n_words=0 if own is None else sum(map(len, details_of(own.document).words.values())),
        most=MAX_TEXT,
        most_url=MAX_URL,
    )
