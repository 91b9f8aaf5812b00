"""Audit log: appends with one commit each, against a plain insert and the bare disk.

Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING

import psycopg
from measuring import Report, bar, ratios, spread
from stores import KINDS, SQLITE, new_store

from overt.adapters.store.audit_log import SqlAuditLog
from overt.core.audit import AuditEvent, log_line
from overt.core.audit_events import EventKind
from overt.services.verify_audit import verify_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.adapters.store.engine import Database

REQUIRED_PER_S = 1000
_START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
_PAUSE_S = 0.2
_PAGE_BYTES = 4096
_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1000, help="appended in each turn")
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--folder", type=Path, default=Path(), help="on the disk to be measured")
    options = parser.parse_args(arguments)

    report = Report(
        "audit",
        "Audit log",
        "events appended a second, each in its own transaction that is on the disk before the "
        "next begins (SQLite: WAL, synchronous=FULL; PostgreSQL: fsync, synchronous_commit=on); "
        "nothing is grouped",
        (
            *("store", "turns x events", "overt, /s", "plain insert, /s", "bare disk, /s"),
            *("overt / plain", "verified, /s"),
        ),
        notes=[
            "Overt: check, canonical JSON, hash, chain, tree, one row, one commit.",
            "Plain insert: the database's own driver, a row with the same bytes, one commit.",
            (
                "Bare disk: 4 KiB of a file that is there, written and fdatasync, again and "
                "again. Where this is below the bar, no store on this disk can meet it."
            ),
            "Verified: events of the stored log, afterwards.",
        ],
        arguments=arguments,
    )
    for kind in KINDS:
        measured, verified_per_s = on_store(kind, options)
        add(report, kind, measured, verified_per_s, options)
    report.publish()


def on_store(kind: str, options) -> tuple[dict[str, list[float]], float]:
    """Return what each side took on a store, and how many events are verified a second."""
    with (
        tempfile.TemporaryDirectory(dir=options.folder, prefix="audit-") as name,
        new_store(kind, Path(name)) as (database, _),
    ):
        measured = measure(Path(name), database, options.events, options.turns)
        return measured, verify(database, options.events * (options.turns + 1))


def add(report: Report, kind: str, measured, verified_per_s: float, options) -> None:
    """Add a store's figures to the report; the bar is SQLite's alone."""
    rates = {side: spread([options.events / s for s in found]) for side, found in measured.items()}
    report.rows.append(
        (
            kind,
            f"{options.turns} x {options.events}",
            *(rates[side].text() for side in ("overt", "plain", "disk")),
            ratios(measured["plain"], measured["overt"]).text(),
            f"{verified_per_s:.0f}",
        )
    )
    report.figures[kind] = {**measured, "verified_per_s": verified_per_s}
    if kind == SQLITE:
        report.bars.append(
            bar(
                "Audit events appended one by one, each durable, SQLite",
                f"at least {REQUIRED_PER_S} a second",
                f"{rates['overt'].text()} a second where the bare disk does {rates['disk'].text()}",
                is_met=rates["overt"].median >= REQUIRED_PER_S,
            )
        )


def measure(folder: Path, database: Database, n_events: int, turns: int) -> dict[str, list[float]]:
    """Return the seconds that each side took for its events, turn by turn; the first is dropped."""
    rows = [log_line(n, event(n), bytes(32)) for n in range(n_events)]
    (folder / "bare").write_bytes(bytes(n_events * _PAGE_BYTES))
    measured: dict[str, list[float]] = {"overt": [], "plain": [], "disk": []}
    with plain_writer(folder, database) as insert:
        sides = {
            "overt": lambda: append(database, n_events),
            "plain": lambda: [insert(line) for line in rows],
            "disk": lambda: sync(folder / "bare", n_events),
        }
        for turn in range(turns + 1):
            for side, call in sides.items():
                sleep(_PAUSE_S)
                started = perf_counter()
                call()
                if turn:
                    measured[side].append(perf_counter() - started)
    return measured


@contextmanager
def plain_writer(folder: Path, database: Database) -> Iterator[Callable[[bytes], object]]:
    """Yield what inserts a line with one commit, by the database's own driver."""
    if database.path is None:
        url = database.writer.url.set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(), autocommit=True) as connection:
            connection.execute("CREATE TABLE plain (seq BIGSERIAL PRIMARY KEY, l BYTEA, h BYTEA)")
            statement = "INSERT INTO plain (l, h) VALUES (%s, %s)"
            yield lambda line: connection.execute(statement, (line, line[:32]))
        return
    with closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as connection:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE plain (seq INTEGER PRIMARY KEY, l BLOB, h BLOB)")

        def insert(line: bytes) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO plain (l, h) VALUES (?, ?)", (line, line[:32]))
            connection.execute("COMMIT")

        yield insert


def event(number: int) -> AuditEvent:
    """Return an event as an operator's decision makes it."""
    return AuditEvent(
        EventKind.ALERT_DECIDED,
        _START + timedelta(seconds=number),
        "actor_01JNM3YV7K",
        "deployment_01JNM3YV7K",
        {
            "alert_id": f"alert_{number}",
            "decision_id": f"decision_{number}",
            "step": "operator",
            "verdict": "dismissed",
        },
    )


def append(database: Database, n_events: int) -> None:
    """Append events, one transaction each."""
    for number in range(n_events):
        with database.writer.begin() as connection:
            SqlAuditLog(connection).append(event(number))


def sync(path: Path, n_times: int) -> None:
    """Overwrite a page and wait until it is on the disk, again and again."""
    handle = os.open(path, os.O_WRONLY)
    try:
        for number in range(n_times):
            os.pwrite(handle, bytes(_PAGE_BYTES), number * _PAGE_BYTES)
            getattr(os, "fdatasync", os.fsync)(handle)
    finally:
        os.close(handle)


def verify(database: Database, expected: int) -> float:
    """Return how many events of the log are verified a second."""
    with database.reader.connect() as connection:
        started = perf_counter()
        assert verify_stored(SqlAuditLog(connection)).size == expected
        return expected / (perf_counter() - started)


if __name__ == "__main__":
    main(sys.argv[1:])
