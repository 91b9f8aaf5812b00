from __future__ import annotations

import json

import pytest
from tests.cli.deploying import authorised, set_up
from tests.cli.test_notices import DETAILS

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
    assert "deployments: 0, published records: 0" in first.out
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
    assert not register.is_demonstration(Settings(home=home))
    (home / demo.DEMO_MARK).write_text("")
    assert register.is_demonstration(Settings(home=home))


@pytest.mark.slow
def test_an_announced_deployment_is_published_with_its_notices(overt, home, tmp_path):
    """R-60: not before its public notice; made by the way, once, and offered on its page."""
    name = authorised(overt, tmp_path)
    (tmp_path / "details.toml").write_text(DETAILS, encoding="utf-8")
    site, options = tmp_path / "site", ("--details", str(tmp_path / "details.toml"))
    before = overt("publish", "--site", str(site), *options)
    assert "deployments: 0" in before.out
    overt("deployment", "announce", name, "--as", "ap-1", "--where", "https://force.example")

    done = overt("publish", "--site", str(site), *options)

    assert "deployments: 1" in done.out, done.err
    page = (site / "deployments" / f"{name}.html").read_text(encoding="utf-8")
    poster = f"notices/{name}/en/poster-a4.pdf"
    assert f'href="../{poster}"' in page
    assert (site / poster).read_bytes().startswith(b"%PDF")
    assert "192.0.2" not in page
