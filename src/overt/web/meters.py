"""What is measured for those who keep the service well: counts only, nobody behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

from overt.errors import TrialError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.bootstrap.console import Console
    from overt.services.live_figures import LiveFigures
    from overt.services.live_status import LiveStatus
    from overt.web.live_events import LogFollower

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Meters:
    """The numbers behind ``/metrics``."""

    def __init__(self, console: Console, follower: LogFollower, figures: LiveFigures) -> None:
        """Count nothing yet.

        Args:
            console: Whose run, store and worker are looked at when somebody asks.
            follower: Which browsers listen to.
            figures: Reads what the log told of the run's limit on false alerts.
        """
        self._console, self._follower, self._figures = console, follower, figures
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "overt_requests",
            "Requests answered",
            ["route", "method", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "overt_request_seconds",
            "Time to answer",
            ["route"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._registry.register(self)

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered.

        Args:
            route: Its pattern.
            method: Of HTTP.
            status: Of HTTP; 0 where nothing was answered.
            seconds: How long it took.
        """
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield what is looked at anew each time."""
        console = self._console
        now, health = console.workplace.clock.now(), console.health()
        values: dict[str, tuple[str, float]] = {
            "streams": ("Browsers that listen to live events", self._follower.n_streams),
            "purge_worker_healthy": ("1 while retention works", health.is_healthy(now)),
            "audit_events": ("Events in the log", self._n_events()),
            "running": ("1 while a deployment's cameras run", console.runs.running is not None),
        }
        running = console.runs.running
        status = console.runs.status(running) if running is not None else None
        if running is not None and status is not None:
            values |= _of_run(status)
            what = "1 once it was advised to suspend this deployment"
            values["run_suspend_advised"] = (what, self._is_suspend_advised(running))
        for name, (what, value) in values.items():
            family = GaugeMetricFamily(f"overt_{name}", what)
            family.add_metric([], float(value))
            yield family

    def _is_suspend_advised(self, deployment_id: str) -> bool:
        try:
            return self._figures.of(deployment_id).look.advice is not None
        except TrialError:
            return False

    def _n_events(self) -> int:
        try:
            with self._console.reading() as uow:
                return uow.audit.size()
        except TrialError:
            return 0


def _of_run(status: LiveStatus) -> dict[str, tuple[str, float]]:
    return {
        "run_faces_seen": ("Faces seen in this run", status.faces_seen),
        "run_alerts": ("Alerts of this run", status.n_alerts),
        "run_frames_decoded": ("Frames decoded", status.frames.decoded),
        "run_frames_analysed": ("Frames analysed", status.frames_analysed),
        "run_frames_dropped": ("Frames dropped as a newer one came", status.frames.dropped),
        "run_frames_failed": ("Frames that could not be decoded", status.frames.failed),
        "run_templates_in_memory": ("Templates in memory now", status.templates_in_memory),
        "run_cameras": ("Cameras of this run", status.n_cameras),
        "run_cameras_lost": ("Cameras lost at present", len(status.lost)),
    }
