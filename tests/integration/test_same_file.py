"""A file that somebody moves, removes or replaces."""

from __future__ import annotations

import pytest

from overt.adapters.files.same_file import SameFile


@pytest.fixture
def path(tmp_path):
    """Return a file."""
    path = tmp_path / "overt.db"
    path.write_bytes(b"before")
    return path


def test_a_file_that_is_written_stays_the_same(path):
    """Whatever is in it, and however long it is."""
    watched = SameFile(path)
    path.write_bytes(b"after, and longer")

    assert watched.is_there()


def test_a_file_that_is_gone_is_noticed(path, tmp_path):
    """Moved away, and again once it is back."""
    watched = SameFile(path)
    path.rename(tmp_path / "elsewhere")
    assert not watched.is_there()
    (tmp_path / "elsewhere").rename(path)
    assert watched.is_there()


def test_another_file_in_its_place_is_noticed(path, tmp_path):
    """A copy from a backup is another file."""
    watched = SameFile(path)
    (tmp_path / "backup").write_bytes(b"before")
    (tmp_path / "backup").replace(path)

    assert not watched.is_there()


def test_what_was_never_there_is_not_there(tmp_path):
    """Nor is it once somebody makes it."""
    watched = SameFile(tmp_path / "absent")
    (tmp_path / "absent").write_bytes(b"")

    assert not watched.is_there()
