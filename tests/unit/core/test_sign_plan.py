from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.policy_tables import force_policy

from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.deployment_authority import record_consent
from overt.core.deployment_notices import place_notice, plan_signs
from overt.core.gates import unmet_live_conditions
from overt.core.notice import PlannedSign
from overt.errors import NoticeInvalidError, NoticeMapInvalidError, WrongStateError

# A thousandth of a degree of latitude is 111 m; the policy wants signs 100 m before the zone
# and within 30 m of their planned position.
WEST, EAST = g.a_plan()
SECOND = g.a_notice("second", latitude_deg=51.499)
PLANNED = replace(g.ready(), sign_plan=g.a_plan(), notices=(g.a_notice(), SECOND))


def standing(latitude, **changes):
    """Return a sign that stands somewhere on the meridian of the plan."""
    return g.a_notice(f"at-{latitude}", latitude_deg=latitude, **changes)


def unmet(deployment=PLANNED, policy=g.POLICY):
    """Return conditions of R-61 that keep it from being live."""
    found = unmet_live_conditions(deployment, g.some_facts(), policy, g.OPENS)
    return [(each.condition, each.found) for each in found if each.requirement == "R-61"]


def filled(*notices):
    """Return the planned deployment with these signs."""
    return replace(PLANNED, notices=notices)


def test_a_plan_without_its_signs_keeps_the_cameras_off():
    """R-61: one stands in the west; the position in the east is named with what is near."""
    assert unmet() == [
        (
            "a sign within 30 m of east at site north, 51.501000,-0.100000",
            "the nearest one is 111 m away",
        )
    ]


def test_a_plan_whose_positions_are_filled():
    """R-61: one sign within 30 m of each: 22 m north of the west, 27 m south of the east."""
    assert unmet(filled(standing(51.5002), standing(51.50076))) == []


@pytest.mark.parametrize(
    "east",
    [
        standing(51.50069),  # 34 m away
        standing(51.501, distance_m=99),  # too near to the zone
        standing(51.501, site_id="south"),  # another site
        standing(51.501, removed_at=g.OPENS),  # taken down
        standing(51.501, placed_at=g.OPENS - 30 * g.DAY),  # before the previous window
    ],
)
def test_a_sign_that_fills_no_position(east):
    """R-62: too far off, too near the cameras, elsewhere, gone, or of another day."""
    site = g.a_site()
    earlier = replace(site.windows[0], starts_at=g.OPENS - 2 * g.DAY, ends_at=g.OPENS - g.DAY)
    site = replace(site, windows=(earlier, *site.windows))
    deployment = filled(g.a_notice(), SECOND, east)
    deployment = replace(deployment, application=g.an_application(sites=(site,)))

    assert [condition for condition, _ in unmet(deployment)] == [
        "a sign within 30 m of east at site north, 51.501000,-0.100000"
    ]


def test_without_any_sign_none_is_near():
    """R-61: there is nothing to measure."""
    assert {found for _, found in unmet(filled())} == {"none"}


def test_the_policy_asks_for_a_plan():
    """R-61: a site without one keeps the cameras off, unless the force's own says otherwise."""
    lenient = force_policy("notices.sign_plan", value="optional")
    without = replace(g.ready(), sign_plan=())

    assert unmet(g.ready()) == []
    assert unmet(without) == [("a plan of the signs at site north", "none")]
    assert unmet(without, lenient) == []
    assert unmet(PLANNED, lenient) == unmet(PLANNED)


def test_the_state_follows_the_plan():
    """Design 3: signs are placed once every planned position has one."""
    watched = replace(g.with_watchlist(), sign_plan=g.a_plan())
    first = place_notice(watched, g.OPERATOR, standing(51.5), g.POLICY, g.OPENS).deployment
    again = place_notice(first, g.OPERATOR, standing(51.50001), g.POLICY, g.OPENS).deployment
    both = place_notice(again, g.OPERATOR, standing(51.501), g.POLICY, g.OPENS).deployment

    assert first.state == again.state == DeploymentState.WATCHLIST_APPROVED
    assert both.state == DeploymentState.NOTIFIED


def test_a_plan_takes_the_place_of_an_earlier_one():
    """R-61: with every position and the reason in the log."""
    further = replace(EAST, latitude_deg=51.502)
    change = plan_signs(PLANNED, g.ENGINEER, (WEST, further), g.POLICY, reason=" Road works ")

    assert change.deployment.sign_plan == (WEST, further)
    assert change.details["reason"] == "Road works"
    assert change.details["n_signs"] == 2
    assert change.details["places"] == (
        "west north 51.500000,-0.100000 120 m",
        "east north 51.502000,-0.100000 150 m",
    )


@pytest.mark.parametrize(
    ("signs", "part"),
    [
        ((), "1 to 100"),
        (tuple(replace(WEST, plan_id=f"p{n}") for n in range(101)), "found 101"),
        ((WEST, WEST), "comes twice"),
        ((WEST, replace(EAST, site_id="moon")), "'moon'"),
        ((WEST,), "2 planned signs or more"),
        ((WEST, replace(EAST, distance_m=99.5)), "east: a sign stands 100 m or more"),
        ((WEST, replace(EAST, latitude_deg=51.5005)), "more than 60 m apart"),
    ],
)
def test_a_plan_that_is_less_than_the_policy_asks_for(signs, part):
    """R-61: none, too many, one name twice, elsewhere, too few, too near, one for two."""
    deployment = g.authorised(g.an_application(sites=(g.a_site(), g.a_site("south"))))
    site_error = "moon" in part
    signs = signs if not site_error else (*signs, replace(WEST, plan_id="second", latitude_deg=52))

    with pytest.raises(NoticeInvalidError, match=part):
        plan_signs(deployment, g.APPLICANT, signs, g.POLICY, reason="Ways in")


def test_a_plan_is_made_before_the_cameras_run():
    """R-61: live, the signs are there."""
    with pytest.raises(WrongStateError):
        plan_signs(g.live(), g.APPLICANT, g.a_plan(), g.POLICY, reason="Late")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"plan_id": " "}, NoticeInvalidError),
        ({"plan_id": "a\nb"}, NoticeInvalidError),
        ({"plan_id": "a" * 61}, NoticeInvalidError),
        ({"distance_m": -1}, NoticeInvalidError),
        ({"distance_m": math.nan}, NoticeInvalidError),
        ({"latitude_deg": 91}, NoticeMapInvalidError),
    ],
)
def test_a_planned_sign_that_says_nothing(changes, error):
    """A name, a distance and a place on the earth."""
    with pytest.raises(error):
        replace(WEST, **changes)


def test_a_rehearsal_with_cameras_keeps_to_its_plan():
    """R-61: passers-by of a rehearsal are told too; it has no site of an application."""
    draft = g.drafted(DeploymentKind.REHEARSAL)
    consent = g.a_consent(uses_live_cameras=True)
    rehearsal = record_consent(draft, g.EVALUATOR, consent, g.POLICY, g.APPLIED_AT).deployment
    planned = plan_signs(rehearsal, g.EVALUATOR, g.a_plan(), g.POLICY, reason="Ways in").deployment
    signed = replace(planned, notices=(g.a_notice(), SECOND))

    assert [condition[:22] for condition, _ in unmet(signed)] == ["a sign within 30 m of "]
    assert unmet(replace(signed, notices=(*signed.notices, standing(51.501)))) == []


def test_a_planned_sign_on_the_map():
    """Its position is that of its coordinates."""
    assert PlannedSign("a", "b", 1, 2, 3).position.text() == "1.000000,2.000000"
