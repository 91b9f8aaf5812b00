"""Find events in the audit log, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.audit import AuditEvent, LoggedEvent
    from overt.core.audit_events import EventKind
    from overt.ports.store import UnitOfWork

_READ_AT_ONCE = 1000


def events_of_kinds(uow: UnitOfWork, *kinds: EventKind) -> Iterator[LoggedEvent]:
    """Yield events of some kinds, oldest first.

    Args:
        uow: An open unit of work.
        *kinds: Which kinds.
    """
    next_seq = 0
    while events := uow.audit.read(next_seq, _READ_AT_ONCE):
        next_seq = events[-1].seq + 1
        yield from (logged for logged in events if logged.event.kind in kinds)


def events_of(uow: UnitOfWork, deployment_id: str, *kinds: EventKind) -> Iterator[LoggedEvent]:
    """Yield a deployment's events of some kinds, oldest first.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.
        *kinds: Which kinds.
    """
    for logged in events_of_kinds(uow, *kinds):
        if logged.event.deployment_id == deployment_id:
            yield logged


def events_of_deployment(uow: UnitOfWork, deployment_id: str) -> Iterator[AuditEvent]:
    """Yield a deployment's events, oldest first.

    Args:
        uow: An open unit of work.
        deployment_id: Whose.
    """
    next_seq = 0
    while events := uow.audit.read(next_seq, _READ_AT_ONCE):
        next_seq = events[-1].seq + 1
        yield from (e.event for e in events if e.event.deployment_id == deployment_id)
