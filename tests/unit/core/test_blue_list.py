from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core.decided import an_alert
from tests.unit.core.governed import DIGEST, EVALUATOR, EVERYONE, HOUR, MINUTE, OPENS

from overt.core.blue_list import BluePass, Volunteer, recognised_passes, start_pass, stop_pass
from overt.core.watchlist import ListKind
from overt.errors import ConsentMissingError, PassWrongStateError, RoleForbiddenError

VOLUNTEER = Volunteer("v-1", "d-1", "e-1", DIGEST, OPENS - HOUR)


def a_pass(**changes):
    """Return a pass that is being walked."""
    blue_pass = BluePass("p-1", "d-1", "v-1", "north-camera", OPENS, None, "")
    return replace(blue_pass, **changes)


def a_blue_alert(**changes):
    """Return an alert about the volunteer, half a minute into the pass."""
    return an_alert(list_kind=ListKind.BLUE, captured_at=OPENS + MINUTE / 2, **changes)


def test_a_walk_from_start_to_stop():
    """R-44: who, which camera, when; signed by the evaluator, with what was noted."""
    walking = start_pass(a_pass(), VOLUNTEER, [], EVALUATOR)
    walked = stop_pass(walking, EVALUATOR, OPENS + MINUTE, notes="Hood up")

    assert walking.logged_by == EVALUATOR.actor_id
    assert (walked.stopped_at, walked.notes) == (OPENS + MINUTE, "Hood up")


def test_notes_of_the_start_are_kept():
    """R-46: unless something else is noted at the end."""
    walking = start_pass(a_pass(notes="Rain"), VOLUNTEER, [], EVALUATOR)

    assert stop_pass(walking, EVALUATOR, OPENS + MINUTE).notes == "Rain"


@pytest.mark.parametrize("actor", [a for a in EVERYONE if a is not EVALUATOR])
def test_only_evaluators_log_passes(actor):
    """Design 1: nobody else starts or stops one."""
    with pytest.raises(RoleForbiddenError):
        start_pass(a_pass(), VOLUNTEER, [], actor)
    with pytest.raises(RoleForbiddenError):
        stop_pass(a_pass(), actor, OPENS + MINUTE)


@pytest.mark.parametrize(
    "volunteer",
    [
        replace(VOLUNTEER, withdrawn_at=OPENS - MINUTE),
        replace(VOLUNTEER, consented_at=OPENS + MINUTE),
        replace(VOLUNTEER, deployment_id="d-2"),
        replace(VOLUNTEER, volunteer_id="v-2"),
    ],
)
def test_nobody_walks_without_their_own_consent(volunteer):
    """R-22: given before, for this deployment, not withdrawn."""
    with pytest.raises(ConsentMissingError):
        start_pass(a_pass(), volunteer, [], EVALUATOR)


def test_consent_is_named_by_its_digest():
    """R-22: a volunteer without forms is none."""
    with pytest.raises(ConsentMissingError, match="SHA-256"):
        replace(VOLUNTEER, consent_sha256="")


def test_one_volunteer_walks_one_pass_at_a_time():
    """R-44: a second start before the stop is a mistake; others may walk."""
    walking = start_pass(a_pass(), VOLUNTEER, [], EVALUATOR)
    second = a_pass(pass_id="p-2")

    with pytest.raises(PassWrongStateError, match="one pass at a time"):
        start_pass(second, VOLUNTEER, [walking], EVALUATOR)
    walked = stop_pass(walking, EVALUATOR, OPENS + MINUTE)
    other = replace(walking, volunteer_id="v-2")
    assert start_pass(second, VOLUNTEER, [walked, other], EVALUATOR).pass_id == "p-2"


def test_a_pass_stops_once_after_its_start():
    """R-44: it has a length."""
    walked = stop_pass(a_pass(), EVALUATOR, OPENS + MINUTE)

    with pytest.raises(PassWrongStateError, match="stops once"):
        stop_pass(walked, EVALUATOR, OPENS + 2 * MINUTE)
    with pytest.raises(PassWrongStateError, match="after its start"):
        stop_pass(a_pass(), EVALUATOR, OPENS)
    with pytest.raises(PassWrongStateError, match="starts open"):
        start_pass(walked, VOLUNTEER, [], EVALUATOR)


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        ([], (0, 1)),
        ([a_blue_alert()], (1, 1)),
        ([a_blue_alert(), a_blue_alert(alert_id="a-2")], (1, 1)),
        ([a_blue_alert(entry_id="e-2")], (0, 1)),
        ([a_blue_alert(camera_id="other")], (0, 1)),
        ([replace(a_blue_alert(), captured_at=OPENS - MINUTE)], (0, 1)),
        ([replace(a_blue_alert(), captured_at=OPENS + MINUTE * 2)], (0, 1)),
        ([an_alert(captured_at=OPENS + MINUTE / 2)], (0, 1)),
    ],
)
def test_a_pass_is_recognised_by_its_own_alert(alerts, expected):
    """R-44, R-22: this volunteer, this camera, during the walk, from the blue list; or missed."""
    walked = stop_pass(a_pass(), EVALUATOR, OPENS + MINUTE)

    assert recognised_passes([walked], [VOLUNTEER], alerts) == expected


def test_a_pass_that_is_not_over_is_no_opportunity_yet():
    """R-44: it counts once it has stopped."""
    assert recognised_passes([a_pass()], [VOLUNTEER], [a_blue_alert()]) == (0, 0)
    assert not a_pass().covers(a_blue_alert())
