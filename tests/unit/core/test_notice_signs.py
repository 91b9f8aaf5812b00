from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g

from overt.core.gates import unmet_live_conditions
from overt.core.notice_plan import plan_positions, signs_now
from overt.core.notice_signs import SignStanding, judged_signs

S = SignStanding
FIRST = g.a_notice()
NORTH = g.a_notice("north", latitude_deg=51.501)  # 111 m north of the first


def standings(*notices):
    """Return what each sign is worth."""
    return [judged.standing for judged in judged_signs(notices, g.POLICY.notices)]


@pytest.mark.parametrize(
    ("second", "standing"),
    [
        (NORTH, S.COUNTS),
        (replace(NORTH, distance_m=100), S.COUNTS),
        (replace(NORTH, distance_m=99.9), S.TOO_NEAR),
        (replace(NORTH, distance_m=10), S.TOO_NEAR),
        (replace(NORTH, photo_sha256=FIRST.photo_sha256), S.SAME_PHOTOGRAPH),
        (replace(NORTH, latitude_deg=51.5), S.SAME_POSITION),
        (replace(NORTH, latitude_deg=51.50026), S.SAME_POSITION),  # 29 m away
        (replace(NORTH, latitude_deg=51.50028), S.COUNTS),  # 31 m away
        (replace(NORTH, removed_at=g.OPENS), S.GONE),
    ],
)
def test_a_second_sign(second, standing):
    """R-61, R-62: too near, with the photograph or the position of another, or taken down."""
    assert standings(FIRST, second) == [S.COUNTS, standing]


def test_what_is_gone_is_no_double():
    """R-62: a sign that was taken down and put up again counts."""
    gone = replace(FIRST, removed_at=g.OPENS)

    assert standings(gone, replace(FIRST, notice_id="again")) == [S.GONE, S.COUNTS]


def test_a_double_names_the_sign_that_counts():
    """R-62: whoever reads it sees which two are one."""
    third = replace(NORTH, notice_id="third", photo_sha256=g.digest_of("third"))
    judged = judged_signs((FIRST, NORTH, third), g.POLICY.notices)[2]

    assert (judged.standing, judged.other) == (S.SAME_POSITION, NORTH)


def test_two_signs_of_one_photograph_keep_the_cameras_off():
    """R-62: one sign that was logged twice is one sign, and the condition says so."""
    twice = replace(NORTH, photo_sha256=FIRST.photo_sha256)
    deployment = replace(g.ready(), notices=(FIRST, twice))
    found = unmet_live_conditions(deployment, g.some_facts(), g.POLICY, g.OPENS)

    assert [each[:3] for each in found if each.requirement == "R-62"] == [
        (
            "R-62",
            "at least 2 signs logged at site north",
            "1, and 1 with the photograph or at the position of another",
        )
    ]


def test_positions_of_a_plan_with_what_stands_there():
    """R-61: one is filled, the other is missing, with the metres to the nearest sign."""
    deployment = replace(g.ready(), sign_plan=g.a_plan(), notices=(FIRST,))
    signs = signs_now(deployment, "north", g.POLICY, g.OPENS)
    west, east = plan_positions(deployment, "north", signs, g.POLICY)

    assert (west.filled_by, west.nearest_m) == (FIRST, 0)
    assert (east.filled_by, round(east.nearest_m)) == (None, 111)


def test_a_sign_with_the_photograph_of_another_fills_no_position():
    """R-62: it does not show what stands there."""
    twice = replace(NORTH, photo_sha256=FIRST.photo_sha256)
    deployment = replace(g.ready(), sign_plan=g.a_plan(), notices=(FIRST, twice))
    signs = signs_now(deployment, "north", g.POLICY, g.OPENS)

    assert [p.filled_by for p in plan_positions(deployment, "north", signs, g.POLICY)] == [
        FIRST,
        None,
    ]


def test_a_sign_beside_another_still_fills_its_position():
    """R-61: a stray sign 35 m south of the plan's west takes nothing from the one that fills it."""
    stray = g.a_notice("stray", latitude_deg=51.49968)
    near = g.a_notice("near", latitude_deg=51.49985)  # 19 m from the stray, 17 m from the west
    deployment = replace(g.ready(), sign_plan=g.a_plan(), notices=(stray, near))
    signs = signs_now(deployment, "north", g.POLICY, g.OPENS)

    assert signs[1].standing is S.SAME_POSITION
    assert plan_positions(deployment, "north", signs, g.POLICY)[0].filled_by == near
