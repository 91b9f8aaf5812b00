"""Start and stop the RTSP server of the tests."""

from __future__ import annotations

import select
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEM_PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).with_name("rtsp_server.py")
START_S = 20
STOP_S = 5


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def rtsp_server(port: int, codec: str = "jpeg") -> Iterator[subprocess.Popen[str]]:
    """Serve ``rtsp://127.0.0.1:PORT/camera`` inside the block, or skip the test.

    Args:
        port: Where to listen.
        codec: jpeg or h264.
    """
    if not SYSTEM_PYTHON.exists():
        pytest.skip(f"no {SYSTEM_PYTHON}, which runs the RTSP server")
    command = [SYSTEM_PYTHON, "-I", SCRIPT, str(port), codec]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            _wait_until_ready(process)
            yield process
        finally:
            _stop(process)


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    has_answer, _, _ = select.select([process.stdout], [], [], START_S)
    answer = process.stdout.readline().strip() if has_answer else "silent"
    if answer != "ready":
        pytest.skip(f"the RTSP server cannot run: {answer} (scripts/system-packages.txt)")


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
