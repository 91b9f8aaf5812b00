"""Look for events in the audit log as an auditor; every look is logged itself (R-35, R-70)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require
from overt.errors import RecordNotFoundError, RuleError
from overt.services.read_audit import SHOW, WHAT
from overt.services.take_step import acting, log_refusal

if TYPE_CHECKING:
    from overt.core.audit import LoggedEvent
    from overt.core.audit_search import AuditSearch
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.workplace import Workplace

PAGE = 50


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """A page of what was looked for.

    Attributes:
        events: The newest first.
        has_older: Whether more was found behind them.
        has_newer: Whether more was found before them.
    """

    events: tuple[LoggedEvent, ...]
    has_older: bool
    has_newer: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a page of the log begins or ends; without either, it is the newest one.

    Attributes:
        before: Only events with a smaller number.
        after: Only events with a larger number; the page ends right before it.
    """

    before: int | None = None
    after: int | None = None


def search_audit(
    workplace: Workplace,
    reading: UnitOfWorkFactory,
    actor_id: str,
    wanted: AuditSearch,
    edge: Edge,
) -> FoundEvents:
    """Return a page of the events that are looked for.

    That they were seen is logged after them, where any were found: when and where an alert was
    raised is personal data too (R-35). It is searched without the right to write, which the
    cameras need meanwhile.

    Args:
        workplace: Store, time.
        reading: Opens a unit of work that only looks.
        actor_id: An auditor.
        wanted: What the events have to be.
        edge: Where the page begins.

    Raises:
        RoleForbiddenError: The actor is no auditor; the refusal has been logged.
        RecordNotFoundError: There is no such actor.
        AuditChainBrokenError: An event is not as it was recorded.
    """
    require_auditor(workplace, actor_id, SHOW)
    with reading() as uow:
        found = uow.audit.search(wanted, before=edge.before, after=edge.after, limit=PAGE + 1)
        is_upwards = edge.after is not None
        shown = found[-PAGE:] if is_upwards else found[:PAGE]
        has_more = len(found) > PAGE
        has_older, has_newer = has_more, has_more
        if shown and is_upwards:
            has_older = bool(uow.audit.search(wanted, before=shown[-1].seq, limit=1))
        elif shown:
            has_newer = edge.before is not None and bool(
                uow.audit.search(wanted, after=shown[0].seq, limit=1)
            )
    if shown:
        _log_look(workplace, actor_id, f"{shown[-1].seq}-{shown[0].seq}")
    return FoundEvents(shown, has_older, has_newer)


def read_event(
    workplace: Workplace, reading: UnitOfWorkFactory, actor_id: str, seq: int
) -> LoggedEvent:
    """Return one event; that it was seen is logged.

    Args:
        workplace: Store, time.
        reading: Opens a unit of work that only looks.
        actor_id: An auditor.
        seq: Its number.

    Raises:
        RoleForbiddenError: The actor is no auditor; the refusal has been logged.
        RecordNotFoundError: There is no such event or actor.
        AuditChainBrokenError: The event is not as it was recorded.
    """
    require_auditor(workplace, actor_id, SHOW)
    with reading() as uow:
        if seq >= uow.audit.size():
            msg = f"the log has no event {seq}"
            raise RecordNotFoundError(msg, key=seq)
        (logged,) = uow.audit.read(seq, 1)
    _log_look(workplace, actor_id, f"{seq}-{seq}")
    return logged


def require_auditor(workplace: Workplace, actor_id: str, action: str) -> None:
    """Let pass only an auditor; the refusal of anybody else is logged.

    Args:
        workplace: Store, time.
        actor_id: Who asks.
        action: What is asked, in words.

    Raises:
        RuleError: The actor is no auditor.
    """
    now = workplace.clock.now()
    with workplace.open() as uow:
        actor = acting(uow, actor_id, action, None, now)
        try:
            require(actor, Role.AUDITOR, action)
        except RuleError as error:
            log_refusal(uow, error, action, actor_id, None, now)
            raise


def _log_look(workplace: Workplace, actor_id: str, span: str) -> None:
    details, kind = {"what": WHAT, "row_id": span}, EventKind.PERSONAL_DATA_VIEWED
    with workplace.open() as uow:
        uow.audit.append(AuditEvent(kind, workplace.clock.now(), actor_id, None, details))
        uow.commit()
