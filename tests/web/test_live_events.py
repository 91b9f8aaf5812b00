"""Live events: the log itself, so that nothing is lost and nothing told twice."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import a_desk

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.web import live_events
from overt.web.live_events import LogFollower
from overt.web.routes.events import _wanted

DECIDED = {"alert_id": "a-1", "decision_id": "x", "step": "operator", "verdict": "passed_on"}


@pytest.fixture
def desk(tmp_path):
    """Return a console with a live deployment."""
    return a_desk(tmp_path, g.live())


def raise_alert(desk, alert_id: str, deployment_id: str = "d-1") -> None:
    """Log an alert as a run does."""
    details = {
        "alert_id": alert_id,
        "entry_id": "e-1",
        "camera_id": "north-camera",
        "list_kind": "operational",
        "score": 0.97,
        "threshold": 0.93,
    }
    log(desk, EventKind.ALERT_RAISED, details, deployment_id)


def log(desk, kind, details, deployment_id="d-1") -> None:
    """Append an event and commit it."""
    with desk.store.unit_of_work() as uow:
        uow.audit.append(AuditEvent(kind, desk.clock.now(), SYSTEM_ACTOR, deployment_id, details))
        uow.commit()


def parsed(text: str) -> tuple[int, str, dict]:
    """Return number, kind and data of an event as a browser reads it."""
    fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
    return int(fields["id"]), fields["event"], json.loads(fields["data"])


async def heard(follower, n_events, *, after, wanted=lambda _: True, allowed=lambda: True, then=()):
    """Return the first events of a stream; ``then`` is done once it is open."""
    found = []
    waiting = list(then)
    stream = follower.stream(wanted, after=after, is_still_allowed=allowed)
    async for text in stream:
        if text.startswith("retry"):
            continue
        if text.startswith("id"):
            found.append(parsed(text))
        if len(found) == n_events:
            await stream.aclose()
            return found
        if waiting:
            waiting.pop(0)()
    return found


def following(desk, coroutine_of, *, within_s=10):
    """Run a coroutine beside a follower of the console's log."""
    follower = LogFollower(desk.store.reading)

    async def run():
        return await asyncio.wait_for(coroutine_of(follower), within_s)

    follower.start()
    try:
        return asyncio.run(run())
    finally:
        follower.stop()


def size(desk) -> int:
    """Return how many events the log has."""
    with desk.store.reading() as uow:
        return uow.audit.size()


def test_whoever_comes_back_is_told_what_they_missed_in_order(desk):
    """All since the last number they know, and nothing before it."""
    for number in range(5):
        raise_alert(desk, f"a-{number}")
    last_known = size(desk) - 4

    found = following(desk, lambda f: heard(f, 3, after=last_known))

    assert [data["alert_id"] for _, _, data in found] == ["a-2", "a-3", "a-4"]
    assert [seq for seq, _, _ in found] == [last_known + 1, last_known + 2, last_known + 3]


def test_what_comes_is_told_after_what_was_missed(desk):
    """No gap and no repetition where the two meet."""
    raise_alert(desk, "a-0")
    before = size(desk)

    async def run(follower):
        later = asyncio.get_running_loop().run_in_executor
        stream = follower.stream(lambda _: True, after=before - 2, is_still_allowed=lambda: True)
        found = []
        async for text in stream:
            if text.startswith("id"):
                found.append(parsed(text)[2]["alert_id"])
                if len(found) < 4:
                    await later(None, raise_alert, desk, f"a-{len(found)}")
            if len(found) == 4:
                await stream.aclose()
        return found

    assert following(desk, run) == ["a-0", "a-1", "a-2", "a-3"]


def test_a_number_beyond_the_log_tells_only_what_is_new(desk):
    """Whatever a browser claims to know."""

    async def run(follower):
        stream = follower.stream(lambda _: True, after=10**9, is_still_allowed=lambda: True)
        async for text in stream:
            if text.startswith("retry"):
                await asyncio.get_running_loop().run_in_executor(None, raise_alert, desk, "a-9")
            if text.startswith("id"):
                await stream.aclose()
                return parsed(text)
        return None

    assert following(desk, run)[2]["alert_id"] == "a-9"


def test_a_session_that_is_over_hears_nothing_more(desk):
    """The stream ends instead of telling."""
    answers = iter([True, False])

    async def run(follower):
        found = []
        stream = follower.stream(
            lambda _: True, after=size(desk) - 1, is_still_allowed=lambda: next(answers)
        )
        async for text in stream:
            if text.startswith("retry"):
                for name in ("a-1", "a-2"):
                    await asyncio.get_running_loop().run_in_executor(None, raise_alert, desk, name)
            if text.startswith("id"):
                found.append(parsed(text)[2]["alert_id"])
        return found

    assert following(desk, run) == ["a-1"]


def test_a_browser_that_does_not_keep_up_is_closed():
    """Its queue is bounded; it comes back with the last number it knows, and loses nothing."""
    stream = live_events._Stream(None, asyncio.Queue(2))
    events = [live_events.LiveEvent(n, EventKind.ALERT_RAISED, "d-1") for n in range(3)]

    stream._add(events)

    assert stream.waiting.get_nowait() is None


def test_events_hold_identifiers_and_codes_only(desk):
    """No score, reason, time or reference: those are fetched by whoever may."""
    raise_alert(desk, "a-1")

    ((_, kind, data),) = following(desk, lambda f: heard(f, 1, after=size(desk) - 2))

    assert kind == "AlertRaised"
    assert set(data) == {"kind", "alert_id", "list_kind", "camera_id"}


def an_event(kind=EventKind.ALERT_DECIDED, deployment_id="d-1", **details):
    """Return an event as a stream gets it."""
    return live_events.LiveEvent(1, kind, deployment_id, {**DECIDED, **details})


@pytest.mark.parametrize(
    ("role", "event", "is_told"),
    [
        (Role.OPERATOR, an_event(EventKind.ALERT_RAISED), True),
        (Role.ENGAGEMENT_OFFICER, an_event(EventKind.ALERT_RAISED), False),
        (Role.ENGAGEMENT_OFFICER, an_event(verdict="dismissed"), False),
        (Role.ENGAGEMENT_OFFICER, an_event(), True),
        (Role.SYSTEM_ENGINEER, an_event(EventKind.ALERT_RAISED), False),
        (Role.SYSTEM_ENGINEER, an_event(), False),
        (Role.SYSTEM_ENGINEER, an_event(EventKind.CAMERA_LOST), True),
        (Role.AUTHORISING_OFFICER, an_event(EventKind.LIMIT_STATUS_CHANGED), True),
        (Role.OPERATOR, an_event(EventKind.ALERT_RAISED, deployment_id="d-2"), False),
    ],
)
def test_each_role_hears_what_is_theirs(role, event, is_told):
    """An officer hears of an alert once it is passed on; an engineer of none (R-32)."""
    assert _wanted("d-1", frozenset({role}))(event) is is_told


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.APPLICANT, Role.AUDITOR, Role.EVALUATOR])
def test_others_may_not_listen(desk, role):
    """The stream is for those who work on the live deployment."""
    with desk.browser(role) as browser:
        assert browser.get("/live/d-1/events").status_code == 403
