"""Requests beyond what people make are refused, and only those."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from overt.web.rate_limit import OF_SESSION, OF_SIGN_IN, Buckets, Limit, RateLimit


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


def test_ways_to_the_forces_own_service_from_one_address_are_few():
    """Each takes a place in memory; whoever fills it would throw others out."""
    client = limited()
    many = range(int(OF_SIGN_IN.at_once) + 1)
    statuses = [client.get("/sign-in/provider").status_code for _ in many]

    assert statuses[-2:] == [200, 429]
    assert client.get("/sign-in").status_code == 200
