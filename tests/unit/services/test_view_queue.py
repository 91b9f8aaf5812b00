from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.unit.core.decided import ARREST, DISMISS, ENGAGE, PASS, TRUE
from tests.unit.services.alerted import (
    add_alert,
    an_alerted_workplace,
    decide_all,
    events,
)

from overt.core.adjudication import OfficerVerdict
from overt.core.audit_events import EventKind
from overt.core.watchlist import ListKind, Urgency
from overt.errors import AlertWrongStepError, RecordConflictError, RoleForbiddenError
from overt.services.engage import end_engagement, engage_on_grounds, engagement_of_alert
from overt.services.view_engagement import view_engagement, view_street_alert
from overt.services.view_queue import view_officer_queue, view_operator_queue

VIEWED = EventKind.PERSONAL_DATA_VIEWED


def ids(queued):
    """Return the alerts' identifiers, in order."""
    return [each.alert.alert_id for each in queued]


def with_three_alerts():
    """Return a workplace with alerts of three seconds, the second of a volunteer."""
    workplace = an_alerted_workplace()
    for n, kind in ((2, ListKind.BLUE), (3, ListKind.OPERATIONAL)):
        at = g.OPENS + timedelta(seconds=n)
        add_alert(workplace, alert_id=f"a-{n}", captured_at=at, list_kind=kind)
    return workplace


def engagement_id_of(workplace, alert_id="a-1"):
    """Return the contact that began with an alert."""
    with workplace.open() as uow:
        return engagement_of_alert(uow, alert_id).engagement_id


def test_the_newest_alert_stands_first():
    """Volunteers' alerts come among the others."""
    queue = view_operator_queue(with_three_alerts(), "operator-1", "d-1")

    assert ids(queue.waiting) == ["a-3", "a-2", "a-1"]
    assert queue.decided == ()
    assert queue.waiting[0].urgency is Urgency.AMBER


def test_a_look_at_the_queue_is_logged_and_says_how_far_it_knows():
    """R-35; the next event has the number after the last that the queue takes into account."""
    workplace = an_alerted_workplace()
    with workplace.open() as uow:
        size = uow.audit.size()

    queue = view_operator_queue(workplace, "operator-1", "d-1")

    assert queue.last_seq == size - 1
    assert [e.details["what"] for e in events(workplace, VIEWED)] == ["alerts"]


def test_decided_alerts_stand_by_their_decision():
    """The latest decision first, whatever was captured first."""
    workplace = with_three_alerts()
    decide_all(workplace, PASS, alert_id="a-3")
    decide_all(workplace, DISMISS, alert_id="a-1")

    queue = view_operator_queue(workplace, "operator-1", "d-1")

    assert ids(queue.waiting) == ["a-2"]
    assert ids(queue.decided) == ["a-1", "a-3"]


@pytest.mark.parametrize("actor_id", ["engager-1", "engineer-1", "evaluator-1", "auditor-1"])
def test_the_operators_queue_is_theirs(actor_id):
    """The refusal is logged, and no look is."""
    workplace = an_alerted_workplace()

    with pytest.raises(RoleForbiddenError):
        view_operator_queue(workplace, actor_id, "d-1")

    assert len(events(workplace, EventKind.ACCESS_DENIED)) == 1
    assert events(workplace, VIEWED) == []


def test_an_officer_sees_what_was_passed_on_and_their_own():
    """Nothing that waits for an operator, nothing dismissed."""
    workplace = with_three_alerts()
    decide_all(workplace, DISMISS, alert_id="a-1")
    decide_all(workplace, PASS, alert_id="a-2")
    decide_all(workplace, PASS, ENGAGE, alert_id="a-3")

    queue = view_officer_queue(workplace, "engager-1", "d-1")

    assert (ids(queue.waiting), ids(queue.begun), queue.done) == (["a-2"], ["a-3"], ())
    assert queue.begun[0].engagement.engaged_by == "engager-1"


def test_an_engagement_stays_open_until_all_is_recorded():
    """Disposal and end; either alone leaves it open."""
    workplace = an_alerted_workplace()
    decide_all(workplace, PASS, ENGAGE, TRUE, ARREST)
    assert ids(view_officer_queue(workplace, "engager-1", "d-1").begun) == ["a-1"]

    engagement_id = engagement_id_of(workplace)
    end_engagement(workplace, "engager-1", engagement_id, is_leaflet_given=True)

    queue = view_officer_queue(workplace, "engager-1", "d-1")
    assert (queue.begun, ids(queue.done)) == ((), ["a-1"])


def test_not_located_ends_an_alert():
    """Nobody was engaged."""
    workplace = an_alerted_workplace()
    decide_all(workplace, PASS, OfficerVerdict.NOT_LOCATED)

    queue = view_officer_queue(workplace, "engager-1", "d-1")

    assert (queue.waiting, queue.begun, ids(queue.done)) == ((), (), ["a-1"])


def test_a_street_view_has_the_contact_that_began():
    """None before, and the look is logged."""
    workplace = an_alerted_workplace()
    decide_all(workplace, PASS)
    assert view_street_alert(workplace, "engager-1", "a-1").engagement is None

    decide_all(workplace, ENGAGE)

    seen = view_street_alert(workplace, "engager-1", "a-1")
    assert seen.engagement.alert_id == "a-1"
    assert len(events(workplace, VIEWED)) == 2


def test_a_contact_is_seen_by_the_officer_who_engaged():
    """Equality details are nobody else's; the refusal is logged."""
    workplace = an_alerted_workplace()
    engagement = engage_on_grounds(workplace, "engager-1", "d-1", "offence_seen")

    assert view_engagement(workplace, "engager-1", engagement.engagement_id) == engagement
    with pytest.raises(RoleForbiddenError):
        view_engagement(workplace, "both-1", engagement.engagement_id)
    with pytest.raises(RoleForbiddenError):
        view_engagement(workplace, "operator-1", engagement.engagement_id)

    assert len(events(workplace, EventKind.ACCESS_DENIED)) == 2
    assert [e.details["what"] for e in events(workplace, VIEWED)] == ["engagement"]


def test_a_repeated_message_begins_one_engagement():
    """A telephone without reception asks again; an officer's open contacts show it once."""
    workplace = an_alerted_workplace()
    said = (workplace, "engager-1", "d-1", "offence_seen")
    first = engage_on_grounds(*said, engagement_id="engagement-x")
    workplace.clock.at += g.MINUTE

    again = engage_on_grounds(*said, engagement_id="engagement-x")

    assert again == first
    assert len(events(workplace, EventKind.ENGAGEMENT_RECORDED)) == 1
    assert view_officer_queue(workplace, "engager-1", "d-1").without_alert == (first,)


def test_an_identifier_with_another_engagement_is_refused():
    """It is not the message that was sent before."""
    workplace = an_alerted_workplace()
    engage_on_grounds(workplace, "engager-1", "d-1", "offence_seen", engagement_id="engagement-x")

    with pytest.raises(RecordConflictError):
        engage_on_grounds(
            workplace, "engager-1", "d-1", "asked_for_help", engagement_id="engagement-x"
        )


def test_a_repeated_end_changes_nothing():
    """Other words do not replace what was recorded."""
    workplace = an_alerted_workplace()
    begun = engage_on_grounds(workplace, "engager-1", "d-1", "offence_seen")
    first = end_engagement(workplace, "engager-1", begun.engagement_id, is_leaflet_given=True)
    workplace.clock.at += g.MINUTE

    again = end_engagement(workplace, "engager-1", begun.engagement_id, is_leaflet_given=True)

    assert again == first
    assert len(events(workplace, EventKind.ENGAGEMENT_RECORDED)) == 2
    with pytest.raises(AlertWrongStepError):
        end_engagement(workplace, "engager-1", begun.engagement_id, is_leaflet_given=False)
