"""Authority, consent, notices, operating point: each step on its form, each refusal too."""

from __future__ import annotations

import hashlib

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import a_desk
from tests.web.desk_forms import D, act_as, alert_of, hidden

from integration.hostile_files import NO_PHOTOGRAPHS, a_png
from overt.core.authority import AuthorityStatus
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.roles import Role

AUTHORITY, CONSENT = f"{D}/authority", f"{D}/consent"
NOTICES, POINT = f"{D}/notices", f"{D}/operating-point"
SIGN = ("sign.png", a_png())


def deployment_of(desk):
    """Return the deployment as it is stored."""
    with desk.console.reading() as uow:
        return uow.deployments.get("d-1")


def decided(browser, step, **fields):
    """Send a decision about the authority, as its page has it."""
    return browser.post(f"{AUTHORITY}/{step}", data=hidden(browser, AUTHORITY, **fields))


def test_an_authority_is_granted_with_reason_and_conditions(tmp_path):
    """The page then shows both."""
    desk = a_desk(tmp_path, g.applied())
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        answer = decided(browser, "authorise", reason="Needed", conditions="Two officers")
        text = browser.get(answer.headers["location"]).text

    assert "The authority is granted." in text
    assert "Two officers" in text
    assert deployment_of(desk).authority.reason == "Needed"


def test_an_oral_one_waits_for_its_ratification(tmp_path):
    """By whoever granted it, it is refused on the same page."""
    desk = a_desk(tmp_path, g.applied())
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        decided(browser, "authorise", reason="Cannot wait", is_oral="yes")
        text = browser.get(AUTHORITY).text
        own = decided(browser, "ratify")

    assert "Ratify the authority" in text
    assert own.status_code == 403
    assert "who granted it cannot ratify the authority" in alert_of(own)


def test_another_officer_ratifies(tmp_path):
    """In time."""
    desk = a_desk(tmp_path, g.orally_authorised())
    desk.clock.at = g.APPLIED_AT + g.HOUR
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        assert decided(browser, "ratify").headers["location"].endswith("?done=ratified")

    assert deployment_of(desk).authority.ratified_by == "authority-1"


@pytest.mark.parametrize(
    ("deployment", "step", "found"),
    [
        (g.applied(), "refuse", DeploymentState.REFUSED),
        (g.applied(), "cancel", DeploymentState.CANCELLED),
        (g.authorised(), "withdraw", DeploymentState.CANCELLED),
        (g.live(), "withdraw", DeploymentState.ENDED),
        (g.live(), "suspend", DeploymentState.SUSPENDED),
    ],
)
def test_a_decision_has_a_reason(tmp_path, deployment, step, found):
    """Without one it is refused, and the form that was used stays open."""
    desk = a_desk(tmp_path, deployment)
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        blank = decided(browser, step, reason=" ")
        taken = decided(browser, step, reason="Because")

    assert blank.status_code == 422
    assert f'id="{step}" open' in blank.text
    assert taken.status_code == 303
    assert deployment_of(desk).state is found


def test_a_suspended_authority_is_put_in_force_again(tmp_path):
    """No camera starts by it."""
    desk = a_desk(tmp_path, g.authorised())
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        decided(browser, "suspend", reason="Doubt")
        assert deployment_of(desk).authority.status is AuthorityStatus.SUSPENDED
        decided(browser, "restore", reason="No doubt")

    assert deployment_of(desk).authority.status is AuthorityStatus.IN_FORCE


def test_two_officers_at_once_and_the_second_is_told(tmp_path):
    """What they typed stays; the state of now is shown."""
    desk = a_desk(tmp_path, g.applied())
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        page = hidden(browser, AUTHORITY)
        decided(browser, "refuse", reason="Not necessary")
        late = browser.post(
            f"{AUTHORITY}/authorise", data={**page, "form_key": "another", "reason": "Needed"}
        )

    assert late.status_code == 409
    assert "changed since you opened this page: it is refused now" in alert_of(late)
    assert deployment_of(desk).state is DeploymentState.REFUSED


def test_an_old_page_stops_a_live_deployment_all_the_same(tmp_path):
    """To stop is never too late."""
    desk = a_desk(tmp_path, g.live())
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        answer = decided(browser, "suspend", reason="Now", seen="0")

    assert answer.status_code == 303


def test_the_same_decision_twice_is_taken_once(tmp_path):
    """A double click is no second person."""
    desk = a_desk(tmp_path, g.applied())
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        fields = hidden(browser, AUTHORITY, reason="Needed")
        answers = [browser.post(f"{AUTHORITY}/authorise", data=fields) for _ in range(2)]

    assert [a.status_code for a in answers] == [303, 303]
    assert deployment_of(desk).version == 1


def test_another_decision_is_not_found(tmp_path):
    """There are no others."""
    desk = a_desk(tmp_path, g.applied())
    with desk.browser(Role.AUTHORISING_OFFICER) as browser:
        assert decided(browser, "forget").status_code == 404


def consent_sent(browser, files=(("forms", ("forms.pdf", b"signed")),), **changes):
    """Send the consent as its page has it."""
    fields = {"n_volunteers": "4", "until": "2026-03-03T16:00", **changes}
    return browser.post(CONSENT, data=hidden(browser, CONSENT, **fields), files=list(files))


@pytest.fixture
def rehearsal(tmp_path):
    """Return a console with the draft of a rehearsal."""
    desk = a_desk(tmp_path, g.drafted(DeploymentKind.REHEARSAL))
    desk.clock.at = g.APPLIED_AT
    return desk


def test_a_consent_is_recorded(rehearsal):
    """Of the forms only the digest is kept; the time is that on the wall."""
    with rehearsal.browser(Role.EVALUATOR) as browser:
        assert consent_sent(browser).headers["location"].endswith("?done=consent")
        text = browser.get(CONSENT).text

    consent = deployment_of(rehearsal).consent
    assert consent.document_sha256 == hashlib.sha256(b"signed").hexdigest()
    assert (consent.n_volunteers, consent.valid_until) == (4, g.CLOSES)
    assert "3 March 2026, 16:00 GMT" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until": ""}, "a file of the signed forms and an end"),
        ({"until": "soon"}, "expected a day and time in Europe/London"),
        ({"until": "2026-03-29T01:30"}, "does not exist in Europe/London"),
        ({"until": "2026-10-25T01:30"}, "exists twice in Europe/London"),
        ({"until": "2026-01-01T10:00"}, "an end that lies ahead"),
        ({"n_volunteers": "some"}, "how many volunteers consented"),
        ({"files": ()}, "a file of the signed forms"),
        ({"files": (("forms", ("forms.pdf", b"")),)}, "a file of the signed forms"),
    ],
)
def test_a_consent_that_is_not_whole_is_refused_on_its_form(rehearsal, changes, words):
    """What was typed stays."""
    with rehearsal.browser(Role.EVALUATOR) as browser:
        answer = consent_sent(browser, **changes)

    assert answer.status_code in {409, 422}
    assert words in alert_of(answer)
    assert f'value="{changes.get("n_volunteers", "4")}"' in answer.text
    assert ("until_fold" in answer.text) is ("10-25" in changes.get("until", ""))


def notice_sent(browser, photo=SIGN, **changes):
    """Log a sign as its page has it."""
    fields = {
        "site": "north",
        "latitude": "51.5074",
        "longitude": "-0.1278",
        "distance": "120",
        "at": "2026-03-03T09:00",
        **changes,
    }
    files = [("photo", photo)] if photo else []
    return browser.post(NOTICES, data=hidden(browser, NOTICES, **fields), files=files)


@pytest.fixture
def prepared(tmp_path):
    """Return a console with a deployment that is authorised."""
    desk = a_desk(tmp_path, g.with_watchlist())
    desk.clock.at = g.OPENS
    return desk


def test_a_sign_is_logged(prepared):
    """Of its photograph only the digest is kept; the log shows it in local time."""
    with prepared.browser(Role.OPERATOR) as browser:
        assert notice_sent(browser).headers["location"].endswith("?done=placed")
        text = browser.get(NOTICES).text

    (sign,) = deployment_of(prepared).notices
    assert sign.photo_sha256 == hashlib.sha256(a_png()).hexdigest()
    assert sign.placed_at == g.OPENS - g.HOUR
    assert "51.50740, -0.12780" in text
    assert "3 March 2026, 09:00 GMT" in text


def test_without_a_time_a_sign_stands_from_now(prepared):
    """The usual case on a phone."""
    with prepared.browser(Role.ENGAGEMENT_OFFICER) as browser:
        notice_sent(browser, at="")

    assert deployment_of(prepared).notices[0].placed_at == g.OPENS


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"latitude": "north"}, "latitude: expected degrees"),
        ({"latitude": "nan"}, "latitude: expected degrees"),
        ({"latitude": "91"}, "latitude_deg must lie in [-90, 90]"),
        ({"distance": "-1"}, "distance_m must lie in [0"),
        ({"distance": ""}, "distance: expected metres"),
        ({"site": "south"}, "expected a site of the application"),
        ({"at": "2026-03-03T12:00"}, "a notice is logged once it stands"),
        ({"at": "2026-03-29T01:30"}, "does not exist in Europe/London"),
        ({"photo": None}, "a photograph that shows it standing"),
    ],
)
def test_a_sign_that_cannot_be_is_refused_on_its_form(prepared, changes, words):
    """What was typed stays."""
    with prepared.browser(Role.OPERATOR) as browser:
        answer = notice_sent(browser, **changes)

    assert answer.status_code == 422
    assert words in alert_of(answer)
    assert 'value="-0.1278"' in answer.text
    assert deployment_of(prepared).notices == ()


@pytest.mark.parametrize("kind", NO_PHOTOGRAPHS)
def test_what_is_no_photograph_shows_no_sign(prepared, kind):
    """SVG, pages, archives, bombs."""
    with prepared.browser(Role.OPERATOR) as browser:
        answer = notice_sent(browser, photo=("../../sign.svg", NO_PHOTOGRAPHS[kind]))

    assert answer.status_code == 422
    assert deployment_of(prepared).notices == ()


def test_the_photograph_of_a_sign_that_is_too_large_is_not_read(tmp_path):
    """413, and the page says how large it may be."""
    desk = a_desk(tmp_path, g.with_watchlist(), upload_file_mib=1)
    with desk.browser(Role.OPERATOR) as browser:
        answer = notice_sent(browser, photo=("sign.png", b"x" * (3 << 20)))

    assert answer.status_code == 413
    assert "at most 2 MiB" in answer.text


def test_a_sign_is_logged_as_gone(prepared):
    """It no longer counts."""
    with prepared.browser(Role.OPERATOR) as browser:
        notice_sent(browser)
        (sign,) = deployment_of(prepared).notices
        fields = hidden(browser, NOTICES)
        answer = browser.post(f"{NOTICES}/{sign.notice_id}/remove", data=fields)
        again = browser.post(
            f"{NOTICES}/{sign.notice_id}/remove", data={**fields, "form_key": "another"}
        )

    assert answer.status_code == 303
    assert deployment_of(prepared).notices[0].removed_at == g.OPENS
    assert "expected a notice that stands" in alert_of(again)


def test_the_public_notice_is_logged_once(tmp_path):
    """The first one counts."""
    desk = a_desk(tmp_path, g.orally_authorised())
    with desk.browser(Role.APPLICANT) as browser:
        told = {"is_told": "yes", "where": "https://force.example/lfr"}
        first = browser.post(f"{NOTICES}/announce", data=hidden(browser, NOTICES, **told))
        told["where"] = "Example Gazette, 3 March 2026"
        second = browser.post(f"{NOTICES}/announce", data=hidden(browser, NOTICES, **told))

    assert first.headers["location"].endswith("?done=announced")
    assert "the first one counts" in alert_of(second)
    assert deployment_of(desk).public_notice.where == "https://force.example/lfr"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"where": "not an address", "is_told": "yes"}, "the address of a page"),
        ({"where": "https://", "is_told": "yes"}, "the address of a page"),
        ({"where": "x 1", "is_told": "yes"}, "the address of a page"),
        ({"where": "https://force.example"}, "confirm that the public is told"),
        ({"where": "Example Gazette, 3 March 2026"}, "confirm that the public is told"),
    ],
)
def test_a_public_notice_is_somewhere_and_is_confirmed(tmp_path, fields, said):
    """It is final: no place that nobody finds, and no slip of the hand, is logged."""
    desk = a_desk(tmp_path, g.orally_authorised())
    with desk.browser(Role.APPLICANT) as browser:
        page = browser.post(f"{NOTICES}/announce", data=hidden(browser, NOTICES, **fields))

    assert page.status_code == 422
    assert said in alert_of(page)
    assert deployment_of(desk).public_notice is None


def point_sent(browser, **changes):
    """Fix the operating point as its page has it."""
    fields = {
        "pack": "overt-default",
        "threshold": "0.95",
        "evidence": "CAL-7",
        "reason": "Test",
        **changes,
    }
    return browser.post(POINT, data=hidden(browser, POINT, **fields))


def test_the_operating_point_is_fixed_with_a_verified_pack(tmp_path):
    """By the engineer; the threshold that was typed."""
    desk = a_desk(tmp_path, g.a_rehearsal())
    with desk.browser(Role.SYSTEM_ENGINEER) as browser:
        assert point_sent(browser).headers["location"].endswith("?done=fixed")
        text = browser.get(POINT).text

    calibration = deployment_of(desk).calibration
    assert (calibration.threshold, calibration.evidence) == (0.95, "CAL-7")
    assert calibration.fixed_by == "engineer-1"
    assert "0.95" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"threshold": "7"}, "expected a threshold from -1 to 1"),
        ({"threshold": "high"}, "expected a threshold from -1 to 1"),
        ({"threshold": "nan"}, "expected a threshold from -1 to 1"),
        ({"evidence": " "}, "the reference of the calibration"),
        ({"reason": ""}, "a reason is needed"),
        ({"pack": "../../etc"}, "overt-default"),
        ({"seen": "9"}, "changed since you opened this page"),
    ],
)
def test_an_operating_point_that_cannot_be_is_refused_on_its_form(tmp_path, changes, words):
    """What was typed stays."""
    desk = a_desk(tmp_path, g.a_rehearsal())
    with desk.browser(Role.SYSTEM_ENGINEER) as browser:
        answer = point_sent(browser, **changes)

    assert answer.status_code in {409, 422}
    assert words in alert_of(answer)
    assert deployment_of(desk).calibration is None


def test_whoever_may_not_is_told_who_may(tmp_path):
    """On every page, without its form."""
    desk = a_desk(tmp_path, g.with_watchlist())
    expected = {
        AUTHORITY: "An authorising officer may do this.",
        POINT: "A system engineer or an evaluator may do this.",
        f"{D}/running": "An operator or a system engineer may do this.",
    }
    with desk.browser() as browser:
        act_as(desk, browser, Role.AUDITOR)
        for path, words in expected.items():
            text = browser.get(path).text
            assert words in text
            assert "<form" not in text.partition("<main")[2].partition("</main>")[0]
