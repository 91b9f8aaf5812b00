"""Read and export the audit log as an auditor, which is itself logged (R-35, R-70)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.audit import LoggedEvent
    from overt.core.canonical_json import JsonValue
    from overt.ports.audit import AuditLog
    from overt.ports.store import UnitOfWork
    from overt.services.workplace import Workplace

SHOW, EXPORT = "read the audit log", "export the audit log"
WHAT = "audit_log"

_READ_AT_ONCE = 1000


def read_audit(
    workplace: Workplace, actor_id: str, n_events: int, kind: EventKind | None = None
) -> tuple[LoggedEvent, ...]:
    """Return the latest events, oldest first; that they were read is logged after them.

    When and where an alert was raised is personal data too (R-35).

    Args:
        workplace: Store, time.
        actor_id: An auditor.
        n_events: How many at the most.
        kind: Only of this kind; None takes all.

    Raises:
        RoleForbiddenError: The actor is no auditor; the refusal has been logged.
        RecordNotFoundError: There is no such actor.
        AuditChainBrokenError: An event is not as it was recorded.
    """
    with workplace.open() as uow:
        _require_auditor(workplace, uow, actor_id, SHOW)
        found = _latest(uow.audit, n_events, kind)
        if found:
            span = f"{found[0].seq}-{found[-1].seq}"
            details: dict[str, JsonValue] = {"what": WHAT, "row_id": span}
            _append(workplace, uow, actor_id, EventKind.PERSONAL_DATA_VIEWED, details)
    return found


def log_export(workplace: Workplace, actor_id: str) -> None:
    """Log that the log is about to be exported, so that the export tells so itself.

    Args:
        workplace: Store, time.
        actor_id: An auditor.

    Raises:
        RoleForbiddenError: The actor is no auditor; the refusal has been logged.
        RecordNotFoundError: There is no such actor.
    """
    with workplace.open() as uow:
        _require_auditor(workplace, uow, actor_id, EXPORT)
        details: dict[str, JsonValue] = {"what": WHAT, "n_rows": uow.audit.size()}
        _append(workplace, uow, actor_id, EventKind.DATA_EXPORTED, details)


def _require_auditor(workplace: Workplace, uow: UnitOfWork, actor_id: str, action: str) -> None:
    now = workplace.clock.now()
    try:
        require(acting(uow, actor_id, action, None, now), Role.AUDITOR, action)
    except RuleError as error:
        log_refusal(uow, error, action, actor_id, None, now)
        raise


def _append(
    workplace: Workplace,
    uow: UnitOfWork,
    actor_id: str,
    kind: EventKind,
    details: dict[str, JsonValue],
) -> None:
    uow.audit.append(AuditEvent(kind, workplace.clock.now(), actor_id, None, details))
    uow.commit()


def _latest(log: AuditLog, n_events: int, kind: EventKind | None) -> tuple[LoggedEvent, ...]:
    found: list[LoggedEvent] = []
    for part in _backwards(log):
        found = [logged for logged in part if kind is None or logged.event.kind == kind] + found
        if len(found) >= n_events:
            break
    return tuple(found[-n_events:])


def _backwards(log: AuditLog) -> Iterator[tuple[LoggedEvent, ...]]:
    """Yield parts of the log, the latest first; each in its order."""
    end = log.size()
    while end:
        start = max(0, end - _READ_AT_ONCE)
        yield log.read(start, end - start)
        end = start
