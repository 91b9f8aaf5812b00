"""The plan of the signs, what notices say, and their making, on the desk."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import a_desk
from tests.web.desk_forms import D, alert_of, hidden

from overt.core.audit_events import EventKind
from overt.core.notice_words import SheetKind
from overt.core.roles import Role
from overt.services.make_notices import NoticeWorks
from overt.testing import FakeLanguages, FakePress

N = f"{D}/notices"
ROWS = {
    "plan.site": ["north", "north", "north"],
    "plan.name": ["west", "east", ""],
    "plan.latitude": ["51.5", "51.501", ""],
    "plan.longitude": ["-0.1", "-0.1", ""],
    "plan.distance": ["120", "150", ""],
}
DETAILS = {
    "force": "Example Police",
    "contact": "101",
    "complaints": "PO Box 7",
    "regulator": "",
    "page": "https://police.example/lfr/{deployment}",
}
SQUARE = [[-0.1, 51.5], [-0.099, 51.5], [-0.099, 51.5004], [-0.1, 51.5]]
ZONE = json.dumps({"type": "Polygon", "coordinates": [SQUARE]}).encode()
CROSSED = [[-0.1, 51.5], [-0.099, 51.5004], [-0.099, 51.5], [-0.1, 51.5004], [-0.1, 51.5]]


def desk_with(tmp_path, deployment, press=None):
    """Return a console that prints notices on a fake press."""
    desk = a_desk(tmp_path, deployment)
    works = NoticeWorks(FakeLanguages(), press or FakePress(), lambda street: "<svg/>")
    desk.console = replace(desk.console, notice_works=lambda: works)
    desk.clock.at = g.OPENS - g.HOUR
    return desk


@pytest.fixture
def desk(tmp_path):
    """Return a console with a deployment whose signs stand and are not planned."""
    return desk_with(tmp_path, replace(g.with_signs(), sign_plan=()))


def deployment_of(desk):
    """Return the deployment as it is stored."""
    with desk.console.reading() as uow:
        return uow.deployments.get("d-1")


def send(browser, path, fields, page=None, files=None):
    """Send a form with the hidden fields of its page."""
    return browser.post(path, data={**hidden(browser, page or path), **fields}, files=files)


def test_a_plan_is_drawn_as_a_table(desk):
    """Rows left empty do not count; the page tells what is placed."""
    with desk.browser(Role.APPLICANT) as browser:
        answer = send(browser, f"{N}/plan", {**ROWS, "reason": "The two ways in"})
        text = browser.get(N).text

    assert answer.headers["location"] == f"{N}?done=planned"
    assert deployment_of(desk).sign_plan == g.a_plan()
    assert "north: 2 of 2 placed" in text
    assert "Missing" not in text


def test_a_plan_comes_as_a_file(desk):
    """GeoJSON takes the place of the table; a position without a sign is missing."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [-0.1, latitude]},
            "properties": {"name": name, "site": "north", "distance_m": 120},
        }
        for name, latitude in (("west", 51.5), ("far", 51.503))
    ]
    sent = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    with desk.browser(Role.APPLICANT) as browser:
        files = {"file": ("signs.geojson", sent)}
        send(browser, f"{N}/plan", {"reason": "Ways in"}, files=files)
        text = browser.get(N).text

    assert "north: 1 of 2 placed" in text
    assert "the nearest sign is 222 m away" in text


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"plan.latitude": ["north", "51.501", ""]}, "expected a number"),
        ({"plan.distance": ["20", "150", ""]}, "100 m or more"),
        ({"plan.distance": ["", "150", ""]}, "expected distance_m"),
        ({"plan.name": ["west", "west", ""]}, "comes twice"),
        ({"plan.latitude": ["51.5", "51.5001", ""]}, "more than 60 m apart"),
        ({"reason": " "}, "a reason is needed"),
    ],
)
def test_a_plan_that_is_refused_comes_back_as_typed(desk, changes, part):
    """With the problem on top."""
    with desk.browser(Role.APPLICANT) as browser:
        fields = {**ROWS, "reason": "Ways in", **changes}
        answer = send(browser, f"{N}/plan", fields)

    assert answer.status_code in {409, 422}
    assert part in alert_of(answer)
    assert 'value="-0.1"' in answer.text
    assert deployment_of(desk).sign_plan == ()


def test_who_may_not_plan_is_told_who_may(desk):
    """The form is not shown."""
    with desk.browser(Role.AUDITOR) as browser:
        text = browser.get(f"{N}/plan").text

    assert "may do this" in text
    assert "Log the plan" not in text


def test_a_sign_that_does_not_count_says_why(tmp_path):
    """Too near, with the photograph of another, at the position of another."""
    first = g.a_notice("first")
    signs = (
        first,
        g.a_notice("near", latitude_deg=51.51, distance_m=10),
        g.a_notice("photo", latitude_deg=51.52, photo_sha256=first.photo_sha256),
        g.a_notice("place", latitude_deg=51.5001),
    )
    desk = desk_with(tmp_path, replace(g.with_watchlist(), notices=signs))
    with desk.browser(Role.APPLICANT) as browser:
        text = browser.get(N).text

    assert text.count("Does not count") == 3
    assert "Too near: 10 m, and 100 m or more are needed." in text
    assert "Same photograph as the sign at 120 m: counts once." in text
    assert "Same position as the sign at 120 m: counts once." in text
    assert "north: no plan; 1 of 2 signs count." in text


def test_details_are_saved_and_begin_the_next_deployments(desk):
    """With their digest in the log; nothing is copied before somebody saves it."""
    with desk.browser(Role.APPLICANT) as browser:
        answer = send(browser, f"{N}/details", DETAILS, files={"zone": ("z.json", ZONE)})
        again = browser.get(f"{N}/details").text
        with desk.console.workplace.open() as uow:
            uow.deployments.add(replace(g.with_watchlist(), deployment_id="d-2"))
            uow.commit()
        other = browser.get("/deployments/d-2/notices/details").text

    assert answer.headers["location"] == f"{N}/made?done=details"
    assert 'value="Example Police"' in again
    assert "A zone is saved, and no way round" in again
    assert "saved it for another deployment" in other
    assert "No zone is saved" in other
    (event,) = desk.events(EventKind.NOTICE_DETAILS_SAVED)
    assert len(event.details["document_sha256"]) == 64


@pytest.mark.parametrize(
    ("fields", "files", "part"),
    [
        ({"force": ""}, None, "force: expected a text"),
        ({"page": "http://police.example"}, None, "begins with https://"),
        ({"contact": "x" * 201}, None, "at most 200 characters"),
        ({}, {"file": ("d.toml", b"force = 1")}, "force"),
        ({}, {"file": ("d.toml", b"\xff")}, "not UTF-8"),
        ({}, {"zone": ("z.json", b"{")}, "not JSON"),
        (
            {},
            {
                "zone": (
                    "z.json",
                    json.dumps({"type": "Polygon", "coordinates": [CROSSED]}).encode(),
                )
            },
            "cross",
        ),
        ({}, {"route": ("r.json", ZONE)}, "LineString"),
    ],
)
def test_details_that_cannot_be_used_come_back(desk, fields, files, part):
    """With what was typed; nothing is saved."""
    with desk.browser(Role.APPLICANT) as browser:
        answer = send(browser, f"{N}/details", {**DETAILS, **fields}, files=files)

    assert answer.status_code == 422
    assert part in alert_of(answer)
    assert desk.events(EventKind.NOTICE_DETAILS_SAVED) == []


def made(desk, browser, **fields):
    """Save details, make notices and wait until they lie there."""
    send(browser, f"{N}/details", DETAILS, files={"zone": ("z.json", ZONE)})
    wanted = {"languages": ["en", "cy"], **fields}
    answer = send(browser, f"{N}/make", wanted, page=f"{N}/made")
    for _ in range(200):
        progress = browser.get(f"{N}/made", headers={"accept": "application/json"}).json()
        if progress["is_over"]:
            break
    return answer


def test_notices_are_made_looked_at_and_fetched(desk):
    """Each file, and all in one archive; the digest of their list stands in the log."""
    with desk.browser(Role.APPLICANT) as browser:
        answer = made(desk, browser)
        page = browser.get(f"{N}/made").text
        picture = browser.get(f"{N}/files/cy/card-1.png")
        archive = browser.get(f"{N}/files/notices.zip")
        post = browser.get(f"{N}/files/cy/social-short.txt")

    assert answer.headers["location"] == f"{N}/made"
    assert f'src="{N}/files/cy/card-1.png"' in page
    assert page.count("Translation to be reviewed") == 1
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["cache-control"] == "no-store"
    names = zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
    assert {"en/poster-a2.pdf", "cy/card-1.png", "map.svg", "notices.json"} <= set(names)
    assert post.headers["content-disposition"].startswith("attachment")
    (event,) = desk.events(EventKind.NOTICES_MADE)
    assert event.details["languages"] == ("en", "cy")


def test_notices_of_one_site_of_several(tmp_path):
    """The form offers the sites; the notices name the one that was chosen."""
    application = g.an_application(sites=(g.a_site("north"), g.a_site("south")))
    press = FakePress()
    desk = desk_with(tmp_path, g.with_watchlist(g.authorised(application)), press)
    with desk.browser(Role.APPLICANT) as browser:
        send(browser, f"{N}/details", DETAILS)
        page = browser.get(f"{N}/made").text
        plan = browser.get(f"{N}/plan").text
        made(desk, browser, site="south")

    assert '<option value="south">' in page
    assert 'name="plan.site"' in plan
    assert [place.place for place in press.printed[0][0].places] == ["The square, south"]


@pytest.mark.parametrize("name", ["../store.db", "cy/../../x", "en/poster-a2.exe", "notices"])
def test_no_other_file_is_sent(desk, name):
    """Only what the list of the notices names."""
    with desk.browser(Role.APPLICANT) as browser:
        made(desk, browser)
        answer = browser.get(f"{N}/files/{name.replace('..', '%2e%2e')}")

    assert answer.status_code == 404


def test_what_does_not_fit_is_said_and_nothing_is_kept(tmp_path):
    """The earlier notices stay."""
    press = FakePress(unfit=frozenset({SheetKind.CARD}))
    desk = desk_with(tmp_path, g.with_signs(), press)
    with desk.browser(Role.APPLICANT) as browser:
        made(desk, browser)
        answer = browser.get(f"{N}/made")

    assert "card: too long" in alert_of(answer)
    assert "What was made" not in answer.text
    assert desk.events(EventKind.NOTICES_MADE) == []


def test_notices_need_details_and_a_language(desk):
    """Both are said before anything begins."""
    with desk.browser(Role.APPLICANT) as browser:
        before = browser.get(f"{N}/made").text
        send(browser, f"{N}/details", DETAILS)
        answer = send(browser, f"{N}/make", {}, page=f"{N}/made")

    assert "First say what stands on them" in before
    assert "choose at least one language" in alert_of(answer)


def test_an_officer_approves_a_translation_for_the_force(desk):
    """Then it carries no mark; the digest stands in the log."""
    catalogue = desk.console.notice_works().languages.get("cy").sha256
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        path = f"{N}/translations/cy/approve"
        stale = send(browser, path, {"catalogue": "0" * 64}, page=f"{N}/made")
        fresh = send(browser, path, {"catalogue": catalogue}, page=f"{N}/made")
        made(desk, browser)
        page = browser.get(f"{N}/made").text

    assert stale.status_code == 409
    assert fresh.headers["location"] == f"{N}/made?done=translation"
    assert "Translation to be reviewed" not in page
    (event,) = desk.events(EventKind.TRANSLATION_APPROVED)
    assert event.details == {"language": "cy", "catalogue_sha256": catalogue}
