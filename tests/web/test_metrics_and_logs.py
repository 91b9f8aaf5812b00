"""Numbers and lines about the service: counts and identifiers, never a person."""

from __future__ import annotations

import json

import pytest
import structlog
from tests.unit.core import governed as g
from tests.web.consoles import PEOPLE, a_desk

from overt.core.roles import Role
from overt.web.access import allow_public


@pytest.fixture
def desk(tmp_path):
    """Return a console whose metrics another machine may read with a token."""
    return a_desk(tmp_path, metrics_token="a-long-token")


def metrics(desk, **headers) -> tuple[int, str]:
    """Return what is answered to somebody who asks for the numbers."""
    with desk.browser(**headers) as browser:
        answer = browser.get("/metrics")
    return answer.status_code, answer.text


def test_the_numbers_need_the_token(desk):
    """Nobody else may read them."""
    assert metrics(desk)[0] == 403
    assert metrics(desk, authorization="Bearer another")[0] == 403
    assert metrics(desk, authorization="Bearer a-long-token")[0] == 200


def test_without_a_token_only_this_machine_may(tmp_path):
    """The test client is no address of this machine."""
    assert metrics(a_desk(tmp_path))[0] == 403


def test_the_numbers_count_requests_by_route(desk):
    """A route's pattern, never the address that was asked for."""
    with desk.browser(Role.OPERATOR, authorization="Bearer a-long-token") as browser:
        browser.get("/observe/d-1/live.json")
        text = browser.get("/metrics").text

    route = "/observe/{deployment_id}/live.json"
    assert f'overt_requests_total{{method="GET",route="{route}",status="404"}} 1.0' in text
    assert "d-1" not in text
    assert "overt_purge_worker_healthy 1.0" in text
    assert not any(actor.actor_id in text for actor in g.EVERYONE)


def test_a_line_a_request_with_its_number_and_nobody(desk):
    """The same number stands in the answer's header."""
    with (
        structlog.testing.capture_logs() as lines,
        desk.browser(Role.OPERATOR, **{"x-request-id": "abc-1"}) as browser,
    ):
        answer = browser.get("/account")

    (line,) = [line for line in lines if line["event"] == "request"]
    assert answer.headers["x-request-id"] == line["request_id"] == "abc-1"
    assert (line["route"], line["status"], line["method"]) == ("/account", 200, "GET")
    assert PEOPLE[Role.OPERATOR].actor_id not in json.dumps(line)


def test_a_mistake_is_answered_in_the_one_shape_and_its_words_are_nowhere(desk):
    """500; the line names kind and place, not what was at hand."""
    with structlog.testing.capture_logs() as lines, desk.browser(Role.OPERATOR) as browser:

        @browser.app.get("/mistake")
        @allow_public
        def mistake() -> None:
            raise ValueError("somebody's name")

        page = browser.get("/mistake")
        answer = browser.get("/mistake", headers={"accept": "application/json"})

    assert (page.status_code, "This was not done" in page.text) == (500, True)
    assert (answer.status_code, answer.json()["code"]) == (500, "request.failed")
    failed, _ = [line for line in lines if line["event"] == "failed"]
    assert failed["error"] == "ValueError"
    assert any("test_metrics_and_logs.py:" in place for place in failed["at"])
    assert "somebody's name" not in json.dumps(lines) + answer.text + page.text


def test_a_request_number_that_is_none_is_replaced(desk):
    """Nobody writes lines into the log by a header."""
    with desk.browser(**{"x-request-id": "two\tparts {}"}) as browser:
        assert "{" not in browser.get("/healthz").headers["x-request-id"]
