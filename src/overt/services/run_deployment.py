"""Run a deployment that is live: the way of a face, for all its cameras, until it has to stop.

Record first, then tell: an alert stands in the store before anybody hears of it. Whatever
ends a run, a person, the time, a lost camera or a full disk, its cameras are closed, its
templates erased, and the reason recorded, at the latest by the next service that starts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.errors import (
    CameraLostError,
    IntegrityError,
    StoreLeasedError,
    StoreUnavailableError,
    TooManyFramesFailedError,
    TrialError,
)
from overt.services.live_rate import LimitWatch
from overt.services.live_recording import LiveRecorder
from overt.services.live_status import LiveStatus
from overt.services.live_watch import Stop
from overt.services.recover_deployment import suspend_live

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from overt.core.alerting import Alert
    from overt.core.deployment import Deployment
    from overt.ports.live import (
        AlertChannel,
        CameraGroup,
        CameraNews,
        CropEncoder,
        FrameViewer,
        StopRequests,
    )
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.live_rate import LimitLook
    from overt.services.live_watch import LiveWatch
    from overt.services.recognition import Recogniser
    from overt.services.workplace import Workplace

_WAIT_S = 0.2  # longest time between two looks at the clock
_MINUTE = timedelta(minutes=1)
MAX_FAILED_IN_A_ROW = 250
RECORDINGS_OVER = "the recordings are over"


@dataclass(frozen=True, slots=True)
class LiveRig:
    """What a run works with besides the store.

    Attributes:
        cameras: Of all sites that are live.
        recogniser: Fresh, with the deployment's gallery.
        watch: Whether it may go on.
        site_of: Site by camera.
        encode: Makes a picture file of an alert's crop.
        channel: Whoever waits for alerts.
        stop_requests: A key, a signal.
        limit: Largest share of false alerts that the policy allows.
        actor_id: Who runs it.
        viewer: Whoever looks at the cameras' pictures; None where nobody does.
    """

    cameras: CameraGroup
    recogniser: Recogniser
    watch: LiveWatch
    site_of: Mapping[str, str]
    encode: CropEncoder
    channel: AlertChannel
    stop_requests: StopRequests
    limit: float
    actor_id: str
    viewer: FrameViewer | None = None


@dataclass(frozen=True, slots=True)
class LiveEnd:
    """How a run ended.

    Attributes:
        stop: Why.
        deployment: As it stands in the store, or as it was last seen.
        status: The last figures.
        problem: What the store did not take, or why cameras or networks failed; None where
            all went well.
    """

    stop: Stop
    deployment: Deployment
    status: LiveStatus
    problem: TrialError | None


@dataclass(slots=True)
class _State:
    """What the loop keeps besides the recogniser's own.

    Attributes:
        minute: The minute in which it is counted at present.
        n_alerts: Alerts told.
        lost: Code by camera, of those that are lost at present.
        failed_in_a_row: Failed frames by camera since its last good one.
        look: Last look at the false alert rate.
    """

    minute: datetime
    n_alerts: int = 0
    lost: dict[str, str] = field(default_factory=dict)
    failed_in_a_row: Counter[str] = field(default_factory=Counter)
    look: LimitLook | None = None


def run_deployment(
    workplace: Workplace,
    reading: UnitOfWorkFactory,
    rig: LiveRig,
    *,
    on_status: Callable[[LiveStatus], None] = lambda _: None,
) -> LiveEnd:
    """Run until the time, a person or a failure ends it, and return how it ended.

    Args:
        workplace: Store, time, identifiers, rules.
        reading: Opens a unit of work that only looks.
        rig: Cameras and all that belongs to them, for a deployment that has just gone live.
        on_status: Called with the figures, several times a second.

    Raises:
        IntegrityError: Something is not what was recorded; the run has been stopped and
            suspended first.
    """
    return LiveRun(workplace, reading, rig, on_status).run()


class LiveRun:
    """One run, from the first frame to the last record."""

    def __init__(
        self,
        workplace: Workplace,
        reading: UnitOfWorkFactory,
        rig: LiveRig,
        on_status: Callable[[LiveStatus], None],
    ) -> None:
        """Open nothing yet.

        Args:
            workplace: Store, time, identifiers, rules.
            reading: Opens a unit of work that only looks.
            rig: Cameras and all that belongs to them.
            on_status: Called with the figures.
        """
        deployment = rig.watch.deployment
        self._workplace, self._reading, self._rig = workplace, reading, rig
        self._on_status = on_status
        self._recorder = LiveRecorder(
            workplace, deployment, rig.recogniser, rig.encode, site_of=rig.site_of
        )
        self._limit = LimitWatch(deployment, rig.limit)
        self._state = _State(_minute_of(workplace.clock.now()))

    def run(self) -> LiveEnd:
        """Return how it ended.

        Raises:
            BaseException: What is no failure of a device or the store; recorded first.
        """
        problem: BaseException | None = None
        try:
            with self._rig.cameras as cameras:
                stop = self._until_stopped(cameras)
        except BaseException as error:  # noqa: BLE001 - recorded, then raised or returned
            problem, stop = error, _stop_for(error)
        finally:
            self._rig.recogniser.erase()
        unrecorded = self._settle(stop)
        if problem is not None and not _is_failure(problem):
            raise problem
        self._rig.recogniser.templates.verify_settled()
        end = problem if isinstance(problem, TrialError) else unrecorded
        return LiveEnd(stop, self._rig.watch.deployment, self._status(), end)

    def _until_stopped(self, cameras: CameraGroup) -> Stop:
        rig = self._rig
        while True:
            now = self._workplace.clock.now()
            if (stop := rig.watch.look(now) or self._asked()) is not None:
                return stop
            self._follow_sites(cameras)
            self._follow_list()
            self._on_the_minute(now)
            news = cameras.news(_WAIT_S)
            if (lost := self._hear_of_cameras(cameras, news)) is not None:
                return lost
            now = self._workplace.clock.now()
            frames = rig.watch.allowed(news.frames, rig.site_of, now)
            for analysed in rig.recogniser.analyse(frames):
                for alert in analysed.alerts:
                    self._record_then_tell(alert)
                if rig.viewer is not None:
                    rig.viewer.show(analysed)
            if news.is_over:
                return Stop(RECORDINGS_OVER)
            self._on_status(self._status())

    def _record_then_tell(self, alert: Alert) -> None:
        record = self._recorder.record(alert)
        if record is not None:
            self._state.n_alerts += 1
            self._rig.channel.tell(record)

    def _asked(self) -> Stop | None:
        reason = self._rig.stop_requests.requested()
        if reason is None:
            return None
        return Stop(reason, is_by_person=self._rig.stop_requests.is_by_person())

    def _follow_sites(self, cameras: CameraGroup) -> None:
        """Close the cameras of sites whose window is over; the others go on."""
        deployment, site_of = self._rig.watch.deployment, self._rig.site_of
        if deployment.application is None:
            return
        closed = {c for c, site in site_of.items() if site not in self._rig.watch.open_sites}
        cameras.close(frozenset(closed))
        for camera_id in closed:
            self._rig.recogniser.end_camera(camera_id)

    def _follow_list(self) -> None:
        smaller = self._rig.watch.smaller_gallery()
        if smaller is not None:
            self._rig.recogniser.replace_gallery(smaller)

    def _on_the_minute(self, now: datetime) -> None:
        """Record the minute that is over, and look at the false alert rate.

        Args:
            now: Aware UTC.

        Raises:
            StoreUnavailableError: It has taken nothing for a minute.
        """
        state = self._state
        if now < state.minute + _MINUTE and state.look is not None:
            return
        try:
            self._recorder.flush(state.minute)
            state.look = self._limit.look(self._workplace, self._reading)
        except StoreUnavailableError:
            if now >= state.minute + 2 * _MINUTE:
                raise
            return  # busy, as a purge rewrites it: offered again with the next look
        state.minute = _minute_of(now)

    def _hear_of_cameras(self, cameras: CameraGroup, news: CameraNews) -> Stop | None:
        """Log cameras lost and returned; return a stop where none is left."""
        for lost in news.lost:
            self._lose(lost.camera_id, lost.code)
        for camera_id in news.returned:
            if self._state.lost.pop(camera_id, None) is not None:
                self._log(EventKind.CAMERA_RETURNED, {"camera_id": camera_id})
        for frame in news.failed:
            self._recorder.count_failed(frame)
            self._state.failed_in_a_row[frame.camera_id] += 1
        for seen in news.frames:
            self._state.failed_in_a_row[seen.camera_id] = 0
        for camera_id, n_failed in self._state.failed_in_a_row.items():
            if n_failed > MAX_FAILED_IN_A_ROW and camera_id not in self._state.lost:
                cameras.close(frozenset({camera_id}))
                self._lose(camera_id, TooManyFramesFailedError.code)
        return self._none_left()

    def _lose(self, camera_id: str, code: str) -> None:
        if camera_id in self._state.lost:
            return
        self._state.lost[camera_id] = code
        self._rig.recogniser.end_camera(camera_id)
        self._log(EventKind.CAMERA_LOST, {"camera_id": camera_id, "code": code})

    def _none_left(self) -> Stop | None:
        deployment, lost = self._rig.watch.deployment, self._state.lost
        wanted = {
            camera_id
            for camera_id, site in self._rig.site_of.items()
            if deployment.application is None or site in self._rig.watch.open_sites
        }
        if not lost or not wanted <= lost.keys():
            return None
        codes = ", ".join(sorted({lost[camera_id] for camera_id in wanted}))
        return Stop(f"no camera is left ({codes})", code=CameraLostError.code)

    def _log(self, kind: EventKind, details: Mapping[str, str]) -> None:
        now, deployment_id = self._workplace.clock.now(), self._rig.watch.deployment.deployment_id
        with self._workplace.open() as uow:
            uow.audit.append(AuditEvent(kind, now, SYSTEM_ACTOR, deployment_id, details))
            uow.commit()

    def _settle(self, stop: Stop) -> TrialError | None:
        """Record the last counts and why it ended; return what the store did not take.

        What it did not take is put right by the next service (``recover_deployments``).
        """
        if stop.code == StoreLeasedError.code:
            return None  # the store is another service's, which finds the run by itself
        problem: TrialError | None = None
        try:
            self._recorder.flush(self._state.minute)
        except TrialError as error:
            problem = error
        if stop.is_recorded:
            return problem
        try:
            self._suspend(stop)
        except TrialError as error:
            problem = error
        return problem

    def _suspend(self, stop: Stop) -> None:
        watch = self._rig.watch
        saved = suspend_live(
            self._workplace,
            watch.deployment.deployment_id,
            stop.reason,
            actor_id=self._rig.actor_id if stop.is_by_person else None,
        )
        if saved is not None:
            watch.deployment = saved

    def _status(self) -> LiveStatus:
        rig, state = self._rig, self._state
        counts, templates = rig.recogniser.counts, rig.recogniser.templates
        return LiveStatus(
            deployment=rig.watch.deployment,
            now=self._workplace.clock.now(),
            faces_seen=counts.faces_seen,
            n_alerts=state.n_alerts,
            look=state.look,
            frames=rig.cameras.counts(),
            frames_analysed=counts.analysed,
            templates_in_memory=templates.balance(),
            lost=dict(state.lost),
            n_cameras=len(rig.site_of),
            feed_problem=rig.watch.feed_problem,
            camera_ids=tuple(rig.site_of),
            frames_of=rig.cameras.camera_counts(),
        )


def _minute_of(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _stop_for(error: BaseException) -> Stop:
    if isinstance(error, TrialError):
        return Stop(error.message, code=error.code)
    is_by_person = isinstance(error, KeyboardInterrupt)
    reason = "interrupted at the keyboard" if is_by_person else f"failed: {type(error).__name__}"
    return Stop(reason, is_by_person=is_by_person)


def _is_failure(error: BaseException) -> bool:
    """Return whether an error is a device's or the store's, and no reason to raise any further."""
    return isinstance(error, TrialError) and not isinstance(error, IntegrityError)
