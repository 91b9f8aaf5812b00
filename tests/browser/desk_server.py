"""A console on fakes, served to a real browser: for screens that need no cameras."""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn
from tests.web.consoles import PEOPLE

from overt.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

READY_WITHIN_S = 30


@contextmanager
def served(desk) -> Iterator[str]:
    """Yield the address at which a console on fakes answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(create_app(desk.console), log_config=None, access_log=False)
        config.timeout_graceful_shutdown = 1
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        give_up = time.monotonic() + READY_WITHIN_S
        while not server.started:
            assert time.monotonic() < give_up, "the console did not begin to answer"
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(READY_WITHIN_S)


def signed_in(browser: Browser, desk, address: str, role, **options: object) -> BrowserContext:
    """Return a browser profile in which whoever has the role is signed in."""
    token, _ = desk.session(PEOPLE[role])
    context = browser.new_context(**options)
    context.add_cookies([{"name": "overt", "value": token, "url": address}])
    return context
