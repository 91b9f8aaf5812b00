"""Live events: the log itself, so that nothing is lost and nothing told twice."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from time import monotonic, sleep

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import a_desk

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.web import live_events
from overt.web.listeners import MOST_OF_ONE, Listeners
from overt.web.live_events import LogFollower
from overt.web.routes.events import _number, _wanted

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


def streamed_while(desk, role, *then):
    """Return what a browser was told until its stream ended; ``then`` is done once it listens."""
    with desk.browser(role) as browser:
        follower, answers = browser.app.state.follower, []
        thread = threading.Thread(
            target=lambda: answers.append(browser.get("/live/d-1/events")), daemon=True
        )
        thread.start()
        wait_until(lambda: follower.n_streams == 1)
        for each in then:
            each()
        thread.join(10)
    return answers[0]


def wait_until(is_so, within_s=10):
    """Wait for something that another thread does."""
    ends_at = monotonic() + within_s
    while not is_so():
        assert monotonic() < ends_at
        sleep(0.01)


@pytest.mark.parametrize("roles", [{Role.AUDITOR}, {Role.SYSTEM_ENGINEER}])
def test_a_stream_ends_where_its_account_has_other_roles(desk, roles):
    """What is told depends on them, so that whoever lost one hears of no alert more (R-36)."""

    def change():
        with desk.store.unit_of_work() as uow:
            uow.actors.save(replace(uow.actors.get(g.OPERATOR.actor_id), roles=frozenset(roles)))
            uow.commit()

    answer = streamed_while(desk, Role.OPERATOR, change, lambda: raise_alert(desk, "a-1"))

    assert answer.status_code == 200
    assert "a-1" not in answer.text


def test_a_stream_ends_where_its_session_was_ended(desk):
    """No alert is told any more."""

    def end():
        with desk.store.unit_of_work() as uow:
            uow.sessions.revoke_of(g.OPERATOR.actor_id, desk.clock.now())
            uow.commit()

    answer = streamed_while(desk, Role.OPERATOR, end, lambda: raise_alert(desk, "a-1"))

    assert "a-1" not in answer.text


@pytest.mark.parametrize("number", ["9" * 5000, "-1", "x", "1" * 19, "\u0663"])
def test_a_number_that_is_none_begins_now(desk, number):
    """Whatever a browser sends as the last event that it knows."""
    assert _number(number, None) is None
    assert _number(number, 7) == 7


def test_events_that_are_not_told_do_not_keep_a_stream_from_being_asked(desk, monkeypatch):
    """The line is kept open, and whoever was signed out is noticed, however much others do."""
    monkeypatch.setattr(live_events, "KEEP_ALIVE_S", 0.2)

    async def run(follower):
        stream = follower.stream(
            lambda _: False, after=None, is_still_allowed=iter([True, False]).__next__
        )
        run_in = asyncio.get_running_loop().run_in_executor
        is_over = asyncio.Event()

        async def others():
            while not is_over.is_set():
                await run_in(None, raise_alert, desk, "a-9", "d-2")
                await asyncio.sleep(0.05)

        busy = asyncio.create_task(others())
        told = [text async for text in stream]
        is_over.set()
        await busy
        return told

    assert following(desk, run) == ["retry: 1000\n\n", ": still here\n\n"]


def test_the_oldest_stream_of_a_session_gives_way():
    """Whoever opens thousands has a few; a line that broke unnoticed keeps nobody out."""
    listeners, closed = Listeners(), []
    with ExitStack() as stack:
        for n in range(MOST_OF_ONE + 2):
            stack.enter_context(listeners.of("one")(partial(closed.append, n)))
        stack.enter_context(listeners.of("another")(partial(closed.append, "other")))

        assert closed == [0, 1]

    with ExitStack() as stack:
        for n in range(MOST_OF_ONE):
            stack.enter_context(listeners.of("one")(partial(closed.append, f"again {n}")))

        assert closed == [0, 1]


def test_a_stream_that_gives_way_ends(desk):
    """The others of its session go on."""

    async def run(follower):
        listeners, allowed = Listeners(), {"after": None, "is_still_allowed": lambda: True}
        streams = [
            follower.stream(lambda _: True, **allowed, one_more=listeners.of("one"))
            for _ in range(MOST_OF_ONE + 1)
        ]
        for stream in streams:
            await anext(stream)
        told = [text async for text in streams[0]]
        n_open = follower.n_streams
        for stream in streams[1:]:
            await stream.aclose()
        return told, n_open

    assert following(desk, run) == ([], MOST_OF_ONE)


def test_whoever_follows_in_the_service_hears_of_each_event_once(desk):
    """Such as of a purge, after which nothing of the list may stay in memory."""
    heard = []
    follower = LogFollower(desk.store.reading, heard.append)
    follower.start()
    try:
        log(desk, EventKind.DEPLOYMENT_PURGED, {"n_rows": 1, "n_files": 0})
        until = time.monotonic() + 5
        while not heard and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        follower.stop()

    assert [(event.kind, event.deployment_id) for event in heard] == [
        (EventKind.DEPLOYMENT_PURGED, "d-1")
    ]
