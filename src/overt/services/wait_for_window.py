"""Wait until a window of the authority opens, so that a run starts on its minute (R-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.deployment_steps import HELD

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from overt.core.deployment import Deployment
    from overt.ports.engine import Clock
    from overt.ports.store import UnitOfWorkFactory


def wait_for_window(
    reading: UnitOfWorkFactory,
    clock: Clock,
    deployment_id: str,
    site_ids: tuple[str, ...],
    *,
    pause: Callable[[], bool],
    on_wait: Callable[[datetime], None],
) -> bool:
    """Return True once there is nothing to wait for, False where somebody asked to stop.

    The deployment is read again each time: an authority that was withdrawn is not waited for.

    Args:
        reading: Opens a unit of work that only looks.
        clock: Says when it is.
        deployment_id: Which deployment.
        site_ids: Where; every site without any.
        pause: Waits a moment, and returns whether to go on waiting.
        on_wait: Called with the opening that is waited for, each time.

    Raises:
        RecordNotFoundError: There is no such deployment.
    """
    while True:
        with reading() as uow:
            deployment = uow.deployments.get(deployment_id)
        now = clock.now()
        opens_at = next_opening(deployment, site_ids, now)
        if opens_at is None or opens_at <= now:
            return True
        on_wait(opens_at)
        if not pause():
            return False


def next_opening(
    deployment: Deployment, site_ids: tuple[str, ...], now: datetime
) -> datetime | None:
    """Return when the next window opens, or did where one is open; None where none will.

    Args:
        deployment: With its sites and windows; a rehearsal has none, and one that is not
            authorised, or over, waits for nothing.
        site_ids: Where; every site without any.
        now: Aware UTC.
    """
    if deployment.application is None or deployment.state not in HELD:
        return None
    windows = (
        window
        for site in deployment.application.sites
        if not site_ids or site.site_id in site_ids
        for window in site.windows
    )
    return min((w.starts_at for w in windows if w.ends_at > now), default=None)
