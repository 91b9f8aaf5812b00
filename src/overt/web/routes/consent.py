"""A rehearsal's consent, in place of an authority."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.core.deployment import ConsentRecord
from overt.errors import ConsentMissingError, RequestInvalidError
from overt.services.draft_deployment import record_consent
from overt.web.access import allow
from overt.web.body_limit import a_file, takes
from overt.web.deps import OfConsole, OfPerson, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, show
from overt.web.sent_form import NOTHING, OfForm, SentForm
from overt.web.wall_time import comes_twice, wall_moment

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.errors import TrialError
    from overt.services.sign_in import SignedIn

router = APIRouter(include_in_schema=False)

_MOST_DIGITS = 5


@router.get("/deployments/{deployment_id}/consent")
@allow(*DESK)
def consent(request: Request, deployment_id: str, console: OfConsole) -> Response:
    """Show the consent, or where it is recorded."""
    return _page(request, console, deployment_id)


@router.post("/deployments/{deployment_id}/consent")
@allow(*WHO["record_consent"])
@takes(a_file)
def consented(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Record the consent; of the signed forms only the digest is kept."""

    def work() -> str:
        record = _record(console, person, form)
        record_consent(console.workplace, person.actor.actor_id, deployment_id, record)
        return f"/deployments/{deployment_id}/consent?done=consent"

    again = partial(_page, request, console, deployment_id, form)
    return answer(request, person, form, work, again)


def _record(console: Console, person: SignedIn, form: SentForm) -> ConsentRecord:
    until = wall_moment(form, "until", console.settings.time_zone)
    files = form.sent_files("forms")
    if until is None or not files or not files[0].content:
        msg = "consent needs a file of the signed forms and an end"
        raise ConsentMissingError(msg)
    number = form.text("n_volunteers").strip()
    if not number.isdecimal() or len(number) > _MOST_DIGITS:
        msg = "expected how many volunteers consented, a whole number"
        raise RequestInvalidError(msg, field="n_volunteers")
    return ConsentRecord(
        document_sha256=sha256(files[0].content).hexdigest(),
        n_volunteers=int(number),
        recorded_by=person.actor.actor_id,
        recorded_at=console.workplace.clock.now(),
        valid_until=until,
        uses_live_cameras=form.has("uses_live_cameras"),
    )


def _page(
    request: Request,
    console: Console,
    deployment_id: str,
    form: SentForm = NOTHING,
    error: TrialError | None = None,
) -> Response:
    zone = console.settings.time_zone
    problem, status = refusal_of(error)
    return show(
        request,
        "consent.html",
        read_deployment(console, deployment_id),
        problem=problem,
        form=form,
        status=status,
        here=zone,
        is_twice=comes_twice(form.text("until"), zone),
    )
