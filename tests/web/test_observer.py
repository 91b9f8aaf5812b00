"""What observers get, and what they never get."""

from __future__ import annotations

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import a_desk

BEFORE = (g.drafted, g.applied, g.authorised, g.with_watchlist, g.with_signs, g.refused_at_once)
OPEN = (g.calibrated, g.live, g.suspended_at_once, g.ended_early, g.purged_in_time)


@pytest.mark.parametrize("deployment", OPEN)
def test_the_numbers_are_told_to_anybody(tmp_path, deployment):
    """R-64: from the calibration on, without an account; the gate before LIVE asks for it."""
    with a_desk(tmp_path, deployment()).browser() as browser:
        answer = browser.get("/observe/d-1/live.json")

    assert answer.status_code == 200
    assert answer.json()["deployment"] == "d-1"


@pytest.mark.parametrize("deployment", BEFORE)
def test_nothing_is_told_before_the_calibration(tmp_path, deployment):
    """There is nothing to observe yet, and a draft is nobody's business."""
    with a_desk(tmp_path, deployment()).browser(accept="application/json") as browser:
        answer = browser.get("/observe/d-1/live.json")

    assert (answer.status_code, answer.json()["code"]) == (404, "store.not_found")


def test_a_deployment_that_is_none_is_not_found(tmp_path):
    """A page about nothing would let the gate pass."""
    with a_desk(tmp_path).browser(accept="application/json") as browser:
        assert browser.get("/observe/d-9/live.json").status_code == 404
