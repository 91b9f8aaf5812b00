"""What observers may see while a deployment runs: counts, settings, notices; no face, no name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.watchlist import ListKind
from overt.errors import RecordNotFoundError
from overt.services.live_rate import alert_outcomes

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.notice import NoticePlacement
    from overt.core.policy import Policy
    from overt.ports.store import UnitOfWork

_S = DeploymentState
OPEN_TO_OBSERVERS = frozenset(
    {_S.CALIBRATED, _S.LIVE, _S.SUSPENDED, _S.ENDED, _S.PURGED, _S.PUBLISHED}
)
"""States in which observers are told about a deployment: before it is live, and after."""


def open_to_observers(uow: UnitOfWork, deployment_id: str) -> Deployment:
    """Return a deployment that observers may look at.

    Args:
        uow: An open unit of work.
        deployment_id: Which deployment.

    Raises:
        RecordNotFoundError: There is none, or it is not calibrated yet.
    """
    deployment = uow.deployments.get(deployment_id)
    if deployment.state not in OPEN_TO_OBSERVERS:
        msg = "observers see a deployment once it is calibrated; this one is not"
        raise RecordNotFoundError(msg, key=deployment_id)
    return deployment


def observed(
    uow: UnitOfWork, deployment_id: str, policy: Policy, now: datetime
) -> dict[str, object]:
    """Return numbers, settings and notices of a deployment, as plain values.

    Args:
        uow: An open unit of work.
        deployment_id: Which deployment.
        policy: The one that it runs under.
        now: Aware UTC.
    """
    deployment = uow.deployments.get(deployment_id)
    totals = uow.counts.totals(deployment_id)
    kind = ListKind.OPERATIONAL
    if deployment.kind is DeploymentKind.REHEARSAL:
        kind = ListKind.BLUE
    by_state = uow.alerts.count_by_state(deployment_id, list_kind=kind)
    outcomes = alert_outcomes(uow, deployment_id)
    return {
        "deployment": deployment_id,
        "name": deployment.name,
        "kind": deployment.kind.value,
        "state": deployment.state.value,
        "asked_at": now.isoformat(timespec="seconds"),
        "faces_seen": totals.faces_seen,
        "alerts": sum(by_state.values()),
        "false_alerts": outcomes.n_false,
        "false_alert_limit": policy.alerts.false_alert_limit,
        "templates_made": totals.made,
        "templates_erased": totals.erased,
        "templates_in_alerts": totals.in_alerts,
        "policy": deployment.policy_hash,
        **_settings(deployment),
        "sites": _sites(deployment),
        "notices": [_notice(sign) for sign in deployment.notices if sign.removed_at is None],
    }


def _settings(deployment: Deployment) -> dict[str, object]:
    calibration, watchlist = deployment.calibration, deployment.watchlist
    application = deployment.application
    return {
        "threshold": calibration.threshold if calibration else None,
        "model_pack": calibration.pack_name if calibration else None,
        "watchlist_entries": watchlist.n_entries if watchlist else None,
        "watchlist_built_at": watchlist.built_at.isoformat() if watchlist else None,
        "watchlist_categories": list(application.categories) if application else [],
    }


def _sites(deployment: Deployment) -> list[dict[str, object]]:
    if deployment.application is None:
        return []
    closes_at = {site.site_id: site.closes_at.isoformat() for site in deployment.live_sites}
    return [
        {
            "place": site.place,
            "cameras": len(site.cameras),
            "live_until": closes_at.get(site.site_id, "not live"),
        }
        for site in deployment.application.sites
    ]


def _notice(notice: NoticePlacement) -> dict[str, object]:
    return {
        "site": notice.site_id,
        "placed_at": notice.placed_at.isoformat(),
        "distance_m": notice.distance_m,
    }
