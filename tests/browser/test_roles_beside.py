"""Those who stand beside a live rehearsal, on a real console, in a real browser."""

from __future__ import annotations

import re

import pytest
from tests.browser.looking import barriers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALERT_WITHIN_MS = 90_000  # the demonstration raises one every 15 s; two busy cores may drop frames
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def test_an_observer_sees_counts_move_and_nobody(console, sign_in, save_screen):
    """The operator's alert is counted; neither it, nor a picture, nor a reference reaches them."""
    path = f"/observe/{console.deployment_id}"
    observer = sign_in(console, "ob-1", path)
    operator = sign_in(console, "op-1", f"/live/{console.deployment_id}")
    operator.wait_for_selector("[data-alert]", timeout=ALERT_WITHIN_MS)
    alerts = operator.locator("[data-alert]").evaluate_all("all => all.map(a => a.dataset.alert)")
    before = int(observer.inner_text("[data-live=alerts]"))
    observer.wait_for_function(
        "n => Number(document.querySelector('[data-live=alerts]').textContent) > n",
        arg=before,
        timeout=ALERT_WITHIN_MS,
    )
    shown = observer.content()

    assert alerts
    assert not [alert for alert in alerts if alert in shown]
    assert not re.search(r"alert-|entry-|op-1|eo-1|<img|data:image", shown)
    assert barriers(observer) == []
    noted = sign_in.noted[observer]
    assert (noted.errors, noted.elsewhere) == ([], [])
    save_screen(observer, "demo-observe")


def test_an_engineer_sees_cameras_run_and_nobody_in_them(console, sign_in, save_screen):
    """Frames are counted by camera; the preview is there, and coarser than an operator's."""
    page = sign_in(console, "se-1", f"/cameras/{console.deployment_id}")
    page.wait_for_selector("[data-preview]:not([hidden])", timeout=ALERT_WITHIN_MS)
    shown = page.content()

    assert page.locator("[data-preview]").evaluate("image => image.naturalWidth") == 960
    assert "running" in page.inner_text("#health")
    assert not re.search(r"alert-|entry-|possible match", shown)
    assert barriers(page) == []
    noted = sign_in.noted[page]
    assert (noted.errors, noted.elsewhere) == ([], [])
    save_screen(page, "demo-cameras")


def test_an_auditor_finds_the_engineers_look(console, sign_in, save_screen):
    """What was done on other screens stands in the log; it verifies while it grows."""
    sign_in(console, "se-1", f"/cameras/{console.deployment_id}").wait_for_selector(
        "[data-preview]:not([hidden])", timeout=ALERT_WITHIN_MS
    )
    page = sign_in(console, "au-1", "/log?kind=PreviewViewed")
    assert "se-1" in page.inner_text(".events")
    page.goto(f"{console.address}/log/verify")
    page.get_by_role("button", name="Verify now").click()
    page.wait_for_selector("#check .banner-good", timeout=60_000)
    save_screen(page, "demo-log-verify")
    assert sign_in.noted[page].errors == []


def test_an_evaluator_lets_the_volunteer_walk(console, sign_in, save_screen):
    """On a phone; the camera is known from the run."""
    page = sign_in(console, "ev-1", f"/blue/{console.deployment_id}", **PHONE)
    page.get_by_role("button", name=re.compile("Start a walk")).first.tap()
    stop = page.get_by_role("button", name=re.compile("Stop the walk"))
    stop.wait_for()
    page.wait_for_timeout(1500)
    stop.tap()
    page.get_by_role("button", name=re.compile("Start a walk")).first.wait_for()

    assert "1 recognition opportunities" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert barriers(page) == []
    save_screen(page, "demo-blue")
