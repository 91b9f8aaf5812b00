"""Builders: alerts and the decisions about them."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.core.governed import ENGAGER, MINUTE, OPENS, OPERATOR

from overt.core.adjudication import (
    AlertRecord,
    Decision,
    DisposalVerdict,
    IdentityVerdict,
    OfficerVerdict,
    OperatorVerdict,
    Step,
    Verdict,
)
from overt.core.alert_steps import progress_of
from overt.core.watchlist import ListKind

STEP_OF = {
    OperatorVerdict: Step.OPERATOR,
    OfficerVerdict: Step.OFFICER,
    IdentityVerdict: Step.IDENTITY,
    DisposalVerdict: Step.DISPOSAL,
}
REASONS = {
    OperatorVerdict.DISMISSED: ("different_person",),
    OperatorVerdict.PASSED_ON: ("looks_alike",),
    OfficerVerdict.ENGAGED: ("own_assessment",),
    OfficerVerdict.NO_ENGAGEMENT: ("unsafe",),
    OfficerVerdict.NOT_LOCATED: ("lost_in_crowd",),
    IdentityVerdict.CONFIRMED_TRUE: ("documents",),
    IdentityVerdict.CONFIRMED_FALSE: ("documents",),
    IdentityVerdict.INCONCLUSIVE: ("not_checked",),
    DisposalVerdict.ARREST: ("wanted_by_courts",),
    DisposalVerdict.OTHER: ("advice",),
    DisposalVerdict.NO_FURTHER_ACTION: ("no_ground",),
}
PASS = OperatorVerdict.PASSED_ON
DISMISS = OperatorVerdict.DISMISSED
ENGAGE = OfficerVerdict.ENGAGED
TRUE = IdentityVerdict.CONFIRMED_TRUE
FALSE = IdentityVerdict.CONFIRMED_FALSE
ARREST = DisposalVerdict.ARREST


def an_alert(**changes: object) -> AlertRecord:
    """Return an alert that nobody has looked at."""
    alert = AlertRecord(
        alert_id="a-1",
        deployment_id="d-1",
        entry_id="e-1",
        camera_id="north-camera",
        site_id="north",
        captured_at=OPENS,
        score=0.95,
        threshold=0.94,
        runner_up_margin=0.1,
        n_shots=3,
        quality=0.8,
        pack_digest="pack",
        operating_point_digest="point",
        policy_hash="policy",
        list_kind=ListKind.OPERATIONAL,
    )
    return replace(alert, **changes)


def a_decision(verdict: Verdict, **changes: object) -> Decision:
    """Return a decision with this verdict by the person whose step it is."""
    step = STEP_OF[type(verdict)]
    shown_at = OPENS + MINUTE * (1 + list(Step).index(step))
    decision = Decision(
        decision_id=f"decision-{step}",
        alert_id="a-1",
        step=step,
        verdict=verdict,
        reason_codes=REASONS[verdict],
        decided_by=OPERATOR.actor_id if step is Step.OPERATOR else ENGAGER.actor_id,
        decided_at=shown_at + MINUTE / 6,
        shown_at=shown_at,
        idempotency_key=f"key-{step}",
    )
    return replace(decision, **changes)


def after(*verdicts: Verdict, alert: AlertRecord | None = None, **changes: object):
    """Return an alert after these verdicts; changes are made to the last decision."""
    decisions = [a_decision(verdict) for verdict in verdicts]
    if changes:
        decisions[-1] = replace(decisions[-1], **changes)
    return progress_of(alert or an_alert(), decisions)
