"""The live run inside the console's service: started and stopped by people, one at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from overt.bootstrap.live_rig import take_live
from overt.errors import TrialError, WrongStateError
from overt.services.run_deployment import run_deployment

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.bootstrap.live_request import RunRequest
    from overt.bootstrap.live_rig import ObserversDoor
    from overt.bootstrap.purge_worker import PurgeWorker
    from overt.bootstrap.purging import Service
    from overt.core.adjudication import AlertRecord
    from overt.ports.live import FrameViewer
    from overt.services.live_status import LiveStatus
    from overt.services.run_deployment import LiveEnd, LiveRig
    from overt.settings import Settings

_STOP_WITHIN_S = 30.0


class _Stops:
    """The ``StopRequests`` port on a word that another thread says."""

    def __init__(self) -> None:
        self.reason: str | None = None

    def requested(self) -> str | None:
        return self.reason

    def is_by_person(self) -> bool:
        return False


@dataclass(slots=True)
class _Run:
    deployment_id: str
    stops: _Stops
    thread: threading.Thread | None = None
    status: LiveStatus | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How the last run ended.

    Attributes:
        deployment_id: Of which deployment.
        reason: Why, as it is recorded.
        code: Code of the error behind it, or None.
    """

    deployment_id: str
    reason: str
    code: str | None


class LiveRuns:
    """Starts a run in a thread of this process, and knows how it goes."""

    def __init__(
        self,
        settings: Settings,
        service: Service,
        watched: tuple[PurgeWorker, ObserversDoor],
        *,
        viewer: FrameViewer | None = None,
        on_alert: Callable[[AlertRecord], None] = lambda _: None,
    ) -> None:
        """Run nothing yet.

        Args:
            settings: Of this machine.
            service: Store and lease.
            watched: Purge worker, and the observers' page.
            viewer: Whoever looks at the cameras' pictures.
            on_alert: Called with each alert, once it stands in the store.
        """
        self._settings, self._service, self._watched = settings, service, watched
        self._viewer, self._on_alert = viewer, on_alert
        self._turn = threading.Lock()
        self._named: dict[str, tuple[tuple[str, str], ...]] = {}
        self._run: _Run | None = None
        self._ended: Ended | None = None

    @property
    def running(self) -> str | None:
        """Return which deployment's cameras run, or None."""
        run = self._run
        return run.deployment_id if run is not None else None

    @property
    def ended(self) -> Ended | None:
        """Return how the last run ended, or None before one has."""
        return self._ended

    def status(self, deployment_id: str) -> LiveStatus | None:
        """Return the figures of a run, or None where it does not run or has none yet.

        Args:
            deployment_id: Which deployment.
        """
        run = self._run
        return run.status if run is not None and run.deployment_id == deployment_id else None

    def named_before(self, deployment_id: str) -> tuple[str, ...]:
        """Return the names of a rehearsal's cameras in its last run here; empty before one.

        Args:
            deployment_id: Which deployment.
        """
        return tuple(camera_id for camera_id, _ in self._named.get(deployment_id, ()))

    def start(self, request: RunRequest) -> None:
        """Take a deployment live and let its cameras run; returns once they do.

        Args:
            request: What is asked; a rehearsal that names no cameras goes on with those of
                its last run here.

        Raises:
            WrongStateError: Another deployment runs here.
            DeploymentNotReadyError: It may not be live; every unmet condition is named.
            TrialError: Anything else that keeps it from going live.
        """
        with self._turn:
            if self._run is not None:
                msg = "one deployment runs at a time; suspend or end the other one first"
                raise WrongStateError(msg, deployment_id=self._run.deployment_id)
            stops = _Stops()
            if not request.cameras:
                request = replace(request, cameras=self._named.get(request.deployment_id, ()))
            rig = take_live(
                request, self._settings, self._service, self._watched, stops, self._on_alert,
                viewer=self._viewer,
            )  # fmt: skip
            if request.cameras:
                self._named[request.deployment_id] = request.cameras
            run = _Run(request.deployment_id, stops)
            run.thread = threading.Thread(
                target=self._go_on, args=(run, rig), name="live run", daemon=True
            )
            self._run = run
            run.thread.start()

    def stop(self, reason: str) -> None:
        """Stop what runs, if anything does, and wait until its end is recorded.

        Args:
            reason: Why, as it is recorded.
        """
        run = self._run
        if run is not None and run.thread is not None:
            run.stops.reason = reason
            run.thread.join(_STOP_WITHIN_S)

    def _go_on(self, run: _Run, rig: LiveRig) -> None:
        def keep(status: LiveStatus) -> None:
            run.status = status

        code: str | None = None
        reason = "stopped by an error"
        try:
            end = run_deployment(
                self._service.workplace, self._service.store.reading, rig, on_status=keep
            )
            reason, code = end.stop.reason, _code(end)
        except TrialError as error:
            reason, code = error.message, error.code
        finally:
            self._ended = Ended(run.deployment_id, reason, code)
            self._run = None


def _code(end: LiveEnd) -> str | None:
    return end.problem.code if end.problem is not None else end.stop.code
