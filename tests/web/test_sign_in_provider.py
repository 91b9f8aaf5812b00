"""Signing in with the force's own account, at a real provider on this machine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.integration.oidc_process import oidc_provider, sign_in_at
from tests.unit.core import governed as g
from tests.web.consoles import a_desk

from overt.adapters.oidc import OidcProvider
from overt.core.audit_events import EventKind
from overt.services.link_identity import link_identity

SUBJECT = "7f3c-engineer"
ACCOUNT = g.ENGINEER.actor_id


@pytest.fixture(scope="module")
def issuer():
    """Return the issuer of a real provider."""
    with oidc_provider() as issuer:
        yield issuer


@pytest.fixture
def desk(tmp_path, issuer):
    """Return a console that knows the provider, and an engineer's identity there."""
    desk = a_desk(tmp_path)
    desk.console = replace(desk.console, oidc=OidcProvider(issuer, "overt", "a secret"))
    link_identity(desk.console.workplace, g.OFFICER.actor_id, ACCOUNT, issuer, SUBJECT)
    return desk


def gone(browser) -> str:
    """Return where the browser is sent to sign in."""
    answer = browser.get("/sign-in/provider")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_whoever_the_provider_knows_is_signed_in(desk):
    """The page of passwords offers it; afterwards the account is open."""
    with desk.browser() as browser:
        assert "/sign-in/provider" in browser.get("/sign-in").text
        back = sign_in_at(gone(browser), SUBJECT)
        answer = browser.get(back)

        assert answer.status_code == 200, answer.text
        assert "You are signed in" in answer.text
        assert ACCOUNT in browser.get("/account").text
    (signed_in,) = desk.events(EventKind.SIGNED_IN)
    assert signed_in.details["authenticated_by"] == "oidc"


def test_an_identity_that_belongs_to_no_account_opens_nothing(desk):
    """Signing in makes no account."""
    with desk.browser() as browser:
        answer = browser.get(sign_in_at(gone(browser), "somebody-else"))

        assert answer.status_code == 401
        assert browser.get("/account").status_code == 303


def test_what_another_browser_began_ends_nowhere(desk):
    """Whoever is made to open somebody else's way back is signed in as nobody."""
    with desk.browser() as browser:
        back = sign_in_at(gone(browser), SUBJECT)
        browser.cookies.clear()

        assert browser.get(back).status_code == 401
    assert len(desk.events(EventKind.SIGN_IN_FAILED)) == 1


def test_a_way_back_works_once(desk):
    """The address stays in the browser's history."""
    with desk.browser() as browser:
        back = sign_in_at(gone(browser), SUBJECT)
        pending = browser.cookies["overt-pending"]
        browser.get(back)
        browser.cookies.set("overt-pending", pending, path="/sign-in/provider")

        assert browser.get(back).status_code == 401


def test_whoever_says_no_at_the_provider_is_not_signed_in(desk):
    """The page says that it was not done, and how to go on."""
    with desk.browser() as browser:
        answer = browser.get(sign_in_at(gone(browser), SUBJECT, "deny"))

        assert answer.status_code == 401
        assert 'role="alert"' in answer.text
        assert browser.get("/account").status_code == 303
