"""Requests beyond what people make are refused, and only those."""

from __future__ import annotations

import asyncio

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from overt.web.rate_limit import (
    AT_ONCE,
    OF_FORMS,
    OF_SESSION,
    OF_SIGN_IN,
    Buckets,
    Limit,
    RateLimit,
)


class Hand:
    """A clock that a test moves."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_bucket_gives_what_it_holds_and_fills_by_itself():
    """Three at once, then one every two seconds."""
    clock, limit = Hand(), Limit(per_s=0.5, at_once=3)
    buckets = Buckets(clock)

    assert [buckets.take("a", limit) for _ in range(4)] == [0, 0, 0, 2]
    clock.at = 1.5
    assert buckets.take("a", limit) == pytest.approx(0.5)
    clock.at = 2.0
    assert buckets.take("a", limit) == 0
    assert buckets.take("b", limit) == 0


def test_a_bucket_never_holds_more_than_its_limit():
    """However long the pause."""
    clock, limit = Hand(), Limit(per_s=10, at_once=2)
    buckets = Buckets(clock)
    buckets.take("a", limit)
    clock.at = 1e6

    assert [buckets.take("a", limit) == 0 for _ in range(3)] == [True, True, False]


def test_what_came_to_nothing_is_given_back():
    """Once, and never beyond what the bucket holds or to somebody unknown."""
    buckets, limit = Buckets(Hand()), Limit(per_s=0.5, at_once=2)
    buckets.take("a", limit)
    for _ in range(3):
        buckets.give_back("a", limit)
        buckets.give_back("b", limit)

    assert [buckets.take("a", limit) for _ in range(3)] == [0, 0, 2]
    assert [buckets.take("b", limit) for _ in range(3)] == [0, 0, 2]


def limited() -> TestClient:
    """Return a client of an application that always answers, behind a limit whose clock stands."""

    async def answers(scope, receive, send) -> None:
        await PlainTextResponse("here")(scope, receive, send)

    return TestClient(RateLimit(answers, Buckets(Hand())), base_url="http://console.test")


def test_a_session_that_asks_without_end_is_told_to_wait():
    """429 with the time to wait; another session goes on."""
    client = limited()
    client.cookies.set("overt", "one")
    statuses = [client.get("/").status_code for _ in range(int(OF_SESSION.at_once) + 1)]
    refused = client.get("/")
    client.cookies.set("overt", "another")

    assert statuses[-2:] == [200, 429]
    assert refused.json()["code"] == "request.too_many"
    assert int(refused.headers["retry-after"]) >= 1
    assert client.get("/").status_code == 200


def test_sign_ins_from_one_address_are_few():
    """Whoever tries many accounts is slowed down, whatever each account's lock does."""
    client = limited()
    statuses = [client.post("/sign-in").status_code for _ in range(int(OF_SIGN_IN.at_once) + 1)]

    assert statuses[-2:] == [200, 429]
    assert client.get("/sign-in").status_code == 200


@pytest.mark.parametrize(
    ("addresses", "is_one"),
    [
        (("192.0.2.7", "192.0.2.8"), False),
        (("2001:db8::1", "2001:db8::ffff:1"), True),
        (("2001:db8:0:1::1", "2001:db8:0:2::1"), False),
        (("::ffff:192.0.2.7", "::ffff:192.0.2.8"), False),
        (("unknown", "unknown"), True),
    ],
)
def test_a_household_asks_as_one(addresses, is_one):
    """Of version 6, whoever has one address may take any of 2^64."""

    async def answers(scope, receive, send) -> None:
        await PlainTextResponse("here")(scope, receive, send)

    limit = RateLimit(answers, Buckets(Hand()))
    first, second = (TestClient(limit, client=(address, 1)) for address in addresses)
    statuses = [first.post("/public/ask").status_code for _ in range(int(OF_FORMS.at_once))]

    assert statuses == [200] * int(OF_FORMS.at_once)
    assert second.post("/public/complain").status_code == (429 if is_one else 200)


def test_ways_to_the_forces_own_service_from_one_address_are_few():
    """Each takes a place in memory; whoever fills it would throw others out."""
    client = limited()
    many = range(int(OF_SIGN_IN.at_once) + 1)
    statuses = [client.get("/sign-in/provider").status_code for _ in many]

    assert statuses[-2:] == [200, 429]
    assert client.get("/sign-in").status_code == 200


class Slow:
    """An application that answers when it is told to, and counts what it works on."""

    def __init__(self, *, streams=False) -> None:
        self.streams, self.go = streams, asyncio.Event()
        self.n_now = self.n_most = 0

    async def __call__(self, scope, receive, send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": []}
        self.n_now += 1
        self.n_most = max(self.n_most, self.n_now)
        if self.streams:
            await send(start)
        await self.go.wait()
        self.n_now -= 1
        if not self.streams:
            await send(start)
        await send({"type": "http.response.body"})


def most_at_once(n_requests, cookie, *, streams=False, n_left=0) -> int:
    """Return how many requests of a session were worked on at once; all but some are answered."""

    async def run():
        app, statuses = Slow(streams=streams), []

        async def send(message) -> None:
            statuses.append(message.get("status", 0))

        limit = RateLimit(app, Buckets(Hand()))
        headers = [(b"cookie", f"overt={cookie}".encode())] if cookie else []
        scope = {"type": "http", "method": "GET", "path": "/x", "headers": headers}
        scope |= {"scheme": "http", "server": ("console.test", 80), "query_string": b""}
        tasks = [asyncio.create_task(limit(dict(scope), None, send)) for _ in range(n_requests)]
        await asyncio.sleep(0.02)
        for task in tasks[:n_left]:
            task.cancel()
        app.go.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert statuses.count(200) == n_requests - n_left
        assert limit._turns == {}
        return app.n_most

    return asyncio.run(run())


def test_a_session_has_a_few_requests_worked_on_at_once():
    """Each takes a thread; those beyond wait, and all are answered."""
    assert most_at_once(AT_ONCE + 5, "one") == AT_ONCE


def test_whoever_leaves_gives_the_turn_back():
    """A tab that was closed keeps no other from its answer."""
    assert most_at_once(AT_ONCE + 5, "one", n_left=3) == AT_ONCE


@pytest.mark.parametrize(("cookie", "streams"), [("", False), ("one", True)])
def test_strangers_and_streams_wait_for_nobody(cookie, streams):
    """Strangers are answered quickly or not at all; a stream that has begun takes no thread."""
    assert most_at_once(AT_ONCE + 5, cookie, streams=streams) == AT_ONCE + 5
