"""The evaluator's screen, for a phone in the street: volunteers, walks, what was recognised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from overt.bootstrap.watchlists import volunteer_of_upload
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.deployment_steps import ALLOWED
from overt.core.local_window import YEARS
from overt.core.roles import Role
from overt.errors import (
    NothingEnrolledError,
    RecordNotFoundError,
    RequestInvalidError,
    RuleError,
)
from overt.services.blue_passes import Walk, log_walk, start_pass, stop_pass
from overt.services.seed_pair import pictures_for_pairs, seed_pair
from overt.services.view_passes import view_passes
from overt.services.volunteers import add_volunteer, withdraw_consent
from overt.web.access import allow
from overt.web.body_limit import a_file, takes
from overt.web.deps import OfConsole, OfPerson
from overt.web.error_handlers import status_of
from overt.web.pages import pages_of, zone_of
from overt.web.sent_form import OfForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.bootstrap.console import Console
    from overt.core.adjudication import AlertRecord
    from overt.errors import TrialError
    from overt.services.sign_in import SignedIn
    from overt.settings import Settings
    from overt.web.sent_form import SentFile, SentForm

router = APIRouter(include_in_schema=False)

_S = DeploymentState
_WITH_VOLUNTEERS = (
    *(_S.LIVE, _S.SUSPENDED, _S.CALIBRATED, _S.NOTIFIED, _S.WATCHLIST_APPROVED),
    *(_S.AUTHORISED, _S.ENDED),
)
"""States in which there is a blue list, those in which somebody may walk first."""

_Camera = Annotated[str, Form(max_length=128)]
_Notes = Annotated[str, Form(max_length=500)]


@dataclass(frozen=True, slots=True)
class Typed:
    """A walk or a volunteer as typed, to be shown again where it is refused."""

    volunteer_id: str = ""
    camera_id: str = ""
    started: str = ""
    stopped: str = ""
    notes: str = ""
    reference: str = ""


@router.get("/blue")
@allow(Role.EVALUATOR)
def choose(request: Request, console: OfConsole) -> Response:
    """Show deployments with volunteers; one alone that is live opens at once."""
    with console.reading() as uow:
        found = uow.deployments.list(_WITH_VOLUNTEERS)
    live = [deployment for deployment in found if deployment.state is _S.LIVE]
    if len(live) == 1 and len(found) == 1:
        return RedirectResponse(f"/blue/{live[0].deployment_id}", status_code=303)
    ordered = sorted(found, key=lambda deployment: _WITH_VOLUNTEERS.index(deployment.state))
    return pages_of(request).show(request, "evaluator/choose.html", deployments=ordered)


@router.get("/blue/{deployment_id}")
@allow(Role.EVALUATOR)
def blue_list(
    request: Request,
    deployment_id: str,
    console: OfConsole,
    person: OfPerson,
    camera: Annotated[str, Query(max_length=128)] = "",
) -> Response:
    """Show volunteers and their walks; nothing about anybody who is sought."""
    return _page(request, console, person, deployment_id, camera=camera)


def two_files(settings: Settings) -> int:
    """Return how many bytes a photograph with a consent may have.

    Args:
        settings: Of this machine.
    """
    return 2 * a_file(settings)


@router.post("/blue/{deployment_id}/volunteers")
@allow(Role.EVALUATOR)
@takes(two_files)
def add(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Add a volunteer with their photograph; a second person approves the entry."""

    def work() -> str:
        with console.reading() as uow:
            uow.deployments.get(deployment_id)
        offer = volunteer_of_upload(
            form.text("reference").strip(),
            _file(form, "photograph").content,
            _file(form, "consent").content,
            console.settings,
        )
        actor_id, enroller = person.actor.actor_id, console.open_enroller()
        add_volunteer(console.workplace, actor_id, deployment_id, offer, enroller)
        return ""

    typed = Typed(reference=form.text("reference"))
    return _done(request, console, person, deployment_id, work, typed)


@router.post("/blue/{deployment_id}/volunteers/{volunteer_id}/start")
@allow(Role.EVALUATOR)
def start(
    request: Request,
    deployment_id: str,
    volunteer_id: str,
    console: OfConsole,
    person: OfPerson,
    camera: _Camera,
) -> Response:
    """Begin a volunteer's walk past a camera, now."""

    def work() -> str:
        _require_of(console, deployment_id, volunteer_id)
        actor_id, camera_id = person.actor.actor_id, camera.strip()
        return start_pass(console.workplace, actor_id, volunteer_id, camera_id).camera_id

    return _done(request, console, person, deployment_id, work)


@router.post("/blue/{deployment_id}/passes/{pass_id}/stop")
@allow(Role.EVALUATOR)
def stop(
    request: Request,
    deployment_id: str,
    pass_id: str,
    console: OfConsole,
    person: OfPerson,
    notes: _Notes = "",
) -> Response:
    """End a walk, now: from here on it is a recognition opportunity."""

    def work() -> str:
        with console.reading() as uow:
            walking = uow.passes.get(pass_id)
        if walking.deployment_id != deployment_id:
            msg = f"there is no walk {pass_id} of {deployment_id}"
            raise RecordNotFoundError(msg, key=pass_id)
        actor_id = person.actor.actor_id
        return stop_pass(console.workplace, actor_id, pass_id, notes=notes.strip()).camera_id

    return _done(request, console, person, deployment_id, work)


@router.post("/blue/{deployment_id}/passes")
@allow(Role.EVALUATOR)
def log(  # noqa: PLR0913, PLR0917 - one parameter a field of the form
    request: Request,
    deployment_id: str,
    console: OfConsole,
    person: OfPerson,
    volunteer: Annotated[str, Form(max_length=128)],
    camera: _Camera,
    started: Annotated[str, Form(max_length=32)],
    stopped: Annotated[str, Form(max_length=32)],
    notes: _Notes = "",
) -> Response:
    """Log a walk with both its times, as somebody has written them down."""
    typed = Typed(volunteer, camera.strip(), started, stopped, notes.strip())

    def work() -> str:
        _require_of(console, deployment_id, volunteer)
        zone = _zone(console, deployment_id)
        walk = Walk(
            typed.camera_id,
            _moment("the start", started, zone),
            _moment("the end", stopped, zone),
            typed.notes,
        )
        return log_walk(console.workplace, person.actor.actor_id, volunteer, walk).camera_id

    return _done(request, console, person, deployment_id, work, typed)


@router.post("/blue/{deployment_id}/pairs")
@allow(Role.EVALUATOR)
def pair(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Put a pair of two different volunteers in front of reviewers: a live rehearsal only."""

    def work() -> str:
        alert_id, volunteer_id = form.text("picture"), form.text("suggested")
        if not alert_id or not volunteer_id:
            msg = "choose a picture, and another volunteer to suggest for it"
            raise RequestInvalidError(msg)
        _require_of(console, deployment_id, volunteer_id)
        seed_pair(console.workplace, person.actor.actor_id, alert_id, volunteer_id)
        return ""

    return _done(request, console, person, deployment_id, work)


@router.post("/blue/{deployment_id}/volunteers/{volunteer_id}/withdraw")
@allow(Role.EVALUATOR)
def withdraw(
    request: Request, deployment_id: str, volunteer_id: str, console: OfConsole, person: OfPerson
) -> Response:
    """Take a volunteer off the list who withdraws consent: their face is deleted at once."""

    def work() -> str:
        _require_of(console, deployment_id, volunteer_id)
        withdraw_consent(console.workplace, person.actor.actor_id, volunteer_id)
        return ""

    return _done(request, console, person, deployment_id, work)


def _done(
    request: Request,
    console: Console,
    person: SignedIn,
    deployment_id: str,
    work: Callable[[], str],
    typed: Typed = Typed(),
) -> Response:
    """Do a form's work and go back to the list; what is refused is said above it.

    The work returns the camera that the next walk begins with, or a blank.
    """
    try:
        camera = work()
    except (RuleError, RequestInvalidError, NothingEnrolledError) as error:
        return _page(request, console, person, deployment_id, refused=error, typed=typed)
    asked = f"?{urlencode({'camera': camera})}" if camera else ""
    return RedirectResponse(f"/blue/{deployment_id}{asked}", status_code=303)


def _page(
    request: Request,
    console: Console,
    person: SignedIn,
    deployment_id: str,
    *,
    camera: str = "",
    refused: TrialError | None = None,
    typed: Typed = Typed(),
) -> Response:
    seen = view_passes(console.workplace, console.reading, person.actor.actor_id, deployment_id)
    is_live = seen.deployment.state is _S.LIVE
    may_pair = is_live and seen.deployment.kind is DeploymentKind.REHEARSAL
    latest = seen.passes[0].camera_id if seen.passes else next(iter(seen.camera_ids), "")
    return pages_of(request).show(
        request,
        "evaluator/blue.html",
        status=status_of(refused) if refused else 200,
        deployment=seen.deployment,
        seen=seen,
        references={one.volunteer.volunteer_id: one.entry.reference for one in seen.volunteers},
        camera=camera or latest,
        problem=refused.message if refused else None,
        typed=typed,
        zone=zone_of(seen.deployment) or console.settings.time_zone,
        is_live=is_live,
        may_pair=may_pair,
        pictures=_pictures(console, deployment_id) if may_pair else (),
        by_entry={one.entry.entry_id: one.entry.reference for one in seen.volunteers},
        may_add=seen.deployment.state in ALLOWED["watchlist_built"],
        may_log=seen.deployment.state in {_S.LIVE, _S.SUSPENDED, _S.ENDED},
    )


def _pictures(console: Console, deployment_id: str) -> tuple[AlertRecord, ...]:
    with console.reading() as uow:
        return pictures_for_pairs(uow, deployment_id)


def _require_of(console: Console, deployment_id: str, volunteer_id: str) -> None:
    """Let pass only a volunteer of this deployment."""
    with console.reading() as uow:
        volunteer = uow.passes.volunteer(volunteer_id)
    if volunteer.deployment_id != deployment_id:
        msg = f"there is no volunteer {volunteer_id} of {deployment_id}"
        raise RecordNotFoundError(msg, key=volunteer_id)


def _file(form: SentForm, name: str) -> SentFile:
    files = form.sent_files(name)
    if len(files) != 1 or not files[0].content:
        msg = f"{name}: expected one file that is not empty"
        raise RequestInvalidError(msg, field=name)
    return files[0]


def _zone(console: Console, deployment_id: str) -> ZoneInfo:
    with console.reading() as uow:
        deployment = uow.deployments.get(deployment_id)
    return ZoneInfo(zone_of(deployment) or console.settings.time_zone)


def _moment(which: str, typed: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None or moment.year not in YEARS:
        msg = f"{which} of the walk: expected a day and time such as 2026-03-03T10:00:00"
        raise RequestInvalidError(msg)
    return moment.replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))
