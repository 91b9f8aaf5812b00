"""What a newcomer does with the demonstration, guided by the screens only."""

from __future__ import annotations

from time import monotonic

import pytest
from tests.browser.looking import Noted

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALERT_WITHIN_MS = 90_000
CARD = "#card [data-alert][data-state=raised]:not(.is-settling)"


def opened(context, console, actor_id):
    """Return a tab of a person at their own address, signed in by a link as it was printed."""
    tab = context.new_page()
    tab.goto(console.link(actor_id, own=True))
    tab.wait_for_url(lambda address: "/sign-in" not in address)
    return tab


def test_one_browser_is_several_people_side_by_side(console, chromium):
    """Each at an address of their own: who signs in later signs nobody else out."""
    context = chromium.new_context()
    with context:
        tabs = {name: opened(context, console, name) for name in ("op-1", "eo-1", "ob-1")}
        for name, tab in tabs.items():
            tab.reload()
            noted = Noted(tab, console.address)
            assert tab.url.startswith(f"http://{name}.localhost:")
            assert tab.locator(".top-person a").inner_text() == name
            assert noted.elsewhere == []


def test_a_link_that_was_used_says_who_is_signed_in(console, chromium, save_screen):
    """Opened twice, it signs nobody in again, and shows the way on; another link still works."""
    link, other = console.link("eo-1"), console.link("au-1")
    context = chromium.new_context()
    with context:
        tab = context.new_page()
        tab.goto(link)
        tab.wait_for_url(lambda address: "/sign-in" not in address)
        again = context.new_page()
        again.goto(link)
        again.get_by_role("alert").wait_for()
        save_screen(again, "link-used")
        again.get_by_role("link", name="Go on as eo-1").click()
        again.wait_for_url("**/street**")
        again.goto(other)
        again.wait_for_url("**/log")
        assert again.locator(".top-person a").inner_text() == "au-1"


def test_who_stops_the_street_starts_it_again_without_typing_an_address(own_console, sign_in):
    """The stop button, then the page of the deployment: its camera goes on."""
    own_console.start()
    operator = sign_in(own_console, "op-1")
    operator.get_by_text("Stop all cameras").click()
    operator.get_by_role("button", name="No officers are free").click()
    running = f"{own_console.address}/deployments/{own_console.deployment_id}/running"
    give_up_s = monotonic() + 60
    while not operator.get_by_text("the last run's go on: street").count():
        assert monotonic() < give_up_s, operator.inner_text("main")
        operator.wait_for_timeout(1000)
        operator.goto(running)

    operator.get_by_label("Why it may go on").fill("the demonstration goes on")
    operator.get_by_role("button", name="Start the cameras again").click()
    operator.get_by_text("Live since").wait_for(timeout=60_000)
