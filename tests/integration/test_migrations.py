"""Tables come from migrations only, and a store that is not ours is left alone."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import column, create_engine, select, table, text, update

from contract.databases import run_as_owner, sql_store
from overt.adapters.store import migrate
from overt.adapters.store.engine import open_database
from overt.adapters.store.migrate import VERSION_TABLE, head_version, stored_version, upgrade
from overt.adapters.store.schema import metadata
from overt.errors import StoreFullError, StoreNewerError, StoreUnknownError

SCRIPTS = Path(migrate.__file__).with_name("migrations")
VERSIONS = table(VERSION_TABLE, column("version_num"))


def triggers(connection) -> set[str]:
    """Return the names of all triggers."""
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.dialect.name]
    return set(connection.execute(text(question)).scalars())


def parts(sql: str) -> list[str]:
    """Return the parts of a statement between commas outside brackets, sorted.

    A column that a migration adds stands behind the constraints.
    """
    plain = re.sub(r"\s+", " ", sql).removesuffix(")").replace("( ", "(")
    head, _, body = plain.partition("(")
    found, depth = [""], 0
    for letter in body:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [head, *sorted(part.strip() for part in found)]


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
        return {name: parts(sql) for name, sql in rows if sql}

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


@pytest.fixture(params=["sqlite", "postgresql"])
def first_release(request, tmp_path):
    """Return a database with the tables of the first release, and none of the later ones."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path / 'first.db'}")
    else:
        address = request.getfixturevalue("postgresql")
        run_as_owner(address, "CREATE DATABASE first_release")
        database = open_database(address.format(name="first_release"))
    with database.writer.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    yield database
    database.close()
    if request.param == "postgresql":
        run_as_owner(address, "DROP DATABASE first_release WITH (FORCE)")


FIRST_ROWS = """
INSERT INTO actors (actor_id, roles, rank, is_active) VALUES ('eo-1', '[]', 1, true);
INSERT INTO deployments (deployment_id, kind, state, created_at, version, document)
VALUES ('d-1', 'operational', 'ended', '2026-03-02T09:30:00.000000Z', 0, '{}');
INSERT INTO alerts (
    alert_id, deployment_id, entry_id, camera_id, site_id, captured_at, score, threshold, n_shots,
    quality, pack_digest, operating_point_digest, policy_hash, list_kind, state
) VALUES (
    'a-1', 'd-1', 'e-1', 'c-1', 's-1', '2026-03-02T09:30:00.000000Z', 0.7, 0.6, 1,
    0.5, 'p', 'o', 'h', 'operational', 'engaged'
);
INSERT INTO decisions (
    decision_id, alert_id, step, verdict, reason_codes, decided_by, decided_at, shown_at,
    idempotency_key
) VALUES (
    'x-1', 'a-1', 'officer', 'engaged', '["own_assessment"]', 'eo-1',
    '2026-03-02T09:31:00.000000Z', '2026-03-02T09:30:30.000000Z', 'k-1'
);
INSERT INTO engagements (
    engagement_id, deployment_id, engaged_by, started_at, is_leaflet_given, ethnicity_code,
    is_ethnicity_self_defined
) VALUES
    ('n-1', 'd-1', 'eo-1', '2026-03-02T09:31:00.000000Z', true, 'mixed', true),
    ('n-2', 'd-1', 'eo-1', '2026-03-02T09:32:00.000000Z', true, 'white', false),
    ('n-3', 'd-1', 'eo-1', '2026-03-02T09:33:00.000000Z', true, NULL, false);
"""


def keep_first_rows(database) -> None:
    """Write rows as the first release did."""
    with database.writer.begin() as connection:
        for statement in FIRST_ROWS.split(";")[:-1]:
            connection.exec_driver_sql(statement)


def test_what_the_first_release_kept_is_still_there(first_release):
    """An ethnicity goes where it belongs, said or perceived; nothing else is touched."""
    keep_first_rows(first_release)
    upgrade(first_release)

    assert stored_version(first_release) == head_version()
    with sql_store(first_release).reading() as unit:
        (decision,) = unit.decisions.of_alert("a-1")
        assert decision.reason_codes == ("own_assessment",)
        assert decision.factor_codes == ()
        found = {
            e.engagement_id: (e.self_defined_ethnicity_code, e.perceived_ethnicity_code)
            for e in unit.engagements.of_deployment("d-1")
        }
        assert found == {"n-1": ("mixed", None), "n-2": (None, "white"), "n-3": (None, None)}
        assert all(e.is_leaflet_given for e in unit.engagements.of_deployment("d-1"))
        assert unit.actors.get("eo-1").trained_on is None


def test_tables_that_were_migrated_are_those_of_the_schema(first_release):
    """Column by column, also where rows were in them before."""
    keep_first_rows(first_release)
    upgrade(first_release)
    options = {"compare_type": True, "version_table": VERSION_TABLE}
    with first_release.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, metadata) == []


def test_there_is_no_way_back():
    """A release writes no tables of the one before: that is what a backup is for."""
    versions = list(ScriptDirectory(str(SCRIPTS)).walk_revisions())

    assert [v.revision for v in versions] == ["0004", "0003", "0002", "0001"]
    assert not [v.revision for v in versions if hasattr(v.module, "downgrade")]


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
