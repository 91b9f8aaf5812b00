"""The application's form: saved, refused, applied with; times, addresses, rows, two people."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from tests.unit.core import governed as g
from tests.unit.core.typed_forms import a_camera_form, a_form, a_site_form, a_window_form
from tests.web.consoles import a_desk
from tests.web.desk_forms import D, Page, alert_of, application_fields, hidden

from overt.core.application_form import ApplicationForm
from overt.core.application_reading import read_form
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentState
from overt.core.roles import Role
from overt.services.save_draft import read_draft

FORM = f"{D}/application"
ADDRESS = "rtsp://user:word@10.0.0.5/stream"


@pytest.fixture
def desk(tmp_path):
    """Return a console with a draft."""
    desk = a_desk(tmp_path, g.drafted())
    desk.clock.at = g.APPLIED_AT
    return desk


def saved_form(desk) -> ApplicationForm:
    """Return the form as it stands in the store."""
    return read_draft(desk.console.reading, "d-1")[0]


def deployment_of(desk):
    """Return the deployment as it is stored."""
    with desk.console.reading() as uow:
        return uow.deployments.get("d-1")


def send(browser, action="save", form=None, **changes):
    """Send the form as its page has it, with everything that was typed."""
    fields = {**application_fields(form), **hidden(browser, FORM), "action": action, **changes}
    return browser.post(FORM, data=fields)


def test_a_draft_is_saved_and_shown_again(desk):
    """The address is not among what comes back."""
    with desk.browser(Role.APPLICANT) as browser:
        answer = send(browser)
        text = browser.get(FORM).text

    assert answer.headers["location"] == f"{FORM}?done=saved#main"
    assert "Find people wanted by the courts" in text
    assert "rtsp://10.0.0.5/***" in text
    assert "user:word" not in text
    assert saved_form(desk).sites[0].place == "The square"


def test_a_whole_application_is_applied_with(desk):
    """The overview says who decides."""
    with desk.browser(Role.APPLICANT) as browser:
        answer = send(browser, "apply")

    assert answer.headers["location"] == f"{D}?done=applied"
    deployment = deployment_of(desk)
    assert deployment.state is DeploymentState.APPLIED
    assert deployment.application.sites[0].windows[0].starts_at == g.OPENS
    with desk.console.reading() as uow:
        addresses = dict(uow.secrets.read_all("d-1", "location"))
    assert addresses == {"north/north-camera": ADDRESS.encode()}


def test_everything_that_is_missing_leads_to_its_field(desk):
    """Each link of the summary has a target on the page; what was typed is saved."""
    form = a_form(
        aim="",
        categories=(),
        size_cap="many",
        threshold="",
        no_public_notice_code="critical_threat",
        documents=(),
        sites=(
            a_site_form(
                place="", windows=(a_window_form(ends_at=""),), cameras=(a_camera_form(zone="0,0"),)
            ),
            a_site_form(key="s2", site_id="south", windows=(), cameras=(), time_zone="Mars"),
        ),
    )
    with desk.browser(Role.APPLICANT) as browser:
        answer = send(browser, "apply", form)

    page = Page(answer.text)
    links = [a["href"][1:] for tag, a in page.tags if tag == "a" and a["href"].startswith("#")]
    found = read_form(saved_form(desk), g.POLICY, g.APPLIED_AT).lacking
    assert answer.status_code == 409
    assert "things are missing or wrong" in alert_of(answer)
    assert {each.field for each in found} == set(links) - {"main"}
    assert set(links) <= set(page.ids)
    assert saved_form(desk).necessity == "Arrests at home have failed"


def test_an_empty_page_says_quietly_what_is_missing(desk):
    """No field is marked before somebody has applied."""
    with desk.browser(Role.APPLICANT) as browser:
        text = browser.get(FORM).text

    assert "things are missing or wrong" in text
    assert "aria-invalid" not in text
    assert 'role="alert"' not in text


def test_an_hour_that_does_not_come_is_refused_beside_its_field(desk):
    """On 29 March 2026 London has no half past one."""
    window = a_window_form(starts_at="2026-03-29T01:30", ends_at="2026-03-29T05:00")
    with desk.browser(Role.APPLICANT) as browser:
        send(browser, form=a_form(sites=(a_site_form(windows=(window,)),)))
        text = browser.get(FORM).text

    assert "2026-03-29T01:30:00 does not exist in Europe/London" in text
    assert "Starts, time in Europe/London" in text


def test_an_hour_that_comes_twice_is_asked_about(desk):
    """On 25 October 2026 it does; once it is said which, nothing is asked."""
    window = a_window_form(starts_at="2026-10-25T01:30", ends_at="2026-10-25T05:00")
    said = replace(window, start_fold="1")
    with desk.browser(Role.APPLICANT) as browser:
        send(browser, form=a_form(sites=(a_site_form(windows=(window,)),)))
        asked = browser.get(FORM).text
        send(browser, form=a_form(sites=(a_site_form(windows=(said,)),)))
        told = browser.get(FORM).text

    assert "sites.s1.windows.w1.start_fold" in asked
    assert "exists twice in Europe/London" in asked
    assert "exists twice" not in told


def test_rows_come_and_go_without_scripts(desk):
    """The rest of the form is saved on the way."""
    with desk.browser(Role.APPLICANT) as browser:
        answer = send(browser, "add sites.s1.windows")
        assert answer.headers["location"].endswith("#sites.s1.windows")
        form = saved_form(desk)
        assert form.sites[0].windows[0].key == "w1"
        assert len(form.sites[0].windows) == 2
        send(browser, "add sites.s1.cameras")
        assert len(saved_form(desk).sites[0].cameras) == 2
        send(browser, "add sites")
        assert [s.site_id for s in saved_form(desk).sites] == ["north", "site-2"]
        send(browser, "remove sites.s1.windows.w1")
        assert saved_form(desk).sites[0].windows == ()
        send(browser, "remove sites.s1")
        assert saved_form(desk).sites == ()


@pytest.mark.parametrize("action", ["", "add", "add nothing", "remove sites", "x y", "add a.b.c.d"])
def test_another_action_saves_only(desk, action):
    """Whatever a form names."""
    with desk.browser(Role.APPLICANT) as browser:
        answer = send(browser, action)

    assert answer.status_code == 303
    assert len(saved_form(desk).sites) == 1


def test_who_comes_second_is_told_and_keeps_what_they_typed(desk):
    """They may look at the other draft, and save theirs over it."""
    with desk.browser(Role.APPLICANT) as browser:
        fields = {**application_fields(), **hidden(browser, FORM), "action": "save"}
        assert send(browser, aim="Theirs").status_code == 303
        desk.clock.at += g.MINUTE
        late = browser.post(FORM, data={**fields, "aim": "Mine"})
        over = next(
            a["value"]
            for tag, a in Page(late.text).tags
            if tag == "button" and a.get("name") == "over"
        )
        again = {**fields, **Page(late.text).hidden, "aim": "Mine", "over": over}
        assert browser.post(FORM, data=again).status_code == 303

    assert late.status_code == 409
    assert "applicant-1 saved this draft at 08:00:00Z" in alert_of(late)
    assert "Mine</textarea>" in late.text
    assert saved_form(desk).aim == "Mine"


def test_the_page_saves_itself(desk):
    """Its script goes on with the mark that it gets; who comes second is told in one shape."""
    script = {"x-requested-with": "fetch", "accept": "application/json"}
    with desk.browser(Role.APPLICANT) as browser:
        fields = {**application_fields(), **hidden(browser, FORM)}
        first = browser.post(f"{FORM}/draft", data=fields, headers=script)
        second = browser.post(
            f"{FORM}/draft",
            data={**fields, "aim": "x", "seen": first.json()["seen"]},
            headers=script,
        )
        third = browser.post(f"{FORM}/draft", data={**fields, "aim": "y"}, headers=script)

    assert first.json()["addresses"] == {"c1": "rtsp://10.0.0.5/***"}
    assert second.status_code == 200
    assert (third.status_code, third.json()["code"]) == (409, "store.conflict")
    assert len(desk.events(EventKind.APPLICATION_DRAFT_SAVED)) == 2


@pytest.mark.parametrize("address", ["user:word@10.0.0.5/stream", "10.0.0.5"])
def test_an_address_that_is_no_url_is_hidden_whole(desk, address):
    """It may hold a password anywhere."""
    with desk.browser(Role.APPLICANT) as browser:
        browser.post(FORM, data={**application_fields(address=address), **hidden(browser, FORM)})
        text = browser.get(FORM).text

    assert "Kept encrypted: ***" in text
    assert "10.0.0.5" not in text


def test_an_address_that_is_no_cameras_keeps_an_application_back(desk):
    """It is said beside the field, before anybody decides; what was typed is not shown."""
    with desk.browser(Role.APPLICANT) as browser:
        fields = {**application_fields(address="ftp://nothing"), **hidden(browser, FORM)}
        answer = browser.post(FORM, data={**fields, "action": "apply"})

    assert answer.status_code == 409
    assert "rtsp://..., http://... or /dev/video0" in alert_of(answer)
    assert deployment_of(desk).state is DeploymentState.DRAFT


def test_one_file_for_every_governing_document_keeps_an_application_back(desk):
    """R-06: each document that is a copy of another is named."""
    form = a_form()
    same = tuple(replace(each, sha256=g.DIGEST) for each in form.documents)
    with desk.browser(Role.APPLICANT) as browser:
        answer = send(browser, "apply", replace(form, documents=same))

    assert alert_of(answer).count("the file of the DPIA") == 4


def test_a_document_is_named_by_a_file_that_is_not_kept(desk):
    """Only its digest is."""
    with desk.browser(Role.APPLICANT) as browser:
        fields = {**application_fields(), **hidden(browser, FORM), "documents.DPIA.sha256": ""}
        files = {"documents.DPIA.file": ("assessment.pdf", b"%PDF-1.7 assessment")}
        browser.post(FORM, data=fields, files=files)

    held = {d.kind: d.sha256 for d in saved_form(desk).documents}
    assert held["DPIA"] == sha256(b"%PDF-1.7 assessment").hexdigest()
    assert "assessment" not in str(saved_form(desk))


def test_the_application_is_read_by_those_who_decide(desk):
    """Without the cameras' addresses; the form is gone."""
    with desk.browser(Role.APPLICANT) as browser:
        send(browser, "apply")
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        text = browser.get(FORM).text

    assert "Arrests at home have failed" in text
    assert "3 March 2026, 10:00 GMT" in text
    assert "10.0.0.5" not in text
    assert "<form id=" not in text


def test_more_rows_than_any_policy_allows_are_not_read(desk):
    """A form cannot be made endless."""
    fields = {f"sites.s{i}.site_id": "x" for i in range(500)}
    with desk.browser(Role.APPLICANT) as browser:
        browser.post(FORM, data={**fields, **hidden(browser, FORM), "action": "save"})

    assert len(saved_form(desk).sites) == 60


def test_a_refused_application_is_logged(desk):
    """With its code."""
    with desk.browser(Role.APPLICANT) as browser:
        send(browser, "apply", a_form(aim=""))

    assert desk.events()[-1].details["code"] == "authority.incomplete"
