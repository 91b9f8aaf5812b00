"""The engineer's screens: cameras, zones, packs, machine; never an alert or an address."""

from __future__ import annotations

import base64
import time
from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.services.alerted import add_alert
from tests.unit.services.zones import ADDRESS, WHOLE, with_draft
from tests.web.consoles import PEOPLE, a_desk

from overt.bootstrap.purge_worker import WorkerHealth
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.frame import FrameCounts
from overt.core.live_counts import LiveCounts, MinuteCounts
from overt.core.roles import Role
from overt.errors import CameraForbiddenError, CameraUnreachableError
from overt.services.live_status import LiveStatus
from overt.services.save_draft import read_draft

OTHERS = [role for role in PEOPLE if role is not Role.SYSTEM_ENGINEER]
ZONE_PAGE = "/cameras/d-1/zone?camera=row-1"
PAGES = (
    *("/cameras", "/cameras/packs", "/cameras/packs/progress", "/cameras/machine"),
    *("/cameras/d-1", "/cameras/d-1/health", "/cameras/d-1/preview.jpg?camera=north-1", ZONE_PAGE),
)
DEEDS = ("/cameras/packs/verify", "/cameras/d-1/still", "/cameras/d-1/zone")
TRIANGLE = "0.1,0.1 0.9,0.1 0.5,0.9"
DRAWN = {"camera": "row-1", "zone": TRIANGLE, "seen": WHOLE}
STILL = b"\xff\xd8 a very coarse picture"


@pytest.fixture
def desk(tmp_path):
    """Return a console with a draft that has cameras."""
    desk = a_desk(tmp_path, g.drafted())
    with_draft(desk.console.workplace)
    return desk


@pytest.fixture
def running(tmp_path):
    """Return a console whose one deployment runs; its camera is lost."""
    desk = a_desk(tmp_path, g.live())
    desk.clock.at = g.OPENS + g.MINUTE
    desk.runs.running = "d-1"
    frames = FrameCounts(decoded=1500, dropped=12, failed=3)
    desk.runs.of_run = LiveStatus(
        deployment=g.live(),
        now=desk.clock.at,
        faces_seen=7,
        n_alerts=1,
        look=None,
        frames=frames,
        frames_analysed=1450,
        templates_in_memory=0,
        lost={"north-camera": "camera.lost"},
        n_cameras=1,
        feed_problem=None,
        camera_ids=("north-camera",),
        frames_of={"north-camera": frames},
    )
    with desk.console.workplace.open() as uow:
        counts = LiveCounts(frames_analysed=1440)
        uow.counts.add_minute(MinuteCounts("d-1", "north-camera", g.OPENS, counts))
        uow.commit()
    return desk


def asked(desk, address):
    """Return what an engineer gets."""
    with desk.browser(Role.SYSTEM_ENGINEER) as browser:
        return browser.get(address)


def sent(desk, address, **fields):
    """Return what an engineer gets for a form."""
    with desk.browser(Role.SYSTEM_ENGINEER) as browser:
        return browser.post(address, data=fields)


def zone_of(desk):
    """Return the zone as it stands in the draft."""
    form, _ = read_draft(desk.store.reading, "d-1")
    return form.cameras()[0].zone


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sees_cameras_or_the_machine(desk, role):
    """Closed by role."""
    with desk.browser(role) as browser:
        assert {browser.get(page).status_code for page in PAGES} == {403}


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_draws_or_takes_stills(desk, role):
    """Closed by role, logged, and no camera opened."""
    with desk.browser(role) as browser:
        assert {browser.post(deed, data=DRAWN).status_code for deed in DEEDS} == {403}
    assert desk.stills.opened == []
    assert desk.events()[-1].kind == EventKind.ACCESS_DENIED


def test_a_running_camera_shows_its_health(running):
    """Lost with its code; frames; 1,440 analysed in a minute are 24 a second."""
    page = asked(running, "/cameras/d-1").text

    for shown in ("north-camera", "camera.lost", "1,500", "24.0"):
        assert shown in page


def test_a_rehearsals_cameras_are_those_that_run(running):
    """No paper names them."""
    with running.console.workplace.open() as uow:
        rehearsal = replace(g.a_ready_rehearsal(), state=DeploymentState.LIVE)
        uow.deployments.save(rehearsal)
        uow.commit()

    assert "north-camera" in asked(running, "/cameras/d-1").text


def test_the_preview_is_coarse_and_the_look_logged_once(running):
    """It is made from the preview and coarser still; a spell of looking is one line."""
    with running.browser(Role.SYSTEM_ENGINEER) as browser:
        answers = [browser.get("/cameras/d-1/preview.jpg?camera=north-camera") for _ in range(3)]

    assert [answer.content for answer in answers] == [STILL] * 3
    assert answers[0].headers["cache-control"] == "no-store"
    (look,) = running.events(EventKind.PREVIEW_VIEWED)
    assert (look.actor_id, look.details) == ("engineer-1", {"camera_id": "north-camera"})


def test_no_picture_is_no_error(running):
    """The camera gives none at present."""
    running.stills.content = None
    assert asked(running, "/cameras/d-1/preview.jpg?camera=north-camera").status_code == 204


def test_a_camera_that_does_not_run_has_no_preview(running):
    """Nor has one of another deployment."""
    assert asked(running, "/cameras/d-1/preview.jpg?camera=other").status_code == 404


def test_a_still_is_shown_and_not_kept(desk):
    """In the page itself; the address with its password is nowhere."""
    answer = sent(desk, "/cameras/d-1/still", **DRAWN)

    assert answer.status_code == 200
    assert base64.b64encode(STILL).decode() in answer.text
    assert f"{TRIANGLE}</textarea>" in answer.text  # what was drawn so far stays
    assert desk.stills.opened == [ADDRESS]
    assert "secret" not in answer.text
    (look,) = desk.events(EventKind.PREVIEW_VIEWED)
    assert look.details == {"camera_id": "north-1"}


def test_a_camera_that_does_not_answer_is_said_in_words(desk):
    """The drawing stays as it was."""
    desk.stills.refusal = CameraUnreachableError("expected video within 5 s; found: no answer")
    answer = sent(desk, "/cameras/d-1/still", **DRAWN)

    assert answer.status_code == 503
    assert "no answer" in answer.text
    assert f"{TRIANGLE}</textarea>" in answer.text


def test_a_still_that_is_not_allowed_is_said_in_words_and_logged(desk):
    """An address that leads to this machine itself."""
    desk.stills.refusal = CameraForbiddenError("its address leads to this machine itself")
    answer = sent(desk, "/cameras/d-1/still", **DRAWN)

    assert answer.status_code == 409
    assert "leads to this machine itself" in answer.text
    assert desk.events()[-1].details["code"] == "camera.forbidden"


def test_a_zone_is_saved_into_the_draft(desk):
    """And shown from there."""
    answer = sent(desk, "/cameras/d-1/zone", **DRAWN)

    assert (answer.status_code, answer.headers["location"]) == (303, "/cameras/d-1?saved=zone")
    assert zone_of(desk) == TRIANGLE
    assert TRIANGLE in asked(desk, ZONE_PAGE).text


@pytest.mark.parametrize(
    ("zone", "problem"),
    [
        ("0,0 1,1 1,0 0,1", "must not cross"),
        ("0,0 1,0", "at least 3 corners"),
        ("0,0 1.2,0 1,1", "from 0 to 1"),
        ("<script>", "corners x,y"),
    ],
)
def test_what_is_no_zone_is_shown_again_with_the_reason(desk, zone, problem):
    """With what was drawn, and nothing saved."""
    answer = sent(desk, "/cameras/d-1/zone", **{**DRAWN, "zone": zone})

    assert answer.status_code == 422
    assert problem in answer.text
    assert "<script>" not in answer.text
    assert zone_of(desk) == WHOLE


def test_whoever_draws_second_is_told(desk):
    """Nothing is lost: what they drew is still on the page."""
    sent(desk, "/cameras/d-1/zone", **DRAWN)
    answer = sent(desk, "/cameras/d-1/zone", **{**DRAWN, "zone": "0,0 1,0 1,1"})

    assert answer.status_code == 409
    assert "0,0 1,0 1,1</textarea>" in answer.text


def test_an_authorised_zone_is_shown_read_only(tmp_path):
    """Without a form field, a script or a button that saves."""
    page = asked(a_desk(tmp_path, g.authorised()), "/cameras/d-1/zone?camera=north/north-camera")

    assert page.status_code == 200
    assert "100.0 % from the left" in page.text
    assert "<textarea" not in page.text
    assert "Save the zone" not in page.text


def test_an_authorised_zone_cannot_be_saved(tmp_path):
    """Not even by a form that was made by hand; the attempt is logged."""
    desk = a_desk(tmp_path, g.authorised())
    answer = sent(desk, "/cameras/d-1/zone", **{**DRAWN, "camera": "north/north-camera"})

    assert answer.status_code == 409
    assert desk.events()[-1].kind == EventKind.ACCESS_DENIED


def test_a_camera_that_is_none_is_not_found(desk):
    """Such as one that was removed from the draft."""
    assert asked(desk, "/cameras/d-1/zone?camera=row-9").status_code == 404


def test_packs_tell_licence_threshold_and_evidence(desk):
    """And that nobody has verified them yet."""
    page = asked(desk, "/cameras/packs").text

    for shown in ("overt-default", "CC0-1.0", "0.93", "not verified since"):
        assert shown in page


def test_packs_are_verified_file_by_file(desk):
    """A file that is not on this machine is named; the others are right."""
    with desk.browser(Role.SYSTEM_ENGINEER) as browser:
        assert browser.post("/cameras/packs/verify").status_code == 303
        give_up = time.monotonic() + 60
        while "<progress" in (page := browser.get("/cameras/packs").text):
            assert time.monotonic() < give_up
            time.sleep(0.1)

    assert "every file is right" in page
    assert "not usable here" in page  # the files of opencv-zoo are pulled first


def test_the_machine_is_shown(running):
    """Worker, store, follower, disk, memory."""
    page = asked(running, "/cameras/machine").text

    for shown in ("last good round", "SQLite", "browsers listen", "free", "MiB"):
        assert shown in page


def test_a_purge_worker_that_fails_is_told(tmp_path):
    """With the code, and what follows from it."""
    desk = a_desk(tmp_path)
    health = WorkerHealth(None, 3, "store.full")
    object.__setattr__(desk.console, "health", lambda: health)

    page = asked(desk, "/cameras/machine").text

    assert "not well" in page
    assert "store.full" in page


def test_no_alert_reaches_an_engineer(running):
    """Neither its identifier nor its entry."""
    add_alert(running.console.workplace, alert_id="alert-9", entry_id="sought-1")
    pages = "".join(asked(running, p).text for p in ("/cameras/d-1", "/cameras/machine"))

    assert "alert-9" not in pages
    assert "sought-1" not in pages


def test_names_of_cameras_are_text(tmp_path):
    """Whatever an applicant typed."""
    sites = (g.a_site(place="<b>here</b>"),)
    desk = a_desk(tmp_path, g.authorised(g.an_application(sites=sites)))
    page = asked(desk, "/cameras/d-1").text

    assert "<b>here" not in page
    assert "&lt;b&gt;here" in page
