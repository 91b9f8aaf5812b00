"""Looking for events in the log, on the store in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.databases import BUSY_S, sql_store
from contract.records import NOW
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.testing import FakeStore

SECOND = timedelta(seconds=1)
REFUSED, DENIED, CHANGED = (
    EventKind.DEPLOYMENT_REFUSED,
    EventKind.ACCESS_DENIED,
    EventKind.SETTING_CHANGED,
)
EVENTS = (
    AuditEvent(REFUSED, NOW, "actor-1", "d-1", {"reason": "too long"}),
    AuditEvent(DENIED, NOW + SECOND, "actor-2", "d-1", {"action": "look", "code": "role.no"}),
    AuditEvent(DENIED, NOW + 2 * SECOND, "actor-1", None, {"action": "go", "code": "rank.low"}),
    # Its details have the names of a line's own fields.
    AuditEvent(
        CHANGED,
        NOW + 3 * SECOND,
        "actor-1",
        None,
        {"setting": "x", "old": {"kind": "AccessDenied", "deployment_id": "d-1"}, "new": 'say "a"'},
    ),
    AuditEvent(REFUSED, NOW + 4 * SECOND, "actor-2", "d-2", {"reason": "größer als 9"}),
)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request):
    """Return a store with five events."""
    if request.param == "memory":
        store = FakeStore(busy_s=BUSY_S)
    else:
        store = sql_store(request.getfixturevalue(f"new_{request.param}")())
    with store.unit_of_work() as uow:
        for event in EVENTS:
            uow.audit.append(event)
        uow.commit()
    return store


def numbers(store, wanted, **edges):
    """Return the numbers of what is found, in its order."""
    with store.reading() as uow:
        return [logged.seq for logged in uow.audit.search(wanted, **edges)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AuditSearch(), [4, 3, 2, 1, 0]),
        (AuditSearch(kinds=frozenset({DENIED})), [2, 1]),
        (AuditSearch(kinds=frozenset({DENIED, CHANGED})), [3, 2, 1]),
        (AuditSearch(actor_id="actor-2"), [4, 1]),
        (AuditSearch(actor_id="actor"), []),
        (AuditSearch(deployment_id="d-1"), [1, 0]),
        (AuditSearch(deployment_id="d-1", kinds=frozenset({DENIED})), [1]),
        (AuditSearch(since=NOW + SECOND, until=NOW + 3 * SECOND), [2, 1]),
        (AuditSearch(since=NOW + timedelta(seconds=2.5)), [4, 3]),
        (AuditSearch(text="rank.l"), [2]),
        (AuditSearch(text='say "a'), [3]),
        (AuditSearch(text="größer"), [4]),
        (AuditSearch(text="nowhere"), []),
    ],
)
def test_only_what_fits_is_found_newest_first(store, wanted, found):
    """Each condition narrows; a detail that looks like a field of the line is none."""
    assert numbers(store, wanted) == found


def test_pages_hang_together(store):
    """What follows a page is what lies before its last number, and back again."""
    denied_or_refused = AuditSearch(kinds=frozenset({DENIED, REFUSED}))

    assert numbers(store, denied_or_refused, limit=2) == [4, 2]
    assert numbers(store, denied_or_refused, before=2, limit=2) == [1, 0]
    assert numbers(store, denied_or_refused, after=0, limit=2) == [2, 1]
    assert numbers(store, denied_or_refused, after=4) == []


def test_lines_that_only_look_right_do_not_end_the_search(store):
    """The page is filled although the newest line with the mark is of another kind."""
    assert numbers(store, AuditSearch(kinds=frozenset({DENIED})), limit=1) == [2]
