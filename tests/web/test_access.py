"""Every route says who may open it, and nobody else may."""

from __future__ import annotations

import pytest
from tests.web.consoles import PEOPLE, a_desk

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
