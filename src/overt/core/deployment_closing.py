"""The last steps: purged and published (R-19, R-64)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.deployment import Change, DeploymentState
from overt.core.deployment_steps import require_state
from overt.core.roles import Role, require, require_any
from overt.errors import WrongStateError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.canonical_json import JsonValue
    from overt.core.deployment import Deployment
    from overt.core.roles import Actor

_PUBLISHERS = frozenset({Role.AUTHORISING_OFFICER, Role.EVALUATOR})


def purged(
    deployment: Deployment, actor: Actor | None, now: datetime, *, n_rows: int, n_files: int
) -> Change:
    """Return the deployment purged; the service has erased before it asks for this step.

    A cancelled or refused deployment stays what it is and keeps the time of its purge.

    Args:
        deployment: Ended, cancelled or refused.
        actor: A system engineer; None for the worker.
        now: Aware UTC.
        n_rows: Rows that were erased.
        n_files: Files that were erased.

    Raises:
        WrongStateError: It is not over, has nothing to purge, or is purged.
        RoleForbiddenError: The actor may not purge.
    """
    require_state(deployment, "purged")
    if actor is not None:
        require(actor, Role.SYSTEM_ENGINEER, "purge a deployment")
    if deployment.purge_due_at is None or deployment.purged_at is not None:
        msg = "to purge, expected something that is left; there is nothing"
        raise WrongStateError(msg, deployment_id=deployment.deployment_id)
    is_ended = deployment.state is DeploymentState.ENDED
    state = DeploymentState.PURGED if is_ended else deployment.state
    after = replace(deployment, state=state, purged_at=now)
    details: dict[str, JsonValue] = {
        "n_rows": n_rows,
        "n_files": n_files,
        "due_at": deployment.purge_due_at.isoformat(),
    }
    return Change(after, EventKind.DEPLOYMENT_PURGED, details)


def published(deployment: Deployment, actor: Actor, now: datetime, *, record_sha256: str) -> Change:
    """Return the deployment with its record published (R-64).

    Args:
        deployment: Purged.
        actor: An authorising officer or evaluator.
        now: Aware UTC.
        record_sha256: Digest of the record, 64 hexadecimal digits.

    Raises:
        WrongStateError: It is not purged.
        RoleForbiddenError: The actor may not publish.
    """
    require_state(deployment, "published")
    require_any(actor, _PUBLISHERS, "publish the record")
    after = replace(deployment, state=DeploymentState.PUBLISHED, published_at=now)
    return Change(after, EventKind.DEPLOYMENT_PUBLISHED, {"record_sha256": record_sha256})
