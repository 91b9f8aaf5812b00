"""Waiting for the authority's window: on its minute, told to stop, nothing to wait for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core.governed import (
    CLOSES,
    HOUR,
    OPENS,
    a_ready_rehearsal,
    a_site,
    an_application,
    applied,
    authorised,
    cancelled_early,
    ended_early,
    ready,
)
from tests.unit.services.listing import a_workplace

from overt.core.authority import Window
from overt.services.wait_for_window import next_opening, wait_for_window

DAY = timedelta(days=1)
SOUTH = a_site("south", windows=(Window(OPENS + HOUR, CLOSES + HOUR),))
NORTH = a_site(windows=(Window(OPENS, CLOSES), Window(OPENS + DAY, CLOSES + DAY)))
TWO_SITES = ready(an_application(sites=(NORTH, SOUTH)))


@pytest.mark.parametrize(
    ("site_ids", "now", "opens_at"),
    [
        ((), OPENS - HOUR, OPENS),
        ((), OPENS, OPENS),
        ((), CLOSES, OPENS + HOUR),
        (("south",), OPENS, OPENS + HOUR),
        (("north",), CLOSES, OPENS + DAY),
        ((), CLOSES + DAY, None),
        (("south",), CLOSES + HOUR, None),
        (("west",), OPENS, None),
    ],
)
def test_the_next_window_of_the_sites_is_found(site_ids, now, opens_at):
    """R-01: one that is open counts by its own opening; without any there is none."""
    assert next_opening(TWO_SITES, site_ids, now) == opens_at


@pytest.mark.parametrize(
    "deployment", [a_ready_rehearsal(), applied(), ended_early(), cancelled_early()]
)
def test_who_may_not_go_live_anyway_does_not_wait(deployment):
    """Its gate answers at once."""
    assert next_opening(deployment, (), OPENS - HOUR) is None


def waited(workplace, pause):
    """Return whether the window was reached, and the openings that were told."""
    told = []
    reached = wait_for_window(
        workplace.open, workplace.clock, "d-1", (), pause=pause, on_wait=told.append
    )
    return reached, told


def test_a_run_starts_on_the_minute():
    """R-01: the wait ends with the clock's first look at or after the opening."""
    workplace = a_workplace(authorised())
    workplace.clock.at = OPENS - timedelta(seconds=2)

    def pause():
        workplace.clock.at += timedelta(seconds=1)
        return True

    assert waited(workplace, pause) == (True, [OPENS, OPENS])
    assert workplace.clock.at == OPENS


def test_whoever_waits_can_be_told_to_stop():
    """Nothing is started then."""
    workplace = a_workplace(authorised())
    workplace.clock.at = OPENS - HOUR

    assert waited(workplace, lambda: False) == (False, [OPENS])


def test_an_authority_that_ends_meanwhile_is_not_waited_for():
    """R-07: the deployment is read again each time."""
    workplace = a_workplace(authorised())
    workplace.clock.at = OPENS - HOUR

    def pause():
        with workplace.open() as uow:
            version = uow.deployments.get("d-1").version
            uow.deployments.save(replace(cancelled_early(), version=version))
            uow.commit()
        return True

    assert waited(workplace, pause) == (True, [OPENS])
