from __future__ import annotations

import json

import pytest
from tests.cli.deploying import set_up

from overt.adapters.files.site_folder import MARK
from overt.bootstrap import demo, register
from overt.bootstrap.store import open_workplace
from overt.core.listed_period import ListedPeriod
from overt.settings import Settings


@pytest.fixture
def home(overt):
    """Return the home of a machine with a store and its people."""
    set_up(overt)
    return overt.home


def test_a_register_is_written_and_replaced(overt, home, tmp_path):
    """On the first day too: pages, tables, feed, key and a checkpoint of this log."""
    site = tmp_path / "site"
    first = overt("publish", "--site", str(site))
    second = overt("publish", "--site", str(site), "--json")

    assert first.status == 0, first.err
    assert "0 deployments, 0 with figures published" in first.out
    told = json.loads(second.out)
    files = {str(p.relative_to(site)) for p in site.rglob("*") if p.is_file()}
    assert told["n_files"] == len(files) - 1
    assert {"index.html", "feed.atom", "records.csv", "checkpoint.txt", "public-key.txt"} <= files
    note, key = site / "checkpoint.txt", site / "public-key.txt"
    verified = overt("audit", "verify", "--checkpoint", str(note), "--public-key", str(key))
    assert verified.status == 0, verified.err
    assert (home / "register" / "checkpoint.txt").read_text() == note.read_text()


def test_somebody_elses_folder_stays(overt, home, tmp_path):
    """Exit 1 and a code."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "letter.txt").write_text("mine")

    done = overt("publish", "--site", str(tmp_path / "site"))

    assert done.status == 1
    assert "output.unwritable" in done.err


def test_what_identifies_a_person_is_never_written(overt, home, tmp_path):
    """A reference that is the name of the log stands on every page: exit 3, nothing there."""
    site = tmp_path / "site"
    overt("publish", "--site", str(site))
    before = (site / "index.html").read_bytes()
    name = (site / "public-key.txt").read_text().partition("+")[0]
    identifier = overt("deployment", "draft", "Square", "--as", "ap-1").out.partition(":")[0]
    with open_workplace(Settings(home=home)) as workplace, workplace.open() as uow:
        now = workplace.clock.now()
        uow.listed.add(ListedPeriod(name.upper(), identifier, "wanted_by_courts", now, None))
        uow.commit()

    done = overt("publish", "--site", str(site))

    assert done.status == 3
    assert "publication.personal_data" in done.err
    assert (site / "index.html").read_bytes() == before
    assert (site / MARK).is_file()


def test_notices_that_are_none_are_refused(overt, home, tmp_path):
    """Exit 2."""
    done = overt("publish", "--site", str(tmp_path / "site"), "--notices", str(tmp_path))

    assert done.status == 2
    assert "file.unusable" in done.err


def test_a_demonstration_is_known_by_its_mark(home):
    """The mark is the one that the demonstration makes."""
    assert demo._MARK == register._DEMO_MARK
    assert not register.is_demonstration(Settings(home=home))
    (home / demo._MARK).write_text("")
    assert register.is_demonstration(Settings(home=home))
