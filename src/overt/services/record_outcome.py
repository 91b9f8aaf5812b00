"""What an engagement showed, and how it ended: identity, then disposal (R-54, R-55)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.adjudication import Step
from overt.services.decide_step import Choice, Decided, decide_step

if TYPE_CHECKING:
    from overt.core.adjudication import DisposalVerdict, IdentityVerdict
    from overt.services.workplace import Workplace


def record_identity(
    workplace: Workplace,
    actor_id: str,
    alert_id: str,
    verdict: IdentityVerdict,
    *,
    method_code: str,
    key: str,
) -> Decided:
    """Return what an identity check by ordinary means gave, stored and logged.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An engagement officer who is not the alert's operator.
        alert_id: An alert for which somebody was engaged.
        verdict: Confirmed true, confirmed false or inconclusive.
        method_code: How it was checked, from the policy's closed list.
        key: Made by the sender, so that a repeated message decides once.

    Raises:
        RuleError: Nobody was engaged, decided before, or not by this person.
        RecordNotFoundError: There is no such alert or actor.
    """
    choice = Choice(alert_id, Step.IDENTITY, verdict, (method_code,), None, key)
    return decide_step(workplace, actor_id, choice)


def record_disposal(
    workplace: Workplace,
    actor_id: str,
    alert_id: str,
    verdict: DisposalVerdict,
    *,
    reason_codes: tuple[str, ...],
    key: str,
) -> Decided:
    """Return how an engagement ended, stored and logged: an arrest needs all that came before.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An engagement officer who is not the alert's operator.
        alert_id: An alert whose identity check is recorded.
        verdict: Arrest, other disposal or no further action.
        reason_codes: Why, from the policy's closed list for it; several may apply to an arrest.
        key: Made by the sender, so that a repeated message decides once.

    Raises:
        RuleError: No identity check, decided before, or not by this person.
        RecordNotFoundError: There is no such alert or actor.
    """
    choice = Choice(alert_id, Step.DISPOSAL, verdict, reason_codes, None, key)
    return decide_step(workplace, actor_id, choice)
