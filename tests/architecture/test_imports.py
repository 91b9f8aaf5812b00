"""Which module may import which."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "overt"

VALUES = {
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "hashlib",
    "heapq",
    "zoneinfo",
    "base64",
    "binascii",
    "struct",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "statistics",
    "typing",
    "unicodedata",
}
ALLOWED = {
    "errors": {"__future__", "typing", "overt.errors"},
    "core": VALUES | {"numpy", "overt.core", "overt.errors", "scipy.optimize"},
    "evaluation": VALUES
    | {"numpy", "overt.core", "overt.errors", "overt.evaluation", "scipy.special", "scipy.stats"},
    "ports": VALUES | {"numpy", "overt.core", "overt.errors", "overt.evaluation", "overt.ports"},
}


def files(place: str) -> list[Path]:
    """Return the modules of a layer."""
    path = SRC / place
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def imported(path: Path) -> set[str]:
    """Return every module that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_import_contracts_hold():
    """Layers, pure layers, services without an edge, no OpenCV: the contracts in pyproject.toml."""
    command = Path(sys.executable).with_name("lint-imports")
    if not command.exists():
        pytest.skip("import-linter is not installed; make check runs it")
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("place", ALLOWED)
def test_pure_layers_import_only_what_is_listed(place):
    """Numbers, values and rules; of scipy only what computes (style, section 3)."""
    for path in files(place):
        strangers = {
            name
            for name in imported(path)
            if not any(f"{name}.".startswith(f"{allowed}.") for allowed in ALLOWED[place])
        }

        assert not strangers, f"{path.relative_to(ROOT)} imports {sorted(strangers)}"


def test_importing_the_package_loads_no_model_and_no_screen():
    """Nothing happens at import: the heavy parts come with the command that needs them."""
    code = (
        "import sys, overt.core, overt.evaluation, overt.ports, overt.services;"
        "print(*{'onnxruntime', 'av', 'PIL', 'dlib', 'cv2', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []
