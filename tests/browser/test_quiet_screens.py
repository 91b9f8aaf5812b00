"""Screens of engineer, auditor, evaluator and observer in a real browser, on a console of fakes."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from tests.browser.desk_server import served, signed_in
from tests.browser.looking import Noted, barriers
from tests.unit.core import governed as g
from tests.unit.services.alerted import add_alert
from tests.unit.services.test_observed_figures import count_faces, decide
from tests.unit.services.zones import WHOLE, with_draft
from tests.web.consoles import a_desk
from tests.web.test_evaluator import with_volunteer

from overt.adapters.audit.signing import create_signing_key
from overt.adapters.video.still import coarse_jpeg
from overt.bootstrap.audit import signing_key_path
from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.services.blue_passes import start_pass, stop_pass
from overt.services.file_statement import file_statement
from overt.services.observed_figures import FRESH_FOR
from overt.services.save_draft import read_draft

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE, PHONE_WIDTH = {"width": 1280, "height": 900}, 360
PHONE = {"width": PHONE_WIDTH, "height": 740}
LOOKS = {
    "light": {"color_scheme": "light", "viewport": WIDE},
    "dark": {"color_scheme": "dark", "viewport": WIDE},
    "phone": {"color_scheme": "light", "viewport": PHONE, "has_touch": True},
}
LIVE_SCREENS = (
    (Role.OBSERVER, "/observe", "observe-choose"),
    (Role.OBSERVER, "/observe/d-1", "observe"),
    (Role.AUDITOR, "/log", "log"),
    (Role.AUDITOR, "/log/3", "log-event"),
    (Role.AUDITOR, "/log/verify", "log-verify"),
    (Role.AUDITOR, "/log/listed", "log-listed"),
    (Role.EVALUATOR, "/blue", "blue-choose"),
    (Role.EVALUATOR, "/blue/d-1", "blue"),
    (Role.EVALUATOR, "/blue/d-2", "blue-add"),
    (Role.SYSTEM_ENGINEER, "/cameras", "cameras-choose"),
    (Role.SYSTEM_ENGINEER, "/cameras/d-1", "cameras"),
    (Role.SYSTEM_ENGINEER, "/cameras/d-1/zone?camera=north/north-camera", "zone-read-only"),
    (Role.SYSTEM_ENGINEER, "/cameras/packs", "packs"),
    (Role.SYSTEM_ENGINEER, "/cameras/machine", "machine"),
)
ZONE = "/cameras/d-1/zone?camera=row-1"


@pytest.fixture
def live_desk(tmp_path):
    """Return a live deployment with alerts, volunteers, walks and statements."""
    desk = a_desk(tmp_path, g.live(), replace(g.authorised(), deployment_id="d-2"))
    key = signing_key_path(desk.console.settings)
    key.parent.mkdir(parents=True)
    create_signing_key(key, "force.example/lfr")
    workplace, desk.clock.at = desk.console.workplace, g.OPENS + g.MINUTE
    for number in (1, 2, 3):
        with_volunteer(desk, number)
    count_faces(workplace, 4321)
    for number in range(6):
        add_alert(workplace, alert_id=f"a-{number}")
        decide(workplace, f"a-{number}", seconds=3.0 + number)
    walk = start_pass(workplace, "evaluator-1", "v-1", "north-camera")
    desk.clock.at += g.MINUTE
    stop_pass(workplace, "evaluator-1", walk.pass_id, notes="rain, umbrella")
    start_pass(workplace, "evaluator-1", "v-2", "north-camera")
    file_statement(workplace, "observer-1", "d-1", "Two signs stand.\n\nNobody was stopped.")
    return desk


@pytest.fixture
def drafting(tmp_path):
    """Return a draft with a camera, and a still that can be taken of it."""
    desk = a_desk(tmp_path, g.drafted())
    with_draft(desk.console.workplace)
    shades = np.linspace(40, 220, 1280 * 720 * 3).reshape(720, 1280, 3)
    desk.stills.content = coarse_jpeg(shades.astype(np.uint8))
    return desk


@contextmanager
def page_of(chromium, desk, role, path, **options):
    """Yield a page of somebody who is signed in, and what it should not do."""
    with served(desk) as address:
        context = signed_in(chromium, desk, address, role, **options)
        try:
            page = context.new_page()
            noted = Noted(page, address)
            page.goto(f"{address}{path}")
            yield page, noted
        finally:
            context.close()


def corners(page):
    """Return the zone as it would be sent."""
    return page.input_value("#zone")


def saved_zone(desk):
    """Return the zone as it stands in the draft."""
    form, _ = read_draft(desk.store.reading, "d-1")
    return form.cameras()[0].zone


@pytest.mark.parametrize("look", LOOKS)
def test_screens_have_no_barrier_and_fit(chromium, live_desk, save_screen, look):
    """Clean by axe, no error, nothing from elsewhere, no sideways scrolling."""
    options = LOOKS[look]
    with served(live_desk) as address:
        for role, path, name in LIVE_SCREENS:
            context = signed_in(chromium, live_desk, address, role, **options)
            page = context.new_page()
            noted = Noted(page, address)
            page.goto(f"{address}{path}")
            assert page.locator("h1").count() == 1, name
            assert barriers(page) == [], name
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= options["viewport"]["width"], name
            assert (noted.errors, noted.elsewhere) == ([], []), name
            save_screen(page, f"{name}-{look}")
            context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_screen_for_zones_has_no_barrier_and_fits(chromium, drafting, save_screen, look):
    """With a still, and corners that were moved."""
    options = LOOKS[look]
    with page_of(chromium, drafting, Role.SYSTEM_ENGINEER, ZONE, **options) as (page, noted):
        page.get_by_role("button", name="Take a still").click()
        page.wait_for_selector("#still")
        page.locator(".handle").first.focus()
        page.keyboard.press("Shift+ArrowRight")
        assert barriers(page) == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= options["viewport"]["width"]
        assert (noted.errors, noted.elsewhere) == ([], [])
        save_screen(page, f"zone-{look}")


def test_a_zone_is_drawn_with_the_keyboard_alone(chromium, drafting):
    """From the first Tab to the saved draft, no pointer is used."""
    with page_of(chromium, drafting, Role.SYSTEM_ENGINEER, ZONE) as (page, _):
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.className") == "handle":
                break
        for _ in range(2):  # the first corner, two large steps right and down
            page.keyboard.press("Shift+ArrowRight")
            page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Insert")  # halfway to the next one, then down
        page.keyboard.press("ArrowDown")
        assert corners(page) == "0.1,0.1 0.55,0.055 1,0 1,1 0,1"
        page.keyboard.press("Tab")
        page.keyboard.press("Delete")  # the corner after it
        assert corners(page) == "0.1,0.1 0.55,0.055 1,1 0,1"
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        assert corners(page) == "0.1,0.1 0.55,0.05 1,0 1,1 0,1"
        page.get_by_role("button", name="Save the zone").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/cameras/d-1?saved=zone")

    assert saved_zone(drafting) == "0.1,0.1 0.55,0.05 1,0 1,1 0,1"


def test_corners_are_dragged_and_added_with_the_mouse(chromium, drafting):
    """And what is undone is as before; the list of corners follows."""
    options = LOOKS["light"]
    with page_of(chromium, drafting, Role.SYSTEM_ENGINEER, ZONE, **options) as (page, _):
        box = page.locator("#stage").bounding_box()

        def at(x, y):
            return box["x"] + box["width"] * x, box["y"] + box["height"] * y

        page.mouse.move(*at(1, 1))
        page.mouse.down()
        page.mouse.move(*at(0.75, 0.5), steps=4)
        page.mouse.up()
        moved = [float(v) for v in corners(page).split()[2].split(",")]
        assert moved == pytest.approx([0.75, 0.5], abs=0.01)
        assert page.locator("#corners li").nth(2).locator("input").first.input_value() == "75"
        page.mouse.click(*at(0.5, 0.02))
        assert len(corners(page).split()) == 5
        page.get_by_role("button", name="Undo").click()
        assert len(corners(page).split()) == 4
        page.get_by_role("button", name="Whole picture").click()
        assert corners(page) == WHOLE


def test_a_finger_adds_a_corner(chromium, drafting):
    """On a phone, by a tap on the nearest edge."""
    options = LOOKS["phone"] | {"is_mobile": True}
    with page_of(chromium, drafting, Role.SYSTEM_ENGINEER, ZONE, **options) as (page, _):
        box = page.locator("#stage").bounding_box()
        page.touchscreen.tap(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.9)
        added = [float(v) for v in corners(page).split()[3].split(",")]

        assert added == pytest.approx([0.5, 0.9], abs=0.02)


def test_what_is_no_zone_is_said_at_once_and_by_the_server(chromium, drafting):
    """Crossing edges, and the last corner that cannot go."""
    with page_of(chromium, drafting, Role.SYSTEM_ENGINEER, ZONE) as (page, _):
        page.fill("#zone", "0,0 1,1 1,0 0,1")
        page.locator("#zone").blur()
        assert page.inner_text("#zone-problem") == "The edges of a zone must not cross."
        page.get_by_role("button", name="Save the zone").click()
        page.wait_for_selector(".banner-bad")
        assert "must not cross" in page.inner_text(".banner-bad")
        page.fill("#zone", "0,0 1,0 1,1")
        page.locator("#zone").blur()
        page.get_by_role("button", name="Delete the corner").click()
        assert page.inner_text("#zone-problem") == "A zone needs at least 3 corners."

    assert saved_zone(drafting) == WHOLE


def test_without_scripts_a_zone_is_typed(chromium, drafting):
    """The text field is the whole form."""
    with page_of(chromium, drafting, Role.SYSTEM_ENGINEER, ZONE, java_script_enabled=False) as (
        page,
        _,
    ):
        assert not page.get_by_role("button", name="Undo").is_visible()
        page.fill("#zone", "0,0 1,0 0.5,1")
        page.get_by_role("button", name="Save the zone").click()

    assert saved_zone(drafting) == "0,0 1,0 0.5,1"


def test_observers_see_figures_change_without_a_reload(chromium, live_desk):
    """By the stream of counts."""
    with page_of(chromium, live_desk, Role.OBSERVER, "/observe/d-1") as (page, noted):
        page.evaluate("window.isFirstPage = true")
        assert page.inner_text("[data-live=alerts]") == "6"
        add_alert(live_desk.console.workplace, alert_id="a-new")
        live_desk.clock.at += FRESH_FOR
        page.wait_for_function(
            "() => document.querySelector('[data-live=alerts]').textContent === '7'",
            timeout=15_000,
        )
        assert page.evaluate("window.isFirstPage")
        assert noted.errors == []


def test_without_scripts_observers_have_a_page_that_reloads(chromium, live_desk):
    """And a form that files a statement."""
    options = {"java_script_enabled": False}
    with page_of(chromium, live_desk, Role.OBSERVER, "/observe/d-1", **options) as (page, _):
        refresh = page.locator("meta[http-equiv=refresh]")
        assert refresh.get_attribute("content") == "30"
        page.fill("#text", "Written without scripts.")
        page.get_by_role("button", name="File the statement").click()
        assert "Written without scripts." in page.inner_text("#statements")


def test_an_auditor_verifies_and_exports_the_log(chromium, live_desk, save_screen):
    """The result appears on the page by itself; the file comes with its checkpoint."""
    with page_of(chromium, live_desk, Role.AUDITOR, "/log/verify") as (page, noted):
        page.get_by_role("button", name="Verify and sign a checkpoint").click()
        page.wait_for_selector("#check .banner-good")
        assert "force.example/lfr" in page.inner_text("#check")
        assert barriers(page) == []
        save_screen(page, "log-verified")
        with page.expect_download() as download:
            page.get_by_role("button", name="Export the log").click()
        content = download.value.path().read_text(encoding="utf-8")
        assert noted.errors == []

    assert content.splitlines()[-1].startswith("— force.example/lfr ")
    assert len(live_desk.events(EventKind.DATA_EXPORTED)) == 1


def test_an_evaluator_walks_with_one_thumb(chromium, live_desk):
    """Start and stop on a phone; each button is at least 44 px high."""
    options = LOOKS["phone"] | {"is_mobile": True}
    with page_of(chromium, live_desk, Role.EVALUATOR, "/blue/d-1", **options) as (page, _):
        start = page.get_by_role("button", name="Start a walk of VOL-3")
        assert start.bounding_box()["height"] >= 44
        start.tap()
        stop = page.get_by_role("button", name="Stop the walk of VOL-3")
        stop.wait_for()
        live_desk.clock.at += g.MINUTE
        stop.tap()
        page.get_by_role("button", name="Start a walk of VOL-3").wait_for()
        assert "0 of 2 recognition opportunities" in page.inner_text("main")
