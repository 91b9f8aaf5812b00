"""When what is kept about people must be gone (R-19, R-33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.policy import Policy


def purge_due_at(ended_at: datetime, policy: Policy) -> datetime:
    """Return until when every biometric of a deployment must be gone.

    Watchlist and alerts lie under one key and go together, at the earlier of their
    two deadlines (R-19, R-33).

    Args:
        ended_at: When it ended or was cancelled, aware UTC.
        policy: With both retentions.
    """
    return ended_at + min(policy.retention.watchlist, policy.retention.alert)


def alert_due_at(captured_at: datetime, deployment: Deployment, policy: Policy) -> datetime:
    """Return until when one alert's crop, probe and row must be gone (R-33).

    Args:
        captured_at: When it was raised, aware UTC.
        deployment: Its own; a purge that is due earlier takes the alert along.
        policy: With the retention of alerts.
    """
    own = captured_at + policy.retention.alert
    return own if deployment.purge_due_at is None else min(own, deployment.purge_due_at)


def is_purge_due(deployment: Deployment, now: datetime) -> bool:
    """Return whether a deployment's deadline has come and its purge is not done.

    Args:
        deployment: As it stands.
        now: Aware UTC.
    """
    due_at = deployment.purge_due_at
    return due_at is not None and deployment.purged_at is None and now >= due_at


def overdue_purges(
    deployments: Iterable[Deployment], policy: Policy, now: datetime
) -> tuple[str, ...]:
    """Return the ids of deployments whose purge is late by more than the grace: they bar LIVE.

    Args:
        deployments: All that are stored.
        policy: With the grace.
        now: Aware UTC.
    """
    latest = now - policy.retention.purge_grace
    return tuple(d.deployment_id for d in deployments if is_purge_due(d, latest))
