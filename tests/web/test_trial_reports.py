"""The report of a trial in the console: made as a task, read, taken away file by file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.core.planned import a_plan
from tests.web.consoles import a_desk
from tests.web.test_trials import READERS, counted, trials_in, went_live

from overt.adapters.audit.signing import create_signing_key
from overt.bootstrap.audit import signing_key_path
from overt.bootstrap.kept_reports import latest_report
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.roles import Role
from overt.errors import RecordNotFoundError, RoleForbiddenError
from overt.services.register_trial import register_trial
from overt.services.take_report_log import take_report_log

HTML = {"accept": "text/html"}


@pytest.fixture
def desk(tmp_path):
    """Return a console with its key, and a trial whose one deployment was counted."""
    desk = a_desk(tmp_path, g.authorised())
    key = signing_key_path(desk.console.settings)
    key.parent.mkdir(parents=True)
    create_signing_key(key, "force.example/lfr")
    kind = DeploymentKind.OPERATIONAL
    register_trial(desk.console.workplace, "evaluator-1", a_plan(), kind, ["d-1"])
    went_live(desk)
    counted(desk, 4000)
    return desk


def place_of(desk):
    """Return the address of the trial's report."""
    return f"/trials/{trials_in(desk)[0].trial_id}/report"


def made(desk):
    """Make a report and wait until it is there; return its address."""
    place = place_of(desk)
    with desk.browser(Role.EVALUATOR) as browser:
        begun = browser.post(place)
        assert begun.headers["location"] == f"{place}/making"
        browser.app.state.tasks.close()
        after = browser.get(f"{place}/making", headers=HTML)
        assert after.headers["location"] == f"{place}?done=made"
        assert "The report is made" in browser.get(after.headers["location"], headers=HTML).text
    return place


def test_a_report_is_made_and_read(desk):
    """Its sentences stand on the page; the log names the digest of the list of digests."""
    place = made(desk)
    with desk.browser(Role.OBSERVER) as browser:
        page = browser.get(place).text
        whole = browser.get(f"{place}/files/report.html")
        sums = browser.get(f"{place}/files/SHA256SUMS")
        document = browser.get(f"{place}/files/report.json").json()

    digest = hashlib.sha256(sums.content).hexdigest()
    (event,) = desk.events(EventKind.TRIAL_REPORTED)
    assert event.details["report_sha256"] == digest
    assert digest in page
    for sentence in document["summary"]:
        assert sentence[:40] in page.replace("&#39;", "'")
    assert "Make it again" not in page
    assert whole.headers["content-type"] == "text/html; charset=utf-8"
    assert "content-disposition" not in whole.headers


def test_every_file_that_the_page_names_is_there(desk):
    """As it was made, and with its own name; the page of the report runs nothing."""
    place = made(desk)
    trial = trials_in(desk)[0]
    names = set(latest_report(desk.console.settings, trial).names) - {"log.jsonl"}
    with desk.browser(Role.AUDITOR) as browser:
        answers = {name: browser.get(f"{place}/files/{name}") for name in names}
        page = browser.get(place).text
        sums = dict(reversed(line.split("  ")) for line in answers["SHA256SUMS"].text.splitlines())

    assert {answer.status_code for answer in answers.values()} == {200}
    assert {a.headers["content-security-policy"][-7:] for a in answers.values()} == {"sandbox"}
    for name in names - {"SHA256SUMS", "SIGNATURE"}:
        assert hashlib.sha256(answers[name].content).hexdigest() == sums[name]
    for name in names - {"report.html"}:
        assert answers[name].headers["content-disposition"].startswith("attachment")
    assert all(f'href="{place}/files/{name}"' in page for name in names)


def test_the_log_of_a_report_is_taken_by_few_and_that_is_logged(desk):
    """It tells when and where alerts were: not for an observer, and not under the other files."""
    place = made(desk)
    with desk.browser(Role.OBSERVER) as browser:
        refused = browser.get(f"{place}/log.jsonl")
        around = browser.get(f"{place}/files/log.jsonl")
    with desk.browser(Role.AUDITOR) as browser:
        taken = browser.get(f"{place}/log.jsonl")

    assert (refused.status_code, around.status_code, taken.status_code) == (403, 404, 200)
    (event,) = desk.events(EventKind.DATA_EXPORTED)
    n_events = event.details["n_rows"]
    assert event.details["what"] == "log of a trial's report"
    assert json.loads(taken.text.splitlines()[n_events - 1])["seq"] == n_events - 1


def test_nobody_else_takes_the_log_by_another_way(desk):
    """The rule is the service's, and every refusal is logged."""
    with pytest.raises(RoleForbiddenError):
        take_report_log(desk.console.workplace, "authority-1", 5)
    assert desk.events(EventKind.ACCESS_DENIED)[-1].details["action"].startswith("take away")
    assert not desk.events(EventKind.DATA_EXPORTED)


@pytest.mark.parametrize("role", READERS)
def test_before_there_is_a_report(desk, role):
    """The page says who makes it; there are no files."""
    place = place_of(desk)
    with desk.browser(role) as browser:
        page = browser.get(place)
        missing = browser.get(f"{place}/files/report.html")
        making = browser.get(f"{place}/making", headers=HTML)
        how_far = browser.get(f"{place}/making", headers={"accept": "application/json"})

    assert page.status_code == 200
    assert "No report is kept here yet" in page.text
    assert ("Make the report" in page.text) == (role is Role.EVALUATOR)
    assert missing.status_code == 404
    assert making.headers["location"] == place
    assert how_far.json() == {"is_over": True, "n_done": 0, "n_total": None}


def test_a_report_that_cannot_be_made_says_why(desk):
    """Without a key nothing is signed; the page has the error, and nothing is kept."""
    signing_key_path(desk.console.settings).unlink()
    place = place_of(desk)
    with desk.browser(Role.EVALUATOR) as browser:
        browser.post(place)
        browser.app.state.tasks.close()
        page = browser.get(f"{place}/making", headers=HTML)

    assert page.status_code == 503
    assert "audit.key_missing" in page.text
    assert not desk.events(EventKind.TRIAL_REPORTED)


def test_files_that_are_not_the_reports_are_not_sent(desk):
    """No path leads out of its folder, and a changed list of digests is no report."""
    place, trial = made(desk), trials_in(desk)[0]
    settings = desk.console.settings
    kept = latest_report(settings, trial)
    with desk.browser(Role.AUDITOR) as browser:
        for name in ("..%2F..%2Fsettings", "%2Fetc%2Fpasswd", "nothing.csv"):
            assert browser.get(f"{place}/files/{name}").status_code == 404
    with pytest.raises(RecordNotFoundError):
        kept.read("../x")
    (kept.folder / "SHA256SUMS").write_text("changed")
    assert latest_report(settings, trial) is None
    (kept.folder / "SHA256SUMS").unlink()
    (kept.folder / "SHA256SUMS").symlink_to("/etc/passwd")
    assert latest_report(settings, trial) is None
    assert latest_report(settings, replace(trial, report_digests=("a" * 64,))) is None


def test_a_report_of_no_trial(desk):
    """Not found, to look at and to make."""
    with desk.browser(Role.EVALUATOR) as browser:
        assert browser.get("/trials/trial-9/report").status_code == 404
        assert browser.post("/trials/trial-9/report").status_code == 404
