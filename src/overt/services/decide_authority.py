"""The authorising officer decides: grant, refuse, ratify, suspend, restore, withdraw, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core import deployment_authority, deployment_withdrawal
from overt.services.take_step import take_step

if TYPE_CHECKING:
    from overt.core.deployment import Deployment
    from overt.services.workplace import Workplace


def authorise(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    *,
    reason: str,
    conditions: str = "",
    is_oral: bool = False,
) -> Deployment:
    """Return the deployment with an authority in force (R-03, R-04).

    Args:
        workplace: Store, time, rules.
        actor_id: An authorising officer who is not the applicant.
        deployment_id: One that was applied for.
        reason: Why it is granted; for an oral one, also why it could not wait.
        conditions: What is asked for beyond the application.
        is_oral: By word of mouth in urgency; must be ratified in time.

    Raises:
        RuleError: Not allowed: role, rank, the applicant's own, state or reason.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "grant the authority",
        lambda deployment, actor, policy, now: deployment_authority.authorise(
            deployment, actor, policy, now, reason=reason, conditions=conditions, is_oral=is_oral
        ),
    )


def refuse(workplace: Workplace, actor_id: str, deployment_id: str, *, reason: str) -> Deployment:
    """Return the deployment refused, for good.

    Args:
        workplace: Store, time, rules.
        actor_id: An authorising officer.
        deployment_id: One that was applied for.
        reason: Why.

    Raises:
        RuleError: Not allowed.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "refuse the authority",
        lambda deployment, actor, policy, now: deployment_authority.refuse(
            deployment, actor, policy, now, reason=reason
        ),
    )


def ratify(workplace: Workplace, actor_id: str, deployment_id: str) -> Deployment:
    """Return the deployment with its oral authority ratified in writing (R-03).

    Args:
        workplace: Store, time, rules.
        actor_id: An authorising officer of the rank that a written authority needs.
        deployment_id: One with an oral authority.

    Raises:
        RuleError: Not allowed, or too late.
    """
    return take_step(
        workplace, deployment_id, actor_id, "ratify the authority", deployment_authority.ratify
    )


def suspend_authority(
    workplace: Workplace, actor_id: str, deployment_id: str, *, reason: str
) -> Deployment:
    """Return the deployment with its authority suspended; if it was live, it stops (R-07).

    Args:
        workplace: Store, time, rules.
        actor_id: An authorising officer.
        deployment_id: One with an authority in force.
        reason: Why.

    Raises:
        RuleError: Not allowed.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "suspend the authority",
        lambda deployment, actor, _policy, _now: deployment_withdrawal.suspend_authority(
            deployment, actor, reason=reason
        ),
    )


def restore_authority(
    workplace: Workplace, actor_id: str, deployment_id: str, *, reason: str
) -> Deployment:
    """Return the deployment with its authority in force again; going live is another step.

    Args:
        workplace: Store, time, rules.
        actor_id: An authorising officer.
        deployment_id: One whose authority is suspended.
        reason: Why.

    Raises:
        RuleError: Not allowed.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "restore the authority",
        lambda deployment, actor, _policy, _now: deployment_withdrawal.restore_authority(
            deployment, actor, reason=reason
        ),
    )


def withdraw(workplace: Workplace, actor_id: str, deployment_id: str, *, reason: str) -> Deployment:
    """Return the deployment without its authority: ended if it was live, else cancelled (R-07).

    Args:
        workplace: Store, time, rules.
        actor_id: An authorising officer.
        deployment_id: One with an authority.
        reason: Why.

    Raises:
        RuleError: Not allowed.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "withdraw the authority",
        lambda deployment, actor, policy, now: deployment_withdrawal.withdraw(
            deployment, actor, policy, now, reason=reason
        ),
    )


def cancel(workplace: Workplace, actor_id: str, deployment_id: str, *, reason: str) -> Deployment:
    """Return the deployment cancelled before it was ever live (R-07).

    Args:
        workplace: Store, time, rules.
        actor_id: Its applicant or an authorising officer.
        deployment_id: One that was never live.
        reason: Why.

    Raises:
        RuleError: Not allowed.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "cancel the deployment",
        lambda deployment, actor, policy, now: deployment_withdrawal.cancel(
            deployment, actor, policy, now, reason=reason
        ),
    )
