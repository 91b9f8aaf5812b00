"""What somebody might write into a text or send as a form: shown as text, refused, logged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.typed_forms import a_form, a_site_form
from tests.unit.services.alerted import an_entry
from tests.web.consoles import a_desk
from tests.web.desk_forms import PAGES, D, act_as, application_fields, hidden
from tests.web.test_desk_watchlist import PHOTOGRAPHS, a_list, compose

from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.roles import Role
from overt.core.watchlist import EntryStatus

SCRIPT = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' {{ 7*'overt' }}"
RAW = ("<script>alert", "<img src=x", "overtovert")


def shown(browser, *ends):
    """Return all pages of the deployment, one after another."""
    return "\n".join(browser.get(f"{D}{end}").text for end in ends or PAGES)


def is_text(text) -> bool:
    """Return whether what was written is there, and is text everywhere."""
    return "&lt;script&gt;alert(1)" in text and not any(raw in text for raw in RAW)


def test_a_name_is_text(tmp_path):
    """On the list and at the head of each page."""
    desk = a_desk(tmp_path)
    with desk.browser(Role.APPLICANT) as browser:
        fields = hidden(browser, "/deployments/new", name=SCRIPT, kind="operational")
        place = browser.post("/deployments", data=fields).headers["location"].partition("?")[0]

        assert is_text(browser.get("/deployments").text)
        assert is_text(browser.get(place).text)


def test_every_text_of_an_application_is_text(tmp_path):
    """On the form that comes back, and on the page of those who decide."""
    desk = a_desk(tmp_path, g.drafted())
    desk.clock.at = g.APPLIED_AT
    texts = (
        *("aim", "legal_basis", "necessity", "less_intrusive_options", "proportionality"),
        *("threshold_evidence", "notice_plan"),
    )
    site = a_site_form(
        site_id=SCRIPT[:60],
        place=SCRIPT,
        reason_evidence=SCRIPT,
        presence_grounds=SCRIPT,
        sensitive_places=tuple((kind, SCRIPT) for kind, _ in a_site_form().sensitive_places),
    )
    camera = replace(site.cameras[0], camera_id=SCRIPT)
    form = a_form(**dict.fromkeys(texts, SCRIPT), sites=(replace(site, cameras=(camera,)),))
    with desk.browser() as browser:
        act_as(desk, browser, Role.APPLICANT)
        fields = {**application_fields(form), **hidden(browser, f"{D}/application")}
        odd = {**fields, "size_cap": SCRIPT, "sites.s1.time_zone": SCRIPT, "categories": SCRIPT}
        browser.post(f"{D}/application", data={**odd, "action": "save"})
        assert is_text(shown(browser, "/application"))
        refused = browser.post(
            f"{D}/application",
            data={**odd, **hidden(browser, f"{D}/application"), "action": "apply"},
        )
        assert is_text(refused.text)
        good = {**fields, **hidden(browser, f"{D}/application"), "action": "apply"}
        assert browser.post(f"{D}/application", data=good).status_code == 303
        act_as(desk, browser, Role.AUTHORISING_OFFICER)

        assert is_text(shown(browser))


@pytest.mark.parametrize(
    ("deployment", "role", "path", "name"),
    [
        (g.applied(), Role.AUTHORISING_OFFICER, "/authority/authorise", "reason"),
        (g.applied(), Role.AUTHORISING_OFFICER, "/authority/authorise", "conditions"),
        (g.applied(), Role.AUTHORISING_OFFICER, "/authority/refuse", "reason"),
        (g.authorised(), Role.AUTHORISING_OFFICER, "/authority/suspend", "reason"),
        (g.orally_authorised(), Role.APPLICANT, "/notices/announce", "where"),
        (g.a_rehearsal(), Role.SYSTEM_ENGINEER, "/operating-point", "evidence"),
        (g.live(), Role.OPERATOR, "/running/suspend", "reason"),
        (g.live(), Role.OPERATOR, "/running/end", "reason"),
    ],
)
def test_what_is_written_into_a_step_is_text(tmp_path, deployment, role, path, name):
    """On every page that shows it afterwards, and on its form where it is refused."""
    desk = a_desk(tmp_path, deployment)
    desk.clock.at = g.APPLIED_AT + g.HOUR if deployment.state == "authorised" else desk.clock.at
    page = f"{D}{path}" if path.count("/") == 1 else f"{D}{path.rpartition('/')[0]}"
    with desk.browser(role) as browser:
        fields = {"reason": "Because", "evidence": "CAL", "pack": "", "is_told": "yes"}
        refused = browser.post(
            f"{D}{path}", data=hidden(browser, page, **{**fields, name: SCRIPT, "seen": "99"})
        )
        taken = browser.post(f"{D}{path}", data=hidden(browser, page, **{**fields, name: SCRIPT}))
        text = shown(browser)

    is_stop = path.endswith(("suspend", "end", "announce"))
    assert is_stop or is_text(refused.text)
    assert (refused if is_stop else taken).status_code == 303
    assert is_text(text)


def test_what_stands_in_a_list_is_text(tmp_path):
    """Beside the portraits, and in the table of entries."""
    desk = a_desk(tmp_path, g.authorised())
    cell = SCRIPT.replace(",", "").replace('"', "")
    with desk.browser() as browser:
        act_as(desk, browser, Role.APPLICANT)
        row = {"justification": cell, "image_source": cell, "reference": "<b>N-1</b>"}
        compose(desk, browser, a_list(row, {}), PHOTOGRAPHS)
        act_as(desk, browser, Role.AUTHORISING_OFFICER)
        text = browser.get(f"{D}/watchlist/approve").text
        entry = desk.events(EventKind.PERSONAL_DATA_VIEWED)

        assert "&lt;script&gt;alert(1)" in text
        assert not any(raw in text for raw in RAW)
        assert "<b>N-1" not in shown(browser, "/watchlist/entries", "/watchlist/approve")
        assert entry


def test_a_name_of_a_file_is_never_shown_or_logged(tmp_path):
    """It may be somebody's name."""
    desk = a_desk(tmp_path, g.authorised())
    with desk.browser(Role.APPLICANT) as browser:
        _, text = compose(desk, browser, a_list({}), {"Jane Doe.png": PHOTOGRAPHS["a.png"]})

    assert "Jane" not in text
    assert "Jane" not in str(desk.events())


def test_a_form_without_its_token_changes_nothing(tmp_path):
    """Also one with files; the attempt is logged."""
    desk = a_desk(tmp_path, g.authorised())
    with desk.browser(Role.APPLICANT) as browser:
        del browser.headers["X-CSRF-Token"]
        answer = browser.post(
            f"{D}/watchlist/compose", data={"x": "1"}, files={"list": ("l.csv", a_list({}))}
        )

    assert answer.status_code == 403
    assert desk.events()[-1].details["code"] == "request.forged"


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "multipart/form-data"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/json"},
        {"content-type": "application/x-www-form-urlencoded"},
        {},
    ],
)
def test_a_body_that_is_no_form_is_refused(tmp_path, headers):
    """Never an error of the service."""
    desk = a_desk(tmp_path, g.authorised())
    with desk.browser(Role.APPLICANT) as browser:
        answer = browser.post(
            f"{D}/watchlist/compose",
            content=b"\xff\x00--x%",
            headers={**browser.headers, **headers},
        )

    assert answer.status_code in {400, 422}


def test_a_text_that_is_too_long_for_the_log_is_refused_on_its_form(tmp_path):
    """A reason is no document."""
    desk = a_desk(tmp_path, g.applied())
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        fields = hidden(browser, f"{D}/authority", reason="long " * 2000)
        answer = browser.post(f"{D}/authority/authorise", data=fields)

    assert answer.status_code == 409
    assert "long long" in answer.text


@pytest.mark.parametrize("number", ["9" * 5000, "100000", "-1", "x", "\u00b2"])
def test_a_number_of_volunteers_that_nobody_has_is_refused_on_its_form(tmp_path, number):
    """Never an error of the service."""
    desk = a_desk(tmp_path, g.drafted(DeploymentKind.REHEARSAL))
    desk.clock.at = g.APPLIED_AT
    with desk.browser(Role.EVALUATOR) as browser:
        fields = {"until": "2026-03-03T18:00", "n_volunteers": number}
        answer = browser.post(
            f"{D}/consent",
            data=hidden(browser, f"{D}/consent", **fields),
            files={"forms": ("forms.pdf", b"signed", "application/pdf")},
        )

    assert answer.status_code == 422
    assert "whole number" in answer.text


def test_an_entry_is_approved_under_the_address_of_its_own_deployment_only(tmp_path):
    """What an address says is what is done."""
    other = replace(g.with_watchlist(), deployment_id="d-2")
    desk = a_desk(tmp_path, g.with_watchlist(), other)
    with desk.console.workplace.open() as uow:
        uow.entries.add_many([an_entry(status=EntryStatus.COMPOSED)])
        uow.commit()
    with desk.browser(Role.AUTHORISING_OFFICER, accept="application/json") as browser:
        answers = [
            browser.post(f"/deployments/{place}/watchlist/entries/e-1/approve").status_code
            for place in ("d-2", "d-1")
        ]

    assert answers == [404, 200]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("time", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_draft_with_an_absurd_time_can_be_opened_and_mended(tmp_path, zone, time):
    """It is saved as it was typed; the form says what is wrong."""
    desk = a_desk(tmp_path, g.drafted())
    desk.clock.at = g.APPLIED_AT
    site = a_site_form(time_zone=zone)
    window = replace(site.windows[0], starts_at=time, ends_at=time)
    fields = application_fields(a_form(sites=(replace(site, windows=(window,)),)))
    with desk.browser(Role.APPLICANT) as browser:
        sent = {**fields, **hidden(browser, f"{D}/application"), "action": "save"}
        browser.post(f"{D}/application", data=sent)
        answer = browser.get(f"{D}/application")

    assert answer.status_code == 200
    assert "expected a year from 2000 to 2099" in answer.text


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("time", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_absurd_times_are_refused_by_the_search_of_the_log(tmp_path, name, time):
    """Beside the form, and never an error of the service."""
    with a_desk(tmp_path, time_zone="Asia/Tokyo").browser(Role.AUDITOR) as browser:
        assert browser.get("/log", params={name: time}).status_code == 422
