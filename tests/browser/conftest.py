"""A console in a process of its own, and a real browser to look at it with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.chromium import CHROMIUM, launched
from tests.browser.console_process import CACHE, ConsoleProcess
from tests.browser.looking import Noted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

BUILD = Path(__file__).resolve().parents[2] / "build"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the tests with a browser last, so that cameras run beside no other test."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def cache() -> Path:
    """Return where the street and the networks are kept, from one run of the tests to the next."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return CACHE


@pytest.fixture(scope="session")
def console(tmp_path_factory, cache) -> Iterator[ConsoleProcess]:
    """Yield a console that all tests share: a test leaves it live, and its links are the test's."""
    process = ConsoleProcess(tmp_path_factory.mktemp("console") / "home", cache)
    try:
        process.start()
        yield process
    finally:
        process.end()


@pytest.fixture
def own_console(tmp_path, cache) -> Iterator[ConsoleProcess]:
    """Yield a console of the test's own, not yet started: to be stopped, killed, started again."""
    process = ConsoleProcess(tmp_path / "console" / "home", cache)
    process.home.parent.mkdir()
    try:
        yield process
    finally:
        process.end()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Yield Debian's Chromium without a window, or skip."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing; scripts/install-system-packages installs it")
    with playwright.sync_playwright() as driver:
        browser = launched(driver)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class SignIn:
    """Opens pages of people who are signed in, each in a browser profile of its own.

    Attributes:
        noted: By page, what no page should do: errors, requests to elsewhere.
    """

    browser: Browser
    noted: dict[Page, Noted] = field(default_factory=dict)
    _contexts: list = field(default_factory=list)

    def __call__(
        self, console: ConsoleProcess, actor_id: str, path: str = "/", **options: object
    ) -> Page:
        """Return a page of somebody who has just signed in by a link.

        Args:
            console: Which console.
            actor_id: Who, such as ``op-1``.
            path: Where to go then.
            options: Of the browser's context, such as ``viewport``.
        """
        page = self.somebody(console, **options)
        page.goto(console.link(actor_id))
        page.wait_for_url(lambda address: "/sign-in" not in address)
        if path != "/":
            page.goto(f"{console.address}{path}")
        return page

    def somebody(self, console: ConsoleProcess, **options: object) -> Page:
        """Return an empty page of somebody who is not signed in."""
        context = self.browser.new_context(**options)
        self._contexts.append(context)
        page = context.new_page()
        self.noted[page] = Noted(page, console.address)
        return page

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def sign_in(chromium) -> Iterator[SignIn]:
    """Yield what opens pages of people who are signed in; they are closed after the test."""
    opener = SignIn(chromium)
    try:
        yield opener
    finally:
        opener.close()


@pytest.fixture(scope="session")
def save_screen() -> Callable[[Page, str], None]:
    """Return what saves a picture of a page as build/screens/NAME.png, for people to look at."""
    folder = BUILD / "screens"
    folder.mkdir(parents=True, exist_ok=True)

    def save(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png", full_page=True, animations="disabled")

    return save
