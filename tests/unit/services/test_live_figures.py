from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.unit.core.decided import DISMISS
from tests.unit.services.alerted import add_alert, an_alerted_workplace, decide_all, events

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.watchlist import ListKind
from overt.errors import RecordNotFoundError
from overt.services.live_figures import FRESH_FOR, LiveFigures
from overt.services.view_preview import SPELL_ENDS_AFTER, PreviewLooks

OPERATIONAL, BLUE = ListKind.OPERATIONAL, ListKind.BLUE


def count_faces(workplace, n_faces, minute=g.OPENS):
    """Store a minute of faces."""
    counts = LiveCounts(faces_seen=n_faces)
    with workplace.open() as uow:
        uow.counts.add_minute(MinuteCounts("d-1", "north-camera", minute, counts))
        uow.commit()


def test_figures_of_a_live_deployment():
    """R-42: 1 of 1,000 faces is at the limit; volunteers' alerts are counted by themselves."""
    workplace = an_alerted_workplace()
    add_alert(workplace, alert_id="a-2", list_kind=BLUE)
    count_faces(workplace, 1000)
    decide_all(workplace, DISMISS)

    figures = LiveFigures(workplace, workplace.open).of("d-1")

    assert (figures.faces_seen, figures.limit) == (1000, 0.001)
    assert figures.n_alerts == {OPERATIONAL: 1, BLUE: 1}
    assert figures.n_waiting == {OPERATIONAL: 0, BLUE: 1}
    assert (figures.look.rate.count, figures.look.rate.total) == (1, 1000)
    assert figures.look.finding.status == "not demonstrated"
    assert not figures.look.finding.is_point_above_limit


def test_erased_alerts_stay_in_the_rate():
    """The log remembers what they had turned out to be: 1 stored and 2 erased false alerts."""
    workplace = an_alerted_workplace()
    count_faces(workplace, 1000)
    decide_all(workplace, DISMISS)
    with workplace.open() as uow:
        details = {"reason": "age", "n_alerts": 2, "outcomes": {"unconfirmed_false": 2}}
        kind = EventKind.BIOMETRICS_ERASED
        uow.audit.append(AuditEvent(kind, workplace.clock.now(), "system", "d-1", details))
        uow.commit()

    assert LiveFigures(workplace, workplace.open).of("d-1").look.rate.count == 3


def test_figures_are_read_once_a_second():
    """However many look."""
    workplace = an_alerted_workplace()
    figures = LiveFigures(workplace, workplace.open)
    first = figures.of("d-1")
    count_faces(workplace, 50)

    assert figures.of("d-1") is first
    workplace.clock.at += FRESH_FOR
    assert figures.of("d-1").faces_seen == 50
    workplace.clock.at -= timedelta(hours=1)
    assert figures.of("d-1") is not first


def test_figures_of_no_deployment():
    """It is said that there is none."""
    workplace = an_alerted_workplace()

    with pytest.raises(RecordNotFoundError):
        LiveFigures(workplace, workplace.open).of("d-9")


def test_a_spell_of_looking_is_one_line():
    """R-70: who looked at which camera, from when; not four lines a second."""
    workplace = an_alerted_workplace()
    looks = PreviewLooks(workplace)

    for _ in range(5):
        looks.note("operator-1", "d-1", "north-camera")
        workplace.clock.at += SPELL_ENDS_AFTER - timedelta(seconds=1)
    looks.note("operator-1", "d-1", "south-camera")
    workplace.clock.at += SPELL_ENDS_AFTER
    looks.note("operator-1", "d-1", "north-camera")

    logged = events(workplace, EventKind.PREVIEW_VIEWED)
    assert [e.details["camera_id"] for e in logged] == [
        "north-camera",
        "south-camera",
        "north-camera",
    ]


def test_a_decision_is_in_the_next_figures():
    """What was counted before is read again once an alert has changed its state."""
    workplace = an_alerted_workplace()
    add_alert(workplace, alert_id="a-2")
    count_faces(workplace, 1000)
    decide_all(workplace, DISMISS)
    figures = LiveFigures(workplace, workplace.open)
    assert figures.of("d-1").look.rate.count == 1

    decide_all(workplace, DISMISS, alert_id="a-2")

    assert figures.of("d-1").look.rate.count == 2
