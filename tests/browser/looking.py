"""What a browser notices about a page: errors, requests to elsewhere, barriers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

_WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Noted:
    """What a page did that no page of the console should do.

    Attributes:
        errors: Errors of scripts, and what the browser wrote to its console as an error.
        elsewhere: Addresses outside the console that the page asked for.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self._own = urlsplit(address).port
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)
        page.on("request", lambda request: self._see(request.url))

    def _hear(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _see(self, url: str) -> None:
        parts = urlsplit(url)
        is_own = parts.port == self._own and parts.hostname.endswith(("127.0.0.1", "localhost"))
        if parts.scheme not in {"data", "blob"} and not is_own:
            self.elsewhere.append(url)


def barriers(page: Page) -> list[str]:
    """Return what keeps people with a disability out of a page, by WCAG 2.2 A and AA; by axe."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": _WCAG_2_2_AA}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['html']}" for one in found for node in one["nodes"]]
