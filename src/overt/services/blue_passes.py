"""Log the passes of volunteers: who walked past which camera, and when (R-22, R-44)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.blue_list import BluePass, start_pass as started, stop_pass as stopped
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.errors import PassWrongStateError, RuleError, WrongStateError
from overt.evaluation.recognition_figures import factors_of
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.core.roles import Actor
    from overt.evaluation.recognition_figures import PassResult
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

ACTION = "log a pass"
_S = DeploymentState
_WALKING = frozenset({_S.LIVE})
_WALKED = frozenset({_S.LIVE, _S.SUSPENDED, _S.ENDED})


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk as somebody types it in afterwards.

    Attributes:
        camera_id: Past which camera.
        started_at: Aware UTC.
        stopped_at: Aware UTC, after the start, not ahead of now.
        notes: Subject, system and environment factors (R-46); may be blank.
        result: How far the machine came, where somebody watched: not captured, rejected or
            compared; None where nobody knows.
    """

    camera_id: str
    started_at: datetime
    stopped_at: datetime
    notes: str = ""
    result: PassResult | None = None


def start_pass(
    workplace: Workplace, actor_id: str, volunteer_id: str, camera_id: str, *, notes: str = ""
) -> BluePass:
    """Return the pass that a volunteer starts now.

    The log counts a pass once it has ended: only then is it a recognition opportunity.

    Args:
        workplace: Store, time, identifiers.
        actor_id: An evaluator.
        volunteer_id: Who walks.
        camera_id: Past which camera.
        notes: Subject, system and environment factors (R-46).

    Raises:
        RuleError: Not allowed now; the refusal has been logged.
        RecordNotFoundError: There is no such volunteer or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment_id = uow.passes.volunteer(volunteer_id).deployment_id
        blue_pass = _offered(workplace, deployment_id, volunteer_id, actor_id, camera_id, now)

        def decide(actor: Actor) -> BluePass:
            _require_state(uow.deployments.get(deployment_id), _WALKING)
            _require_camera(uow.deployments.get(deployment_id), camera_id)
            return replace(_started(uow, blue_pass, actor), notes=notes)

        begun = _decided(uow, actor_id, deployment_id, now, decide)
        uow.passes.add(begun)
        uow.commit()
    return begun


def stop_pass(workplace: Workplace, actor_id: str, pass_id: str, *, notes: str = "") -> BluePass:
    """Return the pass that a volunteer ends now, logged.

    Args:
        workplace: Store, time.
        actor_id: An evaluator.
        pass_id: An open pass.
        notes: Subject, system and environment factors (R-46).

    Raises:
        RuleError: Not allowed now; the refusal has been logged.
        RecordNotFoundError: There is no such pass or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        blue_pass = uow.passes.get(pass_id)

        def decide(actor: Actor) -> BluePass:
            _require_state(uow.deployments.get(blue_pass.deployment_id), _WALKED)
            return stopped(blue_pass, actor, now, notes=notes)

        ended = _decided(uow, actor_id, blue_pass.deployment_id, now, decide)
        uow.passes.save(ended)
        _log(workplace, uow, ended, actor_id, now)
        uow.commit()
    return ended


def log_walk(workplace: Workplace, actor_id: str, volunteer_id: str, walk: Walk) -> BluePass:
    """Return a pass that was typed in with both its times, logged.

    Args:
        workplace: Store, time, identifiers.
        actor_id: An evaluator.
        volunteer_id: Who walked.
        walk: Where and when; it may not overlap another walk of the same volunteer.

    Raises:
        RuleError: Not allowed now; the refusal has been logged.
        RecordNotFoundError: There is no such volunteer or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        deployment_id = uow.passes.volunteer(volunteer_id).deployment_id
        blue_pass = _offered(
            workplace, deployment_id, volunteer_id, actor_id, walk.camera_id, walk.started_at
        )

        def decide(actor: Actor) -> BluePass:
            _require_state(uow.deployments.get(deployment_id), _WALKED)
            _require_camera(uow.deployments.get(deployment_id), walk.camera_id)
            _require_free_time(uow, blue_pass, walk, now)
            begun = _started(uow, blue_pass, actor)
            return stopped(begun, actor, walk.stopped_at, notes=walk.notes)

        ended = _decided(uow, actor_id, deployment_id, now, decide)
        uow.passes.add(ended)
        _log(workplace, uow, ended, actor_id, now, result=walk.result)
        uow.commit()
    return ended


def _decided(
    uow: UnitOfWork,
    actor_id: str,
    deployment_id: str,
    now: datetime,
    decide: Callable[[Actor], BluePass],
) -> BluePass:
    actor = acting(uow, actor_id, ACTION, deployment_id, now)
    try:
        return decide(actor)
    except RuleError as error:
        log_refusal(uow, error, ACTION, actor_id, deployment_id, now)
        raise


def _offered(
    workplace: Workplace,
    deployment_id: str,
    volunteer_id: str,
    actor_id: str,
    camera_id: str,
    started_at: datetime,
) -> BluePass:
    pass_id = workplace.ids.new("pass")
    return BluePass(pass_id, deployment_id, volunteer_id, camera_id, started_at, None, actor_id)


def _started(uow: UnitOfWork, blue_pass: BluePass, actor: Actor) -> BluePass:
    volunteer = uow.passes.volunteer(blue_pass.volunteer_id)
    earlier = uow.passes.of_deployment(blue_pass.deployment_id)
    return started(blue_pass, volunteer, earlier, actor)


def _require_state(deployment: Deployment, allowed: frozenset[DeploymentState]) -> None:
    if deployment.state not in allowed:
        expected = " or ".join(sorted(allowed))
        msg = f"to {ACTION}, expected {expected}; the deployment is {deployment.state}"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)


def _require_camera(deployment: Deployment, camera_id: str) -> None:
    """Let pass only a camera of the authority; a rehearsal has none to name them."""
    sites = deployment.application.sites if deployment.application else ()
    cameras = {camera.camera_id for site in sites for camera in site.cameras}
    is_rehearsal = deployment.kind is DeploymentKind.REHEARSAL
    if not camera_id.strip() or not (is_rehearsal or camera_id in cameras):
        msg = f"expected a camera of this deployment: {', '.join(sorted(cameras)) or 'any name'}"
        raise PassWrongStateError(msg, deployment_id=deployment.deployment_id)


def _require_free_time(uow: UnitOfWork, blue_pass: BluePass, walk: Walk, now: datetime) -> None:
    if walk.stopped_at > now:
        msg = "a pass that is typed in has ended; found an end ahead of now"
        raise PassWrongStateError(msg, volunteer_id=blue_pass.volunteer_id)
    for other in uow.passes.of_deployment(blue_pass.deployment_id):
        is_theirs = other.volunteer_id == blue_pass.volunteer_id
        is_before = other.stopped_at is not None and other.stopped_at <= walk.started_at
        if is_theirs and not is_before and other.started_at < walk.stopped_at:
            msg = "one volunteer walks one pass at a time; found another one at that time"
            raise PassWrongStateError(msg, volunteer_id=blue_pass.volunteer_id)


def _log(
    workplace: Workplace,
    uow: UnitOfWork,
    blue_pass: BluePass,
    actor_id: str,
    now: datetime,
    *,
    result: PassResult | None = None,
) -> None:
    until = blue_pass.stopped_at
    details: dict[str, JsonValue] = {
        "pass_id": blue_pass.pass_id,
        "volunteer_id": blue_pass.volunteer_id,
        "camera_id": blue_pass.camera_id,
        "started_at": blue_pass.started_at.isoformat(),
        "stopped_at": None if until is None else until.isoformat(),
        "factors": _factors(workplace, uow, blue_pass),
    }
    if result is not None:
        details["result"] = result.value
    kind = EventKind.BLUE_PASS_LOGGED
    uow.audit.append(AuditEvent(kind, now, actor_id, blue_pass.deployment_id, details))


def _factors(workplace: Workplace, uow: UnitOfWork, blue_pass: BluePass) -> tuple[str, ...]:
    """Return what the notes name of the policy's closed list: no free text goes into the log."""
    deployment = uow.deployments.get(blue_pass.deployment_id)
    known = workplace.policies.get(deployment.policy_hash).alerts.factors
    named = (factor.replace(" ", "_") for factor in factors_of(blue_pass.notes))
    return tuple(factor for factor in named if factor in known)


def open_pass(workplace: Workplace, volunteer_id: str) -> BluePass | None:
    """Return the pass that a volunteer is walking, or None.

    Args:
        workplace: Store.
        volunteer_id: Who may be walking.

    Raises:
        RecordNotFoundError: There is no such volunteer.
    """
    with workplace.open() as uow:
        deployment_id = uow.passes.volunteer(volunteer_id).deployment_id
        passes = uow.passes.of_deployment(deployment_id)
    walking = (p for p in passes if p.volunteer_id == volunteer_id and p.stopped_at is None)
    return next(walking, None)
