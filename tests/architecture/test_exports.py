"""``__all__`` of the two pure packages is true."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

import overt

PUBLIC = ("overt.core", "overt.evaluation")


@pytest.mark.parametrize("name", PUBLIC)
def test_all_is_sorted_and_names_what_is_there(name):
    """Every name listed exists, once, in order."""
    module = importlib.import_module(name)
    listed = list(getattr(module, "__all__", []))

    assert listed == sorted(set(listed))
    assert [entry for entry in listed if not hasattr(module, entry)] == []


def test_no_other_package_lists_names():
    """Elsewhere a name is imported from the module that makes it."""
    folders = pkgutil.walk_packages(overt.__path__, "overt.")
    packages = [info.name for info in folders if info.ispkg and info.name not in PUBLIC]
    sources = {name: Path(*name.split(".")) / "__init__.py" for name in packages}
    root = Path(overt.__file__).parents[1]

    assert packages
    for name, path in sources.items():
        assert "__all__" not in (root / path).read_text(encoding="utf-8"), name
