"""Files and functions stay short enough to read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "overt"
MODULES = sorted(SRC.rglob("*.py"))
HOMELESS = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SRC)))
def test_no_file_is_longer_than_500_lines(path):
    """Style, section 2."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SRC)))
def test_no_function_is_longer_than_50_lines(path):
    """Its docstring and signature left out; style, section 2."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0

            assert lines <= 50, f"{node.name} has {lines} lines"


def test_no_file_has_a_name_that_says_nothing():
    """If it has no better name, it has no home yet."""
    assert not [path for path in MODULES if path.stem in HOMELESS]


def test_no_layer_is_nested_deeper_than_one_folder():
    """overt/LAYER/FOLDER/module.py at the most; data files and Alembic's scripts may lie deeper."""
    modules = [path for path in MODULES if "migrations" not in path.parts]

    assert not [path for path in modules if len(path.relative_to(SRC).parts) > 3]
