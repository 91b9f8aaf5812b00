"""The deployment desk, page by page: each role in each state; who may do what is said."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from tests.unit.core import governed as g
from tests.web.consoles import PEOPLE, a_desk
from tests.web.desk_forms import PAGES, D, Page, act_as, alert_of, hidden

from overt.bootstrap.purge_worker import WorkerHealth
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.roles import Role

STATES = {
    "draft": g.drafted(),
    "applied": g.applied(),
    "authorised": g.authorised(),
    "oral": g.orally_authorised(),
    "approved": g.with_watchlist(),
    "signs": g.with_signs(),
    "calibrated": g.calibrated(),
    "ready": g.ready(),
    "live": g.live(),
    "suspended": g.suspended_at_once(),
    "ended": g.ended_early(),
    "purged": g.purged_in_time(),
    "published": g.published_at_last(),
    "refused": g.refused_at_once(),
    "cancelled": g.cancelled_early(),
    "rehearsal draft": g.drafted(DeploymentKind.REHEARSAL),
    "rehearsal": g.a_rehearsal(),
    "rehearsal ready": g.a_ready_rehearsal(),
}
DESK = sorted(set(Role) - {Role.OBSERVER})


@pytest.mark.parametrize("state", STATES)
def test_every_page_shows_in_every_state_to_every_role(tmp_path, state):
    """With one heading of the first order, and no identifier twice."""
    desk = a_desk(tmp_path, STATES[state])
    with desk.browser() as browser:
        for role, end in product(DESK, (*PAGES, "/consent")):
            act_as(desk, browser, role)
            answer = browser.get(f"{D}{end}")

            page = Page(answer.text)
            assert answer.status_code == 200, (role, end)
            assert len(page.ids) == len(set(page.ids)), (role, end)
            assert sum(tag == "h1" for tag, _ in page.tags) == 1, (role, end)


def test_the_list_and_the_new_page_show_to_every_role(tmp_path):
    """Whoever cannot draft one is told who can."""
    desk = a_desk(tmp_path, g.authorised())
    with desk.browser() as browser:
        for role in DESK:
            act_as(desk, browser, role)
            shown, new = browser.get("/deployments"), browser.get("/deployments/new")

            may = role in {Role.APPLICANT, Role.EVALUATOR}
            assert "Square" in shown.text
            assert ("Draft a deployment</a>" in shown.text) is may
            assert ("n applicant or an evaluator draft" in new.text) is not may


def test_an_observer_sees_nothing_of_the_desk(tmp_path):
    """Counts, settings and notices have a page of their own."""
    desk = a_desk(tmp_path, g.authorised())
    with desk.browser(Role.OBSERVER) as browser:
        for path in ("/deployments", "/deployments/new", *(f"{D}{end}" for end in PAGES)):
            assert browser.get(path).status_code == 403


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("/deployments", {Role.APPLICANT, Role.EVALUATOR}),
        (f"{D}/application", {Role.APPLICANT}),
        (f"{D}/application/draft", {Role.APPLICANT}),
        (f"{D}/consent", {Role.APPLICANT, Role.EVALUATOR}),
        (f"{D}/authority/authorise", {Role.AUTHORISING_OFFICER}),
        (f"{D}/authority/refuse", {Role.AUTHORISING_OFFICER}),
        (f"{D}/authority/ratify", {Role.AUTHORISING_OFFICER}),
        (f"{D}/authority/suspend", {Role.AUTHORISING_OFFICER}),
        (f"{D}/authority/restore", {Role.AUTHORISING_OFFICER}),
        (f"{D}/authority/withdraw", {Role.AUTHORISING_OFFICER}),
        (f"{D}/authority/cancel", {Role.APPLICANT, Role.AUTHORISING_OFFICER}),
        (f"{D}/watchlist/compose", {Role.APPLICANT}),
        (f"{D}/watchlist/approve", {Role.APPLICANT, Role.AUTHORISING_OFFICER, Role.EVALUATOR}),
        (
            f"{D}/watchlist/entries/entry-1/approve",
            {Role.APPLICANT, Role.AUTHORISING_OFFICER, Role.EVALUATOR},
        ),
        (f"{D}/watchlist/feed", {Role.APPLICANT, Role.OPERATOR, Role.SYSTEM_ENGINEER}),
        (f"{D}/notices/announce", {Role.APPLICANT, Role.AUTHORISING_OFFICER}),
        (f"{D}/notices", set(Role) - {Role.AUTHORISING_OFFICER, Role.AUDITOR, Role.OBSERVER}),
        (
            f"{D}/notices/sign-1/remove",
            set(Role) - {Role.AUTHORISING_OFFICER, Role.AUDITOR, Role.OBSERVER},
        ),
        (f"{D}/operating-point", {Role.SYSTEM_ENGINEER, Role.EVALUATOR}),
        (f"{D}/running/start", {Role.OPERATOR, Role.SYSTEM_ENGINEER, Role.EVALUATOR}),
        (
            f"{D}/running/suspend",
            {Role.OPERATOR, Role.SYSTEM_ENGINEER, Role.EVALUATOR, Role.AUTHORISING_OFFICER},
        ),
        (
            f"{D}/running/end",
            {Role.OPERATOR, Role.SYSTEM_ENGINEER, Role.EVALUATOR, Role.AUTHORISING_OFFICER},
        ),
        (f"{D}/closing/purge", {Role.SYSTEM_ENGINEER}),
        (f"{D}/closing/proof", set(Role) - {Role.OBSERVER}),
        (f"{D}/closing/publish", {Role.AUTHORISING_OFFICER, Role.EVALUATOR}),
    ],
)
def test_a_change_is_open_to_some_roles_only(tmp_path, path, roles):
    """Every other one is refused with who may, and the attempt is logged."""
    desk = a_desk(tmp_path, g.authorised())
    with desk.browser() as browser:
        for role in PEOPLE:
            act_as(desk, browser, role)
            answer = browser.post(path, data={"x": "1"})

            denied = [e.actor_id for e in desk.events(EventKind.ACCESS_DENIED) if _is_guards(e)]
            is_refused = answer.status_code == 403 and PEOPLE[role].actor_id in denied
            assert is_refused is (role not in roles), role


def _is_guards(event) -> bool:
    """Return whether the guard has refused it, before any service."""
    return event.details["action"].startswith("POST /")


def test_a_deployment_that_is_not_there_is_not_found(tmp_path):
    """404, whatever the page."""
    desk = a_desk(tmp_path)
    with desk.browser(Role.APPLICANT) as browser:
        for end in PAGES:
            assert browser.get(f"/deployments/d-9{end}").status_code == 404
        assert browser.post("/deployments/d-9/notices/announce").status_code == 404


def test_a_deployment_is_drafted(tmp_path):
    """Its overview comes next, and says what is missing."""
    desk = a_desk(tmp_path)
    with desk.browser(Role.APPLICANT) as browser:
        fields = hidden(browser, "/deployments/new", name="Station, 12 June", kind="operational")
        answer = browser.post("/deployments", data=fields)
        shown = browser.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "Station, 12 June" in shown.text
    assert "R-02" in shown.text
    assert [e.kind for e in desk.events()][-1] == EventKind.DEPLOYMENT_DRAFTED


def test_a_name_that_is_blank_is_refused_on_the_form(tmp_path):
    """What was chosen stays."""
    desk = a_desk(tmp_path)
    with desk.browser(Role.APPLICANT) as browser:
        fields = hidden(browser, "/deployments/new", name=" ", kind="rehearsal")
        answer = browser.post("/deployments", data=fields)

    assert answer.status_code == 422
    assert "a reason is needed" in alert_of(answer)
    assert 'value="rehearsal" checked' in answer.text


def test_an_evaluator_drafts_rehearsals_only(tmp_path):
    """The service says so, and the form comes back."""
    desk = a_desk(tmp_path)
    with desk.browser(Role.EVALUATOR) as browser:
        fields = hidden(browser, "/deployments/new", name="Try", kind="operational")
        refused = browser.post("/deployments", data=fields)
        drafted = browser.post("/deployments", data={**fields, "kind": "rehearsal"})

    assert refused.status_code == 403
    assert 'value="Try"' in refused.text
    assert drafted.status_code == 303


def test_the_same_form_twice_drafts_one_deployment(tmp_path):
    """Both lead to it."""
    desk = a_desk(tmp_path)
    with desk.browser(Role.APPLICANT) as browser:
        fields = hidden(browser, "/deployments/new", name="Station", kind="operational")
        first, second = (browser.post("/deployments", data=fields) for _ in range(2))

    assert first.headers["location"] == second.headers["location"]
    assert len(desk.events(EventKind.DEPLOYMENT_DRAFTED)) == 1


def test_the_list_shows_what_is_open_or_all(tmp_path):
    """What is over is one click away."""
    desk = a_desk(tmp_path, g.refused_at_once())
    with desk.browser(Role.AUDITOR) as browser:
        assert "Square" not in browser.get("/deployments").text
        assert "Square" in browser.get("/deployments?only=all").text


def test_the_overview_names_every_condition_with_its_page(tmp_path):
    """R-13 to R-62: each leads to where it is met."""
    desk = a_desk(tmp_path, g.authorised())
    desk.clock.at = g.OPENS
    with desk.browser(Role.AUDITOR) as browser:
        text = browser.get(D).text

    for number, end in (("R-12", "watchlist"), ("R-62", "notices"), ("R-40", "operating-point")):
        assert f'<span class="code">{number}</span> <a href="{D}/{end}">' in text


def test_a_purge_worker_that_is_not_well_is_named(tmp_path):
    """R-33: the console knows it."""
    desk = a_desk(tmp_path, g.ready())
    desk.clock.at = g.OPENS
    desk.console = replace(desk.console, health=lambda: WorkerHealth(None, 3, "store.full"))
    with desk.browser(Role.OPERATOR) as browser:
        assert "a healthy purge worker" in browser.get(D).text
