from __future__ import annotations

from dataclasses import fields

import pytest
from tests.unit.core.decided import ARREST, DISMISS, ENGAGE, PASS, TRUE, after
from tests.unit.core.governed import ENGAGER, EVERYONE, MINUTE, OPENS, OPERATOR, POLICY, an_actor

from overt.core.engagement import (
    NOTHING_RECORDED,
    EqualityDetails,
    engagement_ended,
    engagement_for_alert,
    engagement_on_grounds,
)
from overt.core.roles import Role
from overt.errors import AlertWrongStepError, ReasonUnknownError, RoleForbiddenError


@pytest.mark.parametrize(
    "way", [(PASS, ENGAGE), (PASS, ENGAGE, TRUE), (PASS, ENGAGE, TRUE, ARREST)]
)
def test_an_engagement_for_an_alert(way):
    """R-51: two people have decided it; the record names the alert and the officer."""
    engagement = engagement_for_alert("en-1", after(*way), ENGAGER, OPENS)

    assert (engagement.alert_id, engagement.grounds_code) == ("a-1", None)
    assert engagement.engaged_by == ENGAGER.actor_id
    assert engagement.duration is None


@pytest.mark.parametrize("way", [(), (DISMISS,), (PASS,)])
def test_no_engagement_before_two_people_have_decided(way):
    """R-51: an alert alone never makes a stop."""
    with pytest.raises(AlertWrongStepError, match="own decision to engage"):
        engagement_for_alert("en-1", after(*way), ENGAGER, OPENS)


def test_only_the_officer_who_decided_it():
    """R-51: not another officer, not the operator."""
    with pytest.raises(AlertWrongStepError):
        engagement_for_alert(
            "en-1", after(PASS, ENGAGE), an_actor("other", Role.ENGAGEMENT_OFFICER), OPENS
        )
    with pytest.raises(RoleForbiddenError):
        engagement_for_alert("en-1", after(PASS, ENGAGE), OPERATOR, OPENS)


@pytest.mark.parametrize("grounds", POLICY.alerts.grounds_without_alert.enabled)
def test_an_engagement_without_an_alert_has_grounds(grounds):
    """R-63: of the policy's closed list."""
    engagement = engagement_on_grounds("en-1", "d-1", grounds, ENGAGER, POLICY, OPENS)

    assert (engagement.alert_id, engagement.grounds_code) == (None, grounds)


@pytest.mark.parametrize("grounds", ["", "went_round_the_cameras", "covered_face"])
def test_where_somebody_walks_is_no_ground(grounds):
    """R-63: what is not in the closed list cannot be recorded."""
    with pytest.raises(ReasonUnknownError, match="expected grounds out of offence_seen"):
        engagement_on_grounds("en-1", "d-1", grounds, ENGAGER, POLICY, OPENS)


@pytest.mark.parametrize("actor", [a for a in EVERYONE if a is not ENGAGER])
def test_nobody_else_engages(actor):
    """R-04: engagement officers do."""
    with pytest.raises(RoleForbiddenError):
        engagement_on_grounds("en-1", "d-1", "offence_seen", actor, POLICY, OPENS)


def over(engagement, at, details=NOTHING_RECORDED, *, is_leaflet_given=True):
    """Return the record with its end."""
    return engagement_ended(engagement, details, POLICY, at, is_leaflet_given=is_leaflet_given)


def test_an_engagement_ends_once():
    """R-56, R-57: with its duration and whether the leaflet was given."""
    engagement = engagement_on_grounds("en-1", "d-1", "offence_seen", ENGAGER, POLICY, OPENS)
    ended = over(engagement, OPENS + 4 * MINUTE)

    assert ended.duration == 4 * MINUTE
    assert ended.is_leaflet_given
    with pytest.raises(AlertWrongStepError, match="ends once"):
        over(ended, OPENS + 5 * MINUTE)
    with pytest.raises(AlertWrongStepError, match="after its start"):
        over(engagement, OPENS - MINUTE, is_leaflet_given=False)


def test_what_people_said_and_perceived_is_kept_apart():
    """R-56: both ethnicities may be recorded; age band and sex too."""
    engagement = engagement_on_grounds("en-1", "d-1", "offence_seen", ENGAGER, POLICY, OPENS)
    ended = over(engagement, OPENS, EqualityDetails("white", "mixed", "from_25_to_34", "female"))

    assert (ended.perceived_ethnicity_code, ended.self_defined_ethnicity_code) == ("white", "mixed")
    assert (ended.age_band_code, ended.sex_code) == ("from_25_to_34", "female")


@pytest.mark.parametrize("field", [field.name for field in fields(EqualityDetails)])
def test_details_come_from_closed_lists(field):
    """R-56: no free text about a person."""
    engagement = engagement_on_grounds("en-1", "d-1", "offence_seen", ENGAGER, POLICY, OPENS)

    with pytest.raises(ReasonUnknownError, match="found 'tall'"):
        over(engagement, OPENS, EqualityDetails(**{field: "tall"}))
