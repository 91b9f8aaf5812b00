"""Every route says who may open it, and nobody else may."""

from __future__ import annotations

import pytest
from tests.web.consoles import PEOPLE, a_desk

from overt.core.roles import Role
from overt.web.access import access_of
from overt.web.app import create_app


def routes_of(app):
    """Return every route of the application and of what it includes, with path and endpoint."""
    found, waiting = [], list(app.routes)
    while waiting:
        route = waiting.pop()
        inner = getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", None
        )
        if inner is not None:
            waiting += list(inner)
        elif hasattr(route, "endpoint"):
            found.append(route)
    return found


@pytest.fixture
def desk(tmp_path):
    """Return a console without deployments."""
    return a_desk(tmp_path)


def test_every_route_says_who_may_open_it(desk):
    """R-36: a route that says nothing is closed, so none says nothing."""
    routes = routes_of(create_app(desk.console))

    assert len(routes) > 10
    assert not [route.path for route in routes if access_of(route.endpoint) is None]


def test_nobody_signed_in_is_sent_to_sign_in(desk):
    """A page that is not public shows nothing to strangers."""
    with desk.browser() as browser:
        answer = browser.get("/account")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?then=/account")


def test_a_program_is_told_in_the_one_shape(desk):
    """401 in JSON where no page was asked for."""
    with desk.browser(accept="application/json") as browser:
        answer = browser.get("/account")

    assert answer.status_code == 401
    assert answer.json()["code"] == "request.sign_in_required"


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_sees_their_own_account(desk, role):
    """Any role will do."""
    with desk.browser(role) as browser:
        assert PEOPLE[role].actor_id in browser.get("/account").text


def test_a_change_without_its_token_is_refused_and_logged(desk):
    """Another site's page cannot know the token."""
    (role, *_) = PEOPLE
    with desk.browser(role) as browser:
        del browser.headers["X-CSRF-Token"]
        answer = browser.post("/sign-out")

    assert answer.status_code == 403
    assert desk.events()[-1].details["code"] == "request.forged"


def test_a_change_from_another_site_is_refused(desk):
    """Even with the token."""
    (role, *_) = PEOPLE
    with desk.browser(role, origin="https://elsewhere.example") as browser:
        assert browser.post("/sign-out").status_code == 403


@pytest.mark.parametrize(
    "origin", ["null", "", "http://[::1", "http://", "http://console.test:81", "console.test"]
)
def test_an_origin_that_is_not_this_address_is_refused(desk, origin):
    """Whatever is written there; never an error of the service."""
    with desk.browser(Role.OPERATOR, origin=origin) as browser:
        assert browser.post("/sign-out").status_code == 403


@pytest.mark.parametrize("origin", ["null", ""])
def test_no_host_and_no_origin_are_not_one_address(desk, origin):
    """Two things that are missing are not equal."""
    with desk.browser(Role.OPERATOR, origin=origin, host="") as browser:
        assert browser.post("/sign-out").status_code == 403


@pytest.mark.parametrize("blank", ["Bearer ", "bearer  ", "BEARER \t"])
def test_a_blank_token_of_a_program_does_not_replace_the_token_of_a_form(desk, blank):
    """The cookie would count, and nothing against forged requests."""
    with desk.browser(Role.OPERATOR, authorization=blank) as browser:
        del browser.headers["X-CSRF-Token"]

        assert browser.post("/sign-out").status_code == 403
        assert browser.get("/account").status_code == 200


def test_a_token_of_a_program_counts_before_the_cookie(desk):
    """A wrong one is nobody, also in a browser that is signed in."""
    with desk.browser(Role.OPERATOR, authorization="Bearer another") as browser:
        assert browser.get("/account").status_code == 303
        assert browser.post("/sign-out").status_code == 303
        del browser.headers["authorization"]
        assert browser.get("/account").status_code == 200


def test_signing_out_ends_the_session_of_a_program_too(desk):
    """The token that was shown opens nothing any more."""
    token, _ = desk.session(PEOPLE[Role.OPERATOR])
    with desk.browser(authorization=f"Bearer {token}") as browser:
        assert browser.post("/sign-out").status_code == 303
        assert browser.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("multipart/form-data; boundary=b; charset=unicode_escape", 400),
        ("multipart/form-data; boundary=b; charset=undefined", 400),
        ("multipart/form-data; boundary=b; charset=utf-16", 400),
        ("multipart/form-data; boundary=b; charset=UTF-8", 403),
        ("multipart/form-data; boundary=b", 403),
    ],
)
def test_a_form_is_in_utf_8(desk, content_type, status):
    """Another encoding makes texts that nothing can store, or none at all."""
    body = b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n\\ud800\r\n--b--\r\n'
    with desk.browser(Role.OPERATOR) as browser:
        del browser.headers["X-CSRF-Token"]
        headers = {"content-type": content_type}

        assert browser.post("/sign-out", content=body, headers=headers).status_code == status
