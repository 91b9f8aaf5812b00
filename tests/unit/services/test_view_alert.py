from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.decided import PASS
from tests.unit.services.alerted import CROP, add_alert, an_alerted_workplace, decide_all, events

from overt.core.audit_events import EventKind
from overt.core.watchlist import ListKind
from overt.errors import RecordNotFoundError, RoleForbiddenError
from overt.services.view_alert import (
    first_shown,
    save_crop,
    view_alert,
    view_alert_portrait,
    view_alerts,
    view_crop,
)

VIEWED = EventKind.PERSONAL_DATA_VIEWED
OPERATIONAL, BLUE = ListKind.OPERATIONAL, ListKind.BLUE


def test_a_look_at_an_alert_is_logged():
    """R-35: who looked, at what, when; then it was shown."""
    workplace = an_alerted_workplace()

    view = view_alert(workplace, "operator-1", "a-1")

    assert (view.entry.reference, view.decisions) == ("N-77", ())
    (event,) = events(workplace, VIEWED)
    assert (event.actor_id, event.details["row_id"]) == ("operator-1", "a-1")
    with workplace.open() as uow:
        assert first_shown(uow, "a-1", "operator-1") == workplace.clock.at
        assert first_shown(uow, "a-1", "operator-2") is None


def test_the_first_look_counts():
    """R-52: the latency runs from there."""
    workplace = an_alerted_workplace()
    first = workplace.clock.at
    for _ in range(3):
        view_alert(workplace, "operator-1", "a-1")
        workplace.clock.at += g.MINUTE

    with workplace.open() as uow:
        assert first_shown(uow, "a-1", "operator-1") == first


@pytest.mark.parametrize("actor_id", ["engineer-1", "evaluator-1", "applicant-1", "observer-1"])
def test_who_may_not_see_alerts_is_refused(actor_id):
    """Design, section 1: the refusal is logged, and no look is."""
    workplace = an_alerted_workplace()

    for look in (view_alert, view_crop):
        with pytest.raises(RoleForbiddenError):
            look(workplace, actor_id, "a-1")
    with pytest.raises(RoleForbiddenError):
        view_alerts(workplace, actor_id, "d-1", OPERATIONAL)

    assert len(events(workplace, EventKind.ACCESS_DENIED)) == 3
    assert events(workplace, VIEWED) == []


def test_an_officer_sees_what_was_passed_on():
    """Design, section 1: nothing without the operator's pass."""
    workplace = an_alerted_workplace()
    add_alert(workplace, alert_id="a-2")

    with pytest.raises(RoleForbiddenError):
        view_alert(workplace, "engager-1", "a-1")
    decide_all(workplace, PASS)

    assert view_alert(workplace, "engager-1", "a-1").alert.state == "passed_on"
    seen = view_alerts(workplace, "engager-1", "d-1", OPERATIONAL)
    assert [alert.alert_id for alert in seen] == ["a-1"]
    everything = view_alerts(workplace, "operator-1", "d-1", OPERATIONAL)
    assert [alert.alert_id for alert in everything] == ["a-1", "a-2"]


def test_an_evaluator_sees_volunteers_alerts_only():
    """R-22."""
    workplace = an_alerted_workplace()
    add_alert(workplace, alert_id="a-2", list_kind=BLUE)

    seen = view_alerts(workplace, "evaluator-1", "d-1", BLUE)

    assert [alert.alert_id for alert in seen] == ["a-2"]


def test_a_picture_is_for_those_who_decide():
    """Each look at it has its own line."""
    workplace = an_alerted_workplace()

    assert view_crop(workplace, "operator-1", "a-1") == CROP
    assert events(workplace, VIEWED)[-1].details["what"] == "alert crop"


def test_an_operator_alone_saves_a_picture():
    """What is not written is not logged as saved either."""
    workplace, files = an_alerted_workplace(), []

    save_crop(workplace, "operator-1", "a-1", files.append)
    with pytest.raises(RoleForbiddenError):
        save_crop(workplace, "auditor-1", "a-1", files.append)

    assert files == [CROP]
    assert [e.details["what"] for e in events(workplace, VIEWED)] == ["alert crop, to a file"]


def test_an_erased_picture_is_said_to_be_erased():
    """The alert may outlive it."""
    workplace = an_alerted_workplace()
    with workplace.open() as uow:
        uow.alerts.save(replace(uow.alerts.get("a-1"), crop_secret_id=None))
        uow.commit()

    with pytest.raises(RecordNotFoundError, match="erased"):
        view_crop(workplace, "operator-1", "a-1")


def test_the_portrait_is_for_whoever_sees_the_alert():
    """R-53: two pictures are compared, also of a volunteer; each look has its line."""
    workplace = an_alerted_workplace(list_kind=BLUE)
    with workplace.open() as uow:
        secret_id = uow.secrets.put("d-1", "image", "e-1", b"a portrait")
        uow.entries.save(replace(uow.entries.get("e-1"), image_secret_id=secret_id))
        uow.commit()

    assert view_alert_portrait(workplace, "operator-1", "a-1") == b"a portrait"
    with pytest.raises(RoleForbiddenError):
        view_alert_portrait(workplace, "engager-1", "a-1")

    assert [e.details["what"] for e in events(workplace, VIEWED)] == ["alert portrait"]


def test_a_deleted_portrait_is_said_to_be_deleted():
    """As after a purge that was cut off."""
    with pytest.raises(RecordNotFoundError, match="deleted"):
        view_alert_portrait(an_alerted_workplace(), "operator-1", "a-1")
