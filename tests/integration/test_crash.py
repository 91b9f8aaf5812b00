"""Killed at any moment, the store holds what was committed, whole, and nothing else.

200 rounds; ``OVERT_CRASH_ROUNDS=2000`` for more.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from contract.databases import sql_store
from overt.adapters.store.schema import alerts, audit_tables, decisions, secrets
from overt.core.audit_chain import verify_chain

ROUNDS = int(os.environ.get("OVERT_CRASH_ROUNDS", "200"))
LONGEST_S = 0.05
WHOLE_EVERY = 40

pytestmark = pytest.mark.slow


@pytest.fixture
def writer(new_database):
    """Return a process that starts writers to this test's store."""
    url = new_database().writer.url.render_as_string(hide_password=False)
    script = Path(__file__).with_name("crash_writer.py")
    with subprocess.Popen(
        [sys.executable, script, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()


def killed_after(writer, seconds: float, *, is_writing: bool) -> list[int]:
    """Start a writer, kill it, and return the numbers of what it said to be committed.

    The time runs from its start, or, so that slow machines write too, from its first commit.
    """
    writer.stdin.write("go\n")
    writer.stdin.flush()
    lines, child = [], 0
    while not child or (is_writing and not lines):
        line = writer.stdout.readline()
        if line.startswith("pid "):
            child = int(line.split()[1])
        else:
            lines.append(line)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    while (line := writer.stdout.readline()) != "dead\n":
        lines.append(line)
    return [int(line) for line in lines]


def check(database, n_before: int) -> int:
    """Check every invariant of what came since; return how many transactions the store holds.

    Of what was there before, only the numbers are compared.
    """
    with sql_store(database).reading() as unit:
        size = unit.audit.size()
        came = [f"alert-{number}" for number in range(n_before, size)]
        assert [e.event.details["alert_id"] for e in unit.audit.read(n_before, size + 1)] == came
        for number, alert_id in enumerate(came, start=n_before):
            crop = unit.secrets.get(unit.alerts.get(alert_id).crop_secret_id)
            assert crop == bytes([number % 256]) * 3000
            assert len(unit.decisions.of_alert(alert_id)) == 1
        assert unit.counts.totals("deployment-1").faces_seen == size
        assert unit.audit.tree().size == size
    with database.reader.connect() as connection:
        n_rows = {
            connection.execute(select(func.count()).select_from(table)).scalar()
            for table in (audit_tables[0], alerts, decisions, secrets)
        }
        # A server may end the commit of a client that is dead: then there is one more by now.
        assert n_rows in ({size}, {size + 1})
        if database.path is not None:
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    return size


def check_whole(database) -> None:
    """Check every invariant of the whole store."""
    with sql_store(database).reading() as unit:
        size = unit.audit.size()
        ids = {f"alert-{number}" for number in range(size)}

        assert {alert.alert_id for alert in unit.alerts.of_deployment("deployment-1")} == ids
        assert {e.event.details["alert_id"] for e in unit.audit.read(0, size + 1)} == ids
        crops = dict(unit.secrets.read_all("deployment-1", "crop"))
        assert crops == {f"alert-{n}": bytes([n % 256]) * 3000 for n in range(size)}
        assert verify_chain(unit.audit.lines()).tree == unit.audit.tree()
        assert all(len(unit.decisions.of_alert(alert_id)) == 1 for alert_id in ids)


def test_killed_at_random_points_nothing_committed_is_lost(new_database, writer):
    """After each round every number that was printed is there, and no half transaction."""
    moments = random.Random(20260302)  # noqa: S311 - moments, no secrets
    committed: set[int] = set()
    n_kills = n_stored = 0
    while n_kills < ROUNDS:
        seconds = moments.uniform(0, LONGEST_S)
        committed |= set(killed_after(writer, seconds, is_writing=n_kills % 2 == 1))
        n_kills += 1
        database = new_database()
        n_stored = check(database, n_stored)
        if n_kills % WHOLE_EVERY == 0 or n_kills == ROUNDS:
            check_whole(database)
        database.close()

        assert committed <= set(range(n_stored))
        assert n_stored - len(committed) <= n_kills  # committed, but killed before it could say so
    print(f"{n_kills} kills, {len(committed)} commits reported, {n_stored} stored")
    assert len(committed) >= ROUNDS // 2
