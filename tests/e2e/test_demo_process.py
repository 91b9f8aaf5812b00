"""`overt demo` as somebody starts it: a process that is live, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from time import monotonic, sleep

import pytest
from tests.browser.console_process import CACHE, ConsoleProcess

from overt.bootstrap.store import open_reader
from overt.cli.demo_console import port_for
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.settings import Settings

pytestmark = pytest.mark.slow

ALERT_WITHIN_S = 60
ENDED_WITHIN_S = 60


@pytest.fixture
def console(tmp_path):
    """Yield a console that has not been started; it is ended after the test."""
    CACHE.mkdir(parents=True, exist_ok=True)
    process = ConsoleProcess(tmp_path / "home", CACHE)
    try:
        yield process
    finally:
        process.end()


def kept(console, what):
    """Return something of the demonstration's store."""
    settings = Settings(home=console.home / "demo", cache=CACHE)
    with open_reader(settings) as reading, reading() as uow:
        return what(uow)


def state(console) -> DeploymentState:
    """Return where the rehearsal stands."""
    return kept(console, lambda uow: uow.deployments.get(console.deployment_id).state)


def wait_for_alert(console) -> None:
    """Wait until somebody on the list has walked past the camera."""
    give_up_s = monotonic() + ALERT_WITHIN_S
    while not kept(console, lambda uow: uow.alerts.of_deployment(console.deployment_id)):
        assert monotonic() < give_up_s, "no alert came"
        sleep(0.5)


def test_it_is_live_until_it_is_told_to_stop_and_goes_on_when_it_is_kept(console):
    """SIGTERM: suspended, by the software, with its reason; Ctrl-C the same; --keep resumes."""
    console.start()
    assert state(console) is DeploymentState.LIVE
    wait_for_alert(console)
    address, deployment_id = console.address, console.deployment_id
    assert console.link("op-1") != console.link("op-1")

    assert console.end(signal.SIGTERM) == 0
    assert state(console) is DeploymentState.SUSPENDED
    events = kept(console, lambda uow: list(uow.audit.read(0, 10_000)))
    suspended = [e.event for e in events if e.event.kind == EventKind.DEPLOYMENT_SUSPENDED]
    assert [(event.actor_id, event.details["reason"]) for event in suspended] == [
        ("system", "the service was told to stop")
    ]

    console.start("--keep")
    assert (console.address, console.deployment_id) == (address, deployment_id)
    assert state(console) is DeploymentState.LIVE
    assert console.end(signal.SIGINT) == 0
    assert state(console) is DeploymentState.SUSPENDED
    assert "Traceback" not in console.said()


def test_people_read_where_to_go_and_where_it_is_kept(console, tmp_path):
    """The two steps stand last, where they are seen; the service's own log lies in a file."""
    environment = {**os.environ, "OVERT_HOME": str(console.home), "OVERT_CACHE": str(CACHE)}
    command = [sys.executable, "-m", "overt", "demo", "--no-trial", "--port", "0"]
    with (tmp_path / "out.txt").open("w") as out, (tmp_path / "err.txt").open("w") as err:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        try:
            give_up_s = monotonic() + 300
            while "Ctrl-C" not in (tmp_path / "out.txt").read_text():
                assert process.poll() is None, (tmp_path / "err.txt").read_text()
                assert monotonic() < give_up_s
                sleep(0.5)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(ENDED_WITHIN_S) == 0
    text = (tmp_path / "out.txt").read_text()
    ways = [line.strip() for line in text.splitlines() if "/sign-in/link#" in line]
    assert [way.partition("//")[2].partition(".")[0] for way in ways] == [
        "ao-1", "ap-1", "ap-2", "se-1", "ev-1", "au-1", "ob-1", "op-1", "eo-1",
    ]  # fmt: skip
    assert text.index("1. the operator") < text.index("2. the engagement officer")
    assert str(console.home / "demo") in text
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 84
    assert '"event"' not in text + (tmp_path / "err.txt").read_text()
    assert (console.home / "demo" / "console.log").stat().st_size > 0


def test_where_the_usual_port_is_taken_a_free_one_does(capsys):
    """With a notice; a port that was asked for is never exchanged."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]

        assert port_for(None, usual=taken) == 0
        assert f"Port {taken} is taken" in capsys.readouterr().err
        assert port_for(taken) == taken
    assert port_for(None, usual=taken) == taken
