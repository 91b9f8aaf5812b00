"""Asking, complaining and answering in a real browser, with and without scripts."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.browser.desk_server import served, signed_in
from tests.browser.looking import Noted, barriers
from tests.browser.test_quiet_screens import LOOKS
from tests.unit.core import governed as g
from tests.web.consoles import a_desk

from overt.core.public_request import AnswerCode, RequestKind
from overt.core.roles import Role
from overt.services.answer_request import Answering, answer_request
from overt.services.decide_request import record_identity
from overt.services.receive_request import Asked, receive_from_public

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONDON, DAY, ON = ZoneInfo("Europe/London"), timedelta(days=1), g.APPLIED_AT.date()
WORDS = (
    "My name is Anna Example, born 1 May 1990.\n\nI walked through Market Square twice that day "
    f"and was looked at each time. Was I on the list?\nكنت في القائمة؟ {'averylongword' * 20}"
)
PUBLIC = (
    ("/public/ask", "public-ask"),
    ("/public/complain", "public-complain"),
    ("/public/status", "public-status"),
)


@pytest.fixture
def desk(tmp_path):
    """Return a console with requests at every point: late, waiting, checked, answered."""
    desk = a_desk(tmp_path, g.authorised())

    def ask(kind, words=WORDS):
        asked = Asked(kind, words, "anna@example.org\n12 Orchard Lane", "Market Square", ON)
        received = receive_from_public(desk.console.workplace, asked, LONDON, most_open=99)
        return received.request.request_id

    workplace, auditor = desk.console.workplace, g.AUDITOR.actor_id
    desk.late, _ = ask(RequestKind.WAS_LISTED), ask(RequestKind.COMPLAINT)
    told = ask(RequestKind.WAS_LISTED)
    record_identity(workplace, auditor, told)
    note = "Somebody else was looked for."
    answering = Answering(code=AnswerCode.NOT_LISTED, note=note)
    answer_request(workplace, auditor, told, answering, LONDON)
    desk.clock.at += 29 * DAY
    desk.checked = ask(RequestKind.WAS_LISTED)
    record_identity(workplace, auditor, desk.checked)
    desk.complaint, desk.told = ask(RequestKind.COMPLAINT, "The sign lay in a bush."), told
    return desk


@contextmanager
def open_pages(chromium, desk, role, **options):
    """Yield an address, and a function that opens a page of somebody, or of nobody."""
    with served(desk) as address:
        if role is None:
            context = chromium.new_context(**options)
        else:
            context = signed_in(chromium, desk, address, role, **options)
        try:
            yield address, context.new_page()
        finally:
            context.close()


def look_at(page, name, options, noted) -> None:
    """Let pass only a page without barriers, errors and sideways scrolling."""
    assert page.locator("h1").count() == 1, name
    assert barriers(page) == [], name
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= options["viewport"]["width"], name
    assert (noted.errors, noted.elsewhere) == ([], []), name


@pytest.mark.parametrize("look", LOOKS)
def test_public_pages_have_no_barrier_and_fit(chromium, desk, save_screen, look):
    """Empty, refused, with a receipt, with its status."""
    options = LOOKS[look]
    with open_pages(chromium, desk, None, **options) as (address, page):
        noted = Noted(page, address)
        for path, name in PUBLIC:
            page.goto(f"{address}{path}")
            look_at(page, name, options, noted)
            save_screen(page, f"{name}-{look}")
        page.goto(f"{address}/public/complain")
        page.fill("#words", "The sign lay in a bush.")
        page.fill("#contact", "by post")
        page.get_by_role("button", name="Send the complaint").click()
        receipt = page.inner_text(".receipt")
        look_at(page, "received", options, noted)
        save_screen(page, f"public-received-{look}")
        page.goto(f"{address}/public/status")
        page.fill("#receipt", receipt.lower())
        page.get_by_role("button", name="Look it up").click()
        assert page.inner_text("#found") == "Waiting for its answer"
        look_at(page, "status", options, noted)
        save_screen(page, f"public-status-found-{look}")


def test_a_refused_form_is_seen_and_heard(chromium, desk, save_screen):
    """With what was typed, the field named, and without a script."""
    options = LOOKS["phone"] | {"java_script_enabled": False}
    with open_pages(chromium, desk, None, **options) as (address, page):
        page.goto(f"{address}/public/ask")
        page.fill("#words", "Was I listed?")
        page.fill("#contact", "by post")
        page.get_by_role("button", name="Ask").click()  # the browser itself asks for the day
        assert page.url.endswith("/public/ask")
        page.fill("#on", "2030-01-01")
        page.get_by_role("button", name="Ask").click()
        assert page.get_attribute("#on", "aria-invalid") == "true"
        assert page.input_value("#words") == "Was I listed?"
        save_screen(page, "public-ask-refused-phone")


@pytest.mark.parametrize("look", LOOKS)
def test_desk_screens_have_no_barrier_and_fit(chromium, desk, save_screen, look):
    """The queue, a request at each point, and the form for staff."""
    options = LOOKS[look]
    screens = (
        ("/requests", "requests"),
        (f"/requests/{desk.late}", "request-late"),
        (f"/requests/{desk.checked}", "request-checked"),
        (f"/requests/{desk.complaint}", "request-complaint"),
        (f"/requests/{desk.told}", "request-answered"),
        ("/requests/new", "request-new"),
    )
    with open_pages(chromium, desk, Role.AUDITOR, **options) as (address, page):
        noted = Noted(page, address)
        for path, name in screens:
            page.goto(f"{address}{path}")
            look_at(page, name, options, noted)
            save_screen(page, f"{name}-{look}")


def test_an_auditor_answers_without_a_script(chromium, desk):
    """From the identity check to the text that is sent."""
    options = LOOKS["light"] | {"java_script_enabled": False}
    with open_pages(chromium, desk, Role.AUDITOR, **options) as (address, page):
        page.goto(f"{address}/requests/{desk.late}")
        page.get_by_label("I have checked who asks").check()
        page.get_by_role("button", name="Record the check").click()
        page.get_by_label("The force has no reference of this person").check()
        page.get_by_role("button", name="Answer", exact=True).click()
        answer = page.locator("section", has=page.locator("#answer-title")).inner_text()
        assert "This force has no reference for you" in answer
        page.get_by_text("Close it", exact=True).click()
        page.get_by_role("button", name="Close it now").click()
        assert "Closed" in page.inner_text(".facts")
