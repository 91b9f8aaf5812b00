"""One concept, one word."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "overt"
GLOSSARY = ROOT / "docs" / "glossary.md"
FLOW = ROOT / "docs" / "flow.md"

BANNED = {
    "accuracy": "tpir, fpir or true_recognition_rate",
    "blacklist": "watchlist",
    "confidence": "score",
    "cutoff": "threshold",
    "embedding": "template",
    "embeddings": "templates",
    "frr": "fnir",
    "hit": "candidate or alert",
    "hits": "candidates or alerts",
    "sighting": "passage or recognition_opportunity",
    "whitelist": "a word for what is allowed",
}
TRACKERS_WORDS = {"hit", "hits"}  # a detection that continues a track; no candidate there
TRACKERS_MODULES = {"operating_point", "tracking"}


def defined_names(tree: ast.AST) -> set[str]:
    """Return the names that a module makes: functions, classes, parameters, variables, fields."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return found


def words(name: str) -> set[str]:
    """Return the lower-case words of a snake_case or CamelCase name."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda p: p.stem)
def test_names_use_the_words_of_the_field(path):
    """No name holds a word that the glossary replaces."""
    names = defined_names(ast.parse(path.read_text(encoding="utf-8"))) | {path.stem}
    banned = BANNED.keys() - (TRACKERS_WORDS if path.stem in TRACKERS_MODULES else set())
    wrong = {f"{name}: say {BANNED[word]}" for name in names for word in words(name) & banned}

    assert not wrong


def test_words_splits_names():
    """The check above sees words in snake case, camel case and constants."""
    assert words("max_hit_rate") == {"max", "hit", "rate"}
    assert words("FaceEmbedding") == {"face", "embedding"}
    assert words("MAX_FRR") == {"max", "frr"}
    assert words("white") == {"white"}


def terms() -> list[str]:
    """Return the terms of the glossary, in its order."""
    rows = re.findall(r"^\| \*\*(.+?)\*\* \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    return [term.replace("`", "").lower() for term in rows]


def test_glossary_is_sorted_and_names_a_term_once():
    """A reader finds a term where the alphabet puts it."""
    assert terms() == sorted(set(terms()))


def test_every_term_has_a_definition_and_a_source():
    """No empty cell in any row."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| **")]

    assert rows
    assert all(cell.strip() for row in rows for cell in row.strip("|").split("|"))


STAGES = re.findall(r"`src/overt/core/(\w+)\.py`", FLOW.read_text(encoding="utf-8"))


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_its_entry(stage):
    """A stage of the way of a face is a term of the glossary."""
    assert stage.replace("_", " ") in terms()


def test_the_way_of_a_face_names_its_stages():
    """The check above has something to check."""
    assert {"frame", "zone", "detection", "tracking", "matching", "alerting"} <= set(STAGES)
