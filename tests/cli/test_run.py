"""``overt run`` on a real camera over HTTP, in a process of its own: stopped, killed, purged."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from tests.cli.deploying import authorised, set_up
from tests.cli.footage import live_camera, portrait

pytestmark = pytest.mark.slow

ACCOUNTS = {
    "app-2": "applicant",
    "eng-1": "system_engineer",
    "ev-1": "evaluator",
    "aud-1": "auditor",
}
START_S = 90


@pytest.fixture
def rehearsal(overt, tmp_path):
    """Return a rehearsal that may go live: one volunteer, consent, an operating point."""
    assert overt("init").status == 0
    overt("user", "add", "ao-1", "--role", "authorising_officer", "--rank", "superintendent",
          "--bootstrap")  # fmt: skip
    for account, role in ACCOUNTS.items():
        overt("user", "add", account, "--role", role, "--as", "ao-1")
    overt("user", "add", "op-1", "--role", "operator", "--rank", "constable", "--as", "ao-1")
    overt("deployment", "draft", "Square", "--rehearsal", "--as", "ev-1")
    (deployment,) = overt("deployment", "list", "--json").document
    name = deployment["deployment_id"]
    forms, photograph = tmp_path / "forms.txt", tmp_path / "photograph.png"
    forms.write_text("consent")
    portrait().save(photograph)
    for step in (
        ("consent", name, forms, "--as", "ev-1", "--volunteers", 1, "--until", "2099-01-01T00:00Z"),
        ("calibrate", name, "--as", "eng-1", "--reason", "test", "--evidence", "CAL-1"),
    ):
        assert overt("deployment", *step).status == 0
    listed = "--reference", "V-1", "--consent", forms, "--as", "ev-1"
    assert overt("blue", "add", name, photograph, *listed).status == 0
    assert overt("watchlist", "approve", name, "--as", "app-2").status == 0
    return name


@contextmanager
def running(name, camera, *options):
    """Run the deployment in a process of its own, until its first alert."""
    command = [sys.executable, "-m", "overt", "run", name, "--as", "op-1"]
    command += ["--camera", f"front={camera.location}", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def first_alert(process):
    """Wait until an alert is told, and return the lines up to it."""
    lines = []
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        line = process.stderr.readline()
        lines.append(line)
        if "  alert " in line:
            return lines
        if not line:
            break
    raise AssertionError("".join(lines))


def state_of(overt, name):
    """Return the deployment as a document."""
    return overt("deployment", "show", name, "--json").document


@pytest.mark.parametrize(
    ("number", "by", "reason"),
    [
        (signal.SIGTERM, "system", "the service was told to stop"),
        (signal.SIGINT, "op-1", "stopped at the keyboard"),
    ],
)
def test_a_signal_suspends_with_the_reason(overt, rehearsal, number, by, reason):
    """An alert comes from a real camera; then the process is told to stop, and says why."""
    with live_camera() as camera, running(rehearsal, camera) as process:
        first_alert(process)
        process.send_signal(number)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert reason in out
    found = state_of(overt, rehearsal)
    assert (found["state"], found["suspended_by"]) == ("suspended", by)
    assert overt("privacy", "verify", rehearsal).status == 0


def test_a_run_without_any_camera_left_is_no_success(overt, rehearsal):
    """Exit status 1, as for any device; suspended with the reason."""
    ran = overt(
        "run", rehearsal, "--as", "op-1", "--camera", "front=http://127.0.0.1:1/x", "--json"
    )

    assert (ran.status, ran.document["state"]) == (1, "suspended")
    assert ran.document["code"] == "camera.lost"
    assert state_of(overt, rehearsal)["suspended_reason"].startswith("no camera is left")


def test_a_store_that_is_moved_away_stops_the_run(overt, rehearsal, tmp_path):
    """What were written into it from then on would be told as stored, and gone."""
    with live_camera() as camera, running(rehearsal, camera) as process:
        first_alert(process)
        kept = [overt.home / f"overt.db{end}" for end in ("", "-wal", "-shm")]
        for path in kept:
            path.rename(tmp_path / path.name)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "moved, removed or replaced" in out
    assert err.endswith("[store.leased]\n")
    for path in kept:
        if (tmp_path / path.name).exists():
            (tmp_path / path.name).rename(path)
    assert overt("purge").status == 0
    assert state_of(overt, rehearsal)["state"] == "suspended"
    assert overt("privacy", "verify", rehearsal).status == 0


def test_two_runs_on_one_store_are_refused(overt, rehearsal):
    """The second finds the lease taken; the first goes on."""
    with live_camera() as camera, running(rehearsal, camera) as process:
        first_alert(process)
        options = "--as", "op-1", "--camera", f"front={camera.location}"
        assert overt.fails("run", rehearsal, *options) == (1, "store.leased")
        assert process.poll() is None


def test_a_process_that_was_killed_is_found_out(overt, rehearsal):
    """Kill -9: whoever comes next suspends what was live, then nothing is unaccounted for."""
    with live_camera() as camera, running(rehearsal, camera) as process:
        first_alert(process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    assert state_of(overt, rehearsal)["state"] == "live"
    assert overt("purge").status == 0  # makes a round, as any service does when it starts
    found = state_of(overt, rehearsal)
    assert (found["state"], found["suspended_reason"]) == ("suspended", "the service stopped")
    proof = overt("privacy", "verify", rehearsal, "--json").document
    assert (proof["findings"], proof["in_memory"]) == ([], 0)


def test_from_the_run_to_the_certificate(overt, rehearsal, tmp_path):
    """Run by the clock, end, purge, certificate, proof: what it knew is gone."""
    with live_camera() as camera:
        options = "--as", "op-1", "--camera", f"front={camera.location}", "--minutes", 0.15
        ran = overt("run", rehearsal, *options, "--json")
    assert (ran.status, ran.document["alerts"], ran.document["state"]) == (0, 1, "suspended")
    overt("deployment", "end", rehearsal, "--as", "op-1", "--reason", "Done")
    assert overt.fails("certificate", rehearsal) == (2, "store.not_found")
    assert overt.fails("purge", rehearsal, "--as", "op-1") == (1, "rule.role_forbidden")
    assert overt("purge", rehearsal, "--as", "eng-1").status == 0
    certificate = overt("certificate", rehearsal)
    assert "alerts: 1\n" in certificate.out
    assert all(key.isidentifier() for key in overt("certificate", rehearsal, "--json").document)
    note = tmp_path / "certificate.txt"
    note.write_text(certificate.out)
    verified = overt("audit", "verify", "--as", "aud-1", "--checkpoint", note)
    if verified.status == 2:  # who verifies need not be named
        verified = overt("audit", "verify", "--checkpoint", note)
    assert verified.status == 0
    proof = overt("privacy", "verify", rehearsal, "--json")
    assert (proof.status, proof.document["findings"]) == (0, [])
    assert json.loads(proof.out)["certificate"]


def test_a_planted_picture_fails_the_proof(overt, rehearsal):
    """The photograph in the clear beside the store: exit status 3 and the file's name."""
    with live_camera() as camera:
        options = "--as", "op-1", "--camera", f"front={camera.location}", "--minutes", 0.15
        overt("run", rehearsal, *options, "--json")
    from overt.bootstrap.store import open_initialised
    from overt.settings import read_settings

    with open_initialised(read_settings()) as store, store.reading() as uow:
        (alert,) = uow.alerts.of_deployment(rehearsal)
        crop = uow.secrets.get(alert.crop_secret_id)
    (overt.home / "note.bin").write_bytes(crop)
    ran = overt("privacy", "verify", rehearsal)
    assert ran.status == 3
    assert "note.bin" in ran.err


def test_a_run_can_wait_for_its_window(overt, tmp_path):
    """R-01: it says until when, and what would be missing then; Ctrl-C ends it, nothing is live."""
    set_up(overt)
    name = authorised(overt, tmp_path)
    command = [sys.executable, "-m", "overt", "run", name, "--as", "op-1", "--wait"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ) as process:
        try:
            lines = [process.stderr.readline() for _ in range(4)]
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
        finally:
            process.kill()
    assert lines[1].startswith("waits for the window that opens at ")
    assert lines[3].split()[0].startswith("R-")
    assert (process.returncode, state_of(overt, name)["state"]) == (130, "authorised")


class TestRefusals:
    def test_every_unmet_condition_is_named(self, overt, rehearsal):
        """A draft has nothing: each requirement stands on a line of its own."""
        overt("deployment", "draft", "Empty", "--rehearsal", "--as", "ev-1")
        (empty,) = (
            d["deployment_id"]
            for d in overt("deployment", "list", "--json").document
            if d["name"] == "Empty"
        )
        ran = overt("run", empty, "--as", "op-1", "--camera", "front=rtsp://127.0.0.1:1/x")
        assert ran.status == 1
        for requirement in ("design 3", "R-12", "R-40"):
            assert any(line.startswith(requirement) for line in ran.err.splitlines())

    @pytest.mark.parametrize(
        "cameras", [(), ("--camera", "front"), ("--camera", "a=x", "--camera", "a=y")]
    )
    def test_cameras_of_a_rehearsal_are_named(self, overt, rehearsal, cameras):
        """None, one without an address, two of one name."""
        ran = overt("run", rehearsal, "--as", "op-1", *cameras)
        assert (ran.status, "setting.invalid" in ran.err) == (2, True)
