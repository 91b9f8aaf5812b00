"""Opens the database: SQLite in a file of this machine, or PostgreSQL by address."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from overt.errors import StoreUnavailableError, StoreUrlInvalidError

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_S = 5
"""How long a unit of work waits for another one to end."""

_CONNECT_S = 5
_WRITER_LOCK = 0x6F76_6572_7401  # PostgreSQL's advisory lock of the unit of work that writes
_SQLITE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit that has returned survives a loss of power
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten with zeros
    "PRAGMA temp_store = MEMORY",  # no temporary file to be found later
    "PRAGMA trusted_schema = OFF",
)
_POSTGRESQL = (
    "SET synchronous_commit = on",
    "SET timezone = 'UTC'",
    "SET idle_in_transaction_session_timeout = '10min'",
)


@dataclass(frozen=True, slots=True, eq=False)
class Database:
    """A database with two ways in: one that writes, alone, and one that only reads.

    Attributes:
        writer: Begins transactions that hold the only right to write.
        reader: Begins transactions that see one moment and cannot write.
        bare: Has no transactions; for the lease and for rewriting files.
        path: SQLite's file; None for PostgreSQL.
        busy_s: How long a unit of work waits for another one to end.
        turn: Held by the thread whose transaction may write.
    """

    writer: Engine
    reader: Engine
    bare: Engine
    path: Path | None
    busy_s: float = BUSY_S
    turn: threading.Lock = field(default_factory=threading.Lock)

    def files(self) -> tuple[Path, ...]:
        """Return every file that SQLite keeps beside the database, if it is there."""
        if self.path is None:
            return ()
        names = ("", "-wal", "-shm", "-journal")
        found = (self.path.with_name(self.path.name + name) for name in names)
        return tuple(path for path in found if path.exists())

    def close(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


def default_url(home: Path) -> URL:
    """Return the address of this machine's own database.

    Args:
        home: The folder of everything that lasts.
    """
    return URL.create("sqlite", database=str(home / "overt.db"))


def open_database(url: str | URL, *, busy_s: float = BUSY_S) -> Database:
    """Return the database at an address; nothing is connected yet, and no table is made.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/NAME``.
        busy_s: How long a unit of work waits for another one to end, also of another process.

    Raises:
        StoreUrlInvalidError: Another kind of address, or no file or database in it.
        StoreUnavailableError: The file cannot be made.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        msg = "the address of the store must be sqlite:///FILE or postgresql://HOST/NAME"
        raise StoreUrlInvalidError(msg) from error
    kind = parsed.get_backend_name()
    if kind == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return _sqlite(parsed, busy_s)
    if kind in {"postgresql", "postgres"} and parsed.database:
        return _postgresql(parsed.set(drivername="postgresql+psycopg"), busy_s)
    msg = f"the store needs sqlite:///FILE or postgresql://HOST/NAME, found {kind} or no name"
    raise StoreUrlInvalidError(msg)


def _sqlite(url: URL, busy_s: float) -> Database:
    path = Path(url.database or "").absolute()
    _make_private(path)
    address = url.set(drivername="sqlite+pysqlite", database=str(path))
    # The driver's own transactions are off: each begins with the word that it is given.
    options = {"connect_args": {"isolation_level": None}, "hide_parameters": True}
    setup = (f"PRAGMA busy_timeout = {round(busy_s * 1000)}", *_SQLITE)
    return Database(
        writer=_engine(address, setup, "BEGIN IMMEDIATE", **options),
        reader=_engine(address, (*setup, "PRAGMA query_only = ON"), "BEGIN", **options),
        bare=_engine(address, setup, None, poolclass=NullPool, **options),
        path=path,
        busy_s=busy_s,
    )


def _postgresql(url: URL, busy_s: float) -> Database:
    asked = {"connect_timeout": _CONNECT_S, "application_name": "overt"}
    options = {"connect_args": asked, "hide_parameters": True}
    setup = (*_POSTGRESQL, f"SET lock_timeout = '{round(busy_s * 1000)}ms'")
    turn = f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})"
    look = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    return Database(
        writer=_engine(url, setup, turn, pool_pre_ping=True, **options),
        reader=_engine(url, setup, look, pool_pre_ping=True, **options),
        bare=_engine(url, setup, None, poolclass=NullPool, **options),
        path=None,
        busy_s=busy_s,
    )


def _engine(url: URL, setup: tuple[str, ...], begin: str | None, **options: Any) -> Engine:  # noqa: ANN401 - create_engine's own
    """Return an engine whose transactions begin with a statement; without one it has none."""
    if begin is None:
        options["isolation_level"] = "AUTOCOMMIT"
    engine = create_engine(url, **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for statement in setup:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    if begin is not None:

        @event.listens_for(engine, "begin")
        def begin_with(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    return engine


def _make_private(path: Path) -> None:
    """Make the file if it is missing, and let nobody but its owner read it; SQLite's others follow.

    Args:
        path: The database.

    Raises:
        StoreUnavailableError: The file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as error:
        msg = f"the store {path.name} cannot be opened for writing ({type(error).__name__})"
        raise StoreUnavailableError(msg) from error
