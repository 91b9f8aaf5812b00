"""Logs of made-up events for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from overt.core.audit import FIRST_PREVIOUS_HASH, AuditEvent, log_line
from overt.core.audit_events import EventKind
from overt.core.transparency import leaf_hash

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def an_event(number: int = 0, **changes: object) -> AuditEvent:
    """Return an event; its time and its alert grow with the number."""
    fields: dict = {
        "kind": EventKind.ALERT_DECIDED,
        "occurred_at": START + timedelta(seconds=number, microseconds=number),
        "actor_id": "actor_7",
        "deployment_id": "deployment_3",
        "details": {
            "alert_id": f"alert_{number}",
            "decision_id": f"decision_{number}",
            "step": "operator",
            "verdict": "dismissed",
        },
    }
    return AuditEvent(**(fields | changes))


def log_of(events: list[AuditEvent]) -> list[bytes]:
    """Return the lines of a log."""
    lines, previous = [], FIRST_PREVIOUS_HASH
    for seq, event in enumerate(events):
        lines.append(log_line(seq, event, previous))
        previous = leaf_hash(lines[-1])
    return lines


def a_log(n_events: int) -> list[bytes]:
    """Return the lines of a log of so many events."""
    return log_of([an_event(number) for number in range(n_events)])
