"""After rows and key are deleted: leaves nothing of them in the database's files."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import text

from overt.adapters.store.border import store_border
from overt.adapters.store.schema import metadata
from overt.errors import StoreUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from overt.adapters.store.engine import Database

_RETRY_S = 0.05
_COPIED_IN_MEMORY_BYTES = 256 << 20
# The server's own files cannot be overwritten from here; rewriting a table drops its old pages.
_REWRITTEN = (
    *("alerts", "application_drafts", "blue_passes", "decisions", "deployment_keys"),
    *("engagements", "request_keys", "request_texts", "secrets"),
    *("volunteers", "watchlist_entries"),
)


def erase_free_space(database: Database) -> None:
    """Rewrite the store without what was deleted, and empty its write-ahead log.

    On SQLite the file is built anew, and the log is cut to nothing. On PostgreSQL the tables of
    people are built anew and the log moves on; the server recycles the old log by its own
    settings, and its backups are out of reach: docs/adr/0003-one-store-one-writer.md. May be
    repeated at any time.

    Args:
        database: With no open unit of work of the calling thread.

    Raises:
        StoreUnavailableError: Somebody reads or writes for too long; nothing is lost, try again.
        StoreFullError: There is no room to build the file anew.
    """
    if not database.turn.acquire(timeout=database.busy_s):
        msg = f"another unit of work has been writing for {database.busy_s} s"
        raise StoreUnavailableError(msg)
    try:
        with store_border():
            if database.path is None:
                _rewrite_tables(database)
            else:
                _rewrite_file(database, database.path)
    finally:
        database.turn.release()


def _rewrite_file(database: Database, path: Path) -> None:
    with database.bare.connect() as connection:
        # What is copied stays out of temporary files, unless it would fill the memory.
        is_large = path.stat().st_size > _COPIED_IN_MEMORY_BYTES
        connection.exec_driver_sql(f"PRAGMA temp_store = {'FILE' if is_large else 'MEMORY'}")
        # secure_delete alone leaves parts of rows that were moved within their page.
        connection.exec_driver_sql("VACUUM")
        deadline = time.monotonic() + database.busy_s
        while connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
            if time.monotonic() > deadline:
                msg = f"somebody has been reading for {database.busy_s} s; the log is not emptied"
                raise StoreUnavailableError(msg)
            time.sleep(_RETRY_S)


def _rewrite_tables(database: Database) -> None:
    with database.bare.connect() as connection:
        for name in _REWRITTEN:
            connection.execute(text(f"VACUUM (FULL) {metadata.tables[name].name}"))
        may = "SELECT has_function_privilege('pg_switch_wal()', 'execute')"
        if connection.execute(text(may)).scalar_one():
            connection.execute(text("SELECT pg_switch_wal()"))
        may = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        if connection.execute(text(may)).scalar_one():
            connection.execute(text("CHECKPOINT"))
