"""Trials in the console: the evaluator registers, adds and ends; others look."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.integration.trial_plans import filled_in
from tests.unit.core import governed as g
from tests.unit.core.planned import H1, a_plan
from tests.unit.services.alerted import add_alert
from tests.unit.services.test_observed_figures import decide
from tests.web.consoles import a_desk

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.roles import Role
from overt.services.register_trial import register_trial
from overt.services.view_trials import trials_of

READERS = (Role.EVALUATOR, Role.AUDITOR, Role.AUTHORISING_OFFICER, Role.OBSERVER)
FILLED_IN = {
    "from": "form",
    "title": "Three squares",
    "aim": "Find out whether the limit is kept",
    "objectives": "Measure false alerts\n\n  Measure recognition ",
    "kind": "operational",
    "n_deployments": "3",
    "faces_planned": "3,000",
    "passes_planned": "150",
    "hypothesis_id": ["H1", "H2", "H3"],
    "hypothesis_figure": ["false_alerts_per_face_seen"] * 3,
    "hypothesis_relation": ["at_most"] * 3,
    "hypothesis_value": ["0.001", "", ""],
    "hypothesis_text": [H1.text, "", " "],
    "stop_rules": "It was advised to suspend",
    "equality_margin": "0.05",
    "seed": "7",
}


@pytest.fixture
def desk(tmp_path):
    """Return a console with two authorised deployments and a rehearsal."""
    others = [
        replace(deployment, deployment_id=f"d-{number}", name=f"Square {number}")
        for number, deployment in ((2, g.authorised()), (3, g.a_rehearsal()))
    ]
    return a_desk(tmp_path, g.authorised(), *others)


def registered(desk, *deployment_ids, **changes):
    """Return the identifier of a trial."""
    kind, plan = DeploymentKind.OPERATIONAL, a_plan(**changes)
    workplace = desk.console.workplace
    return register_trial(workplace, "evaluator-1", plan, kind, deployment_ids).trial_id


def trials_in(desk):
    """Return the trials as the log tells them."""
    with desk.store.reading() as uow:
        return trials_of(uow)


def went_live(desk, deployment_id="d-1"):
    """Log that a deployment went live, as its run does."""
    details = dict.fromkeys(("operating_point_digest", "pack_digest", "policy_hash"), "x")
    kind, details = EventKind.DEPLOYMENT_WENT_LIVE, {**details, "n_entries": 3}
    with desk.console.workplace.open() as uow:
        uow.audit.append(AuditEvent(kind, g.OPENS, "operator-1", deployment_id, details))
        uow.commit()


def counted(desk, n_faces, deployment_id="d-1"):
    """Log a minute of faces."""
    details = {"camera_id": "north-camera", "minute": g.OPENS.isoformat()}
    details |= {"faces_seen": n_faces, "searches": n_faces}
    with desk.console.workplace.open() as uow:
        kind = EventKind.MINUTE_COUNTED
        uow.audit.append(AuditEvent(kind, g.OPENS, "system", deployment_id, details))
        uow.commit()


def test_a_plan_is_registered_as_a_form(desk):
    """Lists one text a line, rows without words left out; the plan is the same as from a file."""
    with desk.browser(Role.EVALUATOR) as browser:
        shown = browser.get("/trials/new")
        answer = browser.post("/trials", data=FILLED_IN)

    (trial,) = trials_in(desk)
    assert shown.status_code == 200
    assert answer.headers["location"] == f"/trials/{trial.trial_id}?done=registered"
    assert trial.plan == a_plan(aim="Find out whether the limit is kept")
    assert trial.registered_by == "evaluator-1"


def test_a_plan_is_registered_as_a_file(desk):
    """A trial of rehearsals from the template."""
    with desk.browser(Role.EVALUATOR) as browser:
        empty = browser.get("/trials/plan.toml")
        sent = {"plan": ("plan.toml", filled_in(n_deployments="2").encode())}
        answer = browser.post("/trials", data={"from": "file", "kind": "rehearsal"}, files=sent)

    (trial,) = trials_in(desk)
    assert "attachment" in empty.headers["content-disposition"]
    assert empty.text.startswith("# The plan of a trial.")
    assert answer.status_code == 303
    assert (trial.plan.n_deployments, trial.deployment_kind) == (2, "rehearsal")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "Title: blank"),
        ({"faces_planned": "many"}, "Faces planned, in all: expected a whole number"),
        ({"seed": "9" * 30}, "Seed: expected a whole number of at least 0"),
        ({"equality_margin": "five"}, "does not matter: expected a share such as 0.001"),
        (
            {"hypothesis_value": ["1 in 1,000", "", ""]},
            "Hypothesis 1, value, as a share: expected a share",
        ),
        ({"objectives": "See\n\x07"}, "Objectives, line 2: control characters"),
        ({"kind": ""}, "choose of which deployments"),
        ({"hypothesis_figure": ["success"] * 3}, "figure: expected one of false_alerts_per_face"),
        ({"hypothesis_text": ["", "", ""], "hypothesis_value": [""] * 3}, "at least one"),
    ],
)
def test_a_form_that_can_be_mended_comes_back_as_it_was(desk, changes, said):
    """422, with the problem as an alert and what was typed."""
    with desk.browser(Role.EVALUATOR) as browser:
        page = browser.post("/trials", data=FILLED_IN | changes)

    assert page.status_code == 422
    assert said in page.text
    assert 'role="alert"' in page.text
    assert "Find out whether the limit is kept" in page.text
    assert trials_in(desk) == ()


def test_a_problem_stands_at_its_field(desk):
    """Of the row that was typed, also where a row before it was left blank."""
    rows = {"hypothesis_text": ["", H1.text, ""], "hypothesis_value": ["", "many", ""]}
    with desk.browser(Role.EVALUATOR) as browser:
        page = browser.post("/trials", data=FILLED_IN | rows).text

    assert 'id="hypothesis-value-2-problem">expected a share such as 0.001<' in page
    assert "hypothesis-value-1-problem" not in page
    assert "hypotheses[" not in page


def test_no_kind_of_deployment_is_chosen_beforehand(desk):
    """Nobody changes it afterwards; neither the form nor the file assumes one."""
    sent = {"plan": ("plan.toml", filled_in().encode())}
    with desk.browser(Role.EVALUATOR) as browser:
        page = browser.get("/trials/new").text
        answer = browser.post("/trials", data={"from": "file"}, files=sent)

    kinds = [line for line in page.splitlines() if 'name="kind"' in line]
    assert len(kinds) == 4
    assert not any(" checked" in line for line in kinds)
    assert (answer.status_code, trials_in(desk)) == (422, ())
    assert "choose of which deployments" in answer.text


def test_a_second_trial_of_one_title_is_refused(desk):
    """Whatever its capitals; once the first is over, the title is free."""
    trial_id = registered(desk)
    with desk.browser(Role.EVALUATOR) as browser:
        page = browser.post("/trials", data=FILLED_IN | {"title": "three SQUARES "})
        browser.post(f"/trials/{trial_id}/end", data={"why": "1", "note": "after an hour"})
        after = browser.post("/trials", data=FILLED_IN)

    assert page.status_code == 422
    assert "a trial of this title is under way" in page.text
    assert after.status_code == 303
    assert len(trials_in(desk)) == 2


@pytest.mark.parametrize("files", [{}, {"plan": ("plan.toml", b"title")}])
def test_a_file_that_is_no_plan_is_refused(desk, files):
    """Nothing chosen, or no TOML."""
    with desk.browser(Role.EVALUATOR) as browser:
        page = browser.post("/trials", data={"from": "file"}, files=files)

    assert page.status_code == 422
    assert trials_in(desk) == ()


@pytest.mark.parametrize("role", READERS)
def test_whoever_may_look_sees_plan_and_figures(desk, role):
    """By hand: 2 false of 4 alerts, 2 of 4,000 faces; only an evaluator is offered to change it."""
    trial_id = registered(desk, "d-1")
    went_live(desk)
    counted(desk, 4000)
    for number in range(4):
        add_alert(desk.console.workplace, alert_id=f"a-{number}")
    decide(desk.console.workplace, "a-0")
    decide(desk.console.workplace, "a-1")
    with desk.browser(role) as browser:
        listed = browser.get("/trials").text
        page = browser.get(f"/trials/{trial_id}").text

    assert "Three squares" in listed
    assert "1 of 3 planned" in listed
    for text in ("4,000 of 3,000", "0 of 150", "2 of 4,000 faces seen", "2 of 4 alerts", H1.text):
        assert text in page
    assert "not defined (0 of 0)" in page
    assert a_plan().sha256() in page
    assert ("Put it in" in page) == ("Register a plan" in listed) == (role is Role.EVALUATOR)
    assert ('href="/deployments/d-1"' in page) == (role is not Role.OBSERVER)


def test_a_deployment_is_put_in_by_choice(desk):
    """Those of another kind, those that have been live and those taken are not offered."""
    went_live(desk, "d-2")
    trial_id = registered(desk)
    with desk.browser(Role.EVALUATOR) as browser:
        page = browser.get(f"/trials/{trial_id}").text
        nothing = browser.post(f"/trials/{trial_id}/deployments", data={})
        late = browser.post(f"/trials/{trial_id}/deployments", data={"deployment": "d-2"})
        answer = browser.post(f"/trials/{trial_id}/deployments", data={"deployment": "d-1"})
        after = browser.get(answer.headers["location"]).text

    offered = [name for name in ("d-1", "d-2", "d-3") if f'<option value="{name}"' in page]
    assert offered == ["d-1"]
    assert (nothing.status_code, late.status_code) == (422, 409)
    assert "trial.too_late" in late.text
    assert trials_in(desk)[0].deployment_ids == ("d-1",)
    assert "The deployment is in the trial" in after
    assert "No deployment of this kind can be put in now" in after


def test_a_trial_is_ended_by_choice(desk):
    """Not as done while it is not; by a rule of its plan; afterwards nothing can be changed."""
    trial_id = registered(desk)
    place = f"/trials/{trial_id}/end"
    with desk.browser(Role.EVALUATOR) as browser:
        too_early = browser.post(place, data={"why": "all_done"})
        nothing = browser.post(place, data={})
        no_words = browser.post(place, data={"why": "other", "note": " "})
        answer = browser.post(place, data={"why": "1", "note": "after an hour"})
        page = browser.get(answer.headers["location"]).text

    assert (too_early.status_code, nothing.status_code, no_words.status_code) == (409, 422, 422)
    assert answer.status_code == 303
    (trial,) = trials_in(desk)
    assert trial.reason == "stop rule 1: It was advised to suspend (after an hour)"
    assert trial.reason in page
    assert "End the trial" not in page
    assert "Put it in" not in page


def test_another_reason_is_written(desk):
    """The report names it as a departure from the plan."""
    trial_id = registered(desk)
    with desk.browser(Role.EVALUATOR) as browser:
        browser.post(f"/trials/{trial_id}/end", data={"why": "other", "note": "Flood"})

    assert (trials_in(desk)[0].ended_by, trials_in(desk)[0].reason) == ("other", "Flood")


def test_a_trial_of_rehearsals_has_the_rates_of_its_report(desk):
    """Not operational ones; and faces seen include volunteers."""
    kind, workplace = DeploymentKind.REHEARSAL, desk.console.workplace
    trial_id = register_trial(workplace, "evaluator-1", a_plan(), kind, ["d-3"]).trial_id
    with desk.browser(Role.EVALUATOR) as browser:
        page = browser.get(f"/trials/{trial_id}").text

    assert "False alerts of all faces seen" in page
    assert "False alerts of all alerts" in page
    assert "Faces seen include volunteers on the list" in page


def test_a_trial_that_is_none_is_not_found(desk):
    """To look at, to add to, to end."""
    with desk.browser(Role.EVALUATOR) as browser:
        for answer in (
            browser.get("/trials/trial-9"),
            browser.post("/trials/trial-9/deployments", data={"deployment": "d-1"}),
            browser.post("/trials/trial-9/end", data={"why": "all_done"}),
            browser.get("/api/v1/trials/trial-9"),
        ):
            assert answer.status_code == 404


def test_faces_that_are_not_counted_yet_give_no_rate(desk):
    """Alerts are stored at once, faces by the minute."""
    trial_id = registered(desk, "d-1")
    add_alert(desk.console.workplace, alert_id="a-1")
    decide(desk.console.workplace, "a-1")
    with desk.browser(Role.AUDITOR) as browser:
        assert "not defined before the faces are counted" in browser.get(f"/trials/{trial_id}").text


def test_the_api_does_the_same(desk):
    """Register with a deployment, show, add, end; a plan that is none is refused."""
    plan = a_plan(n_deployments=2).document()
    with desk.browser(Role.EVALUATOR, accept="application/json") as browser:
        made = browser.post("/api/v1/trials", json={"plan": plan, "deployment_ids": ["d-1"]})
        trial_id = made.json()["trial_id"]
        place = f"/api/v1/trials/{trial_id}"
        added = browser.post(f"{place}/deployments", json={"deployment_id": "d-2"})
        kind = browser.post(f"{place}/deployments", json={"deployment_id": "d-3"})
        counted(desk, 100)
        shown = browser.get(place).json()
        ended = browser.post(f"{place}/end", json={"note": "Flood"})
        again = browser.post(f"{place}/end", json={})
        wrong = browser.post("/api/v1/trials", json={"plan": plan | {"seed": -1}})
        listed = browser.get("/api/v1/trials?limit=1").json()

    assert (made.status_code, added.json()["deployment_ids"]) == (201, ["d-1", "d-2"])
    assert (kind.status_code, kind.json()["code"]) == (409, "deployment.wrong_kind")
    assert shown["plan"] == plan
    assert [each["faces_seen"] for each in shown["deployments"]] == [100, 0]
    assert (shown["n_done"], shown["total"]["faces_seen"]) == (0, 100)
    assert (ended.json()["reason"], again.status_code) == ("Flood", 409)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "trial.plan_invalid")
    assert listed["items"] == [ended.json()]
    assert listed["next"] is None
