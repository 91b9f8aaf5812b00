"""Tell the public: announce, place and take down signs (R-60 to R-62)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core import deployment_notices as steps
from overt.services.take_step import take_step

if TYPE_CHECKING:
    from overt.core.deployment import Deployment
    from overt.core.notice import NoticePlacement, PlannedSign
    from overt.services.workplace import Workplace


def announce(workplace: Workplace, actor_id: str, deployment_id: str, *, where: str) -> Deployment:
    """Return the deployment with its public notice given (R-60).

    Args:
        workplace: Store, time, rules.
        actor_id: Who announces.
        deployment_id: Which deployment.
        where: Where it was announced, such as an address of a page.

    Raises:
        RuleError: Not allowed now.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "announce the deployment",
        lambda deployment, actor, _, now: steps.announce(deployment, actor, now, where=where),
    )


def plan_signs(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    signs: tuple[PlannedSign, ...],
    *,
    reason: str,
) -> Deployment:
    """Return the deployment with a plan of where its signs shall stand (R-61).

    Args:
        workplace: Store, time, rules.
        actor_id: Who plans.
        deployment_id: Which deployment.
        signs: The whole plan; it takes the place of an earlier one.
        reason: Why there.

    Raises:
        RuleError: Not allowed now.
        NoticeInvalidError: The plan is less than the policy asks for, or contradicts itself.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "plan signs",
        lambda deployment, actor, policy, _: steps.plan_signs(
            deployment, actor, signs, policy, reason=reason
        ),
    )


def place_notice(
    workplace: Workplace, actor_id: str, deployment_id: str, notice: NoticePlacement
) -> Deployment:
    """Return the deployment with one more sign logged (R-61, R-62).

    Args:
        workplace: Store, time, rules.
        actor_id: Who placed it.
        deployment_id: Which deployment.
        notice: Time, position, digest of its photograph, distance from the zone.

    Raises:
        RuleError: Not allowed now, or the sign cannot be one of this plan.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "place a sign",
        lambda deployment, actor, policy, now: steps.place_notice(
            deployment, actor, notice, policy, now
        ),
    )


def remove_notice(
    workplace: Workplace, actor_id: str, deployment_id: str, notice_id: str
) -> Deployment:
    """Return the deployment with a sign logged as taken down or gone (R-62).

    Args:
        workplace: Store, time, rules.
        actor_id: Who found or took it down.
        deployment_id: Which deployment.
        notice_id: Which sign.

    Raises:
        RuleError: Not allowed now, or there is no such sign.
    """
    return take_step(
        workplace,
        deployment_id,
        actor_id,
        "take down a sign",
        lambda deployment, actor, policy, now: steps.remove_notice(
            deployment, actor, notice_id, policy, now
        ),
    )
