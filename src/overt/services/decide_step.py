"""One step of an alert is decided: the same for operator, officer, identity, disposal (R-51).

Every decision goes through here: one transaction holds the decision, the alert's new
state, the engagement that begins with it, and the lines in the log. Who asks twice with
one key decides once; who comes second is told who was first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.adjudication import VERDICTS, Decision, Step
from overt.core.alert_decision import decide, decided_alert
from overt.core.alert_progress import Closed, Engaged
from overt.core.alert_steps import progress_of
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.engagement import engagement_for_alert
from overt.core.outcome import Outcome, outcome_of
from overt.errors import AlertWrongStepError, AlreadyDecidedError, RecordConflictError, RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from overt.core.adjudication import AlertRecord, Verdict
    from overt.core.alert_progress import Progress
    from overt.core.canonical_json import JsonValue
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decides about an alert.

    Attributes:
        alert_id: Which alert.
        step: Which step.
        verdict: What is decided; there is no default.
        reason_codes: Why, from the policy's closed list for this verdict.
        shown_at: When the alert was first on this person's screen; None where it never was:
            an officer may be told by radio, an operator decides only what was shown.
        key: Made by the sender, so that a repeated message decides once.
        factor_codes: What may have mattered to the picture, from the policy's closed list.
    """

    alert_id: str
    step: Step
    verdict: Verdict
    reason_codes: tuple[str, ...]
    shown_at: datetime | None
    key: str
    factor_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands.

    Attributes:
        alert: In its new state.
        decision: As stored.
        outcome: What the alert has turned out to be so far.
        is_repeated: The same message came before; nothing was decided again.
        is_quick: The record marks it: decided sooner than the policy's span after it was shown.
    """

    alert: AlertRecord
    decision: Decision
    outcome: Outcome
    is_repeated: bool
    is_quick: bool


def verdict_named(step: Step, name: str) -> Verdict:
    """Return a verdict of a step by its name.

    Args:
        step: Which step.
        name: Such as ``dismissed``.

    Raises:
        AlertWrongStepError: The step has no such verdict.
    """
    try:
        return VERDICTS[step](name)
    except ValueError as error:
        msg = f"at the step {step}, expected {' or '.join(VERDICTS[step])}; found {name!r}"
        raise AlertWrongStepError(msg) from error


def decide_step(workplace: Workplace, actor_id: str, choice: Choice) -> Decided:
    """Return what was decided, once it is stored and logged.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An operator for the first step, an engagement officer for the others.
        choice: What is decided.

    Raises:
        AlreadyDecidedError: Somebody has decided this step; it names who and when.
        RuleError: Not this person, not this step now, or not these reasons; logged.
        RecordNotFoundError: There is no such alert or actor: it may be erased.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        alert = uow.alerts.get(choice.alert_id)
        action = f"decide the step {choice.step}"
        actor = acting(uow, actor_id, action, alert.deployment_id, now)
        policy = workplace.policies.get(alert.policy_hash)
        earlier = uow.decisions.of_alert(alert.alert_id)
        before = progress_of(alert, earlier)
        try:
            if stored := _repeated(earlier, choice, actor_id):
                return _decided(before, stored, choice, policy, is_repeated=True)
            _require_open_step(earlier, choice)
            decision = _decision(workplace.ids.new("decision"), choice, actor_id, now)
            after = decide(before, decision, actor, policy)
        except RuleError as error:
            log_refusal(uow, error, action, actor_id, alert.deployment_id, now)
            raise
        uow.decisions.add(decision)
        uow.alerts.save(decided_alert(after))
        decided = _decided(after, decision, choice, policy)
        engagement_id = _begun(uow, workplace, after, actor, now)
        _log(uow, decided, after, engagement_id, was_shown=choice.shown_at is not None)
        uow.commit()
    return decided


def _repeated(earlier: Sequence[Decision], choice: Choice, actor_id: str) -> Decision | None:
    """Return the stored decision that this message repeats, or None."""
    same_key = [d for d in earlier if d.idempotency_key == choice.key]
    if not same_key:
        return None
    stored = same_key[0]
    said = (choice.step, choice.verdict, choice.reason_codes, choice.factor_codes, actor_id)
    kept = (stored.step, stored.verdict, stored.reason_codes, stored.factor_codes)
    if said != (*kept, stored.decided_by):
        msg = "this idempotency key came before, with another decision"
        raise RecordConflictError(msg, alert_id=choice.alert_id)
    return stored


def _require_open_step(earlier: Sequence[Decision], choice: Choice) -> None:
    for decision in earlier:
        if decision.step is choice.step:
            at = decision.decided_at.isoformat(timespec="seconds")
            msg = (
                f"the step {choice.step} of {choice.alert_id} was decided by "
                f"{decision.decided_by} at {at}: {decision.verdict}"
            )
            raise AlreadyDecidedError(
                msg, alert_id=choice.alert_id, decided_by=decision.decided_by, decided_at=at
            )
    if choice.step is Step.OPERATOR and choice.shown_at is None:
        msg = "an operator decides an alert that was on their screen; this one was not"
        raise AlertWrongStepError(msg, alert_id=choice.alert_id)


def _decision(decision_id: str, choice: Choice, actor_id: str, now: datetime) -> Decision:
    return Decision(
        decision_id=decision_id,
        alert_id=choice.alert_id,
        step=choice.step,
        verdict=choice.verdict,
        reason_codes=choice.reason_codes,
        decided_by=actor_id,
        decided_at=now,
        shown_at=choice.shown_at or now,
        idempotency_key=choice.key,
        factor_codes=choice.factor_codes,
    )


def _decided(
    progress: Progress,
    decision: Decision,
    choice: Choice,
    policy: Policy,
    *,
    is_repeated: bool = False,
) -> Decided:
    is_quick = choice.shown_at is not None and decision.is_quick(policy)
    return Decided(decided_alert(progress), decision, outcome_of(progress), is_repeated, is_quick)


def _begun(
    uow: UnitOfWork, workplace: Workplace, progress: Progress, actor: Actor, now: datetime
) -> str | None:
    """Return the identifier of the engagement that begins with this decision, or None."""
    if not isinstance(progress, Engaged):
        return None
    engagement = engagement_for_alert(workplace.ids.new("engagement"), progress, actor, now)
    uow.engagements.add(engagement)
    return engagement.engagement_id


def _log(
    uow: UnitOfWork,
    decided: Decided,
    progress: Progress,
    engagement_id: str | None,
    *,
    was_shown: bool,
) -> None:
    """Append the decision, and what follows from it; the published figures need no more (R-71)."""
    alert, decision = decided.alert, decided.decision
    common: dict[str, JsonValue] = {
        "alert_id": alert.alert_id,
        "list_kind": alert.list_kind.value,
        "verdict": decision.verdict.value,
    }
    details: dict[str, JsonValue] = {
        **common,
        "decision_id": decision.decision_id,
        "step": decision.step.value,
        "reason_codes": decision.reason_codes,
        "factor_codes": decision.factor_codes,
        "latency_s": decision.latency.total_seconds() if was_shown else None,
        "is_quick": decided.is_quick,
    }
    _append(uow, EventKind.ALERT_DECIDED, decided, details)
    if decision.step is Step.OFFICER:
        engaged = {**common, "engagement_id": engagement_id}
        _append(uow, EventKind.ENGAGEMENT_RECORDED, decided, engaged)
    if decision.step is Step.IDENTITY or isinstance(progress, Closed):
        outcome = {**common, "outcome": decided.outcome.value}
        _append(uow, EventKind.OUTCOME_RECORDED, decided, outcome)


def _append(
    uow: UnitOfWork, kind: EventKind, decided: Decided, details: dict[str, JsonValue]
) -> None:
    decision, deployment_id = decided.decision, decided.alert.deployment_id
    uow.audit.append(
        AuditEvent(kind, decision.decided_at, decision.decided_by, deployment_id, details)
    )
