"""The operating point: a model pack on this machine, verified, and a threshold."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from overt.bootstrap.calibrations import calibration_of_pack
from overt.bootstrap.model_packs import known_packs
from overt.core.deployment import DeploymentKind
from overt.errors import RequestInvalidError
from overt.services.calibrate import calibrate
from overt.web.access import allow
from overt.web.deps import OfConsole, OfPerson, console_of, policy_of, read_deployment
from overt.web.desk import DESK, WHO, answer, refusal_of, require_seen, show
from overt.web.sent_form import NOTHING, OfForm, SentForm

if TYPE_CHECKING:
    from overt.errors import TrialError

router = APIRouter(include_in_schema=False)


@router.get("/deployments/{deployment_id}/operating-point")
@allow(*DESK)
def operating_point(request: Request, deployment_id: str) -> Response:
    """Show the operating point, and where it is fixed."""
    return _page(request, deployment_id)


@router.post("/deployments/{deployment_id}/operating-point")
@allow(*WHO["calibrate"])
def fix(
    request: Request, deployment_id: str, console: OfConsole, person: OfPerson, form: OfForm
) -> Response:
    """Fix it, after every file of the pack was verified."""

    def work() -> str:
        require_seen(read_deployment(console, deployment_id), form)
        actor_id = person.actor.actor_id
        calibration = calibration_of_pack(
            console.settings,
            form.text("pack") or None,
            _threshold(form),
            evidence=_evidence(form),
            actor_id=actor_id,
            now=console.workplace.clock.now(),
        )
        calibrate(
            console.workplace, actor_id, deployment_id, calibration, reason=form.text("reason")
        )
        return f"/deployments/{deployment_id}/operating-point?done=fixed"

    again = partial(_page, request, deployment_id, form)
    return answer(request, person, form, work, again)


def _threshold(form: SentForm) -> float | None:
    """Return the threshold that was typed; None for the pack's own."""
    text = form.text("threshold").strip()
    try:
        threshold = float(text) if text else None
    except ValueError:
        threshold = math.nan
    if threshold is not None and not -1 <= threshold <= 1:
        msg = "expected a threshold from -1 to 1 such as 0.95, or nothing for the pack's own"
        raise RequestInvalidError(msg, field="threshold")
    return threshold


def _evidence(form: SentForm) -> str:
    evidence = form.text("evidence").strip()
    if not evidence:
        msg = "expected the reference of the calibration that the threshold comes from"
        raise RequestInvalidError(msg, field="evidence")
    return evidence


def _page(
    request: Request,
    deployment_id: str,
    form: SentForm = NOTHING,
    error: TrialError | None = None,
) -> Response:
    console = console_of(request)
    deployment = read_deployment(console, deployment_id)
    packs = [pack.manifest for pack in known_packs(console.settings)]
    floors = policy_of(console, deployment).threshold.floor
    problem, status = refusal_of(error)
    return show(
        request,
        "operating_point.html",
        deployment,
        problem=problem,
        form=form,
        status=status,
        pack_choices=[
            (pack.name, f"{pack.name}, for {pack.use} use, own threshold {pack.threshold.value:g}")
            for pack in packs
        ],
        lowest=", ".join(f"{name} {low:g}" for name, low in floors.items()),
        default_pack=console.settings.model_pack,
        is_real=deployment.kind is DeploymentKind.OPERATIONAL,
    )
