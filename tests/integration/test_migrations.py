"""Tables come from migrations only, and a store that is not ours is left alone."""

from __future__ import annotations

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import column, create_engine, select, table, text, update

from contract.databases import run_as_owner
from overt.adapters.store.engine import open_database
from overt.adapters.store.migrate import VERSION_TABLE, head_version, stored_version, upgrade
from overt.adapters.store.schema import metadata
from overt.errors import StoreFullError, StoreNewerError, StoreUnknownError

VERSIONS = table(VERSION_TABLE, column("version_num"))


def triggers(connection) -> set[str]:
    """Return the names of all triggers."""
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.dialect.name]
    return set(connection.execute(text(question)).scalars())


def test_migrated_tables_are_those_of_the_schema(new_database):
    """Tables, columns, types, indexes, constraints: no difference on either database."""
    options = {"compare_type": True, "version_table": VERSION_TABLE}
    with new_database().reader.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, metadata) == []


def test_checks_are_those_of_the_schema(new_sqlite, tmp_path):
    """What the comparison above does not see: rules and triggers, word for word."""
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(made)
    question = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%overt_schema%'"

    def rules(connection):
        rows = connection.execute(text(question)).all()
        return {
            name: sorted(line.strip().rstrip(",") for line in sql.splitlines())
            for name, sql in rows
            if sql
        }

    with made.connect() as expected, new_sqlite().reader.connect() as found:
        assert rules(found) == rules(expected)
    made.dispose()


def test_the_guards_of_the_log_are_there(new_database):
    """The migration makes the triggers too."""
    with new_database().reader.connect() as connection:
        assert any("audit_log" in name for name in triggers(connection))
        assert any("audit_tree" in name for name in triggers(connection))


def test_a_second_upgrade_changes_nothing(new_database):
    """And does not need the right to write for long."""
    database = new_database()
    upgrade(database)

    assert stored_version(database) == head_version()


def test_an_empty_database_has_no_version(tmp_path):
    """Nothing is made by looking."""
    database = open_database(f"sqlite:///{tmp_path / 'overt.db'}")

    assert stored_version(database) is None
    database.close()


def test_a_newer_store_is_refused_and_stays(new_database):
    """A release does not touch what it does not know."""
    database = new_database()
    with database.writer.begin() as connection:
        connection.execute(update(VERSIONS).values(version_num="9999"))
    for ask in (upgrade, stored_version):
        with pytest.raises(StoreNewerError, match="9999"):
            ask(database)
    with database.reader.connect() as connection:
        found = connection.execute(select(VERSIONS.c.version_num))

        assert found.scalar_one() == "9999"


def test_a_database_of_something_else_is_refused(tmp_path):
    """SQLite: somebody's own tables."""
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE invoices (id INTEGER)")
    connection.close()
    database = open_database(f"sqlite:///{path}")
    for ask in (upgrade, stored_version):
        with pytest.raises(StoreUnknownError):
            ask(database)
    database.close()


def test_a_server_s_database_of_something_else_is_refused(postgresql):
    """PostgreSQL: somebody's own tables."""
    run_as_owner(postgresql, "CREATE DATABASE invoices")
    other = create_engine(postgresql.format(name="invoices").replace("://", "+psycopg://"))
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    other.dispose()
    database = open_database(postgresql.format(name="invoices"))
    with pytest.raises(StoreUnknownError):
        upgrade(database)
    database.close()
    run_as_owner(postgresql, "DROP DATABASE invoices WITH (FORCE)")


def test_a_file_that_is_no_database_is_refused(tmp_path):
    """A text file keeps its text."""
    path = tmp_path / "overt.db"
    path.write_text("not a database, but long enough to be looked at " * 100)
    before = path.read_bytes()
    database = open_database(f"sqlite:///{path}")
    with pytest.raises(StoreUnknownError):
        upgrade(database)
    database.close()

    assert path.read_bytes() == before


def test_a_migration_happens_whole_or_not_at_all(tmp_path, monkeypatch):
    """Without room for the tables there is none of them, and the next try succeeds."""
    database = open_database(f"sqlite:///{tmp_path / 'overt.db'}")
    with database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 20")
    with pytest.raises(StoreFullError):
        upgrade(database)
    assert stored_version(database) is None
    database.writer.dispose()
    upgrade(database)

    assert stored_version(database) == head_version()
    database.close()
