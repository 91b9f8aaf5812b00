"""Builder: the plan of a trial in which nothing is missing."""

from __future__ import annotations

from dataclasses import replace

from overt.core.trial_plan import Hypothesis, HypothesisFigure, Relation, TrialPlan

H1 = Hypothesis(
    "H1",
    "At most one face in a thousand raises a false alert",
    HypothesisFigure.FALSE_ALERTS_PER_FACE_SEEN,
    Relation.AT_MOST,
    0.001,
)


def a_plan(**changes: object) -> TrialPlan:
    """Return a plan with one hypothesis and three deployments."""
    plan = TrialPlan(
        title="Three squares",
        aim="Find out whether the limit on false alerts is kept",
        objectives=("Measure false alerts", "Measure recognition"),
        hypotheses=(H1,),
        n_deployments=3,
        faces_planned=3000,
        passes_planned=150,
        stop_rules=("It was advised to suspend",),
        seed=7,
        equality_margin=0.05,
    )
    return replace(plan, **changes)
