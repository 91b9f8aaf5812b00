"""An auditor looks for events: by page, and every look is logged (R-35, R-70)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.core.roles import Actor, Role
from overt.errors import RecordNotFoundError, RoleForbiddenError
from overt.services.search_audit import PAGE, Edge, read_event, search_audit
from overt.services.workplace import Workplace
from overt.testing import FakeClock, FakeIds, FakeStore
from unit.core.audit_lines import an_event

N_EVENTS = 120
ENDED = frozenset({EventKind.DEPLOYMENT_ENDED})
EVERY_THIRD = range(0, N_EVENTS, 3)


@pytest.fixture
def place():
    """Return a store with a log, its workplace and its readers."""
    store = FakeStore()
    with store.unit_of_work() as uow:
        uow.actors.save(Actor("auditor-1", frozenset({Role.AUDITOR})))
        uow.actors.save(Actor("operator-1", frozenset({Role.OPERATOR})))
        for number in range(N_EVENTS):
            kind = EventKind.DEPLOYMENT_ENDED if number in EVERY_THIRD else EventKind.ALERT_DECIDED
            details = {**an_event(number).details, "reason": "the authority ended"}
            uow.audit.append(an_event(number, kind=kind, details=details))
        uow.commit()
    workplace = Workplace(store.unit_of_work, FakeClock(), FakeIds(), policies=None)
    return SimpleNamespace(workplace=workplace, reading=store.reading)


def look(place, wanted=AuditSearch(), actor_id="auditor-1", **edge):  # noqa: B008 - frozen
    """Return what is found."""
    return search_audit(place.workplace, place.reading, actor_id, wanted, Edge(**edge))


def last_event(place):
    """Return the latest event."""
    with place.reading() as uow:
        return uow.audit.read(uow.audit.size() - 1)[0].event


def test_pages_lead_through_the_whole_log_and_back(place):
    """120 events are three pages of 50; none is left out, none comes twice."""
    newest = look(place)
    older = look(place, before=newest.events[-1].seq)
    oldest = look(place, before=older.events[-1].seq)
    again = look(place, after=oldest.events[0].seq)

    pages = (newest, older, oldest)
    assert [page.events[0].seq for page in pages] == [119, 69, 19]
    assert [len(page.events) for page in pages] == [PAGE, PAGE, 20]
    assert [page.has_older for page in pages] == [True, True, False]
    assert [page.has_newer for page in pages] == [False, True, True]
    assert again.events == older.events
    assert (again.has_older, again.has_newer) == (True, True)


def test_the_look_is_logged_with_the_numbers_that_were_seen(place):
    """R-35: when and where an alert was raised is personal data too."""
    found = look(place, AuditSearch(kinds=ENDED))

    assert [logged.seq for logged in found.events] == list(EVERY_THIRD)[::-1]
    event = last_event(place)
    assert (event.kind, event.actor_id) == ("PersonalDataViewed", "auditor-1")
    assert event.details == {"what": "audit_log", "row_id": "0-117"}


def test_what_finds_nothing_is_no_look(place):
    """Nothing was seen."""
    assert look(place, AuditSearch(text="nowhere")).events == ()
    assert last_event(place).kind != "PersonalDataViewed"


def test_one_event_is_read_and_the_look_logged(place):
    """With its own number."""
    assert read_event(place.workplace, place.reading, "auditor-1", 7).seq == 7
    assert last_event(place).details["row_id"] == "7-7"


def test_an_event_that_is_none_is_not_found(place):
    """The log ends somewhere."""
    with pytest.raises(RecordNotFoundError):
        read_event(place.workplace, place.reading, "auditor-1", 120)


@pytest.mark.parametrize("read", [look, lambda place, actor_id: read_event(
    place.workplace, place.reading, actor_id, 0
)])  # fmt: skip
def test_nobody_else_may_look(place, read):
    """The refusal is logged."""
    with pytest.raises(RoleForbiddenError):
        read(place, actor_id="operator-1")

    event = last_event(place)
    assert (event.kind, event.actor_id) == ("AccessDenied", "operator-1")
