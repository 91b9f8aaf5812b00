"""Take away the log that a trial's report comes with: it tells when and where alerts were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require_any
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.core.canonical_json import JsonValue
    from overt.services.workplace import Workplace

ACTION = "take away the log of a trial's report"
WHO = frozenset({Role.AUDITOR, Role.EVALUATOR})


def take_report_log(workplace: Workplace, actor_id: str, n_rows: int) -> None:
    """Log that somebody takes the log of a report away, before they get it (R-35, R-70).

    Args:
        workplace: Store, time.
        actor_id: An auditor or evaluator.
        n_rows: How many events it holds.

    Raises:
        RuleError: The actor is neither; this has been logged.
        RecordNotFoundError: There is no such actor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        actor = acting(uow, actor_id, ACTION, None, now)
        try:
            require_any(actor, WHO, ACTION)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, None, now)
            raise
        details: dict[str, JsonValue] = {"what": "log of a trial's report", "n_rows": n_rows}
        uow.audit.append(AuditEvent(EventKind.DATA_EXPORTED, now, actor_id, None, details))
        uow.commit()
