"""Numbers and lines about the service: counts and identifiers, never a person."""

from __future__ import annotations

import json
import logging
import threading

import pytest
import structlog
from fastapi.testclient import TestClient
from tests.unit.core import governed as g
from tests.web.consoles import PEOPLE, a_desk

from overt.bootstrap.logs import _JsonLine, failed_threads_logged
from overt.core.roles import Role
from overt.web.access import allow_public
from overt.web.app import create_app


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
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    failed, _ = [line for line in lines if line["event"] == "failed"]
    assert failed["error"] == "ValueError"
    assert any("test_metrics_and_logs.py:" in place for place in failed["at"])
    assert "somebody's name" not in json.dumps(lines) + answer.text + page.text


def test_a_request_number_that_is_none_is_replaced(desk):
    """Nobody writes lines into the log by a header."""
    with desk.browser(**{"x-request-id": "two\tparts {}"}) as browser:
        assert "{" not in browser.get("/healthz").headers["x-request-id"]


def test_a_method_that_is_somebodys_own_word_stands_in_no_line_and_no_number(desk):
    """It would be a name of its own in the numbers, for ever."""
    with (
        structlog.testing.capture_logs() as lines,
        desk.browser(authorization="Bearer a-long-token") as browser,
    ):
        browser.request("JANEDOE", "/sign-in")
        text = browser.get("/metrics").text

    assert 'overt_requests_total{method="other",route="/sign-in",status="405"} 1.0' in text
    assert "JANEDOE" not in text + json.dumps(lines)


def test_what_a_proxy_of_this_machine_passes_on_is_not_this_machine(tmp_path):
    """Everybody who comes through it has its address."""
    app = create_app(a_desk(tmp_path).console)
    with TestClient(app, client=("127.0.0.1", 50000)) as client:
        assert client.get("/metrics").status_code == 200
        for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
            assert client.get("/metrics", headers={name: "203.0.113.7"}).status_code == 403


def test_no_answer_repeats_the_host_that_a_request_names(desk):
    """An address with a slash too many is not found, rather than sent on to that host."""
    with desk.browser(host="elsewhere.example") as browser:
        answer = browser.get("/sign-in/")

    assert answer.status_code == 404
    assert "elsewhere.example" not in f"{answer.headers}{answer.text}"


def test_a_thread_that_fails_leaves_a_line_without_its_words(capsys):
    """Python's own would go to standard error, with whatever the thread failed with."""

    def fail() -> None:
        raise ValueError("somebody's name")

    with structlog.testing.capture_logs() as lines, failed_threads_logged():
        thread = threading.Thread(target=fail, name="compose a watchlist")
        thread.start()
        thread.join()

    (line,) = lines
    assert (line["event"], line["error"]) == ("failed", "ValueError")
    assert line["thread"] == "compose a watchlist"
    assert "somebody" not in json.dumps(line) + "".join(capsys.readouterr())


def test_a_librarys_line_ends_before_the_values_behind_it():
    """What asyncio shows of a task holds its error's words."""
    message = "Task exception was never retrieved\nfuture: ValueError('somebody')"
    record = logging.LogRecord("asyncio", logging.ERROR, "", 0, message, (), None)

    line = json.loads(_JsonLine().format(record))

    assert line["event"] == "Task exception was never retrieved"
    assert "somebody" not in json.dumps(line)
