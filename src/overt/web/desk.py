"""What the pages of the deployment desk share: who may do what when, forms that answer, frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.deployment_steps import ALLOWED
from overt.core.roles import Role
from overt.errors import RecordConflictError, RecordNotFoundError, TrialError, UnmetConditionsError
from overt.web.error_handlers import status_of, wants_page
from overt.web.pages import pages_of, words, zone_of
from overt.web.sent_form import NOTHING
from overt.web.tasks import Task
from overt.web.wall_time import in_local_words

if TYPE_CHECKING:
    from overt.bootstrap.console import Console
    from overt.core.deployment import Deployment
    from overt.core.policy_settings import PolicyList
    from overt.services.sign_in import SignedIn
    from overt.web.once import Once
    from overt.web.sent_form import SentForm

DESK = tuple(sorted(set(Role) - {Role.OBSERVER}))
"""Who may look at a deployment."""

WHO: dict[str, tuple[Role, ...]] = {
    "draft": (Role.APPLICANT, Role.EVALUATOR),
    "apply_": (Role.APPLICANT,),
    "record_consent": (Role.APPLICANT, Role.EVALUATOR),
    "authorise": (Role.AUTHORISING_OFFICER,),
    "refuse": (Role.AUTHORISING_OFFICER,),
    "ratify": (Role.AUTHORISING_OFFICER,),
    "suspend_authority": (Role.AUTHORISING_OFFICER,),
    "restore_authority": (Role.AUTHORISING_OFFICER,),
    "withdraw": (Role.AUTHORISING_OFFICER,),
    "cancel": (Role.APPLICANT, Role.AUTHORISING_OFFICER),
    "watchlist_built": (Role.APPLICANT,),
    "approve_watchlist": (Role.APPLICANT, Role.AUTHORISING_OFFICER, Role.EVALUATOR),
    "check_freshness": (Role.APPLICANT, Role.OPERATOR, Role.SYSTEM_ENGINEER),
    "announce": (Role.APPLICANT, Role.AUTHORISING_OFFICER),
    "place_notice": (
        *(Role.APPLICANT, Role.OPERATOR, Role.ENGAGEMENT_OFFICER),
        *(Role.SYSTEM_ENGINEER, Role.EVALUATOR),
    ),
    "plan_signs": (Role.APPLICANT, Role.SYSTEM_ENGINEER, Role.EVALUATOR),
    "make_notices": (
        *(Role.APPLICANT, Role.AUTHORISING_OFFICER),
        *(Role.SYSTEM_ENGINEER, Role.EVALUATOR),
    ),
    "invite_observer": (Role.APPLICANT, Role.AUTHORISING_OFFICER),
    "answer_question": (
        *(Role.APPLICANT, Role.AUTHORISING_OFFICER),
        *(Role.SYSTEM_ENGINEER, Role.EVALUATOR),
    ),
    "approve_translation": (Role.AUTHORISING_OFFICER,),
    "calibrate": (Role.SYSTEM_ENGINEER, Role.EVALUATOR),
    "go_live": (Role.OPERATOR, Role.SYSTEM_ENGINEER, Role.EVALUATOR),
    "suspend": (
        *(Role.OPERATOR, Role.SYSTEM_ENGINEER),
        *(Role.AUTHORISING_OFFICER, Role.EVALUATOR),
    ),
    "purged": (Role.SYSTEM_ENGINEER,),
    "published": (Role.AUTHORISING_OFFICER, Role.EVALUATOR),
}
"""Step -> roles that its routes are open to. The rules themselves are the services'."""

WHO |= {
    "remove_notice": WHO["place_notice"],
    "resume": WHO["go_live"],
    "end": WHO["suspend"],
}

_IN_REHEARSALS_ONLY = {"draft", "approve_watchlist", "go_live", "resume", "suspend", "end"}
_TABS = (
    ("", "Overview"),
    ("/application", "Application"),
    ("/consent", "Consent"),
    ("/authority", "Authority"),
    ("/watchlist", "Watchlist"),
    ("/notices", "Notices"),
    ("/operating-point", "Operating point"),
    ("/running", "Running"),
    ("/observers", "Observers"),
    ("/closing", "After it"),
)
_OF_ONE_KIND = {
    "/application": DeploymentKind.OPERATIONAL,
    "/authority": DeploymentKind.OPERATIONAL,
    "/consent": DeploymentKind.REHEARSAL,
}

DONE = {
    "drafted": "The draft is there. Next: its application.",
    "rehearsal": "The rehearsal is drafted. Next: the volunteers' consent.",
    "saved": "The draft is saved.",
    "applied": "The application is in. An authorising officer decides on it.",
    "consent": "The consent is recorded.",
    "authorised": "The authority is granted.",
    "refused": "The authority is refused.",
    "ratified": "The authority is ratified.",
    "suspended-authority": "The authority is suspended.",
    "restored": "The authority is in force again. No camera has started by it.",
    "withdrawn": "The authority is withdrawn.",
    "cancelled": "The deployment is cancelled.",
    "approved": "The watchlist is approved.",
    "entry": "The entry is approved.",
    "checked": "The watchlist was compared with the feed: nobody on it is listed.",
    "left": "The watchlist was compared with the feed; who was on it has left the list.",
    "announced": "The public notice is logged.",
    "placed": "The sign is logged.",
    "removed": "The sign is logged as gone.",
    "planned": "The plan of the signs is logged.",
    "details": "What the notices say of the force is saved.",
    "translation": "The translation is approved. Notices made from now on carry no mark.",
    "revoked": "The invitation is taken back: nothing of this is shown by it any more.",
    "answered": "The answer is given.",
    "answer-withdrawn": "The answer is withdrawn.",
    "fixed": "The operating point is fixed.",
    "live": "The cameras run.",
    "suspended": "The deployment is suspended. Its cameras stop within seconds.",
    "ended": "The deployment has ended.",
    "purged": "Everything about people is gone, and the certificate is signed.",
    "published": "The record is published.",
}
"""What a page says once a form has done its work; the address names it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as a page shows it.

    Attributes:
        may: Whether the one who looks has a role for it.
        is_open: Whether the deployment's state allows it.
        who: Who may, in words.
    """

    may: bool
    is_open: bool
    who: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form was refused.

    Attributes:
        message: In words.
        code: Of the error.
        unmet: Requirement, condition and what was found, where several are named.
    """

    message: str
    code: str
    unmet: tuple[tuple[str, str, str], ...] = ()


_MISTAKE = Problem(
    "The service made a mistake; what was stored before is as it was", "request.failed"
)


def problem_of(error: TrialError) -> Problem:
    """Return what a page says of an error.

    Args:
        error: Any of the tree.
    """
    unmet = error.unmet if isinstance(error, UnmetConditionsError) else ()
    return Problem(error.message, error.code, unmet)


def refusal_of(error: TrialError | Task | None) -> tuple[Problem | None, int]:
    """Return what a page says of an error, or of a task that gave nothing, and its HTTP status.

    Args:
        error: An error of the tree, a task that is over, or None where all is well.
    """
    found = error.problem if isinstance(error, Task) else error
    if found is not None:
        return problem_of(found), status_of(found)
    if isinstance(error, Task) and error.has_failed:
        return _MISTAKE, 500
    return None, 200


def steps_of(person: SignedIn, deployment: Deployment) -> dict[str, Step]:
    """Return every step: whether this person may take it, whether it is its time, who else may.

    Args:
        person: Who looks.
        deployment: As it stands.
    """
    is_real = deployment.kind is DeploymentKind.OPERATIONAL

    def step(name: str) -> Step:
        not_here = {Role.EVALUATOR} if is_real and name in _IN_REHEARSALS_ONLY else set[Role]()
        roles = [role for role in WHO[name] if role not in not_here]
        is_open = deployment.state in ALLOWED.get(name, frozenset(DeploymentState))
        return Step(bool(person.actor.roles & set(roles)), is_open, who(roles))

    return {name: step(name) for name in WHO}


def who(roles: list[Role] | tuple[Role, ...]) -> str:
    """Return roles in words: ``an applicant or a system engineer``.

    Args:
        roles: At least one.
    """
    named = [f"{'an' if role[0] in 'aeo' else 'a'} {words(role)}" for role in roles]
    return " or ".join(filter(None, [", ".join(named[:-1]), named[-1]]))


def choices_of(closed: PolicyList) -> list[tuple[str, str]]:
    """Return code and words of everything that may be chosen.

    Args:
        closed: A list of the policy.
    """
    return [(key, closed.label(key)) for key in closed.enabled]


def show(
    request: Request,
    template: str,
    deployment: Deployment,
    *,
    problem: Problem | None = None,
    form: SentForm = NOTHING,
    status: int = 200,
    **values: object,
) -> Response:
    """Return a page about a deployment.

    Args:
        request: For whom.
        template: Under ``templates/desk``.
        deployment: Which.
        problem: Why its form was refused, or None.
        form: What was typed.
        status: HTTP status.
        **values: What else the template shows.
    """
    console: Console = request.app.state.console
    person: SignedIn = request.state.signed_in
    here = request.url.path
    zone, place = zone_of(deployment), f"/deployments/{deployment.deployment_id}"
    tabs = [
        {
            "href": f"{place}{end}",
            "name": name,
            "is_here": here == place if not end else here.startswith(f"{place}{end}"),
        }
        for end, name in _TABS
        if _OF_ONE_KIND.get(end, deployment.kind) is deployment.kind
    ]
    return pages_of(request).show(
        request,
        f"desk/{template}",
        status=status,
        deployment=deployment,
        place=place,
        tabs=tabs,
        zone=zone,
        say=lambda text: in_local_words(text, zone or console.settings.time_zone),
        steps=steps_of(person, deployment),
        problem=problem,
        form=form,
        form_key=console.workplace.ids.token(),
        done=DONE.get(request.query_params.get("done", "")),
        now=console.workplace.clock.now(),
        choices=choices_of,
        **values,
    )


def answer(
    request: Request,
    person: SignedIn,
    form: SentForm,
    work: Callable[[], str],
    again: Callable[[TrialError], Response],
) -> Response:
    """Return where a form's work leads; the form again, with what was typed, if it is refused.

    The same form sent twice does its work once.

    Args:
        request: With the form.
        person: Who sent it.
        form: As sent; with the key that its page was made with.
        work: Does it and returns the address of the next page.
        again: Shows the form with the reason.

    Raises:
        RecordNotFoundError: What the form is about is not there.
        TrialError: It is refused, and a script asked.
    """
    once: Once = request.app.state.once
    with once.turn(person.session.csrf_token, form.text("form_key")) as turn:
        if turn.location is None:
            try:
                turn.location = work()
            except RecordNotFoundError:
                raise
            except TrialError as error:
                if not wants_page(request):
                    raise
                return again(error)
        if not wants_page(request):
            return JSONResponse({"to": turn.location})
        return RedirectResponse(turn.location, status_code=303)


def require_seen(deployment: Deployment, form: SentForm) -> None:
    """Let pass only a form whose page showed the deployment as it stands.

    Args:
        deployment: As it stands.
        form: With the version that its page showed.

    Raises:
        RecordConflictError: Somebody has changed it since.
    """
    if form.text("seen") != str(deployment.version):
        msg = (
            f"the deployment has changed since you opened this page: it is {deployment.state} "
            "now. Look at it again, then decide"
        )
        raise RecordConflictError(msg, deployment_id=deployment.deployment_id)
