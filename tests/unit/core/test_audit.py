"""Events and their lines (R-70)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given, strategies as st

from overt.core.audit import (
    FIRST_PREVIOUS_HASH,
    MAX_LINE_BYTES,
    LoggedEvent,
    check_event,
    line_of,
    log_line,
    parse_line,
    read_line,
)
from overt.core.audit_events import EVENT_FIELDS, EventKind
from overt.errors import AuditChainBrokenError, AuditEventInvalidError, PersonalDataInLogError
from unit.core.audit_lines import START, a_log, an_event

LINE = (
    b'{"actor_id":"actor_7","deployment_id":"deployment_3","details":{"alert_id":"alert_0",'
    b'"decision_id":"decision_0","step":"operator","verdict":"dismissed"},"kind":"AlertDecided",'
    b'"occurred_at":"2026-03-01T09:00:00.000000Z","previous_hash":"' + b"0" * 64 + b'","seq":0}'
)


def test_a_line_is_canonical_json_with_its_number_and_the_hash_before():
    """This is what stands in the file for good; a change here breaks every log."""
    assert log_line(0, an_event(), FIRST_PREVIOUS_HASH) == LINE


def test_a_line_is_read_back():
    """With the leaf hash of RFC 6962: SHA-256 of a zero byte and the line."""
    assert parse_line(LINE, 0) == LoggedEvent(
        0, an_event(), FIRST_PREVIOUS_HASH, sha256(b"\x00" + LINE).digest()
    )
    assert line_of(parse_line(LINE, 0)) == LINE


@given(
    st.integers(0, 2**53 - 1),
    st.datetimes(timezones=st.just(START.tzinfo)),
    st.text(min_size=1, max_size=30).filter(
        lambda t: not any("\ud800" <= c <= "\udfff" for c in t)
    ),
    st.none() | st.just("d"),
    st.floats(allow_nan=False, allow_infinity=False) | st.lists(st.integers(0, 9), max_size=8),
    st.binary(min_size=32, max_size=32),
)
def test_any_event_is_read_back(seq, time, actor_id, deployment_id, extra, previous):
    """Times before the year 1000 and huge floats included."""
    event = an_event(occurred_at=time, actor_id=actor_id, deployment_id=deployment_id)
    event = replace(event, details={**event.details, "extra": extra})
    line = log_line(seq, event, previous)

    assert line_of(parse_line(line, seq)) == line
    assert parse_line(line, seq).event == event


def test_what_is_frozen_stays():
    """Changing the mapping afterwards does not change the event."""
    details = {"reason": "x", "unmet": ["R-13"], "more": {"a": [1]}}
    event = an_event(kind=EventKind.DEPLOYMENT_ENDED, details=details)
    details["unmet"].append("R-14")
    details["more"]["a"].append(2)

    assert event.details == {"reason": "x", "unmet": ("R-13",), "more": {"a": (1,)}}


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": ""},
        {"actor_id": ""},
        {"deployment_id": ""},
        {"occurred_at": datetime(2026, 3, 1, 9, 0)},
        {"occurred_at": START.astimezone(timezone(timedelta(hours=1)))},
    ],
)
def test_what_no_line_can_hold_is_no_event(changes):
    """An actor, a kind, an aware UTC time."""
    with pytest.raises(AuditEventInvalidError):
        an_event(**changes)


def test_the_list_of_kinds_is_closed():
    """A decision without a name of its own cannot be logged."""
    with pytest.raises(AuditEventInvalidError, match="no event called SomethingHappened"):
        log_line(0, an_event(kind="SomethingHappened"), FIRST_PREVIOUS_HASH)


def test_a_kind_given_as_its_name_is_the_same_kind():
    """``EventKind`` is a text."""
    assert log_line(0, an_event(kind="AlertDecided"), FIRST_PREVIOUS_HASH) == LINE


def test_what_a_kind_always_has_must_be_there():
    """R-71: a figure can be computed only from what every event of a kind holds."""
    event = an_event(details={"alert_id": "alert_1", "step": "operator"})

    with pytest.raises(AuditEventInvalidError, match="lack decision_id, verdict"):
        check_event(event)


def test_an_event_with_a_face_is_refused():
    """R-31."""
    event = an_event()
    event = replace(event, details={**event.details, "values": [0.25] * 128})

    with pytest.raises(PersonalDataInLogError, match="128 numbers"):
        log_line(0, event, FIRST_PREVIOUS_HASH)


def test_a_line_has_a_greatest_length():
    """So that a reader knows how much to read at once."""
    texts = {f"reason_{n}": "because " * 500 for n in range(9)}
    event = an_event(kind=EventKind.DEPLOYMENT_ENDED, details={"reason": "", **texts})

    with pytest.raises(AuditEventInvalidError, match=str(MAX_LINE_BYTES)):
        log_line(0, event, FIRST_PREVIOUS_HASH)


def test_every_kind_has_fields_and_a_name_in_the_past_tense():
    """No kind without its entry, none without a field, none with a forbidden field."""
    assert EVENT_FIELDS.keys() == set(EventKind)
    for kind, fields in EVENT_FIELDS.items():
        assert len(set(fields)) == len(fields) > 0
        check_event(an_event(kind=kind, details=dict.fromkeys(fields, 1)))


def changed(**changes: object) -> bytes:
    """Return the line with other values, in canonical order."""
    document = json.loads(LINE) | changes
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        b'{"seq":0}',
        b"\xff",
        b"[" * 5000,
        LINE + b" ",
        LINE.replace(b":", b": ", 1),
        LINE.replace(b"}", b',"x":1}', 1)[::-1],
        changed(more=1),
        changed(seq=-1),
        changed(seq=True),
        changed(seq="0"),
        changed(seq=0.5),
        changed(seq=2**53),
        changed(seq=10**400),
        changed(details=[]),
        changed(details={"a": 10**400}),
        changed(kind=None),
        changed(kind=""),
        changed(actor_id=1),
        changed(deployment_id=0),
        changed(deployment_id=""),
        changed(occurred_at="2026-03-01T09:00:00Z"),
        changed(occurred_at="2026-03-01T09:00:00.000000"),
        changed(occurred_at="2026-03-01T09:00:00.000000+00:00"),
        changed(occurred_at="2026-02-30T09:00:00.000000Z"),
        changed(previous_hash="0" * 63),
        changed(previous_hash="A" * 64),
        changed(previous_hash=None),
    ],
)
def test_what_is_no_line_is_not_read_as_one(line):
    """There is one way to write an event, and no other is accepted."""
    assert read_line(line) is None
    with pytest.raises(AuditChainBrokenError, match="event 0: its line was changed"):
        parse_line(line, 0)


def test_a_line_in_another_place_is_not_read():
    """Row 3 must hold event 3."""
    with pytest.raises(AuditChainBrokenError, match="event 3: event 2 stands here") as caught:
        parse_line(a_log(3)[2], 3)

    assert caught.value.fields["seq"] == 3


def test_lines_of_another_release_are_read():
    """A log stays verifiable when the list of kinds or of fields changes."""
    assert read_line(changed(kind="SomethingNew", details={})).event.kind == "SomethingNew"
