"""What the time itself asks for: stops, lapses, purges; a scheduler asks every minute (R-01)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR
from overt.core.audit_events import EventKind
from overt.core.authority import AuthorityStatus
from overt.core.deployment import Change, DeploymentKind, DeploymentState
from overt.core.deployment_steps import ALLOWED, over, suspended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.policy import Policy


class DueStep(StrEnum):
    """A step that nobody has to ask for; of several at one moment, the first listed goes first."""

    LAPSE = "lapse"
    EXPIRE = "expire"
    CLOSE_SITES = "close_sites"
    PURGE = "purge"


@dataclass(frozen=True, slots=True)
class Due:
    """A step with its moment.

    Attributes:
        at: When it is due, aware UTC.
        step: Which step.
    """

    at: datetime
    step: DueStep


def due_steps(deployment: Deployment) -> tuple[Due, ...]:
    """Return all that is due or will be, earliest first, as the deployment stands.

    Args:
        deployment: As it stands.
    """
    order = list(DueStep)
    return tuple(sorted(_due_steps(deployment), key=lambda due: (due.at, order.index(due.step))))


def due_now(deployment: Deployment, now: datetime) -> Due | None:
    """Return the earliest step that is due, or None.

    Args:
        deployment: As it stands.
        now: Aware UTC.
    """
    return next((due for due in due_steps(deployment) if due.at <= now), None)


def due_transition(deployment: Deployment, policy: Policy, now: datetime) -> Change | None:
    """Return the step that the time has made due, or None; ask again until it is None.

    A deployment that ends by itself ended at its deadline, however late the question
    comes: the purge counts from there. A purge itself is no step of this kind, as a
    service has to erase first; ``due_now`` tells it when.

    Args:
        deployment: As it stands.
        policy: With the retentions.
        now: Aware UTC.
    """
    due = due_now(deployment, now)
    if due is None or due.step is DueStep.PURGE:
        return None
    if due.step is DueStep.LAPSE:
        return _lapsed(deployment, policy, due.at)
    if due.step is DueStep.EXPIRE:
        return _expired(deployment, policy, due.at)
    return _sites_closed(deployment, now)


def _due_steps(deployment: Deployment) -> Iterator[Due]:
    state, waits_until = deployment.state, _waits_until(deployment)
    if waits_until and state in ALLOWED["lapse"]:
        yield Due(waits_until, DueStep.LAPSE)
    last = _last_moment(deployment)
    if last and state in ALLOWED["expire"]:
        yield Due(last, DueStep.EXPIRE)
    if deployment.live_sites:
        yield Due(min(site.closes_at for site in deployment.live_sites), DueStep.CLOSE_SITES)
    if deployment.purge_due_at and deployment.purged_at is None:
        yield Due(deployment.purge_due_at, DueStep.PURGE)


def _waits_until(deployment: Deployment) -> datetime | None:
    authority = deployment.authority
    if authority is None or authority.ratified_at is not None:
        return None
    return authority.ratify_by


def _last_moment(deployment: Deployment) -> datetime | None:
    if deployment.consent is not None:
        return deployment.consent.valid_until
    if deployment.application is None:
        return None
    return max(window.ends_at for window in deployment.application.windows())


def _lapsed(deployment: Deployment, policy: Policy, at: datetime) -> Change:
    reason = "the oral authority was not ratified in time"
    authority = deployment.authority
    lapsed = authority and replace(authority, status=AuthorityStatus.LAPSED, status_reason=reason)
    after = over(replace(deployment, authority=lapsed), reason, at, policy)
    details = {"ratify_by": at.isoformat(), "state": after.state.value}
    return Change(after, EventKind.AUTHORITY_LAPSED, details)


def _expired(deployment: Deployment, policy: Policy, at: datetime) -> Change:
    is_rehearsal = deployment.kind is DeploymentKind.REHEARSAL
    reason = "the consent is over" if is_rehearsal else "the last window is over"
    after = over(deployment, reason, at, policy)
    was_live = after.state is DeploymentState.ENDED
    kind = EventKind.DEPLOYMENT_ENDED if was_live else EventKind.DEPLOYMENT_CANCELLED
    return Change(after, kind, {"reason": reason, "due_at": at.isoformat()})


def _sites_closed(deployment: Deployment, now: datetime) -> Change:
    closed = tuple(site.site_id for site in deployment.live_sites if site.closes_at <= now)
    open_sites = tuple(site for site in deployment.live_sites if site.closes_at > now)
    if open_sites:
        after = replace(deployment, live_sites=open_sites)
        return Change(after, EventKind.SITES_CLOSED, {"site_ids": closed})
    reason = "the window is over"
    after = suspended(deployment, SYSTEM_ACTOR, reason)
    return Change(after, EventKind.DEPLOYMENT_SUSPENDED, {"reason": reason, "site_ids": closed})
