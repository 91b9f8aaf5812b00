"""Asking and complaining on public pages, and the auditor's desk behind them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import a_desk
from tests.web.test_hostile_texts import HOSTILE, markup_in

from overt.core.audit_events import EventKind
from overt.core.public_request import RequestState
from overt.core.roles import Role
from overt.web.rate_limit import OF_ASKING, OF_FORMS, OF_RECEIPTS

DAY = timedelta(days=1)
QUESTION = {
    "kind": "was_listed",
    "on": "2026-03-02",
    "place": "High Street",
    "words": "Anna Example, 1 May 1990. Was I listed?",
    "contact": "anna@example.org",
}
COMPLAINT = {"words": "The sign lay in a bush.", "contact": "by post"}
RTL = "هل كنت في القائمة؟ \u202eabc"
_RECEIPT = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){3}")


@pytest.fixture
def desk(tmp_path):
    """Return a console with a deployment that the public does not know of."""
    return a_desk(tmp_path, replace(g.authorised(), public_notice=None))


def requests_of(desk):
    """Return every request, as kept."""
    with desk.store.reading() as uow:
        return (*uow.requests.open(), *uow.requests.answered(), *uow.requests.closed(99))


def receipt_in(text) -> str:
    """Return the receipt that a page shows."""
    (found,) = set(_RECEIPT.findall(text.split('class="receipt')[1].split("</p>")[0]))
    return found


def ask(desk, fields=None, path="/public/ask", **headers):
    """Hand something in as the public; return the answer."""
    with desk.browser(None, **headers) as browser:
        return browser.post(path, data=QUESTION if fields is None else fields)


def asked(desk, fields=None, path="/public/ask") -> str:
    """Hand something in as the public; return its identifier."""
    before = {r.request_id for r in requests_of(desk)}
    assert ask(desk, fields, path).status_code == 200
    (request_id,) = {r.request_id for r in requests_of(desk)} - before
    return request_id


# --- the public


@pytest.mark.parametrize("path", ["/public/ask", "/public/complain", "/public/status"])
def test_everybody_may_open_the_pages(desk, path):
    """Without an account, without a script, never kept by a cache."""
    with desk.browser() as browser:
        page = browser.get(path)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert len(page.content) < 100_000


@pytest.mark.parametrize(
    ("path", "fields", "kind"),
    [
        ("/public/ask", QUESTION, "was_listed"),
        ("/public/ask", QUESTION | {"kind": "other_right", "on": ""}, "other_right"),
        ("/public/complain", COMPLAINT, "complaint"),
    ],
)
def test_whoever_asks_gets_a_receipt_and_learns_how_far_it_is(desk, path, fields, kind):
    """By the receipt, however it is typed; in no address, and without a word of what was asked."""
    page = ask(desk, fields, path)
    receipt = receipt_in(page.text)
    with desk.browser() as browser:
        status = browser.post("/public/status", data={"receipt": receipt.lower()})

    assert [r.kind for r in requests_of(desk)] == [kind]
    assert status.status_code == 200
    assert "Waiting for its answer" in status.text
    secrets = ("Anna", "example.org", "High Street", "bush", "by post", receipt, "complaint")
    assert not [each for each in secrets if each in status.text.split("<main")[1]]


@pytest.mark.parametrize("receipt", ["", "AAAAA-AAAAA-AAAAA-AAAAA", HOSTILE, RTL, "A" * 5000])
def test_a_receipt_that_is_none_is_told_as_such(desk, receipt):
    """One answer to all of them, and nothing that was typed in it."""
    asked(desk)
    with desk.browser() as browser:
        page = browser.post("/public/status", data={"receipt": receipt})
    assert page.status_code == 404
    assert "There is no request with this receipt" in page.text
    assert markup_in(page.text) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": "x" * 4001}, "words"),
        ({"words": "a\x1bb"}, "words"),
        ({"contact": " "}, "contact"),
        ({"on": ""}, "on"),
        ({"on": "yesterday"}, "on"),
        ({"on": "2026-13-99"}, "on"),
        ({"on": "9999-12-31"}, "on"),
        ({"kind": "complaint"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"place": "p" * 201}, "place"),
    ],
)
def test_a_form_that_is_refused_comes_back_with_what_was_typed(desk, change, field):
    """The field is named, and nothing was kept."""
    page = ask(desk, QUESTION | change)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert f'href="#{field}"' in page.text
    assert f'id="{field}"' in page.text
    assert "anna@example.org" in page.text or field == "contact"
    assert requests_of(desk) == ()


@pytest.mark.parametrize("text", [HOSTILE, RTL, "a\n" * 1900, "😀" * 4000])
def test_whatever_is_written_is_text_everywhere(desk, text):
    """Markup, other directions, many lines, the longest characters: as it was written."""
    request_id = asked(desk, QUESTION | {"words": text, "contact": text[:400], "place": text[:150]})
    with desk.browser(Role.AUDITOR) as browser:
        pages = [browser.get("/requests"), browser.get(f"/requests/{request_id}")]

    assert [markup_in(page.text) for page in pages] == [[], []]
    assert 'dir="auto"' in pages[1].text
    refused = ask(desk, QUESTION | {"words": text, "contact": ""})
    assert markup_in(refused.text) == []


def test_a_form_that_is_sent_twice_asks_once(desk):
    """A double click, or the page sent again: the same receipt."""
    with desk.browser() as browser:
        key = re.search(r'name="form_key" value="([^"]+)"', browser.get("/public/ask").text)[1]
        pages = [browser.post("/public/ask", data=QUESTION | {"form_key": key}) for _ in range(2)]

    assert receipt_in(pages[0].text) == receipt_in(pages[1].text)
    assert len(requests_of(desk)) == 1


def test_a_page_of_another_site_asks_nothing(desk):
    """Nobody is made to ask by a page that they only looked at."""
    for headers in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}):
        assert ask(desk, **headers).status_code == 403
    assert requests_of(desk) == ()


def test_a_flood_from_one_address_is_told_to_wait(desk):
    """The form comes back as it was typed, with the time to wait; nothing of it is kept."""
    with desk.browser() as browser:
        statuses = [browser.post("/public/complain", data=COMPLAINT).status_code for _ in range(5)]
        refused = browser.post("/public/complain", data=COMPLAINT)
    assert statuses == [200] * int(OF_ASKING.at_once)
    assert refused.status_code == 429
    assert "send it again in 5 minutes" in refused.text
    assert COMPLAINT["words"] in refused.text
    assert COMPLAINT["contact"] in refused.text
    assert 200 < int(refused.headers["retry-after"]) <= 300
    assert len(requests_of(desk)) == 5


@pytest.mark.parametrize("mistake", [{"on": "soon"}, {"contact": ""}, {"on": "9999-12-31"}])
def test_a_mistake_uses_nothing_up(desk, mistake):
    """Whether the page or the service finds it: only what was taken counts."""
    with desk.browser() as browser:
        wrong = [browser.post("/public/ask", data=QUESTION | mistake) for _ in range(9)]
        right = [browser.post("/public/ask", data=QUESTION).status_code for _ in range(6)]
    assert {page.status_code for page in wrong} == {422}
    assert right == [200] * 5 + [429]


def test_forms_from_one_address_have_an_end_too(desk):
    """With mistakes or without: sixty, then a page that keeps nothing."""
    with desk.browser() as browser:
        many = [browser.post("/public/complain").status_code for _ in range(61)]
    assert many == [422] * int(OF_FORMS.at_once) + [429]


def test_a_form_that_was_taken_counts_once(desk):
    """Sent again with its key it shows its receipt, and uses nothing up."""
    with desk.browser() as browser:
        key = {"form_key": "k" * 20}
        again = [browser.post("/public/ask", data=QUESTION | key).status_code for _ in range(7)]
        others = [browser.post("/public/ask", data=QUESTION).status_code for _ in range(5)]
    assert again == [200] * 7
    assert others == [200] * 4 + [429]


def test_receipts_cannot_be_tried_out(desk):
    """Twenty, then one in ten seconds: of 2^100."""
    with desk.browser() as browser:
        statuses = [
            browser.post("/public/status", data={"receipt": f"{n}"}).status_code for n in range(21)
        ]
    assert statuses == [404] * int(OF_RECEIPTS.at_once) + [429]


def test_a_flood_from_many_addresses_fills_no_disk(tmp_path):
    """As many wait as the settings allow; the page says what else can be done."""
    desk = a_desk(tmp_path, public_requests=2)
    asked(desk), asked(desk)
    refused = ask(desk)
    assert refused.status_code == 503
    assert "write or telephone" in refused.text
    assert "anna@example.org" in refused.text
    assert len(requests_of(desk)) == 2


def test_a_form_of_a_megabyte_is_not_read(desk):
    """413, before it is looked at."""
    page = ask(desk, QUESTION | {"words": "x" * 1_000_000})
    assert page.status_code == 413
    assert "96 KiB" in page.text


def test_a_deployment_that_was_not_announced_cannot_be_found_out(desk):
    """The same words as for one that is not there."""
    pages = [ask(desk, QUESTION | {"deployment": each}) for each in ("d-1", "d-9")]
    messages = {re.search(r'role="alert".*?</p>', page.text, re.DOTALL)[0] for page in pages}
    assert [page.status_code for page in pages] == [422, 422]
    assert len(messages) == 1


def test_somebody_signed_in_may_ask_too(desk):
    """With the token of the session, which the form carries."""
    with desk.browser(Role.OPERATOR) as browser:
        assert 'name="csrf_token"' in browser.get("/public/ask").text
        assert browser.post("/public/ask", data=QUESTION).status_code == 200


def test_every_place_of_the_pages_is_there(desk):
    """The register and its numbers among them, which other routes serve."""
    with desk.browser() as browser:
        found = re.findall(r'<a href="(/public/[^"]*)"', browser.get("/public/ask").text)
        statuses = {path: browser.get(path).status_code for path in found}
    assert len(statuses) == 5
    assert set(statuses.values()) == {200}


# --- staff


def test_staff_take_down_what_somebody_says(desk):
    """They see the receipt, and never the request again."""
    fields = QUESTION | {"channel": "telephone", "form_key": "k-1"}
    with desk.browser(Role.ENGAGEMENT_OFFICER) as browser:
        assert browser.get("/requests/new").status_code == 200
        pages = [browser.post("/requests/new", data=fields) for _ in range(2)]
        (request,) = requests_of(desk)
        hidden = browser.get(f"/requests/{request.request_id}")

    assert receipt_in(pages[0].text) == receipt_in(pages[1].text)
    assert (request.channel, request.received_by) == ("telephone", g.ENGAGER.actor_id)
    assert hidden.status_code == 403


@pytest.mark.parametrize("change", [{"channel": "public_page"}, {"kind": "x"}, {"words": "\0"}])
def test_staff_are_told_what_is_missing(desk, change):
    """With what they typed, and nothing kept."""
    with desk.browser(Role.OPERATOR) as browser:
        page = browser.post("/requests/new", data=QUESTION | {"channel": "letter"} | change)
    assert page.status_code == 422
    assert "High Street" in page.text
    assert requests_of(desk) == ()


# --- the auditor


def step(desk, request_id, name, **fields):
    """Take a step as the auditor."""
    with desk.browser(Role.AUDITOR) as browser:
        return browser.post(f"/requests/{request_id}/{name}", data=fields)


def test_what_is_late_comes_first_with_its_days(desk):
    """The days left of the others too; no word of what was asked."""
    asked(desk)
    desk.clock.at += 20 * DAY
    asked(desk, COMPLAINT, "/public/complain")
    desk.clock.at += 11 * DAY
    with desk.browser(Role.AUDITOR) as browser:
        page = browser.get("/requests").text

    assert page.index("late by 3 days") < page.index("17 days left")
    assert "1 is late" in " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "acknowledgement late" in page
    assert "bush" not in page


def test_a_day_that_has_begun_is_left(desk):
    """28 days a minute after a request of 28, and the last one until it is over."""
    asked(desk)
    shown = []
    for wait in (timedelta(minutes=1), DAY, 26 * DAY, DAY - timedelta(minutes=1)):
        desk.clock.at += wait
        with desk.browser(Role.AUDITOR) as browser:
            shown.append(re.search(r"[^<>]* left(?=<)", browser.get("/requests").text)[0])
    assert shown == ["28 days left", "27 days left", "less than a day left", "less than a day left"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 303),
        ({"on": "2026-03-02"}, 303),
        ({"on": "2026-03-01"}, 422),
        ({"on": "2026-03-01", "day_reason": " "}, 422),
        ({"day_reason": "Corrected."}, 422),
        ({"on": "2026-03-01", "day_reason": "You corrected it."}, 303),
    ],
)
def test_another_day_than_the_one_asked_about_is_said_with_its_reason(desk, fields, status):
    """Never changed by the way; a refusal comes back with what was typed."""
    request_id = asked(desk)
    step(desk, request_id, "identity", is_checked="yes")
    with desk.browser(Role.AUDITOR) as browser:
        offered = browser.get(f"/requests/{request_id}").text
    given = step(desk, request_id, "answer", answer="look_up", reference="N-1", **fields)
    with desk.browser(Role.AUDITOR) as browser:
        page = browser.get(f"/requests/{request_id}").text

    assert 'id="on" name="on" type="date" value=""' in offered
    assert given.status_code == status
    assert ("This answer is about 1 March 2026. Why: You corrected it." in page) == (
        status == 303 and "day_reason" in fields
    )
    assert status == 303 or f'value="{fields.get("on", "")}"' in given.text


def test_a_question_is_answered_after_the_identity_check_and_not_before(desk):
    """R-20: the page offers no answer before; a forged form is refused, and both are logged."""
    request_id = asked(desk)
    with desk.browser(Role.AUDITOR) as browser:
        assert "/answer" not in browser.get(f"/requests/{request_id}").text
    early = step(desk, request_id, "answer", answer="look_up", reference="N-1")
    unticked = step(desk, request_id, "identity")
    ticked = step(desk, request_id, "identity", is_checked="yes")
    given = step(desk, request_id, "answer", answer="look_up", reference="N-1", on="2026-03-02")
    with desk.browser(Role.AUDITOR) as browser:
        page = browser.get(f"/requests/{request_id}").text

    assert (early.status_code, unticked.status_code) == (409, 422)
    assert (ticked.status_code, given.status_code) == (303, 303)
    assert "No. You were on no watchlist on that day." in page
    kinds = [e.kind for e in desk.events()]
    assert kinds.index(EventKind.REQUEST_IDENTITY_CHECKED) < kinds.index(EventKind.REQUEST_ANSWERED)
    assert EventKind.ACCESS_DENIED in kinds
    assert not any("N-1" in str(e.details) for e in desk.events())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"answer": "no_reference"}, "This force has no reference for you"),
        ({"answer": "withheld", "note": "A case is open."}, "We cannot tell you"),
    ],
)
def test_the_other_answers_to_a_question(desk, fields, said):
    """No reference, or withheld as the law allows."""
    request_id = asked(desk)
    step(desk, request_id, "identity", is_checked="yes")
    assert step(desk, request_id, "answer", **fields).status_code == 303
    with desk.browser(Role.AUDITOR) as browser:
        assert said in browser.get(f"/requests/{request_id}").text


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("answer", {"answer": "look_up", "reference": " ", "note": "typed"}),
        ("answer", {"answer": "withheld", "note": ""}),
        ("answer", {"answer": "listed", "note": "typed"}),
        ("answer", {"note": "typed"}),
        ("answer", {"answer": "no_reference", "on": "soon", "note": "typed"}),
        ("close", {}),
    ],
)
def test_a_step_that_lacks_something_comes_back(desk, name, fields):
    """With what was typed; the request is open as before."""
    request_id = asked(desk)
    step(desk, request_id, "identity", is_checked="yes")
    page = step(desk, request_id, name, **fields)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert fields.get("note", "") in page.text
    assert requests_of(desk)[0].state is RequestState.RECEIVED


def test_a_complaint_goes_its_way(desk):
    """Acknowledged, answered without an identity check, closed."""
    request_id = asked(desk, COMPLAINT, "/public/complain")
    assert step(desk, request_id, "acknowledge").status_code == 303
    answer = {"answer": "upheld", "note": "The sign stands again."}
    assert step(desk, request_id, "answer", **answer).status_code == 303
    assert step(desk, request_id, "answer", **answer).status_code == 409
    assert step(desk, request_id, "close", close="answered").status_code == 303
    (request,) = requests_of(desk)
    assert (request.state, request.answer_code) == ("closed", "upheld")


def test_a_step_or_request_that_is_not_there_is_not_found(desk):
    """Whatever stands in the address."""
    request_id = asked(desk)
    for path in (f"/requests/{request_id}/erase", "/requests/request-999/close"):
        with desk.browser(Role.AUDITOR) as browser:
            assert browser.post(path, data={"close": "no_request"}).status_code == 404


def test_an_auditor_without_training_reads_and_does_nothing(desk):
    """R-36: the page says why, and offers no step; a form that is sent anyway is refused."""
    request_id = asked(desk)
    desk.clock.at += 400 * DAY
    with desk.browser(Role.AUDITOR) as browser:
        page = browser.get(f"/requests/{request_id}")
    assert "needs a training that holds" in page.text
    assert '<form method="post" action="/requests/' not in page.text
    refused = step(desk, request_id, "close", close="no_request")
    assert refused.status_code == 403
    assert desk.events(EventKind.ACCESS_DENIED)[-1].details["code"] == "rule.training_lapsed"


def test_a_receipt_still_shows_its_dates_after_everything_is_erased(desk):
    """Words, answer and key are gone; that it was answered is not."""
    receipt = receipt_in(ask(desk).text)
    (request,) = requests_of(desk)
    step(desk, request.request_id, "close", close="duplicate")
    with desk.browser() as browser:
        page = browser.post("/public/status", data={"receipt": receipt})
    assert "Closed" in page.text


# --- programs


def test_programs_do_the_same(desk):
    """Taken down by staff, answered by an auditor; no digest of a receipt, no word in a list."""
    taken = {"kind": "was_listed", "channel": "letter", "words": "Was I?", "contact": "by post"}
    at = "/api/v1/requests"
    with desk.browser(Role.OPERATOR) as browser:
        added = browser.post(at, json=taken | {"on": "2026-03-02"})
    request_id = added.json()["request_id"]
    with desk.browser(Role.AUDITOR) as browser:
        listed = browser.get(at).json()
        early = browser.post(f"{at}/{request_id}/answer", json={"reference": "N-1"})
        checked = browser.post(f"{at}/{request_id}/identity")
        answered = browser.post(f"{at}/{request_id}/answer", json={"reference": "N-1"})
        shown = browser.get(f"{at}/{request_id}").json()
        late = browser.post(f"{at}/{request_id}/acknowledgement")
        closed = browser.post(f"{at}/{request_id}/closing", json={"code": "answered"})

    assert added.status_code == 201
    assert _RECEIPT.fullmatch(added.json()["receipt"])
    assert [r["request_id"] for r in listed["open"]] == [request_id]
    assert "receipt_sha256" not in str(listed)
    assert "Was I?" not in str(listed)
    assert (early.status_code, early.json()["code"]) == (409, "public_request.identity_unchecked")
    assert checked.json()["identity_checked_by"] == g.AUDITOR.actor_id
    assert answered.json()["answer_code"] == "not_listed"
    assert (shown["words"]["text"], shown["answer"]) == ("Was I?", answered.json()["answer"])
    assert (late.status_code, closed.json()["state"]) == (409, "closed")
