from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core.governed import (
    APPLIED_AT,
    CLOSES,
    DAY,
    HOUR,
    INSPECTOR,
    MINUTE,
    OFFICER,
    OPENS,
    OPERATOR,
    POLICY,
    a_ready_rehearsal,
    a_rehearsal,
    a_site,
    an_application,
    applied,
    checked,
    drafted,
    ended_early,
    live,
    orally_authorised,
    purged_in_time,
    ready,
    some_facts,
    suspended_at_once,
    with_signs,
    with_watchlist,
)

from overt.core.audit import SYSTEM_ACTOR
from overt.core.audit_events import EventKind
from overt.core.authority import AuthorityStatus, Window
from overt.core.deployment import DeploymentState
from overt.core.deployment_authority import ratify
from overt.core.deployment_due import Due, DueStep, due_now, due_steps, due_transition
from overt.core.deployment_live import go_live, resume

S = DeploymentState
SECOND = MINUTE / 60


def steps(deployment):
    """Return what is due and when."""
    return [(due.step, due.at) for due in due_steps(deployment)]


@pytest.mark.parametrize("build", [drafted, purged_in_time])
def test_the_time_asks_nothing(build):
    """R-01: of a draft, of what is purged."""
    assert steps(build()) == []
    assert due_transition(build(), POLICY, OPENS + 365 * DAY) is None


def test_live_ends_at_the_end_of_the_last_window():
    """R-01: at that second, not one before."""
    assert steps(live()) == [(DueStep.EXPIRE, CLOSES), (DueStep.CLOSE_SITES, CLOSES)]
    assert due_transition(live(), POLICY, CLOSES - SECOND) is None

    change = due_transition(live(), POLICY, CLOSES)
    assert change.event_kind is EventKind.DEPLOYMENT_ENDED
    assert change.details["reason"] == "the last window is over"
    assert (change.deployment.state, change.deployment.ended_at) == (S.ENDED, CLOSES)


def test_a_late_scheduler_ends_it_at_its_deadline():
    """R-01, R-19: the purge counts from the authority's end, however late somebody looks."""
    after = due_transition(live(), POLICY, CLOSES + 3 * DAY).deployment

    assert after.ended_at == CLOSES
    assert after.purge_due_at == CLOSES + DAY
    assert due_now(after, CLOSES + 3 * DAY) == Due(CLOSES + DAY, DueStep.PURGE)


@pytest.mark.parametrize("build", [applied, with_watchlist, ready])
def test_what_was_never_live_is_cancelled_when_its_windows_are_over(build):
    """R-01, R-19: its watchlist is purged."""
    change = due_transition(build(), POLICY, CLOSES)

    assert change.event_kind is EventKind.DEPLOYMENT_CANCELLED
    assert change.deployment.state is S.CANCELLED
    assert change.deployment.purge_due_at == CLOSES + DAY


def test_a_suspended_deployment_ends_with_its_last_window():
    """R-01: it does not stay suspended."""
    assert due_transition(suspended_at_once(), POLICY, CLOSES).deployment.state is S.ENDED


def test_a_window_ends_and_another_follows():
    """R-01: suspended between two days; the second day passes every gate again."""
    days = (Window(OPENS, CLOSES), Window(OPENS + DAY, CLOSES + DAY))
    deployment = live(an_application(sites=(a_site(windows=days),)))
    change = due_transition(deployment, POLICY, CLOSES)

    assert change.event_kind is EventKind.DEPLOYMENT_SUSPENDED
    assert change.details == {"reason": "the window is over", "site_ids": ("north",)}
    assert change.deployment.state is S.SUSPENDED
    assert change.deployment.suspended_by == SYSTEM_ACTOR
    assert due_transition(change.deployment, POLICY, CLOSES + HOUR) is None
    assert due_transition(change.deployment, POLICY, CLOSES + DAY).deployment.state is S.ENDED


def test_a_late_scheduler_still_closes_the_first_window():
    """R-01: also when the second window has begun meanwhile."""
    days = (Window(OPENS, CLOSES), Window(OPENS + DAY, CLOSES + DAY))
    deployment = live(an_application(sites=(a_site(windows=days),)))

    after = due_transition(deployment, POLICY, OPENS + DAY + HOUR).deployment
    assert after.state is S.SUSPENDED


def test_one_of_two_sites_closes():
    """R-01: the other goes on."""
    north = a_site("north")
    south = a_site("south", windows=(Window(OPENS, CLOSES + HOUR),))
    both = with_signs(ready(an_application(sites=(north, south))), "south")
    facts = some_facts(site_ids=("north", "south"))
    deployment = go_live(both, OPERATOR, facts, POLICY, OPENS).deployment
    change = due_transition(deployment, POLICY, CLOSES)

    assert change.event_kind is EventKind.SITES_CLOSED
    assert change.details == {"site_ids": ("north",)}
    assert change.deployment.state is S.LIVE
    assert [site.site_id for site in change.deployment.live_sites] == ["south"]
    assert due_transition(change.deployment, POLICY, CLOSES) is None
    assert due_transition(change.deployment, POLICY, CLOSES + HOUR).deployment.state is S.ENDED


def test_an_oral_authority_lapses():
    """R-03: not ratified in time, it cancels what was not yet live."""
    oral = orally_authorised()
    deadline = oral.authority.ratify_by

    assert due_transition(oral, POLICY, deadline - SECOND) is None
    change = due_transition(oral, POLICY, deadline)
    assert change.event_kind is EventKind.AUTHORITY_LAPSED
    assert change.deployment.state is S.CANCELLED
    assert change.deployment.authority.status is AuthorityStatus.LAPSED
    assert change.deployment.purge_due_at == deadline + DAY


def test_an_oral_authority_that_lapses_while_live_ends_it():
    """R-03: at its deadline, in the middle of the window."""
    deployment = replace(live(), authority=replace(live().authority, ratify_by=OPENS + HOUR))
    change = due_transition(deployment, POLICY, OPENS + HOUR)

    assert change.deployment.state is S.ENDED
    assert change.deployment.live_sites == ()
    assert change.details["state"] == "ended"


def test_a_lapse_goes_before_the_end_at_the_same_moment():
    """R-03: the record says that it lapsed."""
    deployment = replace(live(), authority=replace(live().authority, ratify_by=CLOSES))

    assert due_transition(deployment, POLICY, CLOSES).event_kind is EventKind.AUTHORITY_LAPSED


def test_a_ratified_authority_does_not_lapse():
    """R-03: nor does a written one."""
    ratified = ratify(orally_authorised(), OFFICER, POLICY, APPLIED_AT + HOUR).deployment

    assert steps(ratified) == [(DueStep.EXPIRE, CLOSES)]
    assert ratified.authority.granted_by == INSPECTOR.actor_id


def test_a_purge_is_due_and_nothing_pure_does_it():
    """R-19: a service erases; the deadline is told."""
    over = ended_early()

    assert steps(over) == [(DueStep.PURGE, OPENS + HOUR + DAY)]
    assert due_now(over, OPENS + HOUR + DAY - SECOND) is None
    assert due_now(over, OPENS + HOUR + DAY).step is DueStep.PURGE
    assert due_transition(over, POLICY, OPENS + 2 * DAY) is None


@pytest.mark.parametrize(("is_live", "state"), [(True, S.ENDED), (False, S.CANCELLED)])
def test_a_rehearsal_ends_with_its_consent(is_live, state):
    """Design 3: at the moment that the volunteers agreed to."""
    rehearsal = a_rehearsal()
    if is_live:
        facts = some_facts(site_ids=())
        rehearsal = go_live(a_ready_rehearsal(), OPERATOR, facts, POLICY, OPENS).deployment
    change = due_transition(rehearsal, POLICY, CLOSES)

    assert steps(rehearsal) == [(DueStep.EXPIRE, CLOSES)]
    assert change.deployment.state is state
    assert change.details["reason"] == "the consent is over"


def test_two_days_at_three_sites_on_the_minute():
    """R-01, R-19: every stop and the purge, found by asking once a minute."""
    sites = (
        a_site("north", windows=(Window(OPENS, OPENS + 2 * HOUR),)),
        a_site("bridge", windows=(Window(OPENS + 3 * HOUR, OPENS + 5 * HOUR),)),
        a_site("station", windows=(Window(OPENS + DAY, OPENS + DAY + 8 * HOUR),)),
    )
    deployment, now, seen = ready(an_application(sites=sites)), OPENS, []
    opening = {site.windows[0].starts_at: site.site_id for site in sites}
    while now <= OPENS + 3 * DAY:
        if (change := due_transition(deployment, POLICY, now)) is not None:
            deployment = change.deployment
            seen.append((now, deployment.state))
        if now in opening:
            here = some_facts(site_ids=(opening[now],))
            again = with_watchlist(deployment, at=now - HOUR)
            again = checked(with_signs(again, opening[now], at=now), now)
            if again.state is S.SUSPENDED:
                deployment = resume(
                    again, OPERATOR, here, POLICY, now, reason="Next window"
                ).deployment
            else:
                deployment = go_live(again, OPERATOR, here, POLICY, now).deployment
        due = due_now(deployment, now)
        if due is not None and due.step is DueStep.PURGE:
            seen.append((now, due.step))
            break
        now += MINUTE

    assert seen == [
        (OPENS + 2 * HOUR, S.SUSPENDED),
        (OPENS + 5 * HOUR, S.SUSPENDED),
        (OPENS + DAY + 8 * HOUR, S.ENDED),
        (OPENS + 2 * DAY + 8 * HOUR, DueStep.PURGE),
    ]
