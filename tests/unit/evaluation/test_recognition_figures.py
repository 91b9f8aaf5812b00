from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.unit.core.governed import HOUR, MINUTE, OPENS
from tests.unit.core.test_blue_list import VOLUNTEER, a_blue_alert, a_pass

from overt.core.watchlist import ListKind
from overt.evaluation.recognition_figures import (
    Opportunity,
    PassResult,
    factors_of,
    opportunities_of,
    recognition_figures,
)

R, CAPTURE, REJECTED, COMPARED, UNKNOWN = PassResult
LONDON = ZoneInfo("Europe/London")


def opportunity(who, result, camera="north", factors=(), at=OPENS):
    """Return one pass."""
    return Opportunity(who, camera, at, result, factors)


def figures(*opportunities):
    """Return the figures of passes."""
    return recognition_figures(opportunities, LONDON, np.random.default_rng(1))


def counted(row):
    """Return name, recognised, passes and people of a row."""
    return row.name, row.recognised.count, row.recognised.total, row.n_people


PASSES = (
    opportunity("a", R, factors=("crowd",)),
    opportunity("a", R),
    opportunity("a", CAPTURE, "south", ("crowd", "glasses")),
    opportunity("b", REJECTED, "south"),
    opportunity("b", COMPARED, "south", at=OPENS + HOUR),
    opportunity("c", UNKNOWN),
)


def test_the_rate_is_of_all_passes():
    """Two of six; what was never captured counts against it."""
    found = figures(*PASSES).overall

    assert counted(found) == ("all", 2, 6, 3)
    assert found.recognised.unit == "recognition opportunities"
    assert found.misses == {CAPTURE: 1, REJECTED: 1, COMPARED: 1, UNKNOWN: 1}


def test_misses_are_split_by_cause():
    """Each of all passes: together they are what was missed."""
    causes = figures(*PASSES).causes

    assert {result: (rate.count, rate.total) for result, rate in causes.items()} == {
        CAPTURE: (1, 6),
        REJECTED: (1, 6),
        COMPARED: (1, 6),
        UNKNOWN: (1, 6),
    }


def test_by_camera_hour_and_factor():
    """With each factor and without it; hours are those on the wall."""
    found = figures(*PASSES)
    hour = OPENS.astimezone(LONDON).hour

    assert [counted(row) for row in found.by_camera] == [("north", 2, 3, 2), ("south", 0, 3, 2)]
    assert [row.name for row in found.by_hour] == [f"{hour:02d}:00", f"{hour + 1:02d}:00"]
    assert [counted(row) for row in found.by_factor] == [
        ("with crowd", 1, 2, 1),
        ("without crowd", 1, 4, 3),
        ("with glasses", 0, 1, 1),
        ("without glasses", 2, 5, 3),
    ]


def test_passes_of_one_person_are_alike():
    """Requirements, section 8.11: the interval is by person, and wider than the naive one."""
    passes = [opportunity(f"v{n}", R if n < 8 else COMPARED) for n in range(10) for _ in range(5)]
    found = figures(*passes)
    naive = figures(
        *(replace(each, subject_id=f"w{n}") for n, each in enumerate(passes))
    ).overall.recognised.interval

    assert found.design_effect == pytest.approx(5 * 10 / 9)
    interval = found.overall.recognised.interval
    assert interval.high - interval.low > 1.5 * (naive.high - naive.low)


def test_nobody_passed():
    """Not defined, in every place."""
    found = figures()

    assert found.overall.recognised.text() == "not defined (0 of 0)"
    assert found.causes[COMPARED].text() == "not defined (0 of 0)"
    assert found.by_camera == found.by_hour == found.by_factor == ()
    assert found.design_effect is None


@given(st.permutations(PASSES))
def test_order_does_not_matter(passes):
    """The same passes."""
    assert figures(*passes).overall == figures(*PASSES).overall


def test_logged_passes_become_opportunities():
    """Recognised by their own alert of the blue list; why one was missed is not recorded."""
    walked = a_pass(stopped_at=OPENS + MINUTE, notes="factors: crowd; rain")
    missed = a_pass(pass_id="p-2", camera_id="south", stopped_at=OPENS + MINUTE)
    alerts = [
        a_blue_alert(camera_id="north-camera", entry_id="e-1"),
        replace(a_blue_alert(camera_id="south"), list_kind=ListKind.OPERATIONAL),
        a_blue_alert(camera_id="south", entry_id="e-9"),
    ]

    found = opportunities_of([walked, missed, a_pass(pass_id="p-3")], [VOLUNTEER], alerts)

    assert [each.result for each in found] == [R, UNKNOWN]
    assert [each.factors for each in found] == [("crowd",), ()]
    assert found[0].subject_id == "v-1"


@pytest.mark.parametrize(
    ("notes", "factors"),
    [
        ("factors: crowd, Head turned, crowd; walked fast", ("crowd", "head turned")),
        (" Factors :glasses", ("glasses",)),
        ("factors:", ()),
        ("walked fast; factors: crowd", ()),
        ("Hood up", ()),
        ("", ()),
    ],
)
def test_factors_in_notes(notes, factors):
    """Only where the notes begin with them."""
    assert factors_of(notes) == factors
