"""Whether the watchlist may go live: whose, how old, who approved it, how large (R-12 to R-22)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.deployment import DeploymentKind
from overt.core.unmet import Unmet
from overt.core.watchlist import ListKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from overt.core.deployment import Deployment, WatchlistStatus
    from overt.core.policy import Policy


def unmet_watchlist(deployment: Deployment, policy: Policy, now: datetime) -> Iterator[Unmet]:
    """Yield what keeps a deployment's watchlist from going live; nothing if it may.

    Args:
        deployment: With its watchlist's status.
        policy: Age, size, freshness.
        now: Aware UTC.
    """
    watchlist = deployment.watchlist
    if watchlist is None:
        yield Unmet("R-12", "a watchlist made for this deployment", "none")
        return
    if watchlist.list_kind is not list_kind_of(deployment.kind):
        condition = f"the {list_kind_of(deployment.kind)} list in this {deployment.kind} run"
        yield Unmet("R-22", condition, f"the {watchlist.list_kind} list")
    if watchlist.n_templates == 0:
        yield Unmet("R-12", "at least one template", "none")
    age, oldest = now - watchlist.built_at, policy.watchlist.max_age
    if age > oldest:
        yield Unmet("R-13", f"a watchlist built within {oldest}", f"{age} ago")
    if watchlist.approved_by is None:
        yield Unmet("R-16", "approval by a second person", "none")
    if deployment.kind is DeploymentKind.OPERATIONAL:
        yield from _freshness(watchlist, policy, now)
    cap = size_cap(deployment, policy)
    if watchlist.n_entries > cap:
        yield Unmet("R-17", f"at most {cap} entries", f"{watchlist.n_entries}")


def list_kind_of(kind: DeploymentKind) -> ListKind:
    """Return the only list that a deployment of this kind may search (R-22).

    Args:
        kind: Operational or rehearsal.
    """
    return ListKind.BLUE if kind is DeploymentKind.REHEARSAL else ListKind.OPERATIONAL


def size_cap(deployment: Deployment, policy: Policy) -> int:
    """Return the most entries allowed: the authority's number or the policy's, if smaller (R-17).

    Args:
        deployment: With its application, if any.
        policy: With its cap.
    """
    if deployment.application is None:
        return policy.watchlist.size_cap
    return min(deployment.application.size_cap, policy.watchlist.size_cap)


def _freshness(watchlist: WatchlistStatus, policy: Policy, now: datetime) -> Iterator[Unmet]:
    within, checked_at = policy.watchlist.freshness_within, watchlist.freshness_checked_at
    condition = f'a check against the "no longer wanted" list within {within}'
    if checked_at is None:
        yield Unmet("R-14", condition, "none")
    elif now - checked_at > within:
        yield Unmet("R-14", condition, f"{now - checked_at} ago")
