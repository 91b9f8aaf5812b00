"""Who may decide an alert, with which reasons: checked before a decision is kept (R-51, R-52)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.adjudication import DisposalVerdict, IdentityVerdict, Step
from overt.core.alert_progress import Identified
from overt.core.alert_steps import advance, alert_of, state_of
from overt.core.roles import Role, require
from overt.errors import AlertWrongStepError, ReasonUnknownError

if TYPE_CHECKING:
    from overt.core.adjudication import AlertRecord, Decision, Verdict
    from overt.core.alert_progress import Progress
    from overt.core.policy import Policy
    from overt.core.roles import Actor

NOT_CHECKED = "not_checked"
"""Identity method that can only be inconclusive."""

SOMEBODY_ELSE = "somebody_else"
"""Reason for no further action that a confirmed identity rules out."""

_ROLES = {
    Step.OPERATOR: Role.OPERATOR,
    Step.OFFICER: Role.ENGAGEMENT_OFFICER,
    Step.IDENTITY: Role.ENGAGEMENT_OFFICER,
    Step.DISPOSAL: Role.ENGAGEMENT_OFFICER,
}


def decide(progress: Progress, decision: Decision, actor: Actor, policy: Policy) -> Progress:
    """Return the alert one step further, after a decision that this person may make.

    Args:
        progress: How far the alert has come.
        decision: Of the next step, by the actor.
        actor: An operator for the first step, an engagement officer for the others.
        policy: Closed lists of reasons.

    Raises:
        RoleForbiddenError: The actor's roles do not allow this step.
        AlertWrongStepError: It is not the next step, or signed as somebody else.
        SamePersonError: The operator would decide a later step too.
        ReasonUnknownError: A reason is missing, a reason or factor is not in the policy's
            list, or the reason contradicts the identity that was confirmed.
    """
    require(actor, _ROLES[decision.step], f"decide the step {decision.step} of an alert")
    if decision.decided_by != actor.actor_id:
        msg = "a decision is signed by whoever makes it"
        raise AlertWrongStepError(msg, alert_id=decision.alert_id)
    check_reasons(decision.verdict, decision.reason_codes, policy)
    check_factors(decision.factor_codes, policy)
    if isinstance(progress, Identified):
        _check_identity(progress.identity, decision)
    return advance(progress, decision)


def decided_alert(progress: Progress) -> AlertRecord:
    """Return the alert as it is stored: in the state of its last decision.

    Args:
        progress: How far it has come.
    """
    return replace(alert_of(progress), state=state_of(progress))


def check_reasons(verdict: Verdict, codes: tuple[str, ...], policy: Policy) -> None:
    """Let pass only reasons of the verdict's closed list: one, or several for an arrest.

    Args:
        verdict: What was decided.
        codes: The reasons given.
        policy: With the lists.

    Raises:
        ReasonUnknownError: None where one is needed, too many, one twice or one not in the
            list; or an identity that is confirmed though it could not be checked.
    """
    allowed = policy.alerts.reasons_for(verdict)  # every verdict has a list
    keys = allowed.enabled if allowed else ()
    most = len(keys) if verdict is DisposalVerdict.ARREST else min(1, len(keys))
    if not min(1, len(keys)) <= len(codes) <= most or len(set(codes)) < len(codes):
        msg = f"{verdict} needs {'a reason' if keys else 'no reason'}, found {len(codes)}"
        raise ReasonUnknownError(msg)
    if unknown := [code for code in codes if code not in keys]:
        msg = f"expected a reason out of {', '.join(keys)}; found {unknown[0]!r}"
        raise ReasonUnknownError(msg)
    if NOT_CHECKED in codes and verdict is not IdentityVerdict.INCONCLUSIVE:
        msg = f"an identity that could not be checked is inconclusive, found {verdict}"
        raise ReasonUnknownError(msg)


def _check_identity(identity: Decision, disposal: Decision) -> None:
    is_theirs = identity.verdict is IdentityVerdict.CONFIRMED_TRUE
    if is_theirs and SOMEBODY_ELSE in disposal.reason_codes:
        msg = "the identity was confirmed, so it was nobody else; expected another reason"
        raise ReasonUnknownError(msg, alert_id=disposal.alert_id)


def check_factors(codes: tuple[str, ...], policy: Policy) -> None:
    """Let pass only factors of the policy's closed list, each once; there may be none (R-46).

    Args:
        codes: What may have mattered to the picture.
        policy: With the list.

    Raises:
        ReasonUnknownError: One is not in the list, or stands there twice.
    """
    allowed = policy.alerts.factors
    for place, code in enumerate(codes):
        if code not in allowed or code in codes[:place]:
            expected = ", ".join(allowed.enabled) or "none"
            msg = f"expected factors out of {expected}, each once; found {code!r}"
            raise ReasonUnknownError(msg)
