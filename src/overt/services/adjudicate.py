"""The operator looks at an alert first: dismiss or pass on, both equally quick (R-52)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.adjudication import Step
from overt.services.decide_step import Choice, Decided, decide_step

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.adjudication import OperatorVerdict
    from overt.services.workplace import Workplace


def adjudicate(
    workplace: Workplace,
    actor_id: str,
    alert_id: str,
    verdict: OperatorVerdict,
    *,
    reason_code: str,
    shown_at: datetime,
    key: str,
) -> Decided:
    """Return the operator's decision, stored and logged.

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An operator.
        alert_id: An alert that nobody has decided.
        verdict: Dismissed or passed on.
        reason_code: Why, from the policy's closed list.
        shown_at: When the alert was first on the operator's screen.
        key: Made by the sender, so that a repeated message decides once.

    Raises:
        RuleError: Decided before, not by this person, or not for this reason.
        RecordNotFoundError: There is no such alert or actor.
    """
    choice = Choice(alert_id, Step.OPERATOR, verdict, (reason_code,), shown_at, key)
    return decide_step(workplace, actor_id, choice)
