"""Observers at the desk and on their own pages: invitations, questions, answers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import a_desk
from tests.web.desk_forms import D, Page, act_as, alert_of, hidden

from overt.core.audit_events import EventKind
from overt.core.roles import Role

O = f"{D}/observers"  # noqa: E741 - the room of observers
INVITE = {"until": "2026-04-01T12:00", "days": "3", "account": ""}


@pytest.fixture
def desk(tmp_path):
    """Return a console with two live deployments."""
    desk = a_desk(tmp_path, g.live(), replace(g.live(), deployment_id="d-2"))
    desk.clock.at = g.OPENS
    return desk


def invite(browser, **changes):
    """Return the answer to an invitation, and the token of its link."""
    answer = browser.post(f"{O}/invite", data={**hidden(browser, O), **INVITE, **changes})
    found = re.search(r"/invitation#([\w-]+)", answer.text)
    return answer, found and found[1]


def accept(desk, token):
    """Return the answer to whoever opens a link in a browser of their own."""
    with desk.browser() as guest:
        return guest.post("/invitation", data={"token": token})


def as_guest(browser, token):
    """Let a browser go on as whoever a link opens an account for, its password set."""
    del browser.headers["X-CSRF-Token"]
    browser.cookies.clear()
    browser.post("/invitation", data={"token": token})
    page = Page(browser.get("/account/password").text)
    new = {"password": "seventeen grey herons", "again": "seventeen grey herons"}
    return browser.post("/account/password", data={**page.hidden, **new})


def test_an_invitation_is_shown_once(desk):
    """The link stands on the answer's page; the next one has the account and no token."""
    with desk.browser(Role.APPLICANT) as browser:
        answer, token = invite(browser)
        later = browser.get(O).text

    assert answer.status_code == 201
    assert token not in later
    assert "Not used yet" in later
    assert "guest-" in later
    assert token not in str(desk.events())


def test_a_guest_sees_what_it_was_invited_to(desk):
    """One deployment and no other; the desk sees that the link was used."""
    with desk.browser(Role.APPLICANT) as browser:
        _, token = invite(browser)
        assert as_guest(browser, token).status_code == 303
        chosen = browser.get("/observe").text
        own, other = browser.get("/observe/d-1"), browser.get("/observe/d-2")
        events = browser.get("/observe/d-2/events")
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        page = browser.get(O).text

    assert "/observe/d-1" in chosen
    assert "/observe/d-2" not in chosen
    assert (own.status_code, other.status_code, events.status_code) == (200, 403, 403)
    assert "invitation.none_here" in other.text
    assert "May look" in page


def test_a_link_used_twice_or_late_is_told_plainly(desk):
    """With its code, and no form."""
    with desk.browser(Role.APPLICANT) as browser:
        _, first = invite(browser)
        _, late = invite(browser)
    opened, again = accept(desk, first), accept(desk, first)
    desk.clock.at = g.OPENS + timedelta(days=3)
    old, unknown = accept(desk, late), accept(desk, "nobody's")

    assert opened.headers["location"] == "/account/password"
    assert [a.status_code for a in (again, old, unknown)] == [410, 410, 401]
    assert "invitation.used" in again.text
    assert "invitation.expired" in old.text
    assert "This link was used before" in alert_of(again)
    assert '<form class="sheet narrow"' not in again.text


def test_an_invitation_is_taken_back(desk):
    """With a reason; its link says so."""
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        _, token = invite(browser)
        invitation_id = re.search(r"observers/(invitation-\d+)/revoke", browser.get(O).text)[1]
        path = f"{O}/{invitation_id}/revoke"
        blank = browser.post(path, data={**hidden(browser, O), "reason": ""})
        done = browser.post(path, data={**hidden(browser, O), "reason": "By mistake"})
        elsewhere = browser.post(path.replace("d-1", "d-2"), data={**hidden(browser, O)})
    answer = accept(desk, token)

    assert "a reason is needed" in alert_of(blank)
    assert done.headers["location"] == f"{O}?done=revoked"
    assert elsewhere.status_code == 404
    assert "invitation.revoked" in answer.text


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"until": ""}, "until when"),
        ({"until": "2026-03-01T12:00"}, "a time to come"),
        ({"until": "2028-03-01T12:00"}, "366 days"),
        ({"days": "9"}, "168 hours"),
        ({"days": "x"}, "how many days"),
        ({"account": "observer-1"}, "was not invited before"),
    ],
)
def test_an_invitation_that_cannot_be_made(desk, changes, part):
    """The form comes back as it was."""
    with desk.browser(Role.APPLICANT) as browser:
        answer, token = invite(browser, **changes)

    assert part in alert_of(answer)
    assert token is None


def test_a_question_is_asked_and_answered(desk):
    """Both see both; the observer's page names nobody; markup is text."""
    with desk.browser(Role.OBSERVER) as browser:
        browser.post("/observe/d-1/questions", data={"question": "Why <b>here</b>?"})
        act_as(desk, browser, Role.AUTHORISING_OFFICER)
        room = browser.get(O).text
        message_id = re.search(r"questions/(message-\d+)/answer", room)[1]
        path = f"{O}/questions/{message_id}/answer"
        answer = browser.post(path, data={**hidden(browser, O), "text": "Read the application."})
        act_as(desk, browser, Role.OBSERVER)
        page = browser.get("/observe/d-1").text

    assert "Why &lt;b&gt;here&lt;/b&gt;?" in room
    assert "not answered" in room
    assert answer.headers["location"] == f"{O}?done=answered#{message_id}"
    assert "Read the application." in page
    assert "You asked" in page
    assert "authority-1" not in page
    kinds = [event.kind for event in desk.events()]
    assert {EventKind.QUESTION_ASKED, EventKind.QUESTION_ANSWERED} <= set(kinds)


def test_a_question_that_cannot_be_asked_comes_back(desk):
    """As it was written, with the problem beside it."""
    with desk.browser(Role.OBSERVER) as browser:
        answer = browser.post("/observe/d-1/questions", data={"question": "Why\x01here"})

    assert answer.status_code == 422
    assert "control character" in alert_of(answer)
    assert "Why\x01here" in answer.text


@pytest.mark.parametrize("fields", [{"question": ""}, {"question": " "}, {}])
def test_a_question_of_no_words_is_refused_like_a_statement(desk, fields):
    """In words, on the page of the deployment; no field of a program is named."""
    with desk.browser(Role.OBSERVER) as browser:
        answer = browser.post("/observe/d-1/questions", data=fields)

    assert answer.status_code == 422
    assert "body.question" not in answer.text
    assert alert_of(answer)


def test_what_is_written_about_a_rehearsal_is_not_said_to_be_published(tmp_path):
    """It has no record; of a deployment the same places say that it is published."""
    rehearsal, real = a_desk(tmp_path, g.a_ready_rehearsal()), a_desk(tmp_path, g.live())
    pages = []
    for desk in (rehearsal, real):
        with desk.browser(Role.OBSERVER) as browser:
            pages.append(browser.get("/observe/d-1").text)
            act_as(desk, browser, Role.AUTHORISING_OFFICER)
            pages.append(browser.get(O).text)

    assert [page.count("published with the record") for page in pages] == [0, 0, 2, 1]
    assert [page.count("has no published record") for page in pages] == [2, 1, 0, 0]


def test_each_withdraws_their_own(desk):
    """An observer the question, the desk its answer; of the other's nothing."""
    with desk.browser(Role.OBSERVER) as browser:
        browser.post("/observe/d-1/questions", data={"question": "Why?"})
        act_as(desk, browser, Role.APPLICANT)
        question = re.search(r"questions/(message-\d+)/answer", browser.get(O).text)[1]
        fields = {**hidden(browser, O), "text": "Because."}
        browser.post(f"{O}/questions/{question}/answer", data=fields)
        reply = re.search(r"messages/(message-\d+)/withdraw", browser.get(O).text)[1]
        denied = browser.post(f"{O}/messages/{question}/withdraw", data=hidden(browser, O))
        done = browser.post(f"{O}/messages/{reply}/withdraw", data=hidden(browser, O))
        act_as(desk, browser, Role.OBSERVER)
        foreign = browser.post(f"/observe/d-1/messages/{reply}/withdraw")
        own = browser.post(f"/observe/d-1/messages/{question}/withdraw")
        page = browser.get("/observe/d-1").text

    assert "only its author" in alert_of(denied)
    assert done.headers["location"] == f"{O}?done=answer-withdrawn"
    assert (foreign.status_code, own.status_code) == (403, 303)
    assert "Because." not in page
    assert "Its words are not published" in page
