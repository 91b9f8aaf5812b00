"""The evaluator's screen: volunteers and walks; never an alert about anybody who is sought."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from tests.unit.core import governed as g
from tests.unit.services.alerted import add_alert, an_entry
from tests.unit.services.listing import DORA, a_portrait
from tests.web.consoles import PEOPLE, a_desk

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.blue_list import BluePass, Volunteer
from overt.core.roles import Role
from overt.core.watchlist import ListKind

OTHERS = [role for role in PEOPLE if role is not Role.EVALUATOR]
START = "/blue/d-1/volunteers/v-1/start"
WITHDRAW = "/blue/d-1/volunteers/v-1/withdraw"
ADD = "/blue/d-2/volunteers"
DEEDS = (ADD, START, WITHDRAW, "/blue/d-1/passes", "/blue/d-1/passes/p/stop")
WALK = {
    "volunteer": "v-1",
    "camera": "north-camera",
    "started": "2026-03-03T10:00:10",
    "stopped": "2026-03-03T10:00:40",
    "notes": "rain",
}


def with_volunteer(desk, number=1, deployment_id="d-1", reference=None):
    """Add a volunteer who agreed before the cameras ran."""
    entry = an_entry(
        entry_id=f"blue-{number}",
        deployment_id=deployment_id,
        list_kind=ListKind.BLUE,
        reference=reference or f"VOL-{number}",
        category="volunteer",
    )
    details = {
        "volunteer_id": f"v-{number}",
        "entry_id": entry.entry_id,
        "consent_sha256": g.DIGEST,
    }
    with desk.console.workplace.open() as uow:
        uow.entries.add_many([entry])
        volunteer = Volunteer(f"v-{number}", deployment_id, entry.entry_id, g.DIGEST, g.BUILT_AT)
        uow.passes.add_volunteer(volunteer)
        kind = EventKind.VOLUNTEER_CONSENTED
        uow.audit.append(AuditEvent(kind, g.BUILT_AT, "evaluator-1", deployment_id, details))
        uow.commit()
    return desk


@pytest.fixture
def desk(tmp_path):
    """Return a live deployment with a volunteer, a minute after it began."""
    desk = a_desk(tmp_path, g.live(), replace(g.authorised(), deployment_id="d-2"))
    desk.clock.at = g.OPENS + g.MINUTE
    return with_volunteer(desk)


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("address", ["/blue", "/blue/d-1"])
def test_nobody_else_sees_the_blue_list(desk, role, address):
    """Closed by role."""
    with desk.browser(role) as browser:
        assert browser.get(address).status_code == 403


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("address", DEEDS)
def test_nobody_else_logs_walks(desk, role, address):
    """Closed by role."""
    with desk.browser(role) as browser:
        assert browser.post(address, data=WALK).status_code == 403
    assert desk.events()[-1].kind == EventKind.ACCESS_DENIED


def test_a_walk_starts_and_stops_with_one_button_each(desk):
    """The page tells who walks; the log keeps the walk once it has ended."""
    with desk.browser(Role.EVALUATOR) as browser:
        started = browser.post(START, data={"camera": "north-camera"})
        assert started.headers["location"] == "/blue/d-1?camera=north-camera"
        page = browser.get("/blue/d-1").text
        assert "walking now" in page
        stop = page.split('action="/blue/d-1/passes/')[1].split("/stop")[0]
        desk.clock.at += g.MINUTE
        browser.post(f"/blue/d-1/passes/{stop}/stop", data={"notes": "a hat"})
        page = browser.get("/blue/d-1").text

    assert "walking now" not in page
    assert "0 of 1 recognition opportunities" in page
    assert "a hat" in page
    (logged,) = desk.events(EventKind.BLUE_PASS_LOGGED)
    assert (logged.actor_id, logged.details["volunteer_id"]) == ("evaluator-1", "v-1")


def test_a_second_tap_starts_no_second_walk(desk):
    """It is said in words, above the list."""
    with desk.browser(Role.EVALUATOR) as browser:
        browser.post(START, data={"camera": "north-camera"})
        answer = browser.post(START, data={"camera": "north-camera"})

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert "one volunteer walks one pass at a time" in answer.text


def test_a_walk_is_typed_in_with_times_on_the_wall(tmp_path):
    """11:00 in Paris is 10:00 UTC."""
    sites = (g.a_site(time_zone="Europe/Paris"),)
    desk = with_volunteer(a_desk(tmp_path, g.live(g.an_application(sites=sites))))
    desk.clock.at = g.OPENS + g.HOUR
    walk = {**WALK, "started": "2026-03-03T11:00:10", "stopped": "2026-03-03T11:00:40"}
    with desk.browser(Role.EVALUATOR) as browser:
        assert browser.post("/blue/d-1/passes", data=walk).status_code == 303

    (logged,) = desk.events(EventKind.BLUE_PASS_LOGGED)
    assert logged.details["started_at"] == "2026-03-03T10:00:10+00:00"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"started": "10 o'clock"}, 422),
        ({"stopped": "2026-03-03T11:00:00"}, 409),  # ahead of now
        ({"stopped": "2026-03-03T10:00:05"}, 409),  # before its start
        ({"camera": "another"}, 409),
    ],
)
def test_a_walk_that_cannot_be_is_shown_again(desk, changes, status):
    """With what was typed, and why."""
    walk = {**WALK, **changes}
    with desk.browser(Role.EVALUATOR) as browser:
        answer = browser.post("/blue/d-1/passes", data=walk)

    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert 'value="rain"' in answer.text
    assert not desk.events(EventKind.BLUE_PASS_LOGGED)


def test_consent_is_withdrawn_for_good(desk):
    """The face is deleted; nobody walks any more."""
    with desk.browser(Role.EVALUATOR) as browser:
        assert browser.post(WITHDRAW).status_code == 303
        page = browser.get("/blue/d-1").text
        again = browser.post(START, data={"camera": "north-camera"})

    assert "consent withdrawn" in page
    assert again.status_code == 409
    assert len(desk.events(EventKind.CONSENT_WITHDRAWN)) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/blue/d-2/volunteers/v-1/start",
        "/blue/d-2/volunteers/v-1/withdraw",
        "/blue/d-1/volunteers/v-9/start",
        "/blue/d-1/passes/nothing/stop",
    ],
)
def test_what_belongs_to_another_deployment_is_not_found(desk, address):
    """An address cannot be put together from two deployments."""
    with desk.browser(Role.EVALUATOR) as browser:
        assert browser.post(address, data={"camera": "north-camera"}).status_code == 404


def test_no_operational_alert_reaches_an_evaluator(desk):
    """R-22: neither its identifier nor its entry, nor that there was one."""
    with desk.console.workplace.open() as uow:
        uow.entries.add_many([an_entry(entry_id="sought-1", reference="WANTED-9")])
        uow.commit()
    with desk.browser(Role.EVALUATOR) as browser:
        before = browser.get("/blue/d-1").text
        add_alert(desk.console.workplace, alert_id="alert-9", entry_id="sought-1")
        after = browser.get("/blue/d-1").text

    assert before == after
    for hidden in ("alert-9", "sought-1", "WANTED-9"):
        assert hidden not in after


def test_markup_in_notes_and_references_is_text(tmp_path):
    """Whatever somebody typed."""
    desk = a_desk(tmp_path, g.live())
    desk.clock.at = g.OPENS + g.MINUTE
    with_volunteer(desk, reference="<b>V</b>")
    with desk.browser(Role.EVALUATOR) as browser:
        notes = "<script>alert(1)</script>"
        browser.post("/blue/d-1/passes", data={**WALK, "notes": notes})
        page = browser.get("/blue/d-1").text

    assert "<script>alert" not in page
    assert "<b>V" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_one_deployment_alone_opens_at_once(tmp_path):
    """One tap less."""
    with a_desk(tmp_path, g.live()).browser(Role.EVALUATOR) as browser:
        assert browser.get("/blue").headers["location"] == "/blue/d-1"


def test_several_are_chosen_from(desk):
    """Those that are live first."""
    with desk.browser(Role.EVALUATOR) as browser:
        page = browser.get("/blue").text

    assert page.index("/blue/d-1") < page.index("/blue/d-2")


def test_without_deployments_the_page_says_when_there_are_some(tmp_path):
    """An empty page explains itself."""
    with a_desk(tmp_path, g.drafted()).browser(Role.EVALUATOR) as browser:
        assert "as soon as it is authorised" in browser.get("/blue").text


def a_photograph(who=DORA):
    """Return a photograph's file of somebody whom the fakes know."""
    file = BytesIO()
    Image.fromarray(a_portrait(who)).save(file, "PNG")
    return file.getvalue()


def added(desk, reference="vol-9", photograph=None, consent=b"I agree. Signed."):
    """Return what an evaluator gets for a new volunteer."""
    files = {"photograph": ("me.png", photograph or a_photograph(), "image/png")}
    if consent is not None:
        files["consent"] = ("consent.pdf", consent, "application/pdf")
    with desk.browser(Role.EVALUATOR) as browser:
        return browser.post(ADD, data={"reference": reference}, files=files)


def test_a_volunteer_is_added_with_photograph_and_consent(desk):
    """Of the consent only the digest stays; a second person approves the entry."""
    answer = added(desk)
    with desk.browser(Role.EVALUATOR) as browser:
        page = browser.get("/blue/d-2").text

    assert answer.status_code == 303
    assert "VOL-9" in page
    assert "not approved yet" in page
    consented = desk.events(EventKind.VOLUNTEER_CONSENTED)[-1]
    assert consented.details["consent_sha256"] == hashlib.sha256(b"I agree. Signed.").hexdigest()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"consent": None}, "consent: expected one file"),
        ({"consent": b""}, "consent: expected one file"),
        ({"photograph": b"<svg onload=alert(1)>"}, "cannot be listed"),
        ({"reference": " "}, "reference_unusable"),
    ],
)
def test_a_volunteer_who_cannot_be_added_is_said_in_words(desk, changes, problem):
    """Nothing is stored, and the reference is still in the form."""
    answer = added(desk, **changes)

    assert answer.status_code == 422
    assert problem in answer.text
    assert "<svg" not in answer.text
    assert len(desk.events(EventKind.VOLUNTEER_CONSENTED)) == 1  # the one of the fixture


def test_nobody_is_added_while_cameras_run(desk):
    """The form is not there, and a request made by hand is refused."""
    with desk.browser(Role.EVALUATOR) as browser:
        assert "Add a volunteer" not in browser.get("/blue/d-1").text
        files = {
            "photograph": ("me.png", a_photograph(), "image/png"),
            "consent": ("consent.pdf", b"I agree.", "application/pdf"),
        }
        answer = browser.post("/blue/d-1/volunteers", data={"reference": "V-7"}, files=files)

    assert answer.status_code == 409


@pytest.fixture
def rehearsing(tmp_path):
    """Return a live rehearsal in which one of two volunteers was recognised on a walk."""
    return rehearsing_desk(tmp_path)


def rehearsing_desk(folder):
    """Return the same, for whoever has a folder."""
    rehearsal = replace(g.a_ready_rehearsal(), state=g.live().state)
    desk = a_desk(folder, rehearsal, replace(g.live(), deployment_id="d-2"))
    desk.clock.at = g.OPENS + 10 * g.MINUTE
    with_volunteer(with_volunteer(desk), 2)
    walk = BluePass("p-1", "d-1", "v-1", "clip-1", g.OPENS, g.OPENS + g.MINUTE, "evaluator-1")
    with desk.console.workplace.open() as uow:
        uow.passes.add(walk)
        uow.commit()
    at = g.OPENS + g.MINUTE / 2
    more = {"entry_id": "blue-1", "list_kind": ListKind.BLUE, "camera_id": "clip-1"}
    add_alert(desk.console.workplace, captured_at=at, **more)
    return desk


def test_a_pair_of_different_people_is_put_in(rehearsing):
    """The operator's screen has one alert more, and nothing that tells it from the other."""
    chosen = {"picture": "a-1", "suggested": "v-2"}
    with rehearsing.browser(Role.EVALUATOR) as browser:
        page = browser.get("/blue/d-1").text
        answer = browser.post("/blue/d-1/pairs", data=chosen)
    (seeded,) = [
        event for event in rehearsing.events(EventKind.ALERT_RAISED) if "is_seeded" in event.details
    ]
    pair_id = seeded.details["alert_id"]
    with rehearsing.browser(Role.OPERATOR) as browser:
        shown = browser.get(f"/live/d-1/alerts/{pair_id}").text
        listed = browser.get("/api/v1/deployments/d-1/alerts?list_kind=blue")

    assert "VOL-1, clip-1, 10:00:30" in page
    assert answer.status_code == 303
    assert "seeded" not in shown
    assert "VOL-2" in shown
    first, pair = listed.json()["items"]
    assert first.keys() == pair.keys()
    same = first.keys() - {"alert_id", "entry_id", "captured_at", "crop_secret_id"}
    assert {name: first[name] for name in same} == {name: pair[name] for name in same}


@pytest.mark.parametrize(
    ("chosen", "status"),
    [
        ({}, 422),
        ({"picture": "a-1"}, 422),
        ({"picture": "a-1", "suggested": "v-1"}, 409),
        ({"picture": "a-9", "suggested": "v-2"}, 404),
        ({"picture": "a-1", "suggested": "v-9"}, 404),
    ],
)
def test_a_pair_that_is_none_is_refused(rehearsing, chosen, status):
    """Nothing chosen, one person, or nobody."""
    with rehearsing.browser(Role.EVALUATOR) as browser:
        assert browser.post("/blue/d-1/pairs", data=chosen).status_code == status
    assert len(rehearsing.events(EventKind.ALERT_RAISED)) == 1


def test_no_pair_is_offered_for_an_operational_deployment(rehearsing):
    """Nobody who is sought is ever shown for a test."""
    with_volunteer(rehearsing, 3, "d-2")
    with rehearsing.browser(Role.EVALUATOR) as browser:
        page = browser.get("/blue/d-2").text
        refused = browser.post("/blue/d-2/pairs", data={"picture": "a-1", "suggested": "v-3"})

    assert "Put in a pair" not in page
    assert refused.status_code == 409
