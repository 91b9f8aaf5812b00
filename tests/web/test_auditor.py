"""The auditor's screens: look, verify, export, ask; everybody else is refused."""

from __future__ import annotations

import base64
import time
from datetime import timedelta

import pytest
from tests.unit.core import governed as g
from tests.unit.services.alerted import add_alert
from tests.web.consoles import PEOPLE, a_desk

from overt.adapters.audit.export_file import ExportFile
from overt.adapters.audit.signing import create_signing_key
from overt.bootstrap.audit import own_verifier, signing_key_path
from overt.core.audit import AuditEvent, line_of
from overt.core.audit_events import EventKind
from overt.core.listed_period import ListedPeriod
from overt.core.roles import Role
from overt.errors import AuditTruncatedError
from overt.services.verify_audit import verify_export

OTHERS = [role for role in PEOPLE if role is not Role.AUDITOR]
PAGES = ("/log", "/log/3", "/log/verify", "/log/verify/progress", "/log/listed")
DEEDS = ("/log/verify", "/log/export", "/log/listed")


@pytest.fixture
def desk(tmp_path):
    """Return a console with a live deployment, an alert, and the key of its log."""
    desk = a_desk(tmp_path, g.live())
    key = signing_key_path(desk.console.settings)
    key.parent.mkdir(parents=True)
    create_signing_key(key, "force.example/lfr")
    add_alert(desk.console.workplace, alert_id="alert-77")
    return desk


def asked(desk, address, **kwargs):
    """Return what an auditor gets."""
    with desk.browser(Role.AUDITOR) as browser:
        return browser.get(address, **kwargs)


def verified(desk, **fields):
    """Return the page after a verification has ended."""
    with desk.browser(Role.AUDITOR) as browser:
        answer = browser.post("/log/verify", data=fields)
        assert (answer.status_code, answer.headers["location"]) == (303, "/log/verify#check")
        give_up = time.monotonic() + 10
        while "<progress" in (page := browser.get("/log/verify").text):
            assert time.monotonic() < give_up
        return page


def damage(desk):
    """Change a line of the log behind everybody's back."""
    tables = desk.store.begin(writes=True)
    tables.lines[1] = tables.lines[1].replace(b"alert-77", b"alert-78")
    desk.store.end(tables, writes=True)


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("address", PAGES)
def test_nobody_else_reads_the_log(desk, role, address):
    """Closed by role."""
    with desk.browser(role) as browser:
        assert browser.get(address).status_code == 403


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("address", DEEDS)
def test_nobody_else_exports_or_asks(desk, role, address):
    """Closed by role, and logged."""
    with desk.browser(role) as browser:
        assert browser.post(address).status_code == 403
    assert desk.events()[-1].kind == EventKind.ACCESS_DENIED


def test_events_are_looked_for_and_the_look_is_logged(desk):
    """By kind; the newest first."""
    page = asked(desk, "/log?kind=AlertRaised").text

    assert "alert-77" in page
    assert "LogStarted</td>" not in page
    assert desk.events()[-1].kind == EventKind.PERSONAL_DATA_VIEWED


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("kind", "Nothing"),
        ("actor", "Jane Doe"),
        ("text", "<script>"),
        ("since", "yesterday"),
        ("until", "2026-03-03T10:00+01:00"),
    ],
)
def test_what_cannot_be_looked_for_is_said_in_words(desk, field, typed):
    """The form comes again as it was typed, and nothing was looked at."""
    answer = asked(desk, "/log", params={field: typed})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text
    assert not desk.events(EventKind.PERSONAL_DATA_VIEWED)


def test_times_are_those_on_the_wall(tmp_path):
    """11:00 in Paris is 10:00 UTC, when the alert was raised."""
    desk = a_desk(tmp_path, g.live(), time_zone="Europe/Paris")
    at = g.OPENS + timedelta(seconds=30)
    with desk.console.workplace.open() as uow:
        uow.audit.append(AuditEvent("CameraReturned", at, "system", "d-1", {"camera_id": "c-9"}))
        uow.commit()

    assert "c-9" in asked(desk, "/log?since=2026-03-03T11:00&until=2026-03-03T11:01").text
    assert "c-9" not in asked(desk, "/log?since=2026-03-03T10:00&until=2026-03-03T10:59").text


def test_an_event_is_shown_as_it_stands_with_its_hash(desk):
    """Anybody can compute the hash from the line on the page."""
    with desk.store.reading() as uow:
        (logged,) = uow.audit.read(1, 1)
    page = asked(desk, "/log/1").text

    assert logged.hash.hex() in page
    assert line_of(logged).decode() in page.replace("&#34;", '"')


def test_markup_in_an_event_is_text(desk):
    """Whatever a reason holds."""
    details = {"reason": "<img src=x onerror=alert(1)>"}
    with desk.console.workplace.open() as uow:
        at = desk.clock.now()
        uow.audit.append(AuditEvent("DeploymentEnded", at, "operator-1", "d-1", details))
        uow.commit()

    for address in ("/log", "/log?kind=DeploymentEnded", "/log/2"):
        assert "<img" not in asked(desk, address).text


@pytest.mark.parametrize("address", ["/log/99999", "/log/-1", "/log/x"])
def test_an_event_that_is_none_is_not_found(desk, address):
    """Past the end, or no number at all."""
    assert asked(desk, address).status_code in {404, 422}


def test_the_log_is_verified_and_a_checkpoint_signed(desk):
    """Size, root, and a note that is compared later."""
    page = verified(desk, sign="true")
    (signed,) = desk.events(EventKind.CHECKPOINT_SIGNED)
    assert "Every event is there" in page
    assert signed.details["root"] in page
    note = page.split("— force.example/lfr")[0].rsplit(">", 1)[1] + "— force.example/lfr"
    note += page.split("— force.example/lfr")[1].split("</pre>")[0]

    page = verified(desk, checkpoint=note)
    assert f"of {signed.details['size']} events, signed by" in page


def test_a_checkpoint_of_another_log_is_not_agreed_with(desk):
    """What was pasted is compared, and the difference is named."""
    root = base64.b64encode(bytes(32)).decode()
    page = verified(desk, checkpoint=f"force.example/lfr\n1\n{root}\n\n— x AAAAAAAA\n")

    assert "The log is not what was recorded" in page


@pytest.mark.parametrize(
    "pasted", ["I do not know what a checkpoint is", "force.example/lfr\n1\nAAAA\n\n— x AAAAAAAA"]
)
def test_what_is_no_checkpoint_says_nothing_against_the_log(desk, pasted):
    """It comes back as it was typed, and nothing is verified."""
    with desk.browser(Role.AUDITOR) as browser:
        answer = browser.post("/log/verify", data={"checkpoint": pasted})

    assert answer.status_code == 422
    assert "is no checkpoint" in answer.text
    assert "Nobody has verified the log" in answer.text
    assert pasted.split()[0] in answer.text
    assert "not what was recorded" not in answer.text


def test_damage_is_named(desk):
    """The event whose line was changed."""
    damage(desk)

    assert "event 1" in verified(desk)


def test_the_export_is_whole_and_verifies(desk, tmp_path):
    """With its own export as the last event, closed by a signed checkpoint."""
    with desk.browser(Role.AUDITOR) as browser:
        answer = browser.post("/log/export")
    path = tmp_path / "log.jsonl"
    path.write_bytes(answer.content)
    log = verify_export(ExportFile(path), verifier=own_verifier(desk.console.settings))

    assert answer.headers["content-disposition"].startswith('attachment; filename="overt-log-')
    assert log.size == len(desk.events())
    assert desk.events()[-1].kind == EventKind.DATA_EXPORTED
    assert log.signer is not None


def test_an_export_of_a_damaged_log_breaks_off(desk, tmp_path):
    """A file that is not whole never looks like one."""
    damage(desk)

    with desk.browser(Role.AUDITOR) as browser:
        path = tmp_path / "log.jsonl"
        path.write_bytes(browser.post("/log/export").content)

    with pytest.raises(AuditTruncatedError):
        verify_export(ExportFile(path))


def test_without_a_key_nothing_is_exported(tmp_path):
    """The page says so, and nobody is told that it was exported."""
    desk = a_desk(tmp_path, g.live())
    with desk.browser(Role.AUDITOR) as browser:
        assert "has no key" in browser.get("/log/verify").text
        assert browser.post("/log/export").status_code == 503
    assert not desk.events(EventKind.DATA_EXPORTED)


def test_somebody_was_listed_on_a_day(desk):
    """The answer stands on the page; the reference in no address and no line of the log."""
    with desk.console.workplace.open() as uow:
        uow.listed.add(ListedPeriod("N-77", "d-1", "wanted_by_courts", g.BUILT_AT, g.OPENS))
        uow.commit()
    with desk.browser(Role.AUDITOR) as browser:
        yes = browser.post("/log/listed", data={"reference": "n-77", "on": "2026-03-03"})
        no = browser.post("/log/listed", data={"reference": "n-77", "on": "2026-03-02"})
        misspelt = browser.post("/log/listed", data={"reference": "n-78", "on": "2026-03-03"})

    assert "Yes: this reference was listed" in yes.text
    assert "No: this reference was not listed" in no.text
    never = "This reference was never used on a watchlist."
    assert [never in each.text for each in (yes, no, misspelt)] == [False, False, True]
    assert "Rehearsals with volunteers are not covered" in yes.text
    assert len(desk.events(EventKind.LISTING_LOOKED_UP)) == 3
    assert "77" not in str(desk.events(EventKind.LISTING_LOOKED_UP))


def test_a_blank_reference_is_asked_for_again(desk):
    """Nothing is looked up."""
    with desk.browser(Role.AUDITOR) as browser:
        answer = browser.post("/log/listed", data={"reference": " ", "on": "2026-03-03"})

    assert answer.status_code == 422
    assert not desk.events(EventKind.LISTING_LOOKED_UP)
