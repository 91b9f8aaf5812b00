"""Going live and after: starting takes time, conditions are named, stopping is never too late."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import FakeRuns, a_desk
from tests.web.desk_forms import D, Page, act_as, alert_of, hidden

from overt.core.deployment import DeploymentState
from overt.core.destruction import Destroyed, ScanReport
from overt.core.live_counts import LiveCounts
from overt.core.roles import Role
from overt.errors import CameraUnreachableError, DeploymentNotReadyError, RemainsFoundError
from overt.services.certify_destruction import Erased
from overt.services.verify_privacy import AlertSecrets, PrivacyProof

RUNNING, CLOSING = f"{D}/running", f"{D}/closing"
SCRIPT = {"accept": "application/json", "x-requested-with": "fetch"}


def deployment_of(desk):
    """Return the deployment as it is stored."""
    with desk.console.reading() as uow:
        return uow.deployments.get("d-1")


def started(browser, **fields):
    """Press the button, wait for the end, and return answer and page."""
    answer = browser.post(f"{RUNNING}/start", data=hidden(browser, RUNNING, **fields))
    browser.app.state.tasks.close()
    shown = browser.get(f"{RUNNING}/starting")
    if shown.status_code == 303:
        shown = browser.get(shown.headers["location"])
    return answer, shown


def test_a_deployment_goes_live(tmp_path):
    """The service is asked as the person who pressed the button."""
    desk = a_desk(tmp_path, g.ready())
    with desk.browser(Role.OPERATOR) as browser:
        answer, shown = started(browser)

    assert answer.headers["location"] == f"{RUNNING}/starting"
    assert "The cameras run." in shown.text
    (asked,) = desk.runs.started
    assert (asked.deployment_id, asked.actor_id, asked.feed) == ("d-1", "operator-1", None)


def test_sites_are_chosen_where_there_are_several(tmp_path):
    """None ticked takes every one whose window is open."""
    sites = (g.a_site(), g.a_site("south"))
    desk = a_desk(tmp_path, g.ready(g.an_application(sites=sites)))
    with desk.browser(Role.OPERATOR) as browser:
        started(browser, site="south")

    assert desk.runs.started[0].site_ids == ("south",)


def test_every_unmet_condition_is_named_with_its_number(tmp_path):
    """On the page before, and again where it was refused."""
    desk = a_desk(tmp_path, g.with_watchlist())
    desk.runs.refusal = DeploymentNotReadyError(
        "the deployment may not be live",
        unmet=(("R-62", "at least 2 signs", "0"), ("R-40", "an operating point", "none")),
    )
    with desk.browser(Role.OPERATOR) as browser:
        before = browser.get(RUNNING).text
        _, after = started(browser)

    assert "R-40" in before
    assert after.status_code == 409
    assert "R-62 at least 2 signs ; found: 0" in alert_of(after).replace("signs;", "signs ;")
    assert deployment_of(desk).state is DeploymentState.WATCHLIST_APPROVED


def test_a_camera_that_does_not_answer_is_told(tmp_path):
    """The form comes back."""
    desk = a_desk(tmp_path, g.ready())
    desk.runs.refusal = CameraUnreachableError("the camera a does not answer")
    with desk.browser(Role.OPERATOR) as browser:
        _, shown = started(browser)

    assert shown.status_code == 503
    assert "the camera a does not answer" in alert_of(shown)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_the_service_is_no_success(tmp_path):
    """It is said, and the form comes back."""
    desk = a_desk(tmp_path, g.ready())
    desk.runs.refusal = ZeroDivisionError()
    with desk.browser(Role.OPERATOR) as browser:
        _, shown = started(browser)

    assert shown.status_code == 500
    assert "The service made a mistake" in alert_of(shown)


class SlowRuns(FakeRuns):
    """Runs whose start takes until a test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def start(self, request) -> None:
        self.gate.wait(10)
        super().start(request)


def test_while_the_cameras_are_started_the_page_says_so(tmp_path):
    """A second press finds the same, and nothing starts twice."""
    desk = a_desk(tmp_path, g.ready())
    runs = SlowRuns()
    desk.console = replace(desk.console, runs=runs)
    with desk.browser(Role.OPERATOR) as browser:
        fields = hidden(browser, RUNNING)
        first = browser.post(f"{RUNNING}/start", data=fields)
        going = browser.get(f"{RUNNING}/starting")
        told = browser.get(f"{RUNNING}/starting", headers=SCRIPT).json()
        same = browser.post(f"{RUNNING}/start", data=fields)
        other = browser.post(f"{RUNNING}/start", data={**fields, "form_key": "another"})
        runs.gate.set()
        browser.app.state.tasks.close()
        again = browser.post(f"{RUNNING}/start", data={**fields, "form_key": "third"})

    assert "The cameras are being started" in going.text
    assert '<noscript><meta http-equiv="refresh"' in going.text
    assert told["is_over"] is False
    assert first.headers["location"] == same.headers["location"]
    assert other.status_code == 409
    assert "the cameras of this deployment run already" in alert_of(again)
    assert len(runs.started) == 1


def test_a_rehearsal_names_its_cameras(tmp_path):
    """Their addresses come back to no page."""
    desk = a_desk(tmp_path, g.a_ready_rehearsal())
    address = "rtsp://user:word@10.0.0.5/x"
    with desk.browser(Role.EVALUATOR) as browser:
        started(browser, camera=["a", ""], address=[address, ""])
        refused = browser.post(
            f"{RUNNING}/start",
            data=hidden(browser, RUNNING, camera=["a", "a"], address=[address, address]),
        )

    assert desk.runs.started[0].cameras == (("a", address),)
    assert "word@" not in refused.text


def test_a_rehearsal_that_names_none_goes_on_with_those_of_its_last_run(tmp_path):
    """The form says which they are, without their addresses."""
    desk = a_desk(tmp_path, g.a_ready_rehearsal())
    desk.runs.before = ("street",)
    with desk.browser(Role.EVALUATOR) as browser:
        assert "the last run's go on: street" in browser.get(RUNNING).text.replace("&#39;", "'")
        started(browser, camera=[""], address=[""])

    assert desk.runs.started[0].cameras == ()


@pytest.mark.parametrize(
    ("camera", "address", "words"),
    [
        ([""], [""], "cameras with different names"),
        ([""], ["rtsp://x"], "cameras with different names"),
        (["a", "a"], ["rtsp://x", "rtsp://y"], "cameras with different names"),
        (["a"], ["/etc/passwd"], "an address is rtsp"),
        (["a"], ["file:///etc/passwd"], "an address is rtsp"),
        (["a"], ["clip.mp4"], "an address is rtsp"),
        (["a"], ["loop:/clip.mp4"], "an address is rtsp"),
        (["a"], ["/dev/video0/../../etc/passwd"], "an address is rtsp"),
        (["a"], ["concat:http://x|/etc/passwd"], "an address is rtsp"),
        (["a"], [""], "an address is rtsp"),
    ],
)
def test_a_camera_of_a_rehearsal_is_an_address(tmp_path, camera, address, words):
    """Never a file of this machine; the names stay on the form."""
    desk = a_desk(tmp_path, g.a_ready_rehearsal())
    with desk.browser(Role.EVALUATOR) as browser:
        fields = hidden(browser, RUNNING, camera=camera, address=address)
        answer = browser.post(f"{RUNNING}/start", data=fields)

    assert answer.status_code == 422
    assert words in alert_of(answer)
    assert desk.runs.started == []


@pytest.mark.parametrize("is_allowed", [False, True])
def test_cameras_of_this_machine_are_opened_only_where_the_settings_say_so(tmp_path, is_allowed):
    """By the page, and by the API."""
    desk = a_desk(tmp_path, g.a_ready_rehearsal(), cameras_here=is_allowed)
    with desk.browser(Role.EVALUATOR) as browser:
        started(browser, camera=["a"], address=["rtsp://x"])
        desk.runs.running = None
        browser.post(f"/api/v1{D}/live", json={})

    assert [asked.may_use_this_machine for asked in desk.runs.started] == [is_allowed] * 2


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SYSTEM_ENGINEER, Role.AUTHORISING_OFFICER])
def test_a_live_deployment_is_suspended_with_a_reason(tmp_path, role):
    """Without one the form comes back, open."""
    desk = a_desk(tmp_path, g.live())
    with desk.browser(role) as browser:
        fields = hidden(browser, RUNNING)
        blank = browser.post(f"{RUNNING}/suspend", data={**fields, "reason": ""})
        done = browser.post(
            f"{RUNNING}/suspend", data={**Page(blank.text).hidden, "reason": "Rain"}
        )

    assert blank.status_code == 422
    assert 'id="suspend" open' in blank.text
    assert done.headers["location"] == f"{RUNNING}?done=suspended"
    assert deployment_of(desk).suspended_reason == "Rain"


def test_a_suspended_one_goes_on_with_a_reason(tmp_path):
    """It stands in the request."""
    desk = a_desk(tmp_path, g.suspended_at_once())
    with desk.browser(Role.OPERATOR) as browser:
        assert "Start the cameras again" in browser.get(RUNNING).text
        started(browser, reason="Dry again")

    assert desk.runs.started[0].reason == "Dry again"


def test_an_end_is_for_good(tmp_path):
    """The page after it says until when everything goes."""
    desk = a_desk(tmp_path, g.live())
    with desk.browser(Role.OPERATOR) as browser:
        fields = hidden(browser, RUNNING, reason="Done")
        answer = browser.post(f"{RUNNING}/end", data=fields)
        text = browser.get(answer.headers["location"]).text

    assert deployment_of(desk).state is DeploymentState.ENDED
    assert "The deployment has ended." in text
    assert "then it happens by itself" in text


def purge(browser, **changes):
    """Press the button, wait for the end, and return answer and page."""
    fields = {**hidden(browser, CLOSING), **changes}
    answer = browser.post(f"{CLOSING}/purge", data=fields)
    browser.app.state.tasks.close()
    return answer, browser.get(f"{CLOSING}/purging")


def test_a_deployment_is_purged_by_the_engineer(tmp_path):
    """It goes on in a thread; the page follows."""
    desk = a_desk(tmp_path, g.ended_early())
    with desk.browser(Role.SYSTEM_ENGINEER) as browser:
        answer, shown = purge(browser, seen="0")

    assert answer.headers["location"] == f"{CLOSING}/purging"
    assert shown.headers["location"] == f"{CLOSING}?done=purged"
    assert desk.closing.purged == [("d-1", "engineer-1")]


def test_a_purge_that_failed_says_why(tmp_path):
    """With the code; it can be asked for again."""
    desk = a_desk(tmp_path, g.ended_early())
    desk.closing.refusal = RemainsFoundError("after a purge, expected no remains; found 1 in x")
    with desk.browser(Role.SYSTEM_ENGINEER) as browser:
        _, shown = purge(browser, seen="0")
        desk.closing.refusal = None
        again, _ = purge(browser, seen="0")

    assert shown.status_code == 500
    assert "expected no remains" in alert_of(shown)
    assert again.status_code == 303


def test_a_purge_is_of_the_deployment_that_was_shown(tmp_path):
    """Nothing is deleted on the word of an old page."""
    desk = a_desk(tmp_path, g.ended_early())
    with desk.browser(Role.SYSTEM_ENGINEER) as browser:
        answer, _ = purge(browser, seen="7")

    assert answer.status_code == 409
    assert desk.closing.purged == []


def a_proof(*findings):
    """Return a proof of a purged deployment."""
    counts = LiveCounts()
    report = ScanReport(5, 1000, 40, ())
    erased = Erased(Destroyed(), Destroyed(), None)
    return PrivacyProof(
        *("d-1", DeploymentState.PURGED, counts, counts, AlertSecrets(0, 0, 0, 0), erased),
        *(None, report, "certificate-1", findings),
    )


@pytest.mark.parametrize(("findings", "words"), [((), "Proven"), (("one row",), "Not proven:")])
def test_a_proof_is_shown_with_what_does_not_hold(tmp_path, findings, words):
    """Everybody at the desk may ask for it."""
    desk = a_desk(tmp_path, g.purged_in_time())
    desk.closing.proof = a_proof(*findings)
    with desk.browser(Role.AUDITOR) as browser:
        answer = browser.post(f"{CLOSING}/proof", data=hidden(browser, CLOSING))
        browser.app.state.tasks.close()
        shown = browser.get(f"{CLOSING}/proving")
        text = browser.get(shown.headers["location"]).text

    assert answer.headers["location"] == f"{CLOSING}/proving"
    assert words in text
    assert "0 found; 40 searched for in 5 files" in " ".join(text.split())


def test_without_certificate_and_record_there_are_none(tmp_path):
    """404, not an empty file."""
    desk = a_desk(tmp_path, g.ended_early())
    with desk.browser(Role.AUDITOR) as browser:
        assert browser.get(f"{CLOSING}/certificate.txt").status_code == 404
        assert browser.get(f"{CLOSING}/record.json").status_code == 404


def test_a_record_is_published_and_fetched(tmp_path):
    """Counted from the log: nothing was counted here, and nothing is made up."""
    desk = a_desk(tmp_path, g.purged_in_time())
    desk.clock.at = g.OPENS + g.DAY
    with desk.browser() as browser:
        act_as(desk, browser, Role.AUTHORISING_OFFICER)
        answer = browser.post(f"{CLOSING}/publish", data=hidden(browser, CLOSING))
        text = browser.get(CLOSING).text
        record = browser.get(f"{CLOSING}/record.json")

    assert answer.headers["location"] == f"{CLOSING}?done=published"
    assert "Published" in text
    assert record.headers["content-disposition"].startswith("attachment")
    assert "faces_seen" in record.text
