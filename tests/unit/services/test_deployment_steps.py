from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.services.listing import SetClock, a_workplace

from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind, DeploymentState, PackUse
from overt.errors import DeploymentNotReadyError, RuleError
from overt.services import calibrate, decide_authority, draft_deployment, go_live, place_notice

S = DeploymentState


def case(name, deployment, at, actor, step, forbidden, reached):
    """Return a step with somebody who may take it and somebody who may not, by code."""
    return pytest.param(deployment, at, actor, step, forbidden, reached, id=name)


def reasoned(service):
    """Return a service as a step with a reason."""
    return lambda w, who: service(w, who, "d-1", reason="A reason")


def fixed(pack_use=PackUse.OPERATIONAL):
    """Return the step that fixes an operating point."""
    point = g.a_calibration(pack_use=pack_use)
    return lambda w, who: calibrate.calibrate(w, who, "d-1", point, reason="Calibrated")


ROLE, SAME = "rule.role_forbidden", "deployment.separation_of_duties"
BOTH = g.an_actor(
    "applicant-1", *g.APPLICANT.roles, *g.OFFICER.roles, rank=g.SECOND_OFFICER.rank
)  # drafted and applied, and has since become an officer

CASES = [
    case(
        "apply",
        g.drafted,
        g.APPLIED_AT,
        g.APPLICANT,
        lambda w, who: draft_deployment.apply_for_deployment(w, who, "d-1", g.an_application()),
        (g.OFFICER, ROLE),
        S.APPLIED,
    ),
    case(
        "consent",
        lambda: g.drafted(DeploymentKind.REHEARSAL),
        g.APPLIED_AT,
        g.EVALUATOR,
        lambda w, who: draft_deployment.record_consent(w, who, "d-1", g.a_consent()),
        (g.OPERATOR, ROLE),
        S.AUTHORISED,
    ),
    case(
        "authorise",
        g.applied,
        g.APPLIED_AT,
        g.OFFICER,
        reasoned(decide_authority.authorise),
        (BOTH, SAME),
        S.AUTHORISED,
    ),
    case(
        "authorise without the rank",
        g.applied,
        g.APPLIED_AT,
        g.OFFICER,
        reasoned(decide_authority.authorise),
        (g.INSPECTOR, "rule.rank_too_low"),
        S.AUTHORISED,
    ),
    case(
        "refuse",
        g.applied,
        g.APPLIED_AT,
        g.OFFICER,
        reasoned(decide_authority.refuse),
        (BOTH, SAME),
        S.REFUSED,
    ),
    case(
        "ratify",
        g.orally_authorised,
        g.APPLIED_AT + g.HOUR,
        g.OFFICER,
        lambda w, who: decide_authority.ratify(w, who, "d-1"),
        (g.INSPECTOR, SAME),
        S.AUTHORISED,
    ),
    case(
        "suspend the authority",
        g.live,
        g.OPENS,
        g.OFFICER,
        reasoned(decide_authority.suspend_authority),
        (g.OPERATOR, ROLE),
        S.SUSPENDED,
    ),
    case(
        "withdraw",
        g.live,
        g.OPENS,
        g.SECOND_OFFICER,
        reasoned(decide_authority.withdraw),
        (g.APPLICANT, ROLE),
        S.ENDED,
    ),
    case(
        "cancel",
        g.with_watchlist,
        g.OPENS,
        g.APPLICANT,
        reasoned(decide_authority.cancel),
        (g.OPERATOR, ROLE),
        S.CANCELLED,
    ),
    case(
        "announce",
        lambda: replace(g.authorised(), public_notice=None),
        g.APPLIED_AT + g.HOUR,
        g.APPLICANT,
        lambda w, who: place_notice.announce(w, who, "d-1", where="https://force.example"),
        (g.OPERATOR, ROLE),
        S.AUTHORISED,
    ),
    case(
        "plan signs",
        g.authorised,
        g.OPENS,
        g.APPLICANT,
        lambda w, who: place_notice.plan_signs(w, who, "d-1", g.a_plan(), reason="Ways in"),
        (g.OPERATOR, ROLE),
        S.AUTHORISED,
    ),
    case(
        "place a sign",
        g.authorised,
        g.OPENS,
        g.OPERATOR,
        lambda w, who: place_notice.place_notice(w, who, "d-1", g.a_notice()),
        (g.OFFICER, ROLE),
        S.AUTHORISED,
    ),
    case(
        "take down a sign",
        g.with_signs,
        g.OPENS,
        g.OPERATOR,
        lambda w, who: place_notice.remove_notice(w, who, "d-1", "north-0-1"),
        (g.AUDITOR, ROLE),
        S.WATCHLIST_APPROVED,
    ),
    case(
        "calibrate",
        g.with_signs,
        g.OPENS,
        g.ENGINEER,
        fixed(),
        (g.OPERATOR, ROLE),
        S.CALIBRATED,
    ),
    case(
        "go live",
        g.ready,
        g.OPENS,
        g.OPERATOR,
        lambda w, who: go_live.go_live(w, who, "d-1", g.some_facts()),
        (g.ENGAGER, ROLE),
        S.LIVE,
    ),
    case(
        "suspend",
        g.live,
        g.OPENS,
        g.OPERATOR,
        reasoned(go_live.suspend),
        (g.ENGAGER, ROLE),
        S.SUSPENDED,
    ),
    case(
        "resume",
        g.suspended_at_once,
        g.OPENS,
        g.OPERATOR,
        lambda w, who: go_live.resume(w, who, "d-1", g.some_facts(), reason="The rain is over"),
        (g.OFFICER, ROLE),
        S.LIVE,
    ),
    case("end", g.live, g.OPENS, g.OFFICER, reasoned(go_live.end), (g.ENGAGER, ROLE), S.ENDED),
]


def stored(workplace):
    """Return the deployment, and the last event of the log."""
    with workplace.open() as uow:
        return uow.deployments.get("d-1"), uow.audit.read(uow.audit.size() - 1)[-1].event


def begun(deployment, at, *actors):
    """Return a workplace at a moment, with a deployment and perhaps others who act in it."""
    workplace = a_workplace(deployment(), clock=SetClock(at))
    with workplace.open() as uow:
        for actor in actors:
            uow.actors.save(actor)
        uow.commit()
    return workplace


@pytest.mark.parametrize(("deployment", "at", "actor", "step", "forbidden", "reached"), CASES)
def test_a_step_is_saved_with_its_line_in_the_log(deployment, at, actor, step, forbidden, reached):
    """State reached, version counted on, actor and deployment named (R-04, R-70)."""
    workplace = begun(deployment, at)
    version = stored_version(workplace)

    after = step(workplace, actor.actor_id)

    kept, event = stored(workplace)
    assert after.state is reached
    assert kept == after
    assert kept.version == version + 1
    assert (event.actor_id, event.deployment_id) == (actor.actor_id, "d-1")
    assert event.kind != EventKind.ACCESS_DENIED
    assert event.occurred_at == at


def stored_version(workplace):
    """Return how often the deployment was saved."""
    with workplace.open() as uow:
        return uow.deployments.get("d-1").version


@pytest.mark.parametrize(("deployment", "at", "actor", "step", "forbidden", "reached"), CASES)
def test_who_may_not_is_refused_and_logged(deployment, at, actor, step, forbidden, reached):
    """The store stays as it was but for one line: who, what, and the code (R-04)."""
    somebody, code = forbidden
    workplace = begun(deployment, at, somebody)
    with workplace.open() as uow:
        before = uow.deployments.get("d-1")

    with pytest.raises(RuleError) as refused:
        step(workplace, somebody.actor_id)

    kept, event = stored(workplace)
    assert refused.value.code == code
    assert kept == before
    assert event.kind == EventKind.ACCESS_DENIED
    assert event.actor_id == somebody.actor_id
    assert event.details["code"] == code


@pytest.mark.parametrize(("deployment", "at", "actor", "step", "forbidden", "reached"), CASES)
def test_a_wrong_state_is_refused_and_logged(deployment, at, actor, step, forbidden, reached):
    """Nothing is done to a deployment that was refused for good."""
    kind = deployment().kind
    workplace = begun(lambda: replace(g.refused_at_once(), kind=kind), at)

    with pytest.raises(RuleError) as refused:
        step(workplace, actor.actor_id)

    kept, event = stored(workplace)
    assert refused.value.code == "deployment.wrong_state"
    assert kept == replace(g.refused_at_once(), kind=kind)
    assert (event.kind, event.details["code"]) == (EventKind.ACCESS_DENIED, refused.value.code)


def test_a_suspended_authority_is_restored():
    """R-07: by an officer who did not apply."""
    workplace = begun(g.authorised, g.APPLIED_AT + g.HOUR)
    decide_authority.suspend_authority(workplace, "authority-1", "d-1", reason="A doubt")

    after = decide_authority.restore_authority(
        workplace, "authority-2", "d-1", reason="The doubt is gone"
    )

    assert after.authority.status == "in_force"
    assert stored(workplace)[1].kind == EventKind.AUTHORITY_RESTORED


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_decision_without_a_reason_is_refused(blank):
    """R-07."""
    workplace = begun(g.applied, g.APPLIED_AT)

    with pytest.raises(RuleError) as refused:
        decide_authority.authorise(workplace, "authority-1", "d-1", reason=blank)

    assert refused.value.code == "rule.reason_missing"
    assert stored(workplace)[0].state is S.APPLIED


def test_a_draft_is_added_with_its_line():
    """R-72: the policy in force is named by its digest."""
    workplace = a_workplace()

    drafted = draft_deployment.draft_deployment(
        workplace, "applicant-1", name="Market", kind=DeploymentKind.OPERATIONAL
    )

    with workplace.open() as uow:
        event = uow.audit.read()[-1].event
        assert uow.deployments.get(drafted.deployment_id) == drafted
    assert drafted.policy_hash == g.POLICY.digest()
    assert event.details["policy_hash"] == g.POLICY.digest()


def test_a_refused_draft_adds_nothing():
    """The refusal is in the log, no deployment in the store."""
    workplace = a_workplace()

    with pytest.raises(RuleError) as refused:
        draft_deployment.draft_deployment(
            workplace, "operator-1", name="Market", kind=DeploymentKind.OPERATIONAL
        )

    with workplace.open() as uow:
        assert [d.deployment_id for d in uow.deployments.list()] == ["d-1"]
        assert uow.audit.read()[-1].event.details["code"] == refused.value.code


def test_research_packs_are_refused_for_operational_use():
    """Licence: the refusal is logged with its code, and nothing is fixed."""
    workplace = begun(g.with_signs, g.OPENS)

    with pytest.raises(RuleError) as refused:
        fixed(PackUse.RESEARCH)(workplace, "engineer-1")

    kept, event = stored(workplace)
    assert refused.value.code == event.details["code"] == "models.not_operational"
    assert kept.calibration is None


def test_a_rehearsal_may_use_a_research_pack():
    """It has no operational list."""
    workplace = begun(g.a_rehearsal, g.OPENS)

    after = fixed(PackUse.RESEARCH)(workplace, "evaluator-1")

    assert after.calibration.pack_use is PackUse.RESEARCH


def test_a_refused_start_is_logged_with_every_requirement():
    """Two lines: that it was refused, and what was missing."""
    workplace = begun(g.with_signs, g.OPENS)

    with pytest.raises(DeploymentNotReadyError) as refused:
        go_live.go_live(workplace, "operator-1", "d-1", g.some_facts())

    with workplace.open() as uow:
        denied, missing = (logged.event for logged in uow.audit.read()[-2:])
    assert denied.details["code"] == "deployment.not_ready"
    assert missing.kind == EventKind.LIVE_REFUSED
    assert set(missing.details["unmet"]) == {row[0] for row in refused.value.unmet}
    assert {"R-14", "R-40"} == set(missing.details["unmet"])
