"""The audit log in the database: it only grows, and damage to its rows is located (R-70)."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from overt.adapters.store.audit_log import SqlAuditLog
from overt.adapters.store.audit_tables import audit_guards
from overt.core.audit import FIRST_PREVIOUS_HASH
from overt.core.transparency import CompactRange, leaf_hash, tree_of
from overt.errors import (
    AuditChainBrokenError,
    AuditTruncatedError,
    IntegrityError,
    LogTreeDamagedError,
    PersonalDataInLogError,
)
from overt.services.verify_audit import verify_stored
from unit.core.audit_lines import a_log, an_event

N_EVENTS = 12


@pytest.fixture
def database(new_database):
    """Return an empty store, once on each kind of database."""
    return new_database()


def fill(database, n_events: int = N_EVENTS) -> None:
    """Append events, one commit each."""
    for number in range(n_events):
        with database.writer.begin() as connection:
            SqlAuditLog(connection).append(an_event(number))


def verified(database):
    """Return what the stored log is."""
    with database.reader.connect() as connection:
        return verify_stored(SqlAuditLog(connection))


def test_what_is_appended_is_the_log_of_the_core(database):
    """Byte for byte, with the tree that its lines have."""
    fill(database)
    lines = a_log(N_EVENTS)

    with database.reader.connect() as connection:
        log = SqlAuditLog(connection)
        assert list(log.lines()) == lines
        assert list(log.lines(9)) == lines[9:]
        assert log.tree() == tree_of(map(leaf_hash, lines))
        assert log.size() == N_EVENTS
        assert log.root() == tree_of(map(leaf_hash, lines)).root()


def test_events_are_returned_in_their_place(database):
    """When they are appended, and when they are read."""
    with database.writer.begin() as connection:
        log = SqlAuditLog(connection)
        logged = tuple(log.append(an_event(number)) for number in range(4))

    assert [event.seq for event in logged] == [0, 1, 2, 3]
    assert logged[0].previous_hash == FIRST_PREVIOUS_HASH
    assert logged[3].previous_hash == logged[2].hash
    with database.reader.connect() as connection:
        log = SqlAuditLog(connection)
        assert log.read() == logged
        assert log.read(1, 2) == logged[1:3]
        assert log.read(4) == ()


def test_a_new_store_has_an_empty_log(database):
    """With the root of nothing."""
    with database.reader.connect() as connection:
        log = SqlAuditLog(connection)
        assert (log.tree(), log.read(), list(log.lines())) == (CompactRange(), (), [])
    assert verified(database).size == 0


def test_a_transaction_that_is_taken_back_takes_its_events_back(database):
    """The next event gets the number."""
    fill(database, 2)
    with database.writer.connect() as connection, connection.begin() as transaction:
        SqlAuditLog(connection).append(an_event(7))
        transaction.rollback()
    with database.writer.begin() as connection:
        assert SqlAuditLog(connection).append(an_event(2)).seq == 2

    assert verified(database).root == tree_of(map(leaf_hash, a_log(3))).root()


def test_a_refused_event_leaves_no_row(database):
    """R-31: a template does not reach the database."""
    event = an_event()
    event = an_event(details={**event.details, "values": [0.5] * 128})
    with database.writer.begin() as connection, pytest.raises(PersonalDataInLogError):
        SqlAuditLog(connection).append(event)

    assert verified(database).size == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET hash = hash WHERE seq = 3",
        "UPDATE audit_log SET seq = 99 WHERE seq = 3",
        "DELETE FROM audit_log WHERE seq = 3",
        "DELETE FROM audit_log",
        "DELETE FROM audit_tree",
        "UPDATE audit_tree SET size = size - 1",
        "UPDATE audit_tree SET hashes = last_hash",
    ],
)
def test_the_database_refuses_changes(database, statement):
    """Whoever asks, through this program or another."""
    fill(database, 4)
    with database.writer.connect() as connection, pytest.raises(Exception, match="only grows"):
        connection.execute(text(statement))

    assert verified(database).size == 4


def test_sqlite_refuses_to_replace_or_skip(new_sqlite):
    """INSERT OR REPLACE would delete without asking."""
    database = new_sqlite()
    fill(database, 4)
    for verb, seq in [("INSERT OR REPLACE", 3), ("INSERT", 9), ("REPLACE", 0)]:
        with database.writer.connect() as connection, pytest.raises(Exception, match="only grows"):
            connection.execute(text(f"{verb} INTO audit_log VALUES ({seq}, x'00', x'00')"))


def test_postgresql_refuses_to_empty_the_tables(new_postgresql):
    """TRUNCATE asks no row."""
    database = new_postgresql()
    fill(database, 4)
    for table in ("audit_log", "audit_tree"):
        with database.writer.connect() as connection, pytest.raises(Exception, match="only grows"):
            connection.execute(text(f"TRUNCATE {table}"))


@pytest.fixture
def damage(new_sqlite):
    """Return a function that changes a filled store behind its back, and says where it is found."""
    database = new_sqlite()
    fill(database)

    def damaged(*statements: str) -> IntegrityError:
        with closing(sqlite3.connect(database.path)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in found.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        with pytest.raises(IntegrityError) as caught:
            verified(database)
        return caught.value

    return damaged


CHANGED = "replace(CAST(line AS TEXT), 'dismissed', 'passed_on')"


@pytest.mark.parametrize("seq", range(N_EVENTS))
@pytest.mark.parametrize(
    "change",
    [
        f"line = CAST({CHANGED} AS BLOB)",
        f"line = {CHANGED}",
        "line = x''",
        "line = 7",
        "line = CAST(x'ff' AS TEXT)",
        "hash = x'00'",
        "hash = randomblob(32)",
    ],
)
def test_a_changed_row_is_located(damage, seq, change):
    """Whatever type of value was put there."""
    error = damage(f"UPDATE audit_log SET {change} WHERE seq = {seq}")  # noqa: S608 - made here

    assert isinstance(error, AuditChainBrokenError)
    assert error.fields["seq"] == seq


@pytest.mark.parametrize("seq", range(N_EVENTS - 1))
def test_a_deleted_row_is_located(damage, seq):
    """By the number that is missing."""
    error = damage(f"DELETE FROM audit_log WHERE seq = {seq}")  # noqa: S608 - made here

    assert error.message == f"event {seq}: it is missing; event {seq + 1} follows"


def test_rows_deleted_from_the_end_are_located(damage):
    """The state of the tree counts them."""
    error = damage("DELETE FROM audit_log WHERE seq >= 9")

    assert isinstance(error, AuditTruncatedError)
    assert error.fields["seq"] == 9


def test_rows_that_changed_places_are_located(damage):
    """Their lines know their numbers."""
    error = damage(
        "UPDATE audit_log SET seq = 100 WHERE seq = 4",
        "UPDATE audit_log SET seq = 4 WHERE seq = 5",
        "UPDATE audit_log SET seq = 5 WHERE seq = 100",
    )

    assert error.fields["seq"] == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_tree SET size = 11",
        "UPDATE audit_tree SET size = 8, hashes = last_hash",
        "UPDATE audit_tree SET size = -1",
        "UPDATE audit_tree SET size = 'many'",
        "UPDATE audit_tree SET hashes = x'00'",
        "UPDATE audit_tree SET hashes = 7",
        "UPDATE audit_tree SET last_hash = x''",
        "UPDATE audit_tree SET hashes = zeroblob(64)",
        "DELETE FROM audit_tree",
    ],
)
def test_a_changed_tree_is_found(damage, statement):
    """The events are not blamed for it."""
    assert isinstance(damage(statement), LogTreeDamagedError)


def test_reading_refuses_a_changed_row(new_sqlite):
    """Nobody is shown an event that was not recorded."""
    database = new_sqlite()
    fill(database, 3)
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("DROP TRIGGER audit_log_update_refused")
        connection.execute("UPDATE audit_log SET hash = zeroblob(32) WHERE seq = 1")
        connection.commit()

    with database.reader.connect() as connection:
        assert len(SqlAuditLog(connection).read(2)) == 1
        with pytest.raises(AuditChainBrokenError, match="event 1: its line does not have the hash"):
            SqlAuditLog(connection).read()


def test_a_migrated_store_has_every_guard(new_sqlite):
    """The migration does what creating the tables does."""
    with new_sqlite().reader.connect() as connection:
        found = connection.execute(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'"))
        stored = {" ".join(sql.split()) for sql in found.scalars()}

    assert stored >= {" ".join(g.split()) for g in audit_guards("sqlite") if "TRIGGER" in g}
