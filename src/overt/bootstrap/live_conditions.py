"""What keeps a deployment from being live now, looked at without starting anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.adapters.clock import SystemClock
from overt.adapters.models.packs import find_pack
from overt.bootstrap.policies import policies_of
from overt.bootstrap.store import open_reader
from overt.core.deployment import DeploymentState
from overt.core.gates import LiveFacts, unmet_live_conditions
from overt.core.operating_point import OperatingPoint
from overt.core.retention import overdue_purges
from overt.core.unmet import Unmet
from overt.core.watchlist import on_both_lists
from overt.errors import PackUnknownError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.core.policy import Policy
    from overt.ports.policies import Policies
    from overt.ports.store import UnitOfWork
    from overt.settings import Settings

_OVER = frozenset(
    {
        DeploymentState.ENDED,
        DeploymentState.PURGED,
        DeploymentState.PUBLISHED,
        DeploymentState.REFUSED,
        DeploymentState.CANCELLED,
    }
)


def conditions_now(
    deployment_id: str, settings: Settings, site_ids: tuple[str, ...] = ()
) -> tuple[Unmet, ...]:
    """Return every condition that is not met now; empty where the deployment may be live.

    The purge worker and the observers' page belong to the running service: they are looked
    at by whoever starts the cameras.

    Args:
        deployment_id: Which deployment.
        settings: Of this machine.
        site_ids: Where cameras shall run; without any, the sites whose window is open, or
            all if none is.

    Raises:
        RecordNotFoundError: There is no such deployment, or its policy was not kept here.
    """
    now = SystemClock().now()
    with open_reader(settings) as reading, reading() as uow:
        return unmet_now(uow, deployment_id, policies_of(settings), settings, now, site_ids)


def unmet_now(
    uow: UnitOfWork,
    deployment_id: str,
    policies: Policies,
    settings: Settings,
    now: datetime,
    site_ids: tuple[str, ...] = (),
    *,
    purge_healthy: bool = True,
) -> tuple[Unmet, ...]:
    """Return every condition that is not met at a moment; empty where it may be live.

    Args:
        uow: An open unit of work.
        deployment_id: Which deployment.
        policies: The rules.
        settings: Of this machine.
        now: Aware UTC.
        site_ids: Where cameras shall run; as for ``conditions_now``.
        purge_healthy: How the purge worker is, where the caller knows.

    Raises:
        RecordNotFoundError: There is no such deployment, or its policy was not kept here.
    """
    deployment = uow.deployments.get(deployment_id)
    policy = policies.get(deployment.policy_hash)
    chosen = site_ids or _sites(deployment, now)
    facts = _facts(uow, deployment, policy, settings, chosen, now)
    facts = replace(facts, purge_healthy=purge_healthy)
    over = deployment.state in _OVER
    state = Unmet("R-01", "a deployment that is not over", deployment.state.value)
    return (*((state,) if over else ()), *unmet_live_conditions(deployment, facts, policy, now))


def _facts(
    uow: UnitOfWork,
    deployment: Deployment,
    policy: Policy,
    settings: Settings,
    site_ids: tuple[str, ...],
    now: datetime,
) -> LiveFacts:
    calibration = deployment.calibration
    entries = uow.entries.of_deployment(deployment.deployment_id)
    return LiveFacts(
        site_ids=site_ids,
        operating_point_digest=OperatingPoint(calibration.threshold).digest()
        if calibration
        else "",
        pack_digest=_pack_digest(calibration.pack_name if calibration else "", settings),
        n_on_both_lists=len(on_both_lists(entries)),
        purge_healthy=True,
        purge_overdue=overdue_purges(uow.deployments.list(), policy, now),
        observers_page_up=True,
        store_writable=True,
    )


def _sites(deployment: Deployment, now: datetime) -> tuple[str, ...]:
    sites = deployment.application.sites if deployment.application else ()
    is_open = [site.site_id for site in sites if site.open_window(now)]
    return tuple(is_open or [site.site_id for site in sites])


def _pack_digest(name: str, settings: Settings) -> str:
    try:
        return find_pack(name, settings.models_home).manifest.digest()
    except PackUnknownError:
        return ""
