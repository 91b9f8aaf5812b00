"""The watchlist on the real store: loading, and a list composed of real photographs."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.unit.core.governed import BUILT_AT, EVERYONE, an_application, authorised
from tests.unit.services.listing import OnePolicy, SetClock, a_row

from overt.adapters.ids import TimedIds
from overt.adapters.secrets.envelope import MasterKey
from overt.adapters.store.engine import open_database
from overt.adapters.store.migrate import upgrade
from overt.adapters.store.unit_of_work import SqlStore
from overt.adapters.video.photographs import read_photograph
from overt.bootstrap.watchlists import open_enroller
from overt.core.template_bytes import template_bytes
from overt.core.watchlist import EntryStatus, ListKind, Urgency, WatchlistEntry
from overt.errors import StoreFullError
from overt.services.approve_watchlist import approve_watchlist
from overt.services.compose_watchlist import compose_watchlist
from overt.services.judge_rows import OfferedRow
from overt.services.load_gallery import load_gallery
from overt.services.workplace import Workplace
from overt.settings import Settings

PACK = "0" * 64


@pytest.fixture
def store(tmp_path):
    """Return a store on SQLite with everybody and an authorised deployment in it."""
    database = open_database(f"sqlite:///{tmp_path / 'overt.db'}")
    upgrade(database)
    opened = SqlStore(database, lambda: MasterKey(bytes(32)), TimedIds())
    with opened.unit_of_work() as uow:
        for actor in EVERYONE:
            uow.actors.save(actor)
        uow.deployments.add(authorised(an_application(size_cap=2000)))
        uow.commit()
    yield opened
    database.close()


@pytest.fixture
def workplace(store):
    """Return the governed workplace on that store."""
    return Workplace(store.unit_of_work, SetClock(), TimedIds(), OnePolicy())


def fill(store, n_entries, rng):
    """Put approved entries with templates into the store; return the templates by entry."""
    rows = rng.standard_normal((n_entries, 128)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    ids = TimedIds()
    vectors, entries = {}, []
    with store.unit_of_work() as uow:
        for i, row in enumerate(rows):
            entry_id = ids.new("entry")
            secret = uow.secrets.put("d-1", "template", entry_id, template_bytes(row, PACK))
            vectors[entry_id] = row
            entries.append(_an_entry(entry_id, i, secret))
        uow.entries.add_many(entries)
        uow.commit()
    return vectors


def _an_entry(entry_id, i, secret):
    said = a_row()
    return WatchlistEntry(
        entry_id=entry_id,
        deployment_id="d-1",
        list_kind=ListKind.OPERATIONAL,
        reference=f"N-{i}",
        category=said.category,
        justification=said.justification,
        image_source=said.image_source,
        image_date=said.image_date,
        urgency=Urgency.GREEN,
        is_under_18=False,
        composed_by="applicant-1",
        composed_at=BUILT_AT,
        status=EntryStatus.APPROVED,
        approved_by="applicant-2",
        approved_at=BUILT_AT,
        template_secret_id=secret,
    )


@pytest.mark.parametrize("n_entries", [2_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_a_gallery_is_loaded_from_the_store(store, n_entries):
    """Every template decrypted into its row; 20,000 take less than 10 s."""
    vectors = fill(store, n_entries, np.random.default_rng(1))
    began_s = time.perf_counter()
    loaded = load_gallery(store.reading, "d-1", PACK, BUILT_AT)
    took_s = time.perf_counter() - began_s

    assert len(loaded.gallery) == n_entries
    assert loaded.gallery.matrix.flags.c_contiguous
    assert np.array_equal(
        loaded.gallery.matrix, np.stack([vectors[i] for i in loaded.gallery.entry_ids])
    )
    assert took_s < 10


def photographs_of(folder: Path) -> list[Path]:
    """Return one photograph a person, then the second ones, and so on."""
    people = [sorted(person.glob("*.jpg")) for person in sorted(folder.iterdir())]
    return [path for several in zip(*people, strict=False) for path in several]


def offered(paths):
    """Return a row a photograph."""
    return [
        OfferedRow(
            i + 2,
            a_row(reference=f"N-{i}"),
            lambda side_px, path=path: read_photograph(path, max_side_px=side_px),
        )
        for i, path in enumerate(paths)
    ]


@pytest.fixture(scope="module")
def enroller(tmp_path_factory):
    """Return the default pack's enroller."""
    return open_enroller(Settings(cache=tmp_path_factory.mktemp("cache")))


def test_five_people_are_listed_and_found(workplace, enroller, shared_data):
    """R-12, R-16: real photographs, encrypted on the disk, approved, searched."""
    firsts = photographs_of(shared_data / "johns")[:5]
    done = compose_watchlist(workplace, "applicant-1", "d-1", offered(firsts), enroller)
    assert (done.n_entries, done.refused) == (5, ())
    approve_watchlist(workplace, "applicant-2", "d-1")
    pack = enroller.models.embedder.pack_digest
    gallery = load_gallery(workplace.open, "d-1", pack, BUILT_AT).gallery
    scores = gallery.matrix @ gallery.matrix.T
    assert scores[~np.eye(5, dtype=bool)].max() < 0.93
    with workplace.open() as uow:
        entry = uow.entries.of_deployment("d-1")[0]
        assert uow.secrets.get(entry.image_secret_id).startswith(b"\xff\xd8\xff")


def test_one_person_under_three_references_is_refused(workplace, enroller, shared_data):
    """R-16: three photographs of one person, one each of four others, who are listed."""
    paths = photographs_of(shared_data / "johns")
    offers = offered([*paths[:5], paths[5], paths[10]])
    done = compose_watchlist(workplace, "applicant-1", "d-1", offers, enroller)

    assert paths[0].parent == paths[5].parent == paths[10].parent
    assert [(one.row, one.reasons) for one in done.refused] == [
        (row, ("same_face_as_another",)) for row in (2, 7, 8)
    ]
    assert done.n_entries == 4


def test_nothing_of_a_list_is_on_the_disk_when_it_fails(store, workplace, enroller, shared_data):
    """R-12: the store is full at the last row: no entry, no secret, no event, no status."""
    firsts = photographs_of(shared_data / "johns")[:5]
    with store.unit_of_work() as uow:  # the key is there since the cameras' addresses are
        uow.secrets.put("d-1", "location", "north/camera-1", b"rtsp://camera")
        uow.commit()
    before = rows_of(store)
    open_ = workplace.open

    def failing():
        uow = open_()
        add = uow.entries.add_many

        def full(entries):
            add(entries)
            raise StoreFullError("full")

        uow.entries.add_many = full
        return uow

    with pytest.raises(StoreFullError):
        compose_watchlist(
            replace(workplace, open=failing), "applicant-1", "d-1", offered(firsts), enroller
        )
    assert rows_of(store) == before


def rows_of(store):
    """Return how many rows each table holds, as another program sees it."""
    connection = sqlite3.connect(store.database.path)
    wanted = ("watchlist_entries", "secrets", "deployment_keys", "audit_log")
    each = (f"SELECT '{name}', count(*) FROM {name}" for name in wanted)  # noqa: S608 - our own
    counts = dict(connection.execute(" UNION ALL ".join(each)))
    connection.close()
    return counts
