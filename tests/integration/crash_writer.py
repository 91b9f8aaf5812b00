"""A process to be killed: writes transactions in a loop and prints each one's number afterwards.

For every line on its standard input it starts a child that writes, prints ``pid NUMBER``, and
``dead`` when the child is no more.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from contract.databases import sql_store
from contract.records import a_decision, a_deployment, an_alert
from overt.adapters.store.engine import open_database
from overt.adapters.store.unit_of_work import SqlStore
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.live_counts import LiveCounts, MinuteCounts

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def write(unit, number: int) -> None:
    """Write what one alert with its decision leaves: a row in every table of a live run."""
    alert_id = f"alert-{number}"
    crop = unit.secrets.put("deployment-1", "crop", alert_id, bytes([number % 256]) * 3000)
    unit.alerts.add(an_alert(alert_id, crop_secret_id=crop, captured_at=START))
    unit.decisions.add(a_decision(f"decision-{number}", alert_id=alert_id))
    minute = START + timedelta(minutes=number // 100)
    counts = LiveCounts(faces_seen=1, made=1, in_alerts=1)
    unit.counts.add_minute(MinuteCounts("deployment-1", "camera-1", minute, counts))
    details = {
        "alert_id": alert_id,
        "entry_id": "entry-1",
        "camera_id": "camera-1",
        "list_kind": "operational",
        "score": 0.71,
        "threshold": 0.64,
    }
    unit.audit.append(AuditEvent(EventKind.ALERT_RAISED, START, "system", "deployment-1", details))


def prepared(url: str) -> SqlStore:
    """Return the store with its deployment; every statement was run once and taken back.

    A child finds them compiled, and so writes soon after it has begun. No connection is open.
    """
    store = sql_store(open_database(url))
    with store.unit_of_work() as unit:
        unit.deployments.add(a_deployment())
        unit.commit()
        write(unit, unit.audit.size())
    store.database.close()
    return store


def write_for_ever(store: SqlStore) -> None:
    """Commit one transaction after the other; print its number once it is committed."""
    with store.unit_of_work() as unit:
        number = unit.audit.size()
    while True:
        with store.unit_of_work() as unit:
            write(unit, number)
            unit.commit()
        os.write(1, f"{number}\n".encode())
        number += 1


if __name__ == "__main__":
    ready = prepared(sys.argv[1])
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            write_for_ever(ready)
        os.write(1, f"pid {child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"dead\n")
