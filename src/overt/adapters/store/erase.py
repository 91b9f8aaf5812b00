"""After rows and key are deleted: leaves nothing of them in the database's files."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import text

from overt.adapters.store.border import store_border
from overt.adapters.store.engine import BUSY_S
from overt.adapters.store.schema import metadata
from overt.errors import StoreUnavailableError

if TYPE_CHECKING:
    from overt.adapters.store.engine import Database

_RETRY_S = 0.05
# The server's own files cannot be overwritten from here; rewriting a table drops its old pages.
_REWRITTEN = (
    *("alerts", "blue_passes", "decisions", "deployment_keys", "engagements", "secrets"),
    *("volunteers", "watchlist_entries"),
)


def erase_free_space(database: Database) -> None:
    """Rewrite the store without what was deleted, and empty its write-ahead log.

    On SQLite the file is built anew, and the log is cut to nothing. On PostgreSQL the tables of
    people are built anew and the log moves on; the server recycles the old log by its own
    settings, and its backups are out of reach: see docs/privacy.md. May be repeated at any time.

    Args:
        database: With no open unit of work of the calling thread.

    Raises:
        StoreUnavailableError: Somebody reads or writes for too long; nothing is lost, try again.
        StoreFullError: There is no room to build the file anew.
    """
    if not database.turn.acquire(timeout=BUSY_S):
        msg = f"another unit of work has been writing for {BUSY_S} s"
        raise StoreUnavailableError(msg)
    try:
        with store_border():
            if database.path is None:
                _rewrite_tables(database)
            else:
                _rewrite_file(database)
    finally:
        database.turn.release()


def _rewrite_file(database: Database) -> None:
    engine = database.writer.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM")
        deadline = time.monotonic() + BUSY_S
        while True:
            row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if row[0] == 0:
                return
            if time.monotonic() > deadline:
                msg = f"somebody has been reading for {BUSY_S} s; the log cannot be emptied yet"
                raise StoreUnavailableError(msg)
            time.sleep(_RETRY_S)


def _rewrite_tables(database: Database) -> None:
    engine = database.writer.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in _REWRITTEN:
            connection.execute(text(f"VACUUM (FULL) {metadata.tables[name].name}"))
        may = "SELECT has_function_privilege('pg_switch_wal()', 'execute')"
        if connection.execute(text(may)).scalar_one():
            connection.execute(text("SELECT pg_switch_wal()"))
        may = "SELECT rolsuper OR pg_has_role('pg_checkpoint', 'usage') FROM pg_roles"
        may += " WHERE rolname = current_user"
        if connection.execute(text(may)).scalar_one():
            connection.execute(text("CHECKPOINT"))
