"""Draft, apply, record consent: the steps of whoever wants to deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core import deployment_authority as steps
from overt.core.audit import AuditEvent
from overt.errors import RuleError
from overt.services.take_step import acting, log_refusal, take_step

if TYPE_CHECKING:
    from overt.core.authority import Application
    from overt.core.deployment import ConsentRecord, Deployment, DeploymentKind
    from overt.services.workplace import Workplace


def draft_deployment(
    workplace: Workplace, actor_id: str, *, name: str, kind: DeploymentKind
) -> Deployment:
    """Return a new deployment, as a draft under the policy in force now (R-72).

    Args:
        workplace: Store, time, identifiers, rules.
        actor_id: An applicant; for a rehearsal also an evaluator.
        name: For people.
        kind: Operational or rehearsal.

    Raises:
        RuleError: The actor may not, or the name is blank.
        RecordNotFoundError: There is no such actor.
    """
    now, policy = workplace.clock.now(), workplace.policies.current()
    deployment_id = workplace.ids.new("deployment")
    with workplace.open() as uow:
        actor = acting(uow, actor_id, "draft a deployment", None, now)
        try:
            change = steps.draft(deployment_id, name, kind, actor, policy, now)
        except RuleError as error:
            log_refusal(uow, error, "draft a deployment", actor_id, None, now)
            raise
        uow.deployments.add(change.deployment)
        event = AuditEvent(change.event_kind, now, actor_id, deployment_id, change.details)
        uow.audit.append(event)
        uow.commit()
    return change.deployment


def apply_for_deployment(
    workplace: Workplace, actor_id: str, deployment_id: str, application: Application
) -> Deployment:
    """Return the deployment with its application, ready to be decided (R-02).

    Args:
        workplace: Store, time, rules.
        actor_id: An applicant.
        deployment_id: A draft.
        application: All mandatory fields; what is missing is named, all at once.

    Raises:
        RuleError: Not allowed now, or incomplete.
        RecordNotFoundError: There is no such deployment or actor.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "apply for an authority",
        lambda deployment, actor, policy, now: steps.apply_(
            deployment, actor, application, policy, now
        ),
    )


def record_consent(
    workplace: Workplace, actor_id: str, deployment_id: str, consent: ConsentRecord
) -> Deployment:
    """Return the rehearsal with its volunteers' consent in place of an authority.

    Args:
        workplace: Store, time, rules.
        actor_id: An applicant or evaluator.
        deployment_id: A draft of a rehearsal.
        consent: With the digest of the signed forms.

    Raises:
        RuleError: Not allowed now.
        RecordNotFoundError: There is no such deployment or actor.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "record consent",
        lambda deployment, actor, policy, now: steps.record_consent(
            deployment, actor, consent, policy, now
        ),
    )
