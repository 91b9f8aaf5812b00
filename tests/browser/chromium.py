"""Debian's Chromium, driven without a window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launched(driver: Playwright) -> Browser:
    """Return the browser, which asks for nothing but what its pages ask for."""
    return driver.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
