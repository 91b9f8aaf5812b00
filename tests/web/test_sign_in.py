"""Signing in and out in a browser: what is shown, what the cookie is, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import PEOPLE, a_desk

from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.services.passwords import make_sign_in_link, replace_password

PASSWORD = "four plain words here"
ACCOUNT = PEOPLE[Role.OPERATOR].actor_id


@pytest.fixture
def desk(tmp_path):
    """Return a console on which an operator has a password."""
    desk = a_desk(tmp_path)
    replace_password(desk.console.workplace, desk.console.hasher, ACCOUNT, PASSWORD)
    return desk


def sign_in(browser, account=ACCOUNT, password=PASSWORD, **fields):
    """Return the answer to the form."""
    return browser.post("/sign-in", data={"account": account, "password": password, **fields})


def test_a_password_begins_a_session_in_a_guarded_cookie(desk):
    """Unreadable to scripts, for this site only, gone with the browser."""
    with desk.browser() as browser:
        answer = sign_in(browser, then="/account")
        cookie = answer.headers["set-cookie"]

        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "expires" not in cookie.lower()
        assert ACCOUNT in browser.get("/account").text


def test_over_tls_the_cookie_is_for_tls_and_this_host_only(desk):
    """The name's prefix makes browsers hold to it."""
    with desk.browser() as browser:
        browser.base_url = "https://console.test"
        cookie = sign_in(browser).headers["set-cookie"]

        assert cookie.startswith("__Host-overt=")
        assert "Secure" in cookie
        assert "strict-transport-security" in browser.get("/sign-in").headers


@pytest.mark.parametrize("then", ["//elsewhere.example", "https://elsewhere.example", "/\\evil"])
def test_nobody_is_sent_elsewhere(desk, then):
    """A link to the form cannot name another site."""
    with desk.browser() as browser:
        assert sign_in(browser, then=then).headers["location"] == "/"


@pytest.mark.parametrize("account", [ACCOUNT, "nobody", "<script>alert(1)</script>"])
def test_what_was_wrong_is_not_said(desk, account):
    """The same page whether there is such an account or not, without what was typed."""
    with desk.browser() as browser:
        answer = sign_in(browser, account, "another password")

    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text
    assert "another password" not in answer.text


def test_too_many_failures_lock_the_account(desk):
    """R-36: the policy's number; then the right password is refused too."""
    least = g.POLICY.security.lockout_after
    with desk.browser() as browser:
        for _ in range(least):
            sign_in(browser, password="wrong words entirely")
        answer = sign_in(browser)

    assert answer.status_code in {401, 429}
    assert len(desk.events(EventKind.ACCOUNT_LOCKED)) == 1


def test_signing_out_ends_the_session_also_for_whoever_copied_the_cookie(desk):
    """A replayed token opens nothing."""
    with desk.browser(Role.OPERATOR) as browser:
        copied = browser.cookies["overt"]
        browser.post("/sign-out")
        browser.cookies.set("overt", copied)

        assert browser.get("/account").status_code == 303


def test_signing_in_again_ends_the_session_that_the_browser_showed_before(desk):
    """No session is left behind that nobody can sign out of."""
    with desk.browser(Role.AUDITOR) as browser:
        before = browser.cookies["overt"]
        assert sign_in(browser).status_code == 303
        browser.cookies.clear()
        browser.cookies.set("overt", before)

        assert browser.get("/account").status_code == 303


def test_a_forged_token_opens_nothing(desk):
    """Guessing finds no session."""
    with desk.browser() as browser:
        browser.cookies.set("overt", "A" * 43)

        assert browser.get("/account").status_code == 303


@pytest.mark.parametrize(
    "minutes",
    [
        g.POLICY.security.session_idle.total_seconds() / 60 + 1,
        g.POLICY.security.session_max.total_seconds() / 60 + 1,
        -10,
    ],
)
def test_a_session_ends_by_itself_also_where_a_clock_was_put_back(desk, minutes):
    """Idle, too long, or younger than it can be."""
    with desk.browser(Role.OPERATOR) as browser:
        desk.clock.at += timedelta(minutes=minutes)

        assert browser.get("/account").status_code == 303


def test_a_link_opens_once_and_asks_for_a_password_first(desk):
    """Whoever comes with a link has nothing else to do before; then everything is open."""
    officer, new = g.OFFICER.actor_id, g.OBSERVER.actor_id
    token = make_sign_in_link(desk.console.workplace, officer, new, timedelta(hours=1))
    with desk.browser() as browser:
        answer = browser.post("/sign-in/link", data={"token": token})
        assert answer.headers["location"] == "/account/password"
        assert browser.get("/account").status_code == 403
        page = browser.get("/account/password").text
        csrf = page.split('name="csrf-token" content="')[1].split('"')[0]
        form = {"password": PASSWORD, "again": PASSWORD, "csrf_token": csrf}
        assert browser.post("/account/password", data=form).status_code == 303
        assert browser.get("/account").status_code == 200
    with desk.browser() as browser:
        assert browser.post("/sign-in/link", data={"token": token}).status_code == 401


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        (PASSWORD, "short", "short"),
        (PASSWORD, "another four words here", "another four words hers"),
        ("not the present one at all", "another four words here", "another four words here"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(desk, old, new, again):
    """The form says why; the old one still opens."""
    with desk.browser(Role.OPERATOR) as browser:
        form = {"old": old, "password": new, "again": again}
        answer = browser.post("/account/password", data=form)

        assert answer.status_code in {401, 409, 422}
        assert 'role="alert"' in answer.text
    with desk.browser() as browser:
        assert sign_in(browser).status_code == 303


def test_roles_whose_training_has_lapsed_are_withheld_and_named(desk):
    """R-36: the account page says which and why."""
    long_ago = desk.clock.now().date() - timedelta(days=4000)
    with desk.console.workplace.open() as uow:
        uow.actors.save(replace(uow.actors.get(ACCOUNT), trained_on=long_ago))
        uow.commit()
    with desk.browser(Role.OPERATOR) as browser:
        page = browser.get("/account").text

        assert "Roles withheld" in page
        assert browser.get("/live/d-1/events").status_code == 403


def test_every_denial_is_in_the_log_with_the_route_alone(desk):
    """Who, which route, which code; nothing that was typed."""
    with desk.browser(Role.OBSERVER) as browser:
        browser.get("/live/secret-name/events")

    (denied,) = desk.events(EventKind.ACCESS_DENIED)
    assert denied.actor_id == g.OBSERVER.actor_id
    assert denied.details == {
        "action": "GET /live/{deployment_id}/events",
        "code": "rule.role_forbidden",
    }


def test_without_a_provider_its_address_says_so(desk):
    """And the page of passwords has no such button."""
    with desk.browser() as browser:
        assert browser.get("/sign-in/provider").status_code == 404
        assert "force's own" not in browser.get("/sign-in").text
