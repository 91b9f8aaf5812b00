from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.unit.core.noticed import some_facts
from tests.unit.core.policy_tables import force_policy

from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.deployment_authority import record_consent
from overt.core.notice_facts import SiteTimes, notice_facts
from overt.errors import NoticeInvalidError, WrongStateError

S = DeploymentState
DAY = timedelta(hours=24)


def test_what_a_deployment_tells():
    """R-60: place, time, reason, aim, categories, size and retention come from its record."""
    facts = some_facts(g.ready())

    assert facts.sites == (
        SiteTimes("The square, north", "Europe/London", g.a_site().windows, None),
    )
    assert facts.reasons == ("serious_crime_here",)
    assert facts.aim == "Find people wanted by the courts"
    assert facts.categories == ("wanted_by_courts",)
    assert (facts.n_listed, facts.is_counted) == (20, True)
    assert (facts.nonmatch, facts.alert, facts.watchlist) == (timedelta(0), DAY, DAY)
    assert facts.footage is None
    assert facts.is_rehearsal is False


def test_before_the_list_is_approved_its_size_is_the_cap():
    """R-17: the number that was asked for, said as a limit."""
    assert (some_facts(g.authorised()).n_listed, some_facts(g.authorised()).is_counted) == (
        100,
        False,
    )


def test_retention_as_the_purge_keeps_it():
    """R-19, R-33: list and alerts go together, at the earlier of their deadlines."""
    policy = force_policy("retention.alert", value=6)

    facts = notice_facts(g.ready(), policy, time_zone="Europe/London")

    assert facts.watchlist == facts.alert == timedelta(hours=6)


def test_a_force_that_records_video():
    """R-33: how long is told too."""
    policy = force_policy("retention.footage_recording", value="recorded")

    assert notice_facts(g.ready(), policy, time_zone="UTC").footage == timedelta(days=31)


def test_one_site_of_two():
    """R-61: a poster at one place tells of that place."""
    south = g.a_site("south", reason_code="protective_security")
    deployment = g.authorised(g.an_application(sites=(g.a_site(), south)))

    both, one = some_facts(deployment), some_facts(deployment, site_id="south")

    assert both.reasons == ("serious_crime_here", "protective_security")
    assert [site.place for site in both.sites] == ["The square, north", "The square, south"]
    assert one.reasons == ("protective_security",)
    assert [site.place for site in one.sites] == ["The square, south"]
    with pytest.raises(NoticeInvalidError, match="'moon'"):
        some_facts(deployment, site_id="moon")


@pytest.mark.parametrize("state", [S.DRAFT, S.APPLIED, S.REFUSED, S.CANCELLED])
def test_what_is_not_announced(state):
    """R-60: not before somebody allowed it, and not once it was called off."""
    with pytest.raises(WrongStateError, match="not called off"):
        some_facts(replace(g.ready(), state=state))


@pytest.mark.parametrize("state", [S.LIVE, S.SUSPENDED, S.ENDED, S.PURGED, S.PUBLISHED])
def test_what_is_or_was_announced(state):
    """R-60: notices can be printed again as long as the record stands."""
    assert some_facts(replace(g.ready(), state=state)).n_listed == 20


def test_a_rehearsal():
    """R-22: its name is its place, its end that of the consent, its list the volunteers."""
    draft = g.drafted(DeploymentKind.REHEARSAL)
    rehearsal = record_consent(draft, g.EVALUATOR, g.a_consent(), g.POLICY, g.APPLIED_AT).deployment

    facts = some_facts(rehearsal)

    assert facts.is_rehearsal is True
    assert facts.sites == (SiteTimes("Square", "Europe/London", (), g.CLOSES),)
    assert (facts.n_listed, facts.is_counted) == (4, False)
    assert (facts.aim, facts.reasons, facts.categories) == ("", (), ())
