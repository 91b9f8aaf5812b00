"""One service on one store: whoever holds the lease runs cameras, purges and clocks."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

from overt.adapters.store.border import store_border
from overt.errors import StoreLeasedError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from overt.adapters.store.engine import Database

_LEASE_LOCK = 0x6F76_6572_7402  # PostgreSQL's advisory lock of the service


@contextmanager
def lease(database: Database) -> Iterator[Callable[[], None]]:
    """Hold the lease of a store; the system frees it when the process dies.

    Args:
        database: The store.

    Yields:
        A check to be called now and then, before what only the holder may do; it raises
        StoreLeasedError once the lease is lost.

    Raises:
        StoreLeasedError: Another service holds it.
        StoreUnavailableError: It cannot be asked for.
    """
    held = _of_postgresql(database) if database.path is None else lease_beside(database.path)
    with held as check:
        yield check


@contextmanager
def lease_beside(kept: Path) -> Iterator[Callable[[], None]]:
    """Hold the lease of a file or folder, by a lock beside it that the system frees.

    Args:
        kept: What only one service works with; need not be there.

    Yields:
        The same check.

    Raises:
        StoreLeasedError: Another service holds it.
        StoreUnavailableError: The lock cannot be opened.
    """
    path = kept.with_name(kept.name + ".lease")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        msg = f"the lease {path.name} cannot be opened ({type(error).__name__})"
        raise StoreUnavailableError(msg) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _taken() from error

        def check() -> None:
            # The file stays for good; where somebody removed it, a second service gets another.
            if not path.exists() or not os.path.samestat(os.fstat(handle), path.stat()):
                raise _taken()

        yield check
    finally:
        os.close(handle)


@contextmanager
def _of_postgresql(database: Database) -> Iterator[Callable[[], None]]:
    with store_border():
        connection = database.bare.connect()
    try:
        if not _ask(connection, "SELECT pg_try_advisory_lock(:lock)"):
            raise _taken()

        def check() -> None:
            still = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            still += (
                " AND pid = pg_backend_pid() AND (classid::bigint << 32) + objid::bigint = :lock"
            )
            if not _ask(connection, still):
                raise _taken()

        yield check
    finally:
        connection.close()  # ends the session, and with it the lock


def _ask(connection: Connection, question: str) -> bool:
    # A transaction of its own: a lost connection would refuse every later question for this one.
    with store_border(), connection.begin():
        return bool(connection.execute(text(question), {"lock": _LEASE_LOCK}).scalar_one())


def _taken() -> StoreLeasedError:
    msg = "another service runs on this store; stop it first, or give this one a store of its own"
    return StoreLeasedError(msg)
