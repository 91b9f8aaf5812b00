"""The operator's screen: what it shows, who may, and that a decision is stored once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from tests.unit.core import governed as g
from tests.unit.core.decided import DISMISS, PASS
from tests.unit.services.alerted import CROP, OTHER_OPERATOR
from tests.web.alerts import (
    DISMISSED,
    PASSED_ON,
    PORTRAIT,
    add,
    alert_of,
    an_alert_desk,
    change_entry,
    decisions_of,
    erase,
    sign_in_as,
    take,
)
from tests.web.consoles import ADDRESS, PEOPLE, a_desk

from overt.adapters.video.portraits import MARGIN
from overt.core.audit_events import EventKind
from overt.core.frame import FrameCounts
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.roles import Role
from overt.core.watchlist import ListKind, Urgency
from overt.services.live_rate import LimitWatch
from overt.services.live_status import LiveStatus
from overt.services.shot_taking import CROP_MARGIN

VIEWED = EventKind.PERSONAL_DATA_VIEWED
SCRIPT = {"x-requested-with": "fetch"}
CARD, DECISION = "/live/d-1/alerts/a-1", "/live/d-1/alerts/a-1/decision"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture
def desk(tmp_path):
    """Return a console a minute after an alert was raised."""
    return an_alert_desk(tmp_path)


def a_status(**changes):
    """Return the figures of a run of one camera."""
    status = LiveStatus(
        deployment=g.live(),
        now=g.OPENS + g.MINUTE,
        faces_seen=1234,
        n_alerts=1,
        look=None,
        frames=FrameCounts(decoded=500, analysed=490, dropped=10, failed=2),
        frames_analysed=490,
        templates_in_memory=3,
        lost={},
        n_cameras=1,
        feed_problem=None,
        camera_ids=("north-camera",),
    )
    return replace(status, **changes)


def running(desk, **changes):
    """Let the deployment's cameras run in this service."""
    desk.runs.running, desk.runs.of_run = "d-1", a_status(**changes)
    return desk


def sent(choice=DISMISSED, key="key-1", **fields):
    """Return what the form of a decision sends."""
    return {"choice": choice, "key": key, **fields}


# --- the way in ------------------------------------------------------------------------


def test_one_deployment_alone_opens_at_once(desk):
    """Nothing to choose."""
    with desk.browser(Role.OPERATOR) as browser:
        answer = browser.get("/live")

    assert (answer.status_code, answer.headers["location"]) == (303, "/live/d-1")


def test_an_operator_chooses_among_several(tmp_path):
    """Those that are live or suspended, by name; no others."""
    second = replace(g.suspended_at_once(), deployment_id="d-2", name="Station")
    over = replace(g.purged_in_time(), deployment_id="d-3", name="Harbour")
    desk = a_desk(tmp_path, g.live(), second, over)

    with desk.browser(Role.OPERATOR) as browser:
        page = browser.get("/live").text

    assert "Square" in page
    assert "Station" in page
    assert "Harbour" not in page


def test_what_has_ended_is_there_while_alerts_wait(tmp_path):
    """Nothing is lost because the time is over."""
    desk = an_alert_desk(tmp_path, g.ended_early())
    with desk.browser(Role.OPERATOR) as browser:
        assert 'href="/live/d-1"' in browser.get("/live").text
        take(desk, DISMISS)
        assert 'href="/live/d-1"' not in browser.get("/live").text


def test_no_deployment_is_said(tmp_path):
    """An empty page says what will be there."""
    with a_desk(tmp_path).browser(Role.OPERATOR) as browser:
        assert "Once one goes live, it is here" in browser.get("/live").text


ROUTES = [
    ("get", "/live"),
    ("get", "/live/d-1"),
    ("get", "/live/d-1/queue"),
    ("get", "/live/d-1/status"),
    ("get", "/live/d-1/side"),
    ("get", CARD),
    ("post", DECISION),
    ("post", "/live/d-1/suspend"),
    ("get", "/live/d-1/preview/north-camera.jpg"),
]


@pytest.mark.parametrize("role", sorted(set(PEOPLE) - {Role.OPERATOR}))
def test_nobody_else_gets_in(desk, role):
    """R-36: each refusal is logged, and nothing is decided."""
    with desk.browser(role) as browser:
        for method, where in ROUTES:
            answer = browser.request(method, where, data=sent() if method == "post" else None)
            assert answer.status_code == 403, where

    assert len(desk.events(EventKind.ACCESS_DENIED)) == len(ROUTES)
    assert alert_of(desk).state == "raised"


# --- the page and its list -------------------------------------------------------------


def test_the_page_lists_what_waits_newest_first(desk):
    """The number stands in the title; a list is no look at an alert."""
    add(desk, "a-2")
    with desk.browser(Role.OPERATOR) as browser:
        page = browser.get("/live/d-1").text

    assert page.index("/alerts/a-2") < page.index("/alerts/a-1")
    assert "<title>(2) Live: Square" in page
    assert [e.details["what"] for e in desk.events(VIEWED)] == ["alerts"]


def test_the_page_knows_how_far_it_is_up_to_date(desk):
    """Events after that number are told to its browser."""
    with desk.browser(Role.OPERATOR) as browser:
        size = len(desk.events())
        page = browser.get("/live/d-1").text

    assert int(re.search(r'data-after="(\d+)"', page)[1]) == size - 1


def test_an_empty_list_says_so(desk):
    """And what will appear."""
    take(desk, DISMISS)
    with desk.browser(Role.OPERATOR) as browser:
        page = browser.get("/live/d-1").text

    assert "No alert waits" in page
    assert "operator-1, " in page  # decided, in the short history


STATES = [
    (g.suspended_at_once, "Suspended", "Rain"),
    (g.ended_early, "Ended", "Done"),
    (g.purged_in_time, "Purged", "erased"),
    (g.ready, "Not live", "calibrated"),
]


@pytest.mark.parametrize(("deployment", "word", "reason"), STATES)
def test_every_state_has_its_words(tmp_path, deployment, word, reason):
    """Who opens the page of what does not run is told why; nothing can be stopped."""
    desk = a_desk(tmp_path, deployment())
    with desk.browser(Role.OPERATOR) as browser:
        answer = browser.get("/live/d-1")

    assert answer.status_code == 200
    assert word in answer.text
    assert reason in answer.text
    assert "Stop all cameras" not in answer.text


def test_an_unknown_deployment_is_not_found(desk):
    """With the one shape for programs."""
    with desk.browser(Role.OPERATOR, accept="application/json") as browser:
        answer = browser.get("/live/d-9")

    assert (answer.status_code, answer.json()["code"]) == (404, "store.not_found")


# --- a card ----------------------------------------------------------------------------


def test_a_card_has_all_that_is_needed_to_decide(desk):
    """R-53: both pictures, score, threshold, margin, age, quality, why listed, place and time."""
    with desk.browser(Role.OPERATOR) as browser:
        card = browser.get(CARD, headers=SCRIPT).text

    for wanted in (
        'src="/alerts/a-1/crop"',
        'src="/alerts/a-1/portrait"',
        "Possible match",
        "0.950",
        "threshold 0.940",
        "0.100 above the next person",
        "0.80 of 1, made of 3 pictures",
        "9 months old",
        "Custody",
        "Wanted by the courts",
        "Warrant of 3 January",
        "N-77",
        "The square, north",
        "10:00:00 GMT",
        "Amber: Arrest by the intervention team",
    ):
        assert wanted in card, wanted
    assert "Contact" not in card
    assert "<html" not in card


def test_a_look_at_a_card_is_logged_as_shown(desk):
    """R-52: from here the time to decide is counted."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.get(CARD, headers=SCRIPT)

    (event,) = desk.events(VIEWED)
    assert (event.details["what"], event.details["row_id"]) == ("alert", "a-1")


def test_red_says_whom_to_contact(desk):
    """R-21: whoever listed and whoever approved."""
    change_entry(desk, urgency=Urgency.RED, approved_by="applicant-2")
    with desk.browser(Role.OPERATOR) as browser:
        card = browser.get(CARD, headers=SCRIPT).text

    assert "Red: Immediate response" in card
    assert "applicant-1, then applicant-2" in card


def test_a_volunteer_is_named_as_one(tmp_path):
    """R-22."""
    desk = an_alert_desk(tmp_path, list_kind=ListKind.BLUE)
    with desk.browser(Role.OPERATOR) as browser:
        card = browser.get(CARD, headers=SCRIPT).text

    assert "A volunteer of the blue list" in card


def test_both_choices_are_buttons_of_one_kind_without_a_default(desk):
    """R-52: five and two reasons, each one action; nothing is chosen beforehand."""
    with desk.browser(Role.OPERATOR) as browser:
        card = browser.get(CARD, headers=SCRIPT).text

    buttons = re.findall(r'<button type="submit" class="([^"]+)" name="choice" value="(\w+):', card)
    assert [verdict for _, verdict in buttons] == ["dismissed"] * 5 + ["passed_on"] * 2
    assert {kind for kind, _ in buttons} == {"choice-button"}
    assert re.findall(r'data-key="(.)"', card) == list("1234567")
    assert "checked" not in card
    # The first button of the form, which Enter in a box presses, chooses nothing.
    assert re.search(r"<button[^>]*>", card[card.index("<form") :])[0].endswith("data-nothing>")


def test_what_others_wrote_is_shown_as_text(desk):
    """No markup gets out of a free text."""
    change_entry(desk, justification=HOSTILE, image_source=HOSTILE, reference=HOSTILE)
    with desk.browser(Role.OPERATOR) as browser:
        card = browser.get(CARD).text

    assert card.count("&lt;script&gt;alert(1)") == 3
    assert "<script>alert" not in card
    assert "<img src=x" not in card


def test_a_card_without_a_script_is_a_page(desk):
    """The same card, with the list beside it."""
    with desk.browser(Role.OPERATOR) as browser:
        page = browser.get(CARD).text

    assert "<html" in page
    assert 'data-alert="a-1"' in page
    assert 'class="queue"' in page


@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_an_erased_alert_is_said_to_be_erased(desk, headers):
    """404, with words that say what it means."""
    erase(desk)
    with desk.browser(Role.OPERATOR) as browser:
        answer = browser.get(CARD, headers=headers)

    assert answer.status_code == 404
    assert "This alert is erased" in answer.text


def test_an_alert_of_another_deployment_is_not_there(tmp_path):
    """The address says which deployment; the log says nothing was shown."""
    desk = an_alert_desk(tmp_path)
    with desk.console.workplace.open() as uow:
        uow.deployments.add(replace(g.suspended_at_once(), deployment_id="d-2"))
        uow.commit()
    with desk.browser(Role.OPERATOR) as browser:
        answer = browser.get("/live/d-2/alerts/a-1", headers=SCRIPT)

    assert answer.status_code == 404
    assert desk.events(VIEWED) == []


# --- decisions -------------------------------------------------------------------------


@pytest.mark.parametrize(("choice", "state"), [(DISMISSED, "dismissed"), (PASSED_ON, "passed_on")])
def test_a_decision_is_stored_with_its_time(desk, choice, state):
    """R-52: 8 s after it was shown, whichever way."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.get(CARD, headers=SCRIPT)
        desk.clock.at += timedelta(seconds=8)
        answer = browser.post(DECISION, data=sent(choice), headers=SCRIPT)

    assert answer.status_code == 200
    assert "operator-1" in answer.text
    assert alert_of(desk).state == state
    (decision,) = decisions_of(desk)
    assert decision.latency == timedelta(seconds=8)


def test_factors_are_kept_beside_the_reason(desk):
    """R-46: as many as were noted."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.get(CARD)
        browser.post(DECISION, data=sent(factor=["light", "crowd"]))

    (decision,) = decisions_of(desk)
    assert decision.factor_codes == ("light", "crowd")


def test_a_form_without_a_script_leads_back_to_the_card(desk):
    """Where what was decided is shown."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.get(CARD)
        answer = browser.post(DECISION, data=sent())
        page = browser.get(answer.headers["location"]).text

    assert (answer.status_code, answer.headers["location"]) == (303, CARD)
    assert "<strong>Dismiss</strong>: The two pictures show different people" in page


def test_the_same_message_twice_decides_once(desk):
    """A line that broke, a double click."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.get(CARD, headers=SCRIPT)
        answers = [browser.post(DECISION, data=sent(), headers=SCRIPT) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(decisions_of(desk)) == 1
    assert len(desk.events(EventKind.ALERT_DECIDED)) == 1


def test_the_second_of_two_operators_is_told_who_was_first(desk):
    """409; the first decision stands."""
    with desk.browser(Role.OPERATOR) as browser, desk.browser() as other:
        sign_in_as(desk, other, OTHER_OPERATOR)
        for one in (browser, other):
            one.get(CARD, headers=SCRIPT)
        browser.post(DECISION, data=sent(DISMISSED), headers=SCRIPT)
        answer = other.post(DECISION, data=sent(PASSED_ON, key="key-2"), headers=SCRIPT)
        page = other.post(DECISION, data=sent(PASSED_ON, key="key-2"))

    assert (answer.status_code, page.status_code) == (409, 409)
    assert "Your choice was not stored: operator-1 had decided this alert" in answer.text
    assert "10:01:00 GMT" in answer.text
    assert "choice-button" not in answer.text
    assert alert_of(desk).state == "dismissed"


def test_two_choices_of_one_form_store_the_first(desk):
    """A second press before the page has changed; 409 with what stands."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.get(CARD, headers=SCRIPT)
        browser.post(DECISION, data=sent(DISMISSED), headers=SCRIPT)
        answer = browser.post(DECISION, data=sent(PASSED_ON), headers=SCRIPT)

    assert answer.status_code == 409
    assert "<strong>Dismiss</strong>" in answer.text
    assert len(decisions_of(desk)) == 1


def test_a_decision_about_an_erased_alert(desk):
    """404 with words; the attempt changes nothing."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.get(CARD, headers=SCRIPT)
        erase(desk)
        answer = browser.post(DECISION, data=sent(), headers=SCRIPT)

    assert answer.status_code == 404
    assert "This alert is erased" in answer.text


def test_an_alert_decided_after_the_authority_has_ended(tmp_path):
    """The cameras are off; what was raised before still gets its decision."""
    desk = an_alert_desk(tmp_path, g.ended_early())
    with desk.browser(Role.OPERATOR) as browser:
        browser.get(CARD, headers=SCRIPT)
        answer = browser.post(DECISION, data=sent(), headers=SCRIPT)

    assert answer.status_code == 200
    assert alert_of(desk).state == "dismissed"


def test_what_was_not_on_the_screen_is_not_decided(desk):
    """R-52: 409 and logged."""
    with desk.browser(Role.OPERATOR) as browser:
        answer = browser.post(DECISION, data=sent(), headers=SCRIPT)

    assert (answer.status_code, answer.json()["code"]) == (409, "alert.wrong_step")
    assert alert_of(desk).state == "raised"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (sent("dismissed:looks_alike"), 422),
        (sent("dismissed:"), 422),
        (sent("engaged:own_assessment"), 409),
        (sent(""), 422),
        (sent(factor=["mood"]), 422),
        (sent(key=""), 422),
        ({"key": "key-1"}, 422),
        (sent("d" * 2000), 422),
    ],
)
def test_what_no_form_offers_is_refused(desk, fields, status):
    """A clear message in the one shape; nothing is stored."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.get(CARD, headers=SCRIPT)
        answer = browser.post(DECISION, data=fields, headers=SCRIPT)

    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "status", "details"}
    assert decisions_of(desk) == ()


# --- pictures --------------------------------------------------------------------------


def test_pictures_are_given_and_never_kept(desk):
    """R-35: each look has its line; the browser keeps nothing."""
    with desk.browser(Role.OPERATOR) as browser:
        crop, portrait = browser.get("/alerts/a-1/crop"), browser.get("/alerts/a-1/portrait")

    assert (crop.content, portrait.content) == (CROP, PORTRAIT)
    for answer in (crop, portrait):
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "no-store"
    assert [e.details["what"] for e in desk.events(VIEWED)] == ["alert crop", "alert portrait"]


@pytest.mark.parametrize("role", sorted(set(PEOPLE) - {Role.OPERATOR, Role.AUDITOR}))
def test_pictures_are_for_those_who_decide_or_audit(desk, role):
    """An officer before the pass, and everybody else: refused and logged."""
    with desk.browser(role) as browser:
        for picture in ("crop", "portrait"):
            assert browser.get(f"/alerts/a-1/{picture}").status_code == 403
    assert len(desk.events(EventKind.ACCESS_DENIED)) == 2


def test_an_erased_picture_is_not_found(desk):
    """In the one shape; the page says so beside it."""
    erase(desk)
    with desk.browser(Role.OPERATOR, accept="image/*") as browser:
        assert browser.get("/alerts/a-1/crop").status_code == 404


def test_both_faces_have_one_scale():
    """R-53: a face box is 1 / 1.7 of a crop and 1 / 2.2 of a portrait, as page and style say."""
    assert pytest.approx(1.7) == 1 + 2 * CROP_MARGIN
    assert pytest.approx(2.2) == 1 + 2 * MARGIN


def test_the_scale_of_the_page_is_that_of_the_pictures(desk):
    """2.2 / 1.7 = 1.294: the portrait is shown that much larger."""
    with desk.browser(Role.OPERATOR) as browser:
        card = browser.get(CARD, headers=SCRIPT).text
        style = browser.get("/static/css/alerts.css").text

    assert 'data-share-seen="1.7" data-share-listed="2.2"' in card
    assert "--fit: 1.294" in style


# --- cameras and figures ---------------------------------------------------------------


def test_a_preview_is_what_the_server_makes_of_it(desk):
    """R-32: the coarse picture, and one line for a spell of looking."""
    running(desk)
    with desk.browser(Role.OPERATOR) as browser:
        answers = [browser.get("/live/d-1/preview/north-camera.jpg") for _ in range(4)]

    assert {answer.content for answer in answers} == {desk.previews.content}
    assert answers[0].headers["cache-control"] == "no-store"
    assert len(desk.events(EventKind.PREVIEW_VIEWED)) == 1


def test_no_picture_at_present(desk):
    """204: the page says so by itself."""
    running(desk).previews.content = None
    with desk.browser(Role.OPERATOR) as browser:
        assert browser.get("/live/d-1/preview/north-camera.jpg").status_code == 204


@pytest.mark.parametrize("camera", ["south-camera", "..%2f..%2fetc", "x" * 200])
def test_no_other_camera_is_asked(desk, camera):
    """Only those of the run; nothing is kept for names that somebody makes up."""
    running(desk)
    with desk.browser(Role.OPERATOR) as browser:
        assert browser.get(f"/live/d-1/preview/{camera}.jpg").status_code == 404
    assert desk.previews.asked == []


def test_no_camera_of_a_deployment_that_does_not_run(desk):
    """Whatever another run shows."""
    with desk.browser(Role.OPERATOR) as browser:
        assert browser.get("/live/d-1/preview/north-camera.jpg").status_code == 404


def test_the_figures_of_a_run(desk):
    """Counts, frames, cameras, time left: 16:00 is 5 h 59 min after 10:01."""
    running(desk)
    with desk.browser(Role.OPERATOR) as browser:
        part = browser.get("/live/d-1/status", headers=SCRIPT).text

    for wanted in ("5 h 59 min", "1,234", "10 of 500", "Not defined yet", "Running"):
        assert wanted in part, wanted
    assert "N-77" not in part


def test_a_lost_camera_and_a_feed_that_cannot_be_read(desk):
    """Both are said with their codes."""
    running(desk, lost={"north-camera": "camera.lost"}, feed_problem="watchlist.file_invalid")
    with desk.browser(Role.OPERATOR) as browser:
        part = browser.get("/live/d-1/status", headers=SCRIPT).text

    assert "Lost: camera.lost" in part
    assert "watchlist.file_invalid" in part


RATES = [
    (1, 50_000, "within", None),
    (1, 1000, "not demonstrated", None),
    (2, 1000, "not demonstrated", "ask command for a review"),
    (9, 1000, "breached", "Command decides now"),
]


@pytest.mark.parametrize(("n_false", "n_faces", "status", "prompt"), RATES)
def test_the_false_alert_rate_against_its_limit(desk, n_false, n_faces, status, prompt):
    """R-42, R-43: counts, interval and status; the prompts only where they belong."""
    for n in range(2, n_false + 1):
        add(desk, f"a-{n}")
    for n in range(1, n_false + 1):
        take(desk, DISMISS, alert_id=f"a-{n}")
    with desk.console.workplace.open() as uow:
        counts = LiveCounts(faces_seen=n_faces)
        uow.counts.add_minute(MinuteCounts("d-1", "north-camera", g.OPENS, counts))
        uow.commit()
    LimitWatch(g.live(), 0.001).look(desk.console.workplace, desk.console.reading)
    with desk.browser(Role.OPERATOR) as browser:
        part = browser.get("/live/d-1/status", headers=SCRIPT).text

    assert f"{n_false} of {n_faces:,} faces seen" in part
    assert f"Limit 1 in 1,000: {status}" in part
    for words in ("ask command for a review", "Command decides now"):
        assert (words in part) == (words == prompt)


SCREENS = ("live/d-1", "deployments/d-1/running")


def test_an_advice_to_suspend_is_on_every_screen_and_in_the_numbers(tmp_path):
    """R-43: two false alerts in 100 faces; operator, desk and /metrics tell it from the log."""
    desk = running(an_alert_desk(tmp_path))
    token = {"metrics_token": SecretStr("a-long-token")}
    settings = desk.console.settings.model_copy(update=token)
    desk = replace(desk, console=replace(desk.console, settings=settings))

    def told():
        with desk.browser(Role.OPERATOR) as browser:
            pages = [browser.get(f"/{page}").text for page in SCREENS]
        with desk.browser(authorization="Bearer a-long-token") as browser:
            return *pages, browser.get("/metrics").text

    operator, running_page, numbers = told()
    assert "Suspend advised" not in operator + running_page
    assert "overt_run_suspend_advised 0.0" in numbers
    add(desk, "a-2")
    for n in (1, 2):
        take(desk, DISMISS, alert_id=f"a-{n}")
    with desk.console.workplace.open() as uow:
        counts = LiveCounts(faces_seen=100)
        uow.counts.add_minute(MinuteCounts("d-1", "north-camera", g.OPENS, counts))
        uow.commit()
    LimitWatch(g.live(), 0.001).look(desk.console.workplace, desk.console.reading)

    operator, running_page, numbers = told()
    for page in (operator, running_page):
        assert "Suspend advised" in page
        assert "2 false alerts in 100 faces" in page
    assert "overt_run_suspend_advised 1.0" in numbers


# --- stop ------------------------------------------------------------------------------


def test_the_stop_button_suspends_with_a_reason(desk):
    """R-07: one press on a reason; it stands in the log."""
    with desk.browser(Role.OPERATOR) as browser:
        page = browser.get("/live/d-1").text
        assert "Stop all cameras" in page
        answer = browser.post("/live/d-1/suspend", data={"reason": "No officers are free"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/live/d-1")
    with desk.store.reading() as uow:
        stopped = uow.deployments.get("d-1")
    assert (stopped.state, stopped.suspended_by) == ("suspended", "operator-1")
    assert stopped.suspended_reason == "No officers are free"


def test_another_reason_in_ones_own_words_is_shown_as_text(desk):
    """No markup gets out of it."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.post("/live/d-1/suspend", data={"words": HOSTILE})
        page = browser.get("/live/d-1").text

    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_stop_without_a_reason_asks_for_one(desk):
    """422, with the panel open and the words beside it."""
    with desk.browser(Role.OPERATOR) as browser:
        answer = browser.post("/live/d-1/suspend", data={"words": "  "})

    assert answer.status_code == 422
    assert '<details class="stop" open>' in answer.text
    assert "Say why" in answer.text


def test_stop_and_cameras_are_a_part_of_their_own(desk):
    """Renewed once the state changes; a page on which somebody decides is not loaded anew."""
    running(desk)
    with desk.browser(Role.OPERATOR) as browser:
        before = browser.get("/live/d-1/side", headers=SCRIPT).text
        browser.post("/live/d-1/suspend", data={"reason": "No officers are free"})
        after = browser.get("/live/d-1/side", headers=SCRIPT).text

    for wanted in ("Stop all cameras", "/live/d-1/preview/north-camera.jpg"):
        assert wanted in before
        assert wanted not in after


def test_two_people_stop_it(desk):
    """The second is told that it is suspended already; once is enough."""
    with desk.browser(Role.OPERATOR) as browser:
        browser.post("/live/d-1/suspend", data={"reason": "one"})
        assert browser.post("/live/d-1/suspend", data={"reason": "two"}).status_code == 409
    assert len(desk.events(EventKind.DEPLOYMENT_SUSPENDED)) == 1


def test_a_decision_from_another_site_is_refused(desk):
    """Even with a session."""
    with desk.browser(Role.OPERATOR, origin="https://elsewhere.example") as browser:
        assert browser.post(DECISION, data=sent()).status_code == 403
    assert ADDRESS not in str(desk.events()[-1])
    assert alert_of(desk).state == "raised"


def test_an_alert_that_was_passed_on_shows_it(desk):
    """No buttons any more, in any state but the first."""
    take(desk, PASS)
    with desk.browser(Role.OPERATOR) as browser:
        card = browser.get(CARD, headers=SCRIPT).text

    assert "<strong>Pass on to an officer</strong>" in card
    assert "choice-button" not in card
