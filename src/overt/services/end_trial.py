"""End a trial: as planned, by one of its stop rules, or for a reason that is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.trial import END, ending
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal
from overt.services.view_trials import members_of, trial_of

if TYPE_CHECKING:
    from overt.core.trial import Trial
    from overt.services.workplace import Workplace


def end_trial(
    workplace: Workplace,
    actor_id: str,
    trial_id: str,
    *,
    stop_rule: int | None = None,
    note: str = "",
) -> Trial:
    """Return the trial as it ended; no deployment can be put into it any more.

    Args:
        workplace: Store, time.
        actor_id: An evaluator.
        trial_id: A trial that is under way, with no deployment running.
        stop_rule: Number of the plan's stop rule that ends it, from 1; None for none.
        note: Why, in words; without it and without a stop rule, all of them are done.

    Raises:
        RuleError: Not allowed; this has been logged.
        RecordNotFoundError: There is no such trial or actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        trial = trial_of(uow, trial_id)
        actor = acting(uow, actor_id, END, None, now)
        try:
            details = ending(trial, actor, members_of(uow, trial), stop_rule=stop_rule, note=note)
        except RuleError as error:
            log_refusal(uow, error, END, actor_id, None, now)
            raise
        uow.audit.append(AuditEvent(EventKind.TRIAL_ENDED, now, actor_id, None, details))
        uow.commit()
        return trial_of(uow, trial_id)
