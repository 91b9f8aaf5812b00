"""A home in the test's own folder; a cache that all tests share."""

from __future__ import annotations

import pytest
from tests.cli.running import Overt


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """Return where networks derived from files of other formats are kept."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def overt(tmp_path, cache, monkeypatch, capsys):
    """Return the command line; what it keeps lies in the test's folder."""
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OVERT_CACHE", str(cache))
    monkeypatch.delenv("OVERT_MODEL_PACK", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    return Overt(tmp_path / "home", capsys)
