"""The page of a trial report in a real browser: light, dark, phone, paper; clean by axe."""

from __future__ import annotations

import pytest
from tests.browser.looking import barriers
from tests.integration.trial_documents import ARABIC, HOSTILE, a_document

from overt.adapters.reports.press import FolderPress

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return where the page lies."""
    document = a_document(6, statements=("Nobody answered.", ARABIC, HOSTILE))
    files = {file.name: file.content for file in FolderPress().print_report(document)}
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(files["report.html"])
    return path.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (1200, "dark"), (360, "light")])
def test_the_page_has_no_barriers(chromium, address, width, scheme):
    """By axe, WCAG 2.2 AA; nothing but tables and figures is wider than the screen."""
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    heard, asked = [], []
    page.on("console", lambda message: heard.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (heard, asked) == ([], [address])
    page.close()


def test_a_statement_from_right_to_left_begins_at_the_right(chromium, address):
    """As its readers expect it; every statement is there as it was written."""
    page = chromium.new_page()
    page.goto(address)
    quoted = page.locator("blockquote")

    directions = [quoted.nth(n).evaluate("e => getComputedStyle(e).direction") for n in range(3)]

    assert directions == ["ltr", "rtl", "ltr"]
    assert quoted.nth(2).inner_text() == HOSTILE
    page.close()
