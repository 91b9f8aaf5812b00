"""Opens the database: SQLite in a file of this machine, or PostgreSQL by address."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from overt.errors import StoreUnavailableError, StoreUrlInvalidError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_S = 5
"""How long a unit of work waits for another one to end."""

_WRITER_LOCK = 0x6F76_6572_7401  # PostgreSQL's advisory lock of the unit of work that writes
_SQLITE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit that has returned survives a loss of power
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten with zeros
    "PRAGMA temp_store = MEMORY",  # no temporary file to be found later
    "PRAGMA trusted_schema = OFF",
    f"PRAGMA busy_timeout = {BUSY_S * 1000}",
)
_POSTGRESQL = (
    "SET synchronous_commit = on",
    "SET timezone = 'UTC'",
    f"SET lock_timeout = '{BUSY_S}s'",
    "SET idle_in_transaction_session_timeout = '10min'",
)


@dataclass(frozen=True, slots=True, eq=False)
class Database:
    """A database with two ways in: one that writes, alone, and one that only reads.

    Attributes:
        writer: Begins transactions that hold the only right to write.
        reader: Begins transactions that see one moment and cannot write.
        path: SQLite's file; None for PostgreSQL.
        turn: Held by the thread whose transaction may write.
    """

    writer: Engine
    reader: Engine
    path: Path | None
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


def default_url(home: Path) -> str:
    """Return the address of this machine's own database.

    Args:
        home: The folder of everything that lasts.
    """
    return f"sqlite:///{home / 'overt.db'}"


def open_database(url: str) -> Database:
    """Return the database at an address; nothing is connected yet, and no table is made.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/NAME``.

    Raises:
        StoreUrlInvalidError: Another kind of address, or no file or database in it.
        StoreUnavailableError: The file cannot be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        msg = "the address of the store must be sqlite:///FILE or postgresql://HOST/NAME"
        raise StoreUrlInvalidError(msg) from error
    kind = parsed.get_backend_name()
    if kind == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return _sqlite(parsed)
    if kind in {"postgresql", "postgres"} and parsed.database:
        return _postgresql(parsed.set(drivername="postgresql+psycopg"))
    msg = f"the store needs sqlite:///FILE or postgresql://HOST/NAME, found {kind} or no name"
    raise StoreUrlInvalidError(msg)


def _sqlite(url: URL) -> Database:
    path = Path(url.database or "").absolute()
    _make_private(path)
    address = url.set(drivername="sqlite+pysqlite", database=str(path))

    def engine(begin: str, *extra: str) -> Engine:
        # Driver's own transactions off: each begins with the word given here.
        made = create_engine(address, connect_args={"isolation_level": None}, hide_parameters=True)
        _on_connect(made, (*_SQLITE, *extra))
        _on_begin(made, begin)
        return made

    return Database(engine("BEGIN IMMEDIATE"), engine("BEGIN", "PRAGMA query_only = ON"), path)


def _postgresql(url: URL) -> Database:
    def engine(begin: str) -> Engine:
        made = create_engine(
            url,
            connect_args={"connect_timeout": BUSY_S, "application_name": "overt"},
            hide_parameters=True,
            pool_pre_ping=True,
        )
        _on_connect(made, _POSTGRESQL)
        _on_begin(made, begin)
        return made

    return Database(
        engine(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})"),
        engine("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"),
        None,
    )


def _make_private(path: Path) -> None:
    """Make the file if it is missing, and let nobody but its owner read it; SQLite's others follow.

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


def _on_connect(engine: Engine, statements: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
        connection.commit()


def _on_begin(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)
