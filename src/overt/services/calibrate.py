"""Fix the operating point, for operational use with a pack whose licence allows it (R-40)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core import deployment_live as steps
from overt.core.deployment import DeploymentKind, PackUse
from overt.errors import PackNotOperationalError
from overt.services.take_step import take_step

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.deployment import Calibration, Change, Deployment
    from overt.core.policy import Policy
    from overt.core.roles import Actor
    from overt.services.workplace import Workplace


def calibrate(
    workplace: Workplace,
    actor_id: str,
    deployment_id: str,
    calibration: Calibration,
    *,
    reason: str,
) -> Deployment:
    """Return the deployment with its operating point fixed.

    Args:
        workplace: Store, time, rules.
        actor_id: A system engineer or evaluator.
        deployment_id: Authorised, not live.
        calibration: Operating point and pack, with the evidence behind the threshold.
        reason: Why this one.

    Raises:
        PackNotOperationalError: The pack is for research only and the deployment is none.
        RuleError: Not allowed now; either refusal has been logged.
    """

    def decide(deployment: Deployment, actor: Actor, policy: Policy, now: datetime) -> Change:
        is_real = deployment.kind is DeploymentKind.OPERATIONAL
        if is_real and calibration.pack_use is not PackUse.OPERATIONAL:
            msg = f"the model pack {calibration.pack_name} is for {calibration.pack_use} only"
            raise PackNotOperationalError(msg, pack=calibration.pack_name)
        return steps.calibrate(deployment, actor, calibration, policy, now, reason=reason)

    return take_step(workplace, deployment_id, actor_id, "fix the operating point", decide)
