"""Register the plan of a trial, before any deployment of it goes live (R-40)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.trial import REGISTER, Trial, registration
from overt.errors import RuleError
from overt.services.add_to_trial import put_in
from overt.services.take_step import acting, log_refusal
from overt.services.view_trials import trial_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.core.deployment import DeploymentKind
    from overt.core.trial_plan import TrialPlan
    from overt.services.workplace import Workplace


def register_trial(
    workplace: Workplace,
    actor_id: str,
    plan: TrialPlan,
    kind: DeploymentKind,
    deployment_ids: Sequence[str] = (),
) -> Trial:
    """Return the trial that a plan begins; the log holds the plan as a whole.

    Args:
        workplace: Store, time, identifiers.
        actor_id: An evaluator.
        plan: What the trial sets out to show; nobody changes it afterwards.
        kind: Of all its deployments.
        deployment_ids: The deployments that are known already; none of them has been live.
            Others follow one by one.

    Raises:
        RuleError: Not allowed; this has been logged, and nothing is registered.
        RecordNotFoundError: There is no such actor or deployment.
    """
    now = workplace.clock.now()
    trial_id = workplace.ids.new("trial")
    with workplace.open() as uow:
        actor = acting(uow, actor_id, REGISTER, None, now)
        try:
            details = registration(trial_id, plan, kind, actor)
        except RuleError as error:
            log_refusal(uow, error, REGISTER, actor_id, None, now)
            raise
        events = [AuditEvent(EventKind.TRIAL_REGISTERED, now, actor_id, None, details)]
        trial = Trial(trial_id, plan, kind, now, actor_id)
        for name in deployment_ids:
            events.append(put_in(uow, trial, name, actor, now))
            trial = replace(trial, deployment_ids=(*trial.deployment_ids, name))
        for event in events:  # only now: a refusal is logged where nothing was changed
            uow.audit.append(event)
        uow.commit()
        return trial_of(uow, trial_id)
