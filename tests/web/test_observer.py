"""What observers get, and what they never get."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.unit.core import governed as g
from tests.unit.services.alerted import add_alert, an_entry
from tests.unit.services.test_observed_figures import count_faces, decide
from tests.web.consoles import PEOPLE, a_desk

from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.core.statement import MOST_CHARACTERS
from overt.errors import StoreUnavailableError
from overt.services.file_statement import file_statement
from overt.services.observed_figures import FRESH_FOR, ObservedFigures
from overt.web.listeners import MOST_OF_ONE, Listeners
from overt.web.observer_stream import counts_stream
from overt.web.observer_texts import LABELS, live_texts

BEFORE = (g.drafted, g.applied, g.authorised, g.with_watchlist, g.with_signs, g.refused_at_once)
OPEN = (g.calibrated, g.live, g.suspended_at_once, g.ended_early, g.purged_in_time)
OTHERS = [role for role in PEOPLE if role is not Role.OBSERVER]
PAGES = ("/observe", "/observe/d-1", "/observe/d-1/events")
STATEMENTS = "/observe/d-1/statements"
WORDS = "I saw two signs.\n<script>alert(1)</script> & nobody was stopped."


@pytest.fixture
def desk(tmp_path):
    """Return a console with a live deployment."""
    desk = a_desk(tmp_path, g.live())
    desk.clock.at = g.OPENS + g.MINUTE
    return desk


def observed(desk, address="/observe/d-1"):
    """Return what an observer gets."""
    with desk.browser(Role.OBSERVER) as browser:
        return browser.get(address)


def stated(desk, text=WORDS):
    """Return what an observer gets for a statement."""
    with desk.browser(Role.OBSERVER) as browser:
        return browser.post(STATEMENTS, data={"text": text})


def statements_of(desk):
    """Return the statements as they are stored."""
    with desk.store.reading() as uow:
        return uow.statements.of_deployment("d-1")


def streamed(read, n_messages, *, allowed=10, every_s=0.0):
    """Return what a stream tells until it ends or has told enough."""
    left = [allowed]

    def is_still_allowed():
        left[0] -= 1
        return left[0] >= 0

    async def listen():
        told = []
        async for message in counts_stream(read, is_still_allowed, every_s=every_s):
            told.append(message)
            if len(told) > n_messages:
                break
        return told

    return asyncio.run(listen())


@pytest.mark.parametrize("deployment", OPEN)
def test_the_numbers_are_told_to_anybody(tmp_path, deployment):
    """R-64: from the calibration on, without an account; the gate before LIVE asks for it."""
    with a_desk(tmp_path, deployment()).browser() as browser:
        answer = browser.get("/observe/d-1/live.json")

    assert answer.status_code == 200
    assert answer.json()["deployment"] == "d-1"


@pytest.mark.parametrize("deployment", BEFORE)
def test_nothing_is_told_before_the_calibration(tmp_path, deployment):
    """There is nothing to observe yet, and a draft is nobody's business."""
    with a_desk(tmp_path, deployment()).browser(accept="application/json") as browser:
        answer = browser.get("/observe/d-1/live.json")

    assert (answer.status_code, answer.json()["code"]) == (404, "store.not_found")


def test_a_deployment_that_is_none_is_not_found(tmp_path):
    """A page about nothing would let the gate pass."""
    with a_desk(tmp_path).browser(accept="application/json") as browser:
        assert browser.get("/observe/d-9/live.json").status_code == 404


@pytest.mark.parametrize("role", OTHERS)
def test_the_page_is_for_observers(desk, role):
    """Others have screens of their own."""
    with desk.browser(role) as browser:
        assert {browser.get(page).status_code for page in PAGES} == {403}
        assert browser.post(STATEMENTS, data={"text": WORDS}).status_code == 403
    assert statements_of(desk) == ()


def test_strangers_are_asked_to_sign_in(desk):
    """Only the numbers themselves are public."""
    with desk.browser() as browser:
        assert [browser.get(page).status_code for page in PAGES] == [303, 303, 303]


@pytest.mark.parametrize("deployment", OPEN)
def test_every_open_deployment_has_a_page(tmp_path, deployment):
    """Also after its end, and after everything was purged."""
    desk = a_desk(tmp_path, deployment())

    assert observed(desk).status_code == 200
    assert "/observe/d-1" in observed(desk, "/observe").text


def test_a_rehearsal_says_that_it_is_one(tmp_path):
    """No false alert rate about volunteers."""
    page = observed(a_desk(tmp_path, g.a_ready_rehearsal())).text

    assert "a rehearsal with volunteers" in page
    assert "everybody who is looked for is a volunteer" in page


def test_a_rehearsal_without_an_application_is_on_the_list(tmp_path):
    """It has no places to name."""
    listed = observed(a_desk(tmp_path, g.a_ready_rehearsal()), "/observe")

    assert listed.status_code == 200
    assert 'href="/observe/d-1"' in listed.text


def test_without_deployments_the_page_says_when_there_are_some(tmp_path):
    """An empty page explains itself."""
    page = observed(a_desk(tmp_path, g.drafted()), "/observe").text

    assert "once its threshold is fixed" in page


def test_counts_rates_settings_notices_and_rules_are_shown(desk):
    """2 false of 3 alerts, of 4,321 faces seen."""
    count_faces(desk.console.workplace, 4321)
    for number in range(3):
        add_alert(desk.console.workplace, alert_id=f"a-{number}")
    decide(desk.console.workplace, "a-0")
    decide(desk.console.workplace, "a-1")
    page = observed(desk).text

    for shown in (
        "2 of 4,321 faces seen",
        "2 of 3 alerts",
        "not shown to be within the limit",
        "0.94",
        "2 signs stand now",
        "0.001 per face seen",
        "R-42: 1 in 1,000",
        "Taking it is not suspicious",
    ):
        assert shown in page


def test_nothing_personal_is_on_the_page_or_in_the_stream(desk):
    """No alert, entry, reference, officer or picture: only sums of them."""
    workplace = desk.console.workplace
    hidden = {
        "alert_id": "alert-hidden",
        "entry_id": "entry-hidden",
        "camera_id": "camera-hidden",
    }
    with workplace.open() as uow:
        uow.entries.add_many(
            [an_entry(entry_id="entry-hidden", reference="REF-HIDDEN", justification="WHY-HIDDEN")]
        )
        uow.commit()
    add_alert(workplace, **hidden)
    decide(workplace, "alert-hidden", "passed_on", seconds=1.5)
    file_statement(workplace, "observer-1", "d-1", "Mine")
    texts = live_texts(ObservedFigures(workplace, desk.store.reading).of("d-1"), None)
    told = [
        observed(desk).text,
        observed(desk, "/observe").text,
        observed(desk, "/observe/d-1/live.json").text,
        *streamed(lambda: texts, 1),
    ]

    others = [actor.actor_id for actor in g.EVERYONE if actor.actor_id != "observer-1"]
    secrets = [*others, *hidden.values(), "REF-HIDDEN", "WHY-HIDDEN", "N-77", "secret-"]
    assert [secret for secret in secrets for text in told if secret in text] == []
    assert not any("<img" in text or "data:image" in text for text in told)


def test_the_stream_tells_every_figure_of_the_page(desk):
    """By key: a figure without a place on the page would be a mistake."""
    texts = live_texts(ObservedFigures(desk.console.workplace, desk.store.reading).of("d-1"), None)
    page = observed(desk).text

    assert texts.keys() == {key for key, _, _ in LABELS} | {"asked_at"}
    assert all(f'data-live="{key}"' in page for key in texts)


def test_the_stream_is_silent_while_nothing_changes():
    """The time alone is no news; now and then it is told, so that the line stays open."""
    moments = iter(range(100))
    told = streamed(lambda: {"asked_at": str(next(moments)), "alerts": "1"}, 3, allowed=9)

    counts = [json.loads(m.split("data: ")[1]) for m in told[1:]]
    assert [one["asked_at"] for one in counts] == ["0", "4", "8"]


def test_the_stream_tells_what_changes():
    """As soon as it is looked at."""
    alerts = iter(["1", "1", "2"])
    told = streamed(lambda: {"alerts": next(alerts)}, 9, allowed=3)

    assert [json.loads(m.split("data: ")[1])["alerts"] for m in told[1:]] == ["1", "2"]


def test_the_stream_ends_with_the_session_and_with_the_store():
    """A browser comes back by itself; somebody signed out does not."""

    def away():
        raise StoreUnavailableError("the store is away")

    assert len(streamed(lambda: {"alerts": "1"}, 9, allowed=0)) == 1
    assert len(streamed(away, 9)) == 1


def test_a_statement_is_kept_as_it_was_written(desk):
    """And shown as text, whatever it holds."""
    answer = stated(desk)
    page = observed(desk).text

    assert (answer.status_code, answer.headers["location"]) == (303, "/observe/d-1#statements")
    assert [one.text for one in statements_of(desk)] == [WORDS]
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("text", ["", " ", "\x07 bell", "x" * (MOST_CHARACTERS + 1)])
def test_a_statement_that_cannot_be_filed_is_shown_again(desk, text):
    """With the reason; nothing was stored."""
    answer = stated(desk, text)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert statements_of(desk) == ()


def test_a_statement_is_withdrawn_by_its_author(desk):
    """It stays in the list, as withdrawn."""
    statement = file_statement(desk.console.workplace, "observer-1", "d-1", WORDS)
    with desk.browser(Role.OBSERVER) as browser:
        answer = browser.post(f"{STATEMENTS}/{statement.statement_id}/withdraw")

    assert answer.status_code == 303
    assert "It is not published" in observed(desk).text
    assert len(desk.events(EventKind.STATEMENT_WITHDRAWN)) == 1


def test_nobody_elses_statement_is_seen_or_withdrawn(desk):
    """Not even its existence."""
    workplace = desk.console.workplace
    with workplace.open() as uow:
        uow.actors.save(g.an_actor("observer-2", Role.OBSERVER))
        uow.commit()
    statement = file_statement(workplace, "observer-2", "d-1", "Theirs alone")
    with desk.browser(Role.OBSERVER) as browser:
        answer = browser.post(f"{STATEMENTS}/{statement.statement_id}/withdraw")

    assert answer.status_code == 403
    assert "Theirs alone" not in observed(desk).text
    (denied,) = desk.events(EventKind.ACCESS_DENIED)
    assert denied.details["code"] == "statement.not_yours"


def test_public_numbers_are_counted_seldom(desk):
    """However many ask: within some seconds all are told the same."""
    with desk.browser() as browser:
        first = browser.get("/observe/d-1/live.json").json()
        add_alert(desk.console.workplace)
        again = browser.get("/observe/d-1/live.json").json()
        desk.clock.at += FRESH_FOR
        later = browser.get("/observe/d-1/live.json").json()

    assert (first["alerts"], again["alerts"], later["alerts"]) == (0, 0, 1)


def test_a_stream_of_counts_that_gives_way_ends():
    """At once, and not after the next message."""

    async def run():
        listeners = Listeners()
        streams = [
            counts_stream(
                lambda: {"alerts": "1"}, lambda: True, every_s=60, one_more=listeners.of("one")
            )
            for _ in range(MOST_OF_ONE + 1)
        ]
        for stream in streams:
            await anext(stream)
            await anext(stream, None)
        told = [text async for text in streams[0]]
        for stream in streams[1:]:
            await stream.aclose()
        return told

    assert asyncio.run(asyncio.wait_for(run(), 10)) == []
