"""Screens of trials in a real browser, on a console of fakes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.browser.desk_server import served, signed_in
from tests.browser.looking import Noted, barriers
from tests.browser.test_quiet_screens import LOOKS, page_of
from tests.unit.core import governed as g
from tests.unit.core.planned import H1, a_plan
from tests.unit.services.alerted import add_alert
from tests.unit.services.test_observed_figures import decide
from tests.web.alerts import an_alert_desk
from tests.web.consoles import a_desk
from tests.web.test_evaluator import rehearsing_desk, with_volunteer
from tests.web.test_trials import counted, trials_in

from overt.adapters.audit.signing import create_signing_key
from overt.bootstrap.audit import signing_key_path
from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.roles import Role
from overt.core.trial_plan import HypothesisFigure, Relation
from overt.services.blue_passes import start_pass, stop_pass
from overt.services.register_trial import register_trial

pytestmark = [pytest.mark.browser, pytest.mark.slow]

H2 = replace(
    H1,
    hypothesis_id="H2",
    text="At least seven of ten walks of volunteers raise an alert about the right person",
    figure=HypothesisFigure.TRUE_RECOGNITION_RATE,
    relation=Relation.AT_LEAST,
    value=0.7,
)


@pytest.fixture
def trial_desk(tmp_path):
    """Return a trial under way with a live deployment that was counted, and one over."""
    second = replace(g.authorised(), deployment_id="d-2", name="Station forecourt, 12 June")
    desk = a_desk(tmp_path, g.live(), second)
    desk.clock.at = g.OPENS + g.MINUTE
    workplace, kind = desk.console.workplace, DeploymentKind.OPERATIONAL
    plan = a_plan(hypotheses=(H1, H2), stop_rules=("It was advised to suspend", "A flood"))
    register_trial(workplace, "evaluator-1", plan, kind, ["d-1"])
    register_trial(workplace, "evaluator-1", a_plan(title="Two stations"), DeploymentKind.REHEARSAL)
    counted(desk, 4321)
    for number in range(6):
        add_alert(workplace, alert_id=f"a-{number}")
        decide(workplace, f"a-{number}")
    with_volunteer(desk, 1)
    for _ in range(3):
        walk = start_pass(workplace, "evaluator-1", "v-1", "north-camera")
        desk.clock.at += g.MINUTE
        stop_pass(workplace, "evaluator-1", walk.pass_id)
    return desk


@pytest.mark.parametrize("look", LOOKS)
def test_screens_have_no_barrier_and_fit(chromium, trial_desk, save_screen, look):
    """Clean by axe, no error, nothing from elsewhere, no sideways scrolling."""
    options = LOOKS[look]
    trial_id = trials_in(trial_desk)[0].trial_id
    screens = (
        (Role.EVALUATOR, "/trials", "trials"),
        (Role.EVALUATOR, "/trials/new", "trial-new"),
        (Role.EVALUATOR, f"/trials/{trial_id}", "trial"),
        (Role.OBSERVER, f"/trials/{trial_id}", "trial-observer"),
    )
    with served(trial_desk) as address:
        for role, path, name in screens:
            context = signed_in(chromium, trial_desk, address, role, **options)
            page = context.new_page()
            noted = Noted(page, address)
            page.goto(f"{address}{path}")
            if page.locator("details#end").count():
                page.locator("details#end summary").click()
            assert page.locator("h1").count() == 1, name
            assert barriers(page) == [], name
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= options["viewport"]["width"], name
            assert (noted.errors, noted.elsewhere) == ([], []), name
            save_screen(page, f"{name}-{look}")
            context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_report_is_made_and_has_no_barrier(chromium, trial_desk, save_screen, look):
    """From the button to the page of the report; the report itself opens, and runs nothing."""
    key = signing_key_path(trial_desk.console.settings)
    key.parent.mkdir(parents=True)
    create_signing_key(key, "force.example/lfr")
    place, options = f"/trials/{trials_in(trial_desk)[0].trial_id}/report", LOOKS[look]
    with page_of(chromium, trial_desk, Role.EVALUATOR, place, **options) as (page, noted):
        page.get_by_role("button", name="Make the report").click()
        page.wait_for_url(f"**{place}?done=made", timeout=60_000)
        assert barriers(page) == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= options["viewport"]["width"]
        save_screen(page, f"trial-report-{look}")
        page.get_by_role("link", name="Read the whole report").click()
        page.wait_for_url("**/report.html")
        save_screen(page, f"trial-report-whole-{look}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert (noted.errors, noted.elsewhere) == ([], [])


def test_a_plan_is_registered_with_the_keyboard_alone(chromium, trial_desk):
    """Every field has its label; the page afterwards is the trial's."""
    with page_of(chromium, trial_desk, Role.EVALUATOR, "/trials/new") as (page, _):
        texts = {"Title": "Four squares", "Aim": "See", "Objectives": "Count", "Stop rules": "Rain"}
        for label, text in texts.items():
            page.get_by_label(label, exact=True).focus()
            page.keyboard.type(text)
        page.locator("#form-rehearsal").focus()
        page.keyboard.press("Space")
        page.get_by_label("Faces planned, in all").focus()
        page.keyboard.type("30000")
        page.locator("#hypothesis-value-1").focus()
        page.keyboard.type("0.001")
        page.locator("#hypothesis-text-1").focus()
        page.keyboard.type("The limit is kept")
        page.keyboard.press("Enter")
        page.wait_for_url("**/trials/trial-*")
        assert page.locator("h1").inner_text() == "Four squares"
    assert trials_in(trial_desk)[-1].plan.faces_planned == 30_000


@pytest.mark.parametrize("look", LOOKS)
def test_an_advice_to_suspend_and_the_form_for_pairs(chromium, tmp_path, save_screen, look):
    """Clean by axe, and fit: operator, desk, observers; the evaluator of a rehearsal."""
    desk = an_alert_desk(tmp_path / "live")
    decide(desk.console.workplace, "a-1")
    with desk.console.workplace.open() as uow:
        details = {"status": "breached", "n_false": 9, "faces_seen": 1000}
        details |= {"is_suspend_advised": True, "is_point_above_limit": True}
        kind = EventKind.LIMIT_STATUS_CHANGED
        uow.audit.append(AuditEvent(kind, desk.clock.at, "system", "d-1", details))
        uow.commit()
    screens = (
        (desk, Role.OPERATOR, "/live/d-1", "advice-operator", "Suspend advised"),
        (desk, Role.OPERATOR, "/deployments/d-1/running", "advice-desk", "Suspend advised"),
        (desk, Role.OBSERVER, "/observe/d-1", "advice-observer", "suspend advised at"),
        (rehearsing_desk(tmp_path / "rehearsal"), Role.EVALUATOR, "/blue/d-1", "pairs", "Put the"),
    )
    options = LOOKS[look]
    for which, role, path, name, words in screens:
        with page_of(chromium, which, role, path, **options) as (page, noted):
            assert page.get_by_text(words).first.is_visible(), name
            assert barriers(page) == [], name
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= options["viewport"]["width"], name
            assert (noted.errors, noted.elsewhere) == ([], []), name
            save_screen(page, f"{name}-{look}")
