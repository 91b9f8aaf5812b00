"""Killed at any moment, the store holds what was committed, whole, and nothing else.

20 rounds; ``OVERT_CRASH_ROUNDS=200`` for more.
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
from sqlalchemy import select, text

from contract.databases import sql_store
from overt.adapters.store.schema import decisions
from overt.core.audit_chain import verify_chain

ROUNDS = int(os.environ.get("OVERT_CRASH_ROUNDS", "20"))
LONGEST_S = 0.2

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


def check(database) -> int:
    """Check every invariant of the store, and return how many transactions it holds."""
    with sql_store(database).reading() as unit:
        size = unit.audit.size()
        alerts = unit.alerts.of_deployment("deployment-1") if size else ()
        ids = {f"alert-{number}" for number in range(size)}

        assert {alert.alert_id for alert in alerts} == ids
        assert {e.event.details["alert_id"] for e in unit.audit.read(0, size + 1)} == ids
        assert unit.counts.totals("deployment-1").faces_seen == size
        crops = dict(unit.secrets.read_all("deployment-1", "crop"))
        assert crops == {f"alert-{n}": bytes([n % 256]) * 3000 for n in range(size)}
        assert verify_chain(unit.audit.lines()).tree == unit.audit.tree()
    with database.reader.connect() as connection:
        decided = connection.execute(select(decisions.c.alert_id)).scalars().all()
        assert sorted(decided) == sorted(ids)
    if database.path is not None:
        with database.reader.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    return size


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
        n_stored = check(database)
        database.close()

        assert committed <= set(range(n_stored))
        assert n_stored - len(committed) <= n_kills  # committed, but killed before it could say so
    print(f"{n_kills} kills, {len(committed)} commits reported, {n_stored} stored")
    assert len(committed) >= ROUNDS // 2
