"""The store's port for what people ask: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from contract.databases import BUSY_S, sql_store
from contract.records import NOW, a_deployment
from overt.core.public_request import (
    AnswerCode,
    Channel,
    CloseCode,
    PublicRequest,
    RequestKind,
    RequestState,
)
from overt.errors import RecordConflictError, RecordNotFoundError, StoreUnavailableError
from overt.testing import FakeStore

DAY = timedelta(days=1)


def a_request(request_id: str = "request-1", **changes: Any) -> PublicRequest:
    """Return a question as received; its receipt's digest is its own."""
    values = {
        "receipt_sha256": request_id.rjust(64, "0"),
        "kind": RequestKind.WAS_LISTED,
        "channel": Channel.PUBLIC_PAGE,
        "state": RequestState.RECEIVED,
        "received_at": NOW,
        "received_by": None,
        "due_at": NOW + 28 * DAY,
    }
    return PublicRequest(request_id, **(values | changes))


WHOLE = a_request(
    channel=Channel.LETTER,
    kind=RequestKind.COMPLAINT,
    received_by="actor-1",
    acknowledge_due_at=NOW + 10 * DAY,
    deployment_id="deployment-1",
    concerns_on=date(2026, 3, 1),
    acknowledged_at=NOW + DAY,
    identity_checked_at=NOW + DAY,
    identity_checked_by="actor-2",
    state=RequestState.CLOSED,
    answer_code=AnswerCode.PARTLY_UPHELD,
    answered_at=NOW + 2 * DAY,
    answered_by="actor-2",
    close_code=CloseCode.ANSWERED,
    closed_at=NOW + 3 * DAY,
    closed_by="actor-2",
    erase_due_at=NOW + 90 * DAY,
    erased_at=NOW + 90 * DAY,
)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request):
    """Return a store with a deployment."""
    if request.param == "memory":
        found = FakeStore(busy_s=BUSY_S)
    else:
        found = sql_store(request.getfixturevalue(f"new_{request.param}")())
    with found.unit_of_work() as unit:
        unit.deployments.add(a_deployment("deployment-1"))
        unit.commit()
    return found


def keep(store, *requests: PublicRequest) -> None:
    """Add requests, each with its words."""
    with store.unit_of_work() as unit:
        for request in requests:
            unit.requests.add(request)
            unit.request_texts.put(request.request_id, "words", b"Was I listed?")
        unit.commit()


@pytest.mark.parametrize("request_as_kept", [a_request(), WHOLE], ids=["new", "whole"])
def test_what_is_kept_comes_back(store, request_as_kept):
    """Every field, set or not; by identifier and by receipt."""
    keep(store, request_as_kept)
    with store.reading() as unit:
        assert unit.requests.get("request-1") == request_as_kept
        assert unit.requests.of_receipt("request-1".rjust(64, "0")) == request_as_kept
        assert unit.requests.of_receipt("2" * 64) is None


def test_a_request_is_replaced(store):
    """As read and then changed; one that is not there is not made."""
    keep(store, a_request())
    with store.unit_of_work() as unit:
        unit.requests.save(replace(a_request(), acknowledged_at=NOW))
        unit.commit()
    with store.unit_of_work() as unit:
        assert unit.requests.get("request-1").acknowledged_at == NOW
        with pytest.raises(RecordNotFoundError):
            unit.requests.save(a_request("request-2"))
        with pytest.raises(RecordNotFoundError):
            unit.requests.get("request-2")


@pytest.mark.parametrize(
    "second",
    [
        a_request(),
        a_request("request-2", receipt_sha256=a_request().receipt_sha256),
        a_request("request-2", deployment_id="deployment-9"),
    ],
    ids=["identifier", "receipt", "deployment"],
)
def test_nothing_is_there_twice_or_about_nothing(store, second):
    """An identifier, a receipt, a deployment that is not there."""
    keep(store, a_request())
    with store.unit_of_work() as unit:
        with pytest.raises(RecordConflictError):
            unit.requests.add(second)
        with pytest.raises(StoreUnavailableError):
            unit.commit()


def test_lists_are_by_deadline(store):
    """Open, answered, closed; of those closed only the latest."""
    answered = {"state": RequestState.ANSWERED}
    closed = {"state": RequestState.CLOSED}
    keep(
        store,
        a_request("late", due_at=NOW + 3 * DAY),
        a_request("soon", due_at=NOW + DAY),
        a_request("told", **answered),
        a_request("gone-1", closed_at=NOW, **closed),
        a_request("gone-2", closed_at=NOW + DAY, **closed),
        a_request("gone-3", closed_at=NOW + 2 * DAY, **closed),
    )
    with store.reading() as unit:
        assert [r.request_id for r in unit.requests.open()] == ["soon", "late"]
        assert [r.request_id for r in unit.requests.answered()] == ["told"]
        assert [r.request_id for r in unit.requests.closed(2)] == ["gone-3", "gone-2"]


def test_what_must_be_gone_is_found(store):
    """From its time on, and no more once it is gone."""
    closed = {"state": RequestState.CLOSED, "closed_at": NOW}
    keep(
        store,
        a_request("due", erase_due_at=NOW + DAY, **closed),
        a_request("earlier", erase_due_at=NOW, **closed),
        a_request("later", erase_due_at=NOW + 2 * DAY, **closed),
        a_request("done", erase_due_at=NOW, erased_at=NOW, **closed),
        a_request("open"),
    )
    with store.reading() as unit:
        due = unit.requests.erase_due(NOW + DAY)
    assert [r.request_id for r in due] == ["earlier", "due"]


def test_texts_come_back_by_kind(store):
    """Each under the key of its own request; nothing where there is none."""
    keep(store, a_request(), a_request("request-2"))
    with store.unit_of_work() as unit:
        digest = unit.request_texts.put("request-1", "answer", b"No.")
        unit.commit()
    with store.reading() as unit:
        assert unit.request_texts.get("request-1", "words") == b"Was I listed?"
        assert unit.request_texts.get("request-1", "answer") == b"No."
        assert unit.request_texts.get("request-2", "answer") is None
        assert len(list(unit.request_texts.ciphertexts("request-1"))) == 3
    assert len(digest) == 64


@pytest.mark.parametrize("place", [("request-1", "words"), ("request-9", "words")])
def test_a_text_is_put_once_and_for_a_request(store, place):
    """What somebody wrote is not written over."""
    keep(store, a_request())
    with store.unit_of_work() as unit, pytest.raises(RecordConflictError):
        unit.request_texts.put(*place, b"something else")


def test_erasing_takes_texts_and_key(store):
    """Only those of one request; a second time changes nothing."""
    keep(store, a_request(), a_request("request-2"))
    with store.unit_of_work() as unit:
        assert unit.request_texts.erase("request-1") == 1
        assert unit.request_texts.erase("request-1") == 0
        unit.commit()
    with store.reading() as unit:
        assert unit.request_texts.get("request-1", "words") is None
        assert list(unit.request_texts.ciphertexts("request-1")) == []
        assert unit.request_texts.get("request-2", "words") == b"Was I listed?"
