from __future__ import annotations

import json
from hashlib import sha256

import pytest

from overt.adapters.files import site_folder
from overt.adapters.files.register_extras import HomeExtras, keep_checkpoint
from overt.adapters.files.site_folder import MARK, write_site
from overt.errors import FileUnusableError, OutputUnwritableError

FILES = [("index.html", b"1"), ("a/b.html", b"2")]


def names(folder):
    """Return the names of all files in a folder."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_site_takes_the_place_of_the_older_one(tmp_path, monkeypatch, can_exchange):
    """Also where the system cannot exchange two folders in one step; nothing else is left."""
    if not can_exchange:
        monkeypatch.setattr(site_folder, "_exchanged", lambda one, other: False)
    site = tmp_path / "site"
    site.mkdir()

    assert write_site(site, FILES) == 2
    assert write_site(site, [("index.html", b"3")]) == 1

    assert names(site) == ["index.html", MARK]
    assert (site / "index.html").read_bytes() == b"3"
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_what_fails_leaves_the_older_site(tmp_path):
    """Whatever the files' maker raises."""
    site = tmp_path / "site"
    write_site(site, FILES)

    def broken():
        yield "index.html", b"new"
        raise FileUnusableError("no")

    with pytest.raises(FileUnusableError):
        write_site(site, broken())
    assert (site / "index.html").read_bytes() == b"1"
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_somebody_elses_folder_is_never_replaced(tmp_path):
    """A folder with other files, a file, a link."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.txt").write_text("mine")
    (tmp_path / "link").symlink_to(own)

    for name in ("own", "own/letter.txt", "link"):
        with pytest.raises(OutputUnwritableError, match="never replaced"):
            write_site(tmp_path / name, FILES)
    assert names(own) == ["letter.txt"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """Its parent is a file."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnwritableError, match="cannot be written"):
        write_site(tmp_path / "file" / "site", FILES)


def a_notices_folder(folder, name="n1", files=(("en/poster-a4.pdf", b"%PDF"),), **changes):
    """Write a folder as ``overt notices make`` does."""
    place = folder / name
    rows = []
    for file, content in files:
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_bytes(content)
        rows.append({"file": file, "sha256": sha256(content).hexdigest()})
    document = {"deployment": "d-1", "files": rows} | changes
    (place / "notices.json").write_text(json.dumps(document))
    return place


def extras(tmp_path, notices=None):
    """Return what stands beside the pages of a home folder."""
    checkpoint, shelf = tmp_path / "register" / "checkpoint.txt", tmp_path / "shelf"
    return HomeExtras(tmp_path / "audit.pub", checkpoint, shelf, notices)


def test_key_and_checkpoint_are_those_of_the_home(tmp_path):
    """None before; a later checkpoint takes the place of an earlier one."""
    before = extras(tmp_path)
    assert (before.public_key(), before.checkpoint()) == (None, None)

    (tmp_path / "audit.pub").write_text("force+01234567+AAAA\n")
    for note in ("one\n", "two\n"):
        keep_checkpoint(tmp_path / "register" / "checkpoint.txt", note)
    assert before.public_key() == "force+01234567+AAAA"
    assert before.checkpoint() == "two\n"
    assert names(tmp_path / "register") == ["checkpoint.txt"]
    with pytest.raises(OutputUnwritableError):
        keep_checkpoint(tmp_path / "audit.pub" / "x", "one")
    (tmp_path / "register" / "checkpoint.txt").unlink()
    (tmp_path / "register" / "checkpoint.txt").mkdir()
    with pytest.raises(FileUnusableError):
        before.checkpoint()


def test_notices_are_offered_as_they_were_made(tmp_path):
    """One folder, or several; a changed or missing file is refused."""
    place = a_notices_folder(tmp_path)
    one, several = extras(tmp_path, place), extras(tmp_path, tmp_path)

    for each in (one, several):
        assert each.notices("d-1") == ("en/poster-a4.pdf",)
        assert each.notices("d-2") == ()
        assert each.notice("d-1", "en/poster-a4.pdf") == b"%PDF"
    (place / "en" / "poster-a4.pdf").write_bytes(b"changed")
    with pytest.raises(FileUnusableError, match="not the one that was made"):
        one.notice("d-1", "en/poster-a4.pdf")
    (place / "en" / "poster-a4.pdf").unlink()
    with pytest.raises(FileUnusableError, match="cannot be read"):
        one.notice("d-1", "en/poster-a4.pdf")


def test_notices_that_the_console_makes_are_offered_at_once(tmp_path):
    """Without a new start; a folder that somebody names goes before."""
    beside = extras(tmp_path)
    assert beside.notices("d-1") == ()
    (tmp_path / "shelf").mkdir()
    a_notices_folder(tmp_path / "shelf", "d-1", files=(("en/card.pdf", b"1"),))

    assert beside.notices("d-1") == ("en/card.pdf",)
    assert beside.notice("d-1", "en/card.pdf") == b"1"
    assert extras(tmp_path, a_notices_folder(tmp_path)).notices("d-1") == ("en/poster-a4.pdf",)
    with pytest.raises(FileUnusableError, match="cannot be read"):
        beside.notice("d-1", "en/none.pdf")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "en/../../secret", "a\\b"])
def test_a_list_that_leads_outside_is_refused(tmp_path, name):
    """No file beside the folder is ever published."""
    rows = [{"file": name, "sha256": "0"}]
    place = tmp_path / "n1"
    place.mkdir()
    (place / "notices.json").write_text(json.dumps({"deployment": "d-1", "files": rows}))
    with pytest.raises(FileUnusableError, match="outside"):
        extras(tmp_path, place)


def test_what_is_no_folder_of_notices_is_refused(tmp_path):
    """Without a list, and with one that is none."""
    with pytest.raises(FileUnusableError, match="holds no notices"):
        extras(tmp_path, tmp_path)
    (tmp_path / "notices.json").write_text("[]")
    with pytest.raises(FileUnusableError, match="no list of notices"):
        extras(tmp_path, tmp_path)
