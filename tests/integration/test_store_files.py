"""The database's files: who may read them, a full disk, a second service, what a purge leaves."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from contract.databases import BUSY_S, run_as_owner, sql_store
from contract.records import a_deployment, an_alert, an_entry, an_event
from overt.adapters.store.disk_scan import WINDOW_BYTES, scan_for, windows_of
from overt.adapters.store.engine import default_url, open_database
from overt.adapters.store.erase import erase_free_space
from overt.adapters.store.lease import lease
from overt.adapters.store.unit_of_work import SqlStore
from overt.bootstrap.store import open_store
from overt.errors import (
    OutputUnwritableError,
    SettingInvalidError,
    StoreCorruptError,
    StoreFullError,
    StoreLeasedError,
    StoreUnavailableError,
    StoreUrlInvalidError,
)
from overt.settings import Settings

SECRETS = {
    "image": os.urandom(30_000),
    "template": os.urandom(512),
    "crop": os.urandom(6_000),
    "probe": os.urandom(512),
}


# --- opening


def test_only_the_owner_may_read_the_store(new_sqlite, tmp_path):
    """Database, log and index of the log; also where the file was there with other rights."""
    path = tmp_path / "home" / "overt.db"
    path.chmod(0o644)
    database = new_sqlite()
    with sql_store(database).unit_of_work() as unit:
        unit.audit.append(an_event())
        unit.commit()

    assert {file.name for file in database.files()} == {
        "overt.db",
        "overt.db-wal",
        "overt.db-shm",
    }
    assert {file.stat().st_mode & 0o777 for file in database.files()} == {0o600}


@pytest.mark.parametrize("name", ["writer", "reader"])
def test_every_connection_is_set_up(new_sqlite, name):
    """Durable, checked, erasing, and readers cannot write."""
    with getattr(new_sqlite(), name).connect() as connection:
        found = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
            for pragma in (
                *("journal_mode", "synchronous", "foreign_keys", "secure_delete"),
                *("temp_store", "query_only", "busy_timeout"),
            )
        }

    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "query_only": int(name == "reader"),
        "busy_timeout": round(BUSY_S * 1000),
    }


@pytest.mark.parametrize(
    "url",
    [
        "",
        "overt.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://overt:hunter2@db/overt",
        "postgresql://overt:hunter2@db",
        "postgresql://overt:hunter2@db:port/overt",
    ],
)
def test_an_address_that_cannot_be_used(url):
    """Refused at once, without showing a password."""
    with pytest.raises(StoreUrlInvalidError) as caught:
        open_database(url)

    assert "hunter2" not in caught.value.message


def test_a_server_that_is_not_there():
    """Refused when it is used, without showing an address."""
    database = open_database("postgresql://overt:hunter2@127.0.0.1:9/overt")
    with pytest.raises(StoreUnavailableError) as caught, sql_store(database).reading() as unit:
        unit.audit.size()

    assert "hunter2" not in caught.value.message
    assert "127.0.0.1" not in caught.value.message


def test_a_folder_that_cannot_be_made(tmp_path):
    """A file stands in its place."""
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreUnavailableError):
        open_database(default_url(tmp_path / "home"))


def test_the_store_of_the_settings(tmp_path):
    """Made and migrated where there is none, under a home with any name."""
    store = open_store(Settings(home=tmp_path / "it's 100% #1?"))
    with store.unit_of_work() as unit:
        unit.deployments.add(a_deployment())
        unit.commit()

    assert store.database.path == tmp_path / "it's 100% #1?" / "overt.db"
    store.database.close()


# --- full, damaged, lost


def test_a_full_disk_is_named_and_the_last_commit_stands(new_sqlite):
    """And once there is room, the store goes on."""
    database = new_sqlite()
    store = sql_store(database)
    with store.unit_of_work() as unit:
        unit.deployments.add(a_deployment())
        unit.commit()
    with database.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
    numbers = itertools.count()

    def write_until_refused():
        for number in numbers:
            with store.unit_of_work() as unit:
                unit.alerts.add(an_alert(f"alert-{number}"))
                unit.secrets.put("deployment-1", "crop", f"alert-{number}", bytes(20_000))
                unit.audit.append(an_event(number))
                unit.commit()

    with pytest.raises(StoreFullError) as caught:
        write_until_refused()
    n_stored = next(numbers) - 1
    database.writer.dispose()  # the limit goes with the connection
    with store.unit_of_work() as unit:
        assert caught.value.code == "store.full"
        assert len(unit.alerts.of_deployment("deployment-1")) == n_stored > 0
        assert len(list(unit.secrets.read_all("deployment-1", "crop"))) == n_stored
        assert unit.audit.size() == n_stored
        unit.alerts.add(an_alert("alert-last"))
        unit.commit()


def test_a_damaged_file_is_an_error_of_integrity(new_sqlite):
    """Overwritten in the middle."""
    database = new_sqlite()
    with sql_store(database).unit_of_work() as unit:
        unit.deployments.add(a_deployment())
        unit.commit()
    with database.bare.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    size = database.path.stat().st_size
    with database.path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    with sql_store(database).reading() as unit, pytest.raises(StoreCorruptError):
        unit.deployments.list()


def test_a_damaged_row_is_an_error_of_integrity(new_database):
    """A state that is none, behind the store's back."""
    database = new_database()
    with sql_store(database).unit_of_work() as unit:
        unit.deployments.add(a_deployment())
        unit.alerts.add(an_alert())
        unit.commit()
    with database.writer.begin() as connection:
        connection.execute(text("UPDATE alerts SET state = 'happy'"))
    with sql_store(database).reading() as unit, pytest.raises(StoreCorruptError):
        unit.alerts.get("alert-1")


def test_a_lost_server_spoils_the_unit_and_the_next_one_works(new_postgresql, postgresql):
    """The connection breaks in the middle; nothing of the unit is stored."""
    database = new_postgresql()
    store = sql_store(database)
    with store.unit_of_work() as unit:
        unit.deployments.add(a_deployment())
        break_connections(postgresql, database)
        with pytest.raises(StoreUnavailableError):
            unit.audit.append(an_event())
        with pytest.raises(StoreUnavailableError):
            unit.commit()
    with store.unit_of_work() as unit:
        assert unit.deployments.list() == ()
        unit.audit.append(an_event())
        unit.commit()


def break_connections(address: str, database) -> None:
    """End every session of a database, as a restarted server does."""
    name = database.writer.url.database
    question = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
    run_as_owner(address, f"{question}'{name}'")


def test_the_turn_to_write_is_free_after_a_failed_beginning(new_sqlite, tmp_path):
    """Another process writes; here it is refused, and works once the other has ended."""
    here, other = sql_store(new_sqlite()), sql_store(new_sqlite())
    with other.unit_of_work() as unit:
        unit.audit.append(an_event())
        with here.unit_of_work() as refused, pytest.raises(StoreUnavailableError):
            refused.audit.append(an_event())
        unit.commit()
    with here.unit_of_work() as unit:
        unit.audit.append(an_event())
        unit.commit()
        assert unit.audit.size() == 2


# --- one service


def test_a_second_service_is_refused(new_database):
    """Until the first has ended."""
    first, second = new_database(), new_database()
    with lease(first) as check:
        check()
        with pytest.raises(StoreLeasedError) as caught, lease(second):
            pass
        assert caught.value.code == "store.leased"
        with sql_store(second).unit_of_work() as unit:  # commands still write
            unit.audit.append(an_event())
            unit.commit()
    with lease(second) as check:
        check()


def test_a_killed_service_leaves_the_store_free(new_sqlite):
    """The system takes the lease from a process that is no more."""
    database = new_sqlite()
    code = (
        "import sys, time; from overt.adapters.store.engine import open_database;"
        "from overt.adapters.store.lease import lease\n"
        "with lease(open_database(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    url = f"sqlite:///{database.path}"
    with subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE) as service:
        assert service.stdout.readline() == b"held\n"
        with pytest.raises(StoreLeasedError), lease(database):
            pass
        service.kill()
        service.wait()
    with lease(database) as check:
        check()


def test_a_lease_that_cannot_be_asked_for(new_sqlite):
    """A folder stands in its place."""
    database = new_sqlite()
    database.path.with_name("overt.db.lease").mkdir()
    with pytest.raises(StoreUnavailableError), lease(database):
        pass


def test_a_lost_lease_is_noticed(new_sqlite):
    """Somebody removed the file: a second service would get another."""
    database = new_sqlite()
    with lease(database) as check:
        database.path.with_name("overt.db.lease").unlink()
        with pytest.raises(StoreLeasedError):
            check()


def test_a_lease_lost_with_the_server_is_noticed(new_postgresql, postgresql):
    """The session is gone, and the lock with it."""
    database = new_postgresql()
    with lease(database) as check:
        break_connections(postgresql, database)
        with pytest.raises(StoreUnavailableError):
            check()
        with pytest.raises(StoreLeasedError):  # a new session, which does not hold the lock
            check()


# --- what a purge leaves


def fill(store: SqlStore) -> list[bytes]:
    """Write two deployments, and return needles of the first one's secrets, plain and encrypted."""
    with store.unit_of_work() as unit:
        for name in ("deployment-1", "deployment-2"):
            unit.deployments.add(a_deployment(name))
            unit.entries.add_many([an_entry(f"entry-{name}", deployment_id=name)])
        for number in range(20):
            for kind, data in SECRETS.items():
                rotated = data[number:] + data[:number]
                unit.secrets.put("deployment-1", kind, f"row-{number}", rotated)
                unit.secrets.put("deployment-2", kind, f"row-{number}", os.urandom(len(data)))
            unit.commit()
    with store.reading() as unit:
        hidden = list(unit.secrets.ciphertexts("deployment-1"))
    assert len(hidden) == 1 + 20 * len(SECRETS)
    return [window for data in (*SECRETS.values(), *hidden) for window in windows_of(data, 64)]


def purge(store: SqlStore) -> None:
    """Delete the first deployment's secrets, entries and key."""
    with store.unit_of_work() as unit:
        unit.secrets.delete_of("deployment-1")
        unit.secrets.destroy_key("deployment-1")
        unit.entries.delete_of("deployment-1")
        unit.commit()


def test_after_a_purge_no_byte_string_is_left(new_sqlite):
    """In the database, its log, its index; the other deployment is untouched."""
    database = new_sqlite()
    store = sql_store(database)
    needles = fill(store)
    before = scan_for(needles, database.files())
    assert len(before.remains) > 1000
    assert before.n_files == 3

    purge(store)
    erase_free_space(database)
    after = scan_for(needles, [*database.path.parent.iterdir()])

    assert after.remains == ()
    assert after.n_bytes >= database.path.stat().st_size
    assert after.n_needles == len(set(needles))
    with store.reading() as unit:
        assert len(list(unit.secrets.read_all("deployment-2", "template"))) == 20
    erase_free_space(database)  # again does no harm


def test_plain_secrets_are_never_on_the_disk(new_sqlite):
    """Not even before the purge: only what is encrypted is found."""
    database = new_sqlite()
    fill(sql_store(database))
    needles = [window for data in SECRETS.values() for window in windows_of(data, 16)]

    assert scan_for(needles, database.files()).remains == ()


def test_after_a_purge_the_server_s_tables_hold_nothing(new_postgresql, postgresql):
    """PostgreSQL: the files of tables and indexes. Its write-ahead log is the server's own."""
    database = new_postgresql()
    store = sql_store(database)
    needles = fill(store)
    folder = Path(database.writer.url.query["host"]) / "base"

    def files() -> list[Path]:
        return [path for path in folder.rglob("*") if path.is_file()]

    run_as_owner(postgresql, "CHECKPOINT")
    assert scan_for(needles, files()).remains
    purge(store)
    erase_free_space(database)

    assert scan_for(needles, files()).remains == ()


def test_erasing_waits_for_readers_and_then_says_so(new_sqlite):
    """The log cannot be emptied under somebody's eyes; afterwards it can."""
    database = new_sqlite()
    store = sql_store(database)
    fill(store)
    with store.reading() as reader:
        reader.audit.size()
        purge(store)
        with pytest.raises(StoreUnavailableError):
            erase_free_space(database)
    erase_free_space(database)

    assert database.path.with_name("overt.db-wal").stat().st_size == 0


def test_erasing_waits_for_its_turn(new_sqlite):
    """A unit of work of another thread goes first."""
    database = new_sqlite()
    store = sql_store(database)
    is_open, may_end = threading.Event(), threading.Event()

    def hold():
        with store.unit_of_work() as unit:
            unit.audit.append(an_event())
            is_open.set()
            may_end.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    is_open.wait(10)
    with pytest.raises(StoreUnavailableError):
        erase_free_space(database)
    may_end.set()
    thread.join()
    erase_free_space(database)


# --- the scan


def test_needles_are_found_wherever_they_start(tmp_path):
    """At the edges of the file, across the edges of what is read at once, and overlapping."""
    needle = os.urandom(WINDOW_BYTES)
    size = 3 * (1 << 18)
    places = [0, 1, 5, 100, (1 << 18) - 8, (1 << 18) + 1000, 2 * (1 << 18) - 15, size - 16]
    places = [place for n, place in enumerate(places) if n in {0, 3, 4, 5, 6, 7}]
    data = bytearray(os.urandom(size))
    for place in places:
        data[place : place + WINDOW_BYTES] = needle
    path = tmp_path / "file"
    path.write_bytes(data)
    found = scan_for([needle, os.urandom(WINDOW_BYTES)], [path])

    assert sorted(remains.offset for remains in found.remains) == places
    assert (found.n_files, found.n_bytes, found.n_needles) == (1, size, 2)


@pytest.mark.parametrize("place", range(24))
@pytest.mark.parametrize("after", [0, 1, 7, 8, 9])
def test_every_alignment_is_looked_at(tmp_path, place, after):
    """Whatever stands before and after."""
    needle = bytes(range(WINDOW_BYTES))
    path = tmp_path / "file"
    path.write_bytes(bytes(place) + needle + bytes(after))

    assert [r.offset for r in scan_for([needle], [path]).remains] == [place]


def test_nothing_is_found_where_nothing_is(tmp_path):
    """Small files, an empty one, one that is gone, no needle."""
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "short").write_bytes(b"short")
    files = [tmp_path / name for name in ("empty", "short", "gone")]

    assert scan_for([bytes(range(16))], files).remains == ()
    assert scan_for([bytes(range(16))], files).n_files == 2
    assert scan_for([], files).n_needles == 0


def test_a_scan_that_cannot_look_says_so(tmp_path):
    """A folder, a needle of the wrong length: no proof comes out of it."""
    with pytest.raises(OutputUnwritableError):
        scan_for([bytes(range(16))], [tmp_path])
    with pytest.raises(SettingInvalidError):
        scan_for([b"short"], [])


def test_windows_cover_what_they_come_from():
    """One each so many bytes, the last one at the end, none of a single byte's repetition."""
    data = os.urandom(1000)
    windows = list(windows_of(data, 100))

    assert windows[0] == data[:16]
    assert windows[-1] == data[-16:]
    assert len(windows) == 11
    assert list(windows_of(bytes(500))) == []
    assert list(windows_of(data[:15])) == []
    assert list(windows_of(data[:16])) == [data[:16]]


def test_the_log_keeps_its_guards(new_database):
    """Nobody changes the log through the store's connection either."""
    database = new_database()
    with sql_store(database).unit_of_work() as unit:
        unit.audit.append(an_event())
        unit.commit()
    with pytest.raises(Exception, match="only grows"), database.writer.begin() as connection:
        connection.execute(text("DELETE FROM audit_log"))
