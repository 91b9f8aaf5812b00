"""A live run of one deployment in a process of its own, with its own observers' page."""

from __future__ import annotations

from datetime import timedelta
from time import sleep
from typing import TYPE_CHECKING

from overt.adapters.observers_page import ObserversPage
from overt.adapters.stop_signals import StopSignals
from overt.bootstrap.live_conditions import unmet_now
from overt.bootstrap.live_rig import take_live
from overt.bootstrap.purge_worker import PurgeWorker
from overt.bootstrap.purging import Service, open_service
from overt.services.observe_live import observed
from overt.services.run_deployment import LiveEnd, run_deployment
from overt.services.wait_for_window import wait_for_window

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from overt.bootstrap.live_request import Follower, RunRequest
    from overt.ports.engine import Clock
    from overt.settings import Settings

_LOOK_EVERY_S = 0.5


class _Stops:
    """The ``StopRequests`` port: a signal, or the time that was asked for."""

    def __init__(self, signals: StopSignals, clock: Clock, minutes: float | None) -> None:
        self._signals, self._clock = signals, clock
        self._minutes = minutes
        self._until = None if minutes is None else clock.now() + timedelta(minutes=minutes)

    def requested(self) -> str | None:
        if self._until is not None and self._clock.now() >= self._until:
            return f"the {self._minutes:g} minutes that were asked for are over"
        return self._signals.requested()

    def is_by_person(self) -> bool:
        return self._signals.requested() is None or self._signals.is_by_person()


def run(request: RunRequest, settings: Settings, follower: Follower) -> LiveEnd:
    """Go live, run until something ends it, and return how it ended.

    Args:
        request: What is asked.
        settings: Of this machine.
        follower: Who follows.

    Raises:
        KeyboardInterrupt: It was told to stop while it waited for its window.
        DeploymentNotReadyError: It may not be live; every unmet condition is named.
        StoreLeasedError: Another service runs on this store.
        TrialError: Anything else that keeps it from going live, or an integrity error.
    """
    with open_service(settings) as service:
        worker = PurgeWorker(service.rounds(), service.workplace.clock, service.lease)
        page = ObserversPage(
            lambda: _observed(service, request.deployment_id), port=request.observers_port
        )
        with worker, page, StopSignals() as signals:
            follower.on_page(page.address)
            if request.waits and not _waited(request, settings, service, signals, follower):
                raise KeyboardInterrupt
            stops = _Stops(signals, service.workplace.clock, request.minutes)
            rig = take_live(request, settings, service, (worker, page), stops, follower.on_alert)
            reading = service.store.reading
            return run_deployment(service.workplace, reading, rig, on_status=follower.on_status)


def _waited(
    request: RunRequest,
    settings: Settings,
    service: Service,
    signals: StopSignals,
    follower: Follower,
) -> bool:
    """Return whether the window has opened, or there is none to wait for; False if told to stop."""
    workplace, reading = service.workplace, service.store.reading
    told: list[datetime] = []

    def tell(opens_at: datetime) -> None:
        if told[-1:] == [opens_at]:
            return
        told.append(opens_at)
        asked = request.deployment_id, workplace.policies, settings, opens_at, request.site_ids
        with reading() as uow:
            follower.on_wait(opens_at, unmet_now(uow, *asked))

    def pause() -> bool:
        sleep(_LOOK_EVERY_S)
        return signals.requested() is None

    return wait_for_window(
        reading,
        workplace.clock,
        request.deployment_id,
        request.site_ids,
        pause=pause,
        on_wait=tell,
    )


def _observed(service: Service, deployment_id: str) -> Mapping[str, object]:
    now = service.workplace.clock.now()
    with service.store.reading() as uow:
        policy_hash = uow.deployments.get(deployment_id).policy_hash
        return observed(uow, deployment_id, service.workplace.policies.get(policy_hash), now)
