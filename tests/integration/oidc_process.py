"""Start and stop a real OpenID Connect provider for the tests, on this machine."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from integration.rtsp_process import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

START_S = 30
STOP_S = 5


@contextmanager
def oidc_provider(*options: str) -> Iterator[str]:
    """Serve a provider inside the block and yield its issuer.

    Args:
        *options: More options of its command.
    """
    pytest.importorskip("oidc_provider_mock", reason="no provider from PyPI here")
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_ready(process, issuer)
            yield issuer
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def sign_in_at(address: str, subject: str, action: str = "authorize") -> str:
    """Do what a person does in the browser, and return where it is sent back to."""
    form = httpx.get(address)
    assert form.status_code == httpx.codes.OK, form.text
    answer = httpx.post(address, data={"sub": subject, "action": action})
    assert answer.is_redirect, answer.text
    return answer.headers["location"]


def _wait_until_ready(process: subprocess.Popen[bytes], issuer: str) -> None:
    ends_at = time.monotonic() + START_S
    while time.monotonic() < ends_at and process.poll() is None:
        try:
            httpx.get(f"{issuer}/jwks").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the provider does not answer")
