"""The trial that the demonstration has behind it: three rehearsals, of days before today."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.bootstrap.demo_generated_run import GeneratedRun, purge_when_due
from overt.bootstrap.demo_people import EVALUATOR, OBSERVER
from overt.bootstrap.demo_rehearsals import REHEARSALS, prepare_rehearsal
from overt.bootstrap.purging import open_service
from overt.core.deployment import DeploymentKind
from overt.core.trial_plan import Hypothesis, HypothesisFigure, Relation, TrialPlan
from overt.services.add_to_trial import add_to_trial
from overt.services.end_trial import end_trial
from overt.services.file_statement import file_statement
from overt.services.register_trial import register_trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.bootstrap.demo_clock import SceneClock
    from overt.settings import Settings

BEGAN_BEFORE = timedelta(days=2 * len(REHEARSALS))
"""How long ago the trial began: each rehearsal takes a day, its purge the next one."""

PLAN = TrialPlan(
    title="The demonstration: a generated street, three times",
    aim=(
        "To show what a trial report looks like. Nobody was filmed: two portraits that anybody "
        "may use walk along generated streets. They are the very photographs that are on the list, "
        "which no real list has. A program that knows who walked decides each alert after five "
        "seconds. The figures show how the software works. They show nothing "
        "about people in a real street, and nothing about people who decide."
    ),
    objectives=(
        "Count how often people on the list are recognised in quiet, in a crowd, in poor light.",
        "Count alerts about people who are not on the list, per face seen and per alert.",
    ),
    hypotheses=(
        Hypothesis(
            "H1",
            "At most 1 in 1,000 faces seen raises a false alert.",
            HypothesisFigure.FALSE_ALERTS_PER_FACE_SEEN,
            Relation.AT_MOST,
            0.001,
        ),
        Hypothesis(
            "H2",
            "At least half of the passes of people on the list raise a correct alert.",
            HypothesisFigure.TRUE_RECOGNITION_RATE,
            Relation.AT_LEAST,
            0.5,
        ),
    ),
    n_deployments=len(REHEARSALS),
    faces_planned=20,
    passes_planned=10,
    stop_rules=("A rehearsal is suspended when its false alerts are shown to exceed the limit.",),
    seed=1,
    equality_margin=0.1,
)

_HOUR = timedelta(hours=1)
_STATEMENT = (
    "I watched the counts of this rehearsal. I saw no face and no name, and was asked for none. "
    "A generated street is not a street: I would not take any of these rates to a real one."
)


def run_trial(
    settings: Settings, clock: SceneClock, on_frame: Callable[[], None] = lambda: None
) -> str:
    """Run the trial from its plan to its end, and return its identifier.

    Args:
        settings: Of the demonstration, its people in the store.
        clock: At the trial's first day; at its end it stands before the present.
        on_frame: Called after each frame that is analysed.
    """
    with open_service(settings) as opened:
        service = replace(opened, workplace=replace(opened.workplace, clock=clock))
        workplace, kind = service.workplace, DeploymentKind.REHEARSAL
        trial_id = register_trial(workplace, EVALUATOR, PLAN, kind).trial_id
        for rehearsal in REHEARSALS:
            clock.go_on(_HOUR)
            deployment_id = prepare_rehearsal(workplace, settings, rehearsal.name, rehearsal.listed)
            add_to_trial(workplace, EVALUATOR, trial_id, deployment_id)
            GeneratedRun(settings, service, clock, rehearsal, deployment_id).go(on_frame)
            purge_when_due(service, clock, deployment_id)
        file_statement(workplace, OBSERVER, deployment_id, _STATEMENT)
        end_trial(workplace, EVALUATOR, trial_id)
    return trial_id
