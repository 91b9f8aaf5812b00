"""The program that docs/verify-audit.md prints for the public does what the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from integration.audit_exports import a_signer, an_export, note_of
from unit.core.audit_lines import a_log

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verify-audit.md"
N_EVENTS = 11


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    """Return a key."""
    return a_signer(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def run(tmp_path, signer):
    """Return a function that runs the program on the bytes of a log."""
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    program = tmp_path / "verify.py"
    program.write_text(code[0], encoding="utf-8")

    def ran(data, *notes, without_packages=False, key=None):
        (tmp_path / "audit.log").write_bytes(data)
        paths = [tmp_path / f"{number}.checkpoint" for number in range(len(notes))]
        for path, note in zip(paths, notes, strict=True):
            path.write_bytes(note)
        options = ["-I", "-S"] if without_packages else ["-I"]
        command = [sys.executable, *options, program, tmp_path / "audit.log"]
        command += [key or signer.verifier_text(), *paths]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return ran


def test_a_whole_log_is_verified(run, signer):
    """With an older checkpoint."""
    done = run(an_export(N_EVENTS, signer), note_of(a_log(4), signer))

    assert done.returncode == 0, done.stderr
    first, closing, older = done.stdout.splitlines()
    assert first == "11 events, each as it was recorded"
    assert closing.startswith("the closing checkpoint: 11 events, signed with trial.example/audit+")
    assert ": 4 events, signed with" in older


@pytest.mark.parametrize("n_events", [0, 1, 2, 3, 8])
def test_logs_of_every_shape_are_verified(run, signer, n_events):
    """An empty one too."""
    assert run(an_export(n_events, signer)).returncode == 0


def test_without_the_package_it_says_that_it_checked_no_signature(run, signer):
    """Nobody is led to believe otherwise."""
    done = run(an_export(3, signer), without_packages=True)

    assert done.returncode == 0, done.stderr
    assert "signature NOT checked" in done.stdout


def damaged(data: bytes, how: str) -> bytes:
    """Return a log that was tampered with."""
    lines = data.split(b"\n")
    if how == "changed":
        lines[5] = lines[5].replace(b"dismissed", b"passed_on")
    elif how == "removed":
        del lines[5]
    elif how == "moved":
        lines[5], lines[6] = lines[6], lines[5]
    elif how == "broken":
        lines[5] = lines[5][:-1]
    elif how == "last changed":
        lines[10] = lines[10].replace(b"dismissed", b"passed_on")
    elif how == "cut":
        lines = lines[:6]
    return b"\n".join(lines)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("changed", "event 5 or 6 was changed"),
        ("removed", "event 5 is missing or moved; event 6 stands here"),
        ("moved", "event 5 is missing or moved; event 6 stands here"),
        ("broken", "event 5: its line was changed"),
        ("last changed", "the root of 11 events is"),
        ("cut", "ends without a checkpoint"),
    ],
)
def test_damage_is_found(run, signer, how, words):
    """And located where one line tells."""
    done = run(damaged(an_export(N_EVENTS, signer), how))

    assert done.returncode == 1
    assert done.stderr.startswith("NOT AS RECORDED: ")
    assert words in done.stderr


def test_another_key_is_found(run, signer, tmp_path):
    """Whoever else signs."""
    other = a_signer(tmp_path / "other")
    done = run(an_export(3, signer), key=other.verifier_text())

    assert "is not signed with" in done.stderr


def test_the_key_may_stand_in_a_file(run, signer, tmp_path):
    """As the register publishes it: public-key.txt."""
    path = tmp_path / "public-key.txt"
    path.write_text(f"{signer.verifier_text()}\n", encoding="utf-8")
    done = run(an_export(3, signer), key=str(path))

    assert done.returncode == 0, done.stderr
    assert "signed with trial.example/audit+" in done.stdout


def test_what_is_no_key_is_said_to_be_none(run, signer, tmp_path):
    """In a sentence, whether no file has that name or it holds something else."""
    path = tmp_path / "notes.txt"
    path.write_text("minutes of a meeting", encoding="utf-8")

    for given in (str(tmp_path / "no-such-file.txt"), str(path)):
        done = run(an_export(3, signer), key=given)
        assert done.returncode == 1
        assert "is neither a public key nor" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_changed_signature_is_found(run, signer):
    """A letter in the middle of it."""
    data = an_export(3, signer)
    changed = data[:-30] + (b"A" if data[-30:-29] != b"A" else b"B") + data[-29:]

    assert "signature belongs to another text" in run(changed).stderr


def test_a_log_that_was_written_anew_is_found(run, signer):
    """By a checkpoint that somebody kept."""
    done = run(an_export(N_EVENTS, signer), note_of(a_log(5)[1:], signer))

    assert "0.checkpoint: the root of 4 events is" in done.stderr


def test_events_behind_the_checkpoint_are_found(run, signer):
    """They were not signed."""
    lines = a_log(3)
    data = b"".join(line + b"\n" for line in lines) + b"\n" + note_of(lines[:2], signer)

    assert "stand behind" in run(data).stderr
