"""A trial: a registered plan, the deployments put into it before they went live, its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.roles import Role, require, require_reason
from overt.core.trial_plan import TrialPlan, plan_from
from overt.errors import (
    TrialDeploymentTakenError,
    TrialTooLateError,
    TrialWrongStateError,
    WrongKindError,
    WrongStateError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from overt.core.audit import AuditEvent, LoggedEvent
    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.core.roles import Actor

REGISTER = "register a trial"
ADD = "put a deployment into a trial"
END = "end a trial"

TRIAL_KINDS = frozenset(
    {
        EventKind.TRIAL_REGISTERED,
        EventKind.TRIAL_DEPLOYMENT_ADDED,
        EventKind.TRIAL_ENDED,
        EventKind.TRIAL_REPORTED,
    }
)
"""The events from which every trial is known: no table holds one."""

_S = DeploymentState
_RUNNING = frozenset({_S.LIVE, _S.SUSPENDED})
_DONE = frozenset({_S.ENDED, _S.PURGED, _S.PUBLISHED})
_NEVER = frozenset({_S.REFUSED, _S.CANCELLED})


class EndedBy(StrEnum):
    """Why a trial is over."""

    ALL_DONE = "all_done"
    STOP_RULE = "stop_rule"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as the audit log tells it.

    Attributes:
        trial_id: Identifier, made at the edge.
        plan: As it was registered.
        deployment_kind: Of every deployment in it.
        registered_at: Aware UTC.
        registered_by: The evaluator who did.
        deployment_ids: In the order in which they were put in.
        ended_at: Aware UTC; None while it runs.
        ended_by: Why it is over; None while it runs.
        reason: The same in words; blank while it runs.
        report_digests: SHA-256 of each report that was made of it, oldest first.
    """

    trial_id: str
    plan: TrialPlan
    deployment_kind: DeploymentKind
    registered_at: datetime
    registered_by: str
    deployment_ids: tuple[str, ...] = ()
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    reason: str = ""
    report_digests: tuple[str, ...] = ()

    @property
    def is_ended(self) -> bool:
        """Return whether it is over."""
        return self.ended_at is not None

    def document(self) -> dict[str, JsonValue]:
        """Return the trial as plain JSON, with its plan and the plan's digest."""
        return {
            "trial_id": self.trial_id,
            "plan": self.plan.document(),
            "plan_sha256": self.plan.sha256(),
            "deployment_kind": self.deployment_kind.value,
            "registered_at": self.registered_at.isoformat(),
            "registered_by": self.registered_by,
            "deployment_ids": list(self.deployment_ids),
            "is_ended": self.is_ended,
            "ended_at": None if self.ended_at is None else self.ended_at.isoformat(),
            "ended_by": None if self.ended_by is None else self.ended_by.value,
            "reason": self.reason,
            "report_digests": list(self.report_digests),
        }


def trials_in(events: Iterable[LoggedEvent]) -> tuple[Trial, ...]:
    """Return the trials that some events tell of, in the order of their registration.

    Args:
        events: Oldest first; those of other kinds are passed over.

    Raises:
        TrialPlanInvalidError: A plan in the log is none.
    """
    found: dict[str, Trial] = {}
    for logged in events:
        trial_id = str(logged.event.details.get("trial_id", ""))
        if logged.event.kind == EventKind.TRIAL_REGISTERED:
            found[trial_id] = _registered(trial_id, logged.event)
        elif logged.event.kind in TRIAL_KINDS and trial_id in found:
            found[trial_id] = _after(found[trial_id], logged.event)
    return tuple(found.values())


def registration(
    trial_id: str, plan: TrialPlan, kind: DeploymentKind, actor: Actor
) -> dict[str, JsonValue]:
    """Return what the log keeps of a registration: the whole plan and its digest.

    Args:
        trial_id: A new identifier.
        plan: What the trial sets out to show.
        kind: Of all its deployments: operational or rehearsals, never both.
        actor: An evaluator.

    Raises:
        RoleForbiddenError: The actor is no evaluator.
    """
    require(actor, Role.EVALUATOR, REGISTER)
    return {
        "trial_id": trial_id,
        "plan_sha256": plan.sha256(),
        "plan": plan.document(),
        "deployment_kind": kind.value,
    }


def addition(
    trial: Trial, deployment: Deployment, actor: Actor, facts: AdditionFacts
) -> dict[str, JsonValue]:
    """Return what the log keeps of a deployment that is put into a trial.

    Args:
        trial: Into which.
        deployment: Which; it has not been live yet.
        actor: An evaluator.
        facts: What else is known.

    Raises:
        RoleForbiddenError: The actor is no evaluator.
        TrialWrongStateError: The trial is over, or has as many deployments as planned.
        TrialDeploymentTakenError: The deployment is in a trial already.
        WrongKindError: Rehearsals and operational deployments would be mixed (R-22).
        TrialTooLateError: The deployment has been live: what it shows may be known.
        WrongStateError: The deployment will never be live.
    """
    require(actor, Role.EVALUATOR, ADD)
    _require_running(trial, ADD)
    name = deployment.deployment_id
    if facts.trial_id is not None:
        msg = f"a deployment belongs to one trial; {name} is in {facts.trial_id}"
        raise TrialDeploymentTakenError(msg, deployment_id=name)
    if deployment.kind is not trial.deployment_kind:
        msg = f"a trial of kind {trial.deployment_kind} never has a deployment of another kind"
        raise WrongKindError(msg, deployment_id=name)
    if facts.has_been_live:
        msg = f"a deployment is put into a trial before it goes live; {name} has been live"
        raise TrialTooLateError(msg, deployment_id=name)
    if deployment.state in _NEVER:
        msg = f"to {ADD}, one that can go live is needed; {name} is {deployment.state}"
        raise WrongStateError(msg, deployment_id=name)
    _require_room(trial, facts.members)
    return {"trial_id": trial.trial_id}


@dataclass(frozen=True, slots=True)
class AdditionFacts:
    """What is known when a deployment is put into a trial.

    Attributes:
        members: The deployments that are in the trial.
        trial_id: The trial that the new deployment is in already, or None.
        has_been_live: Whether the new deployment was ever live.
    """

    members: Sequence[Deployment]
    trial_id: str | None
    has_been_live: bool


def ending(
    trial: Trial,
    actor: Actor,
    members: Sequence[Deployment],
    *,
    stop_rule: int | None = None,
    note: str = "",
) -> dict[str, JsonValue]:
    """Return what the log keeps of the end of a trial.

    Args:
        trial: Which; none of its deployments runs.
        actor: An evaluator.
        members: The deployments that are in the trial.
        stop_rule: Number of the plan's stop rule that ends it, from 1; None for none.
        note: Why, in words; without it and without a stop rule, all of them are done.

    Raises:
        RoleForbiddenError: The actor is no evaluator.
        TrialWrongStateError: It is over, a deployment of it runs, it has no such stop rule, or
            not all planned deployments are done.
        ReasonMissingError: The note is nothing but blanks.
    """
    require(actor, Role.EVALUATOR, END)
    _require_running(trial, END)
    if running := [each.deployment_id for each in members if each.state in _RUNNING]:
        msg = f"to {END}, none of its deployments may run; found {', '.join(running)}"
        raise TrialWrongStateError(msg, trial_id=trial.trial_id)
    n_done = sum(each.state in _DONE for each in members)
    ended_by, reason = _reason(trial, n_done, stop_rule, require_reason(note, END) if note else "")
    details: dict[str, JsonValue] = {"trial_id": trial.trial_id, "reason": reason}
    return details | {"ended_by": ended_by.value, "stop_rule": stop_rule, "n_done": n_done}


def _reason(trial: Trial, n_done: int, stop_rule: int | None, note: str) -> tuple[EndedBy, str]:
    n_planned = trial.plan.n_deployments
    if stop_rule is not None:
        rules = trial.plan.stop_rules
        if not 1 <= stop_rule <= len(rules):
            msg = f"the plan has stop rules 1 to {len(rules)}; found {stop_rule}"
            raise TrialWrongStateError(msg, trial_id=trial.trial_id)
        said = f"stop rule {stop_rule}: {rules[stop_rule - 1]}"
        return EndedBy.STOP_RULE, f"{said} ({note})" if note else said
    if note:
        return EndedBy.OTHER, note
    if n_done < n_planned:
        msg = (
            f"to {END}, its {n_planned} planned deployments have to be done, a stop rule has to "
            f"hold, or a reason is needed; found {n_done} done"
        )
        raise TrialWrongStateError(msg, trial_id=trial.trial_id)
    return EndedBy.ALL_DONE, f"all {n_planned} planned deployments are done"


def _require_running(trial: Trial, action: str) -> None:
    if trial.is_ended:
        msg = f"to {action}, it has to be under way; {trial.trial_id} is over: {trial.reason}"
        raise TrialWrongStateError(msg, trial_id=trial.trial_id)


def _require_room(trial: Trial, members: Sequence[Deployment]) -> None:
    n_standing = sum(each.state not in _NEVER for each in members)
    if n_standing >= trial.plan.n_deployments:
        msg = (
            f"the plan has {trial.plan.n_deployments} deployments and {trial.trial_id} has "
            f"{n_standing}: a trial is not made longer after its plan"
        )
        raise TrialWrongStateError(msg, trial_id=trial.trial_id)


def _registered(trial_id: str, event: AuditEvent) -> Trial:
    plan = event.details["plan"]
    return Trial(
        trial_id,
        plan_from(plan if isinstance(plan, Mapping) else {}),
        DeploymentKind(str(event.details["deployment_kind"])),
        event.occurred_at,
        event.actor_id,
    )


def _after(trial: Trial, event: AuditEvent) -> Trial:
    if event.kind == EventKind.TRIAL_DEPLOYMENT_ADDED:
        return replace(trial, deployment_ids=(*trial.deployment_ids, event.deployment_id or ""))
    if event.kind == EventKind.TRIAL_REPORTED:
        digest = str(event.details["report_sha256"])
        return replace(trial, report_digests=(*trial.report_digests, digest))
    ended_by = EndedBy(str(event.details.get("ended_by", EndedBy.OTHER)))
    reason = str(event.details["reason"])
    return replace(trial, ended_at=event.occurred_at, ended_by=ended_by, reason=reason)
