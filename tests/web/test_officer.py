"""The officer's screen: their own decision, the record of a contact, and what it never offers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.unit.core.decided import ARREST, DISMISS, ENGAGE, PASS, TRUE
from tests.unit.services.alerted import BOTH
from tests.web.alerts import (
    SECOND_ENGAGER,
    add,
    alert_of,
    an_alert_desk,
    change_entry,
    decisions_of,
    engagements_of,
    erase,
    sign_in_as,
    take,
)
from tests.web.consoles import PEOPLE, a_desk

from overt.core.adjudication import OfficerVerdict
from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.core.watchlist import ListKind

OFFICER = Role.ENGAGEMENT_OFFICER
SCRIPT = {"x-requested-with": "fetch"}
ALERT = "/street/d-1/alerts/a-1"
HOSTILE = "<script>alert(1)</script>"
ENGAGED = {"choice": "engaged:own_assessment", "key": "k-1"}


@pytest.fixture
def desk(tmp_path):
    """Return a console with an alert that was passed on."""
    desk = an_alert_desk(tmp_path)
    take(desk, PASS)
    return desk


def next_of(page):
    """Return the title of the step that is open, or None."""
    found = re.search(r'class="is-next" aria-current="step">\s*<h2>\d\. ([^<]+)', page)
    return found[1].strip() if found else None


def end_form(**fields):
    """Return what the form of an end sends."""
    return {"leaflet": "yes", **fields}


# --- the way in ------------------------------------------------------------------------


def test_one_deployment_alone_opens_at_once(desk):
    """Nothing to choose."""
    with desk.browser(OFFICER) as browser:
        answer = browser.get("/street")

    assert (answer.status_code, answer.headers["location"]) == (303, "/street/d-1")


def test_an_officer_chooses_among_several(tmp_path):
    """Also what has ended with something left to record."""
    desk = an_alert_desk(tmp_path, g.ended_early())
    take(desk, PASS)
    with desk.browser(OFFICER) as browser:
        assert "something left to record" in browser.get("/street").text
    with a_desk(tmp_path).browser(OFFICER) as browser:
        assert "Once one goes live, it is here" in browser.get("/street").text


ROUTES = [
    ("get", "/street"),
    ("get", "/street/d-1"),
    ("get", "/street/d-1/queue"),
    ("get", ALERT),
    ("post", f"{ALERT}/decision"),
    ("post", f"{ALERT}/identity"),
    ("post", f"{ALERT}/disposal"),
    ("get", "/street/d-1/engage"),
    ("post", "/street/d-1/engage"),
    ("get", "/street/d-1/engagements/engagement-1"),
    ("post", "/street/d-1/engagements/engagement-1/end"),
]


@pytest.mark.parametrize("role", sorted(set(PEOPLE) - {OFFICER}))
def test_nobody_else_gets_in(desk, role):
    """R-36: each refusal is logged, and nothing is decided."""
    with desk.browser(role) as browser:
        for method, where in ROUTES:
            answer = browser.request(method, where, data=ENGAGED if method == "post" else None)
            assert answer.status_code == 403, where

    assert len(desk.events(EventKind.ACCESS_DENIED)) == len(ROUTES)
    assert alert_of(desk).state == "passed_on"


# --- the list --------------------------------------------------------------------------


def test_the_list_holds_what_was_passed_on(desk):
    """R-51: nothing that waits for an operator or was dismissed."""
    add(desk, "a-2")
    add(desk, "a-3")
    take(desk, DISMISS, alert_id="a-3")
    with desk.browser(OFFICER) as browser:
        page = browser.get("/street/d-1").text

    assert "/alerts/a-1" in page
    assert "a-2" not in page
    assert "a-3" not in page
    assert "<title>(1) Passed on" in page


def test_an_engagement_stays_in_the_list_until_all_is_recorded(desk):
    """Under what is the officer's own."""
    take(desk, ENGAGE)
    with desk.browser(OFFICER) as browser:
        part = browser.get("/street/d-1/queue", headers=SCRIPT).text

    assert "Yours, to be recorded" in part
    assert "No alert waits" in part
    assert "<html" not in part


STATES = [
    (g.suspended_at_once, "Suspended."),
    (g.ended_early, "Ended."),
    (g.purged_in_time, "Purged."),
]


@pytest.mark.parametrize(("deployment", "words"), STATES)
def test_every_state_has_its_words(tmp_path, deployment, words):
    """What is open is still recorded until it is erased."""
    with a_desk(tmp_path, deployment()).browser(OFFICER) as browser:
        assert words in browser.get("/street/d-1").text


# --- the way of an alert ---------------------------------------------------------------


def test_an_alert_before_its_pass_is_nobodys_on_the_street(tmp_path):
    """R-51: 403 and logged."""
    desk = an_alert_desk(tmp_path)
    with desk.browser(OFFICER) as browser:
        assert browser.get(ALERT).status_code == 403


def test_ones_own_decision_comes_before_anything_else(desk):
    """Three ways, each with its reasons as buttons of one kind, none chosen beforehand."""
    with desk.browser(OFFICER) as browser:
        page = browser.get(ALERT).text

    assert next_of(page) == "Your own decision"
    buttons = re.findall(r'class="choice-button" name="choice" value="(\w+):', page)
    assert buttons == ["no_engagement"] * 5 + ["engaged"] + ["not_located"] * 3
    assert "checked" not in page
    assert f'action="{ALERT}/identity"' not in page
    assert "Passed on by operator-1" in page


def test_the_way_to_an_outcome(desk):
    """R-51, R-54 to R-57: decision, identity, disposal, end; each step opens the next."""
    with desk.browser(OFFICER) as browser:
        browser.get(ALERT)
        desk.clock.at += timedelta(seconds=20)
        opened = []
        for step, fields in (
            ("decision", ENGAGED),
            ("identity", {"verdict": "confirmed_true", "method": "documents", "key": "k-2"}),
            (
                "disposal",
                {
                    "verdict": "arrest",
                    "reason": ["wanted_by_courts", "found_at_engagement"],
                    "key": "k-3",
                },
            ),
        ):
            answer = browser.post(f"{ALERT}/{step}", data=fields)
            assert (answer.status_code, answer.headers["location"]) == (303, ALERT)
            opened.append(next_of(browser.get(ALERT).text))
        (engagement,) = engagements_of(desk)
        desk.clock.at += timedelta(minutes=4)
        where = f"/street/d-1/engagements/{engagement.engagement_id}/end"
        details = {
            "perceived_ethnicity": "white",
            "self_defined_ethnicity": "mixed",
            "age_band": "from_25_to_34",
            "sex": "female",
        }
        answer = browser.post(where, data=end_form(**details))
        page = browser.get(ALERT).text

    assert opened == [
        "Identity, by ordinary means",
        "How it ended",
        "End of the engagement",
    ]
    assert (answer.status_code, answer.headers["location"]) == (303, ALERT)
    assert "It lasted 4 min; the leaflet was handed over" in page
    officer, identity, disposal = decisions_of(desk)[1:]
    assert officer.latency == timedelta(seconds=20)
    assert identity.reason_codes == ("documents",)
    assert disposal.reason_codes == ("wanted_by_courts", "found_at_engagement")
    (ended,) = engagements_of(desk)
    assert (ended.perceived_ethnicity_code, ended.self_defined_ethnicity_code) == ("white", "mixed")
    assert (ended.age_band_code, ended.sex_code) == ("from_25_to_34", "female")
    assert ended.duration == timedelta(minutes=4)


@pytest.mark.parametrize(
    ("choice", "state"),
    [("not_located:lost_in_crowd", "not_located"), ("no_engagement:unsafe", "no_engagement")],
)
def test_saying_no_ends_the_alert(desk, choice, state):
    """R-55: nobody was engaged, and nothing is left to do."""
    with desk.browser(OFFICER) as browser:
        browser.get(ALERT)
        browser.post(f"{ALERT}/decision", data={"choice": choice, "key": "k-1"})
        page = browser.get(ALERT).text

    assert alert_of(desk).state == state
    assert engagements_of(desk) == ()
    assert next_of(page) is None
    assert "Nothing is left to do for this alert" in page


def test_a_repeated_message_decides_and_begins_once(desk):
    """A telephone without reception asks again."""
    with desk.browser(OFFICER) as browser:
        browser.get(ALERT)
        answers = [browser.post(f"{ALERT}/decision", data=ENGAGED) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {303}
    assert len(engagements_of(desk)) == 1
    assert len(decisions_of(desk)) == 2


def test_the_second_of_two_officers_is_told_who_was_first(desk):
    """409; the first one's engagement stands, and they record what follows."""
    with desk.browser(OFFICER) as browser, desk.browser() as other:
        sign_in_as(desk, other, SECOND_ENGAGER)
        for one in (browser, other):
            one.get(ALERT)
        browser.post(f"{ALERT}/decision", data=ENGAGED)
        said = {"choice": "not_located:lost_in_crowd", "key": "k-2"}
        answer = other.post(f"{ALERT}/decision", data=said, headers=SCRIPT)

    assert answer.status_code == 409
    assert "was decided by engager-1" in answer.text
    assert "engager-1 engaged and records what follows" in answer.text
    assert next_of(answer.text) == "Identity, by ordinary means"
    assert "<form" not in answer.text[answer.text.index("street-steps") :]
    assert alert_of(desk).state == "engaged"


def test_whoever_was_the_operator_is_told_that_another_decides(tmp_path):
    """R-04: one person, both roles; no form is offered, and what is sent is refused."""
    desk = an_alert_desk(tmp_path)
    with desk.browser() as browser:
        sign_in_as(desk, browser, BOTH)
        browser.get("/live/d-1/alerts/a-1")
        said = {"choice": "passed_on:looks_alike", "key": "k-0"}
        assert browser.post("/live/d-1/alerts/a-1/decision", data=said).status_code == 303
        listed, page = browser.get("/street/d-1").text, browser.get(ALERT).text
        answer = browser.post(f"{ALERT}/decision", data=ENGAGED)

    assert "You were its operator: another officer decides" in listed
    assert "Another officer decides on the street" in page
    assert "choice-button" not in page
    assert answer.status_code == 403
    assert alert_of(desk).state == "passed_on"


def test_a_volunteer_cannot_be_arrested(tmp_path):
    """R-22: not offered, and the page says why; refused where it is sent all the same."""
    desk = an_alert_desk(tmp_path, list_kind=ListKind.BLUE)
    take(desk, PASS, ENGAGE, TRUE)
    with desk.browser(OFFICER) as browser:
        page = browser.get(ALERT).text
        said = {"verdict": "arrest", "reason": "reasonable_grounds", "key": "k-3"}
        answer = browser.post(f"{ALERT}/disposal", data=said)

    assert "No arrest is offered: this is a volunteer" in page
    assert 'value="arrest"' not in page
    assert 'value="no_further_action"' in page
    assert answer.status_code == 409
    assert "cannot end in an arrest" in answer.text
    assert alert_of(desk).state == "confirmed_true"


MISSING = [
    ("identity", {"verdict": "confirmed_true", "key": "k"}, 422),
    ("identity", {"verdict": "confirmed_true", "method": "not_checked", "key": "k"}, 422),
    ("identity", {"verdict": "", "method": "documents", "key": "k"}, 409),
    ("disposal", {"verdict": "arrest", "reason": "wanted_by_courts", "key": "k"}, 409),
    ("decision", {**ENGAGED, "key": "another"}, 409),
]


@pytest.mark.parametrize(("step", "fields", "status"), MISSING)
def test_what_cannot_be_stored_is_said_beside_what_is(desk, step, fields, status):
    """A reason is missing, or it is another step's turn; the stored state is shown."""
    take(desk, ENGAGE)
    with desk.browser(OFFICER) as browser:
        answer = browser.post(f"{ALERT}/{step}", data=fields)

    assert answer.status_code == status
    assert alert_of(desk).state == "engaged"


def test_an_end_says_whether_the_notice_was_given(desk):
    """R-57: neither answer is a default; 422 with the form again."""
    take(desk, ENGAGE, TRUE, ARREST)
    (engagement,) = engagements_of(desk)
    where = f"/street/d-1/engagements/{engagement.engagement_id}/end"
    with desk.browser(OFFICER) as browser:
        answer = browser.post(where, data={"sex": "female"})
        unknown = browser.post(where, data=end_form(sex="tall"))

    assert (answer.status_code, unknown.status_code) == (422, 422)
    assert "whether the person was given the notice" in answer.text
    assert engagements_of(desk)[0].ended_at is None


def test_an_end_sent_twice_ends_once(desk):
    """The same message again is the same end; another is refused, and the first stands."""
    take(desk, ENGAGE, TRUE, ARREST)
    (engagement,) = engagements_of(desk)
    where = f"/street/d-1/engagements/{engagement.engagement_id}/end"
    with desk.browser(OFFICER) as browser:
        first = browser.post(where, data=end_form(sex="female"))
        desk.clock.at += g.MINUTE
        again = browser.post(where, data=end_form(sex="female"))
        other = browser.post(where, data=end_form(leaflet="no"))

    assert (first.status_code, again.status_code, other.status_code) == (303, 303, 409)
    (ended,) = engagements_of(desk)
    assert ended.is_leaflet_given
    assert ended.ended_at == desk.clock.at - g.MINUTE


def test_an_erased_alert_is_said_to_be_erased(desk):
    """404 for the page and for what is sent to it."""
    erase(desk)
    with desk.browser(OFFICER) as browser:
        page, answer = browser.get(ALERT), browser.post(f"{ALERT}/decision", data=ENGAGED)

    assert (page.status_code, answer.status_code) == (404, 404)
    assert "This alert is erased" in page.text
    assert "This alert is erased" in answer.text


def test_what_others_wrote_is_shown_as_text(desk):
    """No markup gets out of a free text."""
    change_entry(desk, justification=HOSTILE, image_source=HOSTILE, reference=HOSTILE)
    with desk.browser(OFFICER) as browser:
        page = browser.get(ALERT).text

    assert page.count("&lt;script&gt;alert(1)") == 3
    assert HOSTILE not in page


def test_an_alert_of_another_deployment_is_not_there(desk):
    """The address says which."""
    with desk.console.workplace.open() as uow:
        uow.deployments.add(replace(g.suspended_at_once(), deployment_id="d-2"))
        uow.commit()
    with desk.browser(OFFICER) as browser:
        assert browser.get("/street/d-2/alerts/a-1").status_code == 404
        assert browser.post("/street/d-2/alerts/a-1/decision", data=ENGAGED).status_code == 404
    assert alert_of(desk).state == "passed_on"


# --- without an alert ------------------------------------------------------------------


def grounds_form(page, **fields):
    """Return what the form of the page sends."""
    engagement_id = re.search(r'name="engagement_id" value="([^"]+)"', page)[1]
    return {"engagement_id": engagement_id, **fields}


def test_grounds_without_an_alert_come_from_the_closed_list(desk):
    """R-63: the form says that going round the cameras is none, and the list has no such thing."""
    with desk.browser(OFFICER) as browser:
        page = browser.get("/street/d-1/engage").text

    assert "Declining to be scanned, covering one's face or taking another way" in page
    offered = re.findall(r'name="grounds" value="(\w+)"', page)
    assert offered == ["offence_seen", "reported_by_public", "known_to_officer", "asked_for_help"]
    assert "checked" not in page


def test_an_engagement_without_an_alert(desk):
    """It begins once however often it is sent, and ends like any other."""
    with desk.browser(OFFICER) as browser:
        fields = grounds_form(browser.get("/street/d-1/engage").text, grounds="asked_for_help")
        answers = [browser.post("/street/d-1/engage", data=fields) for _ in range(2)]
        where = answers[0].headers["location"]
        page, listed = browser.get(where).text, browser.get("/street/d-1").text
        browser.post(f"{where}/end", data=end_form(leaflet="no"))
        after = browser.get(where).text

    assert {answer.headers["location"] for answer in answers} == {where}
    assert "The person asked for help" in page
    assert where in listed
    assert "not handed over" in after
    (engagement,) = engagements_of(desk)
    assert (engagement.alert_id, engagement.grounds_code) == (None, "asked_for_help")


@pytest.mark.parametrize("grounds", ["", "avoided_the_zone"])
def test_other_grounds_are_refused(desk, grounds):
    """422, with the list again; refusals stand in the log."""
    with desk.browser(OFFICER) as browser:
        fields = grounds_form(browser.get("/street/d-1/engage").text, grounds=grounds)
        answer = browser.post("/street/d-1/engage", data=fields)

    assert answer.status_code == 422
    assert "Without any of them, nobody is engaged" in answer.text
    assert engagements_of(desk) == ()


def test_an_identifier_that_nobody_made_is_refused(desk):
    """422 in the one shape."""
    with desk.browser(OFFICER) as browser:
        fields = {"engagement_id": "../../etc", "grounds": "offence_seen"}
        assert browser.post("/street/d-1/engage", data=fields).status_code == 422


def test_nobody_is_engaged_at_a_deployment_that_is_purged(tmp_path):
    """409."""
    desk = a_desk(tmp_path, g.purged_in_time())
    with desk.browser(OFFICER) as browser:
        fields = grounds_form(browser.get("/street/d-1/engage").text, grounds="offence_seen")
        assert browser.post("/street/d-1/engage", data=fields).status_code == 409


def test_another_officers_contact_is_theirs(desk):
    """403: details for equality monitoring are nobody else's."""
    with desk.browser(OFFICER) as browser, desk.browser() as other:
        sign_in_as(desk, other, SECOND_ENGAGER)
        fields = grounds_form(browser.get("/street/d-1/engage").text, grounds="offence_seen")
        where = browser.post("/street/d-1/engage", data=fields).headers["location"]
        assert other.get(where).status_code == 403
        assert other.post(f"{where}/end", data=end_form()).status_code in {403, 409}
    assert engagements_of(desk)[0].ended_at is None


def test_a_contact_of_an_alert_is_recorded_with_it(desk):
    """Its own address leads there."""
    take(desk, OfficerVerdict.ENGAGED)
    (engagement,) = engagements_of(desk)
    with desk.browser(OFFICER) as browser:
        answer = browser.get(f"/street/d-1/engagements/{engagement.engagement_id}")
        elsewhere = f"/street/d-9/engagements/{engagement.engagement_id}"
        refused = [browser.get(elsewhere), browser.post(f"{elsewhere}/end", data=end_form())]

    assert (answer.status_code, answer.headers["location"]) == (303, ALERT)
    assert [each.status_code for each in refused] == [404, 404]
    assert engagements_of(desk)[0].ended_at is None
