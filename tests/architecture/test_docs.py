"""The documents say what the code does."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import overt
from overt import errors

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changelog.d/*.md")])
PACKAGES = ("overt.core", "overt.evaluation", "overt.services")


def all_errors(kind: type[errors.TrialError] = errors.TrialError) -> set[type[errors.TrialError]]:
    """Return every error class below one."""
    return {kind}.union(*(all_errors(child) for child in kind.__subclasses__()))


LEAVES = sorted(
    (e for e in all_errors() if "code" in vars(e) and e is not errors.TrialError),
    key=lambda e: e.code,
)


def test_generated_documents_are_current():
    """scripts/generate-docs would write what is there."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "generate-docs", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("error", LEAVES, ids=lambda e: e.code)
def test_every_error_code_is_documented_and_drawn(error):
    """On the page of errors, and in the tree at the head of the module."""
    assert f"`{error.code}`" in (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert re.search(rf"{error.__name__}\s+{re.escape(error.code)}\n", errors.__doc__)


def test_error_codes_are_unique():
    """A code names one error."""
    assert len({e.code for e in LEAVES}) == len(LEAVES)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_make_targets_that_are_named_exist(page):
    """What a page tells to type works."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(
        r"(?:^|`)make ([a-z]+)\b", page.read_text(encoding="utf-8"), re.MULTILINE
    ):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    """Every relative link of every page."""
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_that_are_named_exist(page):
    """A path in backticks that starts in a folder of this repository is there."""
    places = r"`((?:src|tests|scripts|docs|benchmarks|changelog\.d)/[\w./-]+)`"
    for name in re.findall(places, page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists(), name


def modules():
    """Yield every module of the pure layers and the services."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        for info in pkgutil.iter_modules(package.__path__, f"{name}."):
            yield importlib.import_module(info.name)


def test_every_field_of_a_dataclass_has_its_line():
    """Under ``Attributes``, in the order of the class."""
    for module in modules():
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ != module.__name__ or not is_dataclass(kind) or name[0] == "_":
                continue
            _, _, section = (kind.__doc__ or "").partition("Attributes:\n")
            documented = re.findall(r"^ {8}(\w+): \S", section, re.MULTILINE)
            expected = [f.name for f in fields(kind) if not f.name.startswith("_")]

            assert documented[: len(expected)] == expected, f"{module.__name__}.{name}"


def test_the_readme_opens_with_the_two_commands():
    """A stranger finds them in the first lines."""
    opening = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:20]

    assert {"make demo", "make test"} <= {line.split("#")[0].strip() for line in opening}


def test_the_version_is_said_once():
    """The package's version is that of pyproject.toml."""
    declared = re.search(
        r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert getattr(overt, "__version__", declared[1]) == declared[1]
