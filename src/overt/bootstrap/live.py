"""A live run on this machine: cameras, networks, store, purge worker, observers' page."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.adapters.files.freshness_csv import FeedFile, read_feed
from overt.adapters.observers_page import ObserversPage
from overt.adapters.stop_signals import StopSignals
from overt.adapters.video.camera import Camera
from overt.adapters.video.camera_group import CameraThreads, GroupedCamera
from overt.adapters.video.crop_file import encode_crop
from overt.adapters.video.open_source import open_source
from overt.adapters.video.redaction import redacted
from overt.bootstrap.purge_worker import PurgeWorker
from overt.bootstrap.purging import Service, open_service
from overt.bootstrap.rehearsal import open_pack
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.core.gates import LiveFacts
from overt.core.operating_point import OperatingPoint
from overt.core.retention import overdue_purges
from overt.core.watchlist import on_both_lists
from overt.errors import SettingInvalidError, TrialError
from overt.services.check_freshness import FeedWatch, check_freshness
from overt.services.go_live import go_live, resume
from overt.services.live_watch import LiveWatch
from overt.services.load_gallery import GalleryWatch
from overt.services.observe_live import observed
from overt.services.recognition import Recogniser
from overt.services.run_deployment import LiveEnd, LiveRig, run_deployment
from overt.services.take_due_steps import take_due_steps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from overt.adapters.models.packs import LoadedPack
    from overt.core.adjudication import AlertRecord
    from overt.core.deployment import Deployment
    from overt.core.zone import Zone
    from overt.ports.engine import Clock, FrameSource
    from overt.ports.live import StopRequests
    from overt.services.live_status import LiveStatus
    from overt.settings import Settings

REHEARSAL_SITE = "rehearsal"
_ROOM_BYTES = 64 << 20
"""A store with less room than this on its disk is not begun with."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What somebody asks of a live run.

    Attributes:
        deployment_id: Which deployment.
        actor_id: Who runs it.
        site_ids: Where; every site whose window is open without any.
        feed: File of those no longer wanted; checked before and whenever it changes.
        minutes: Time after which to stop; until the authority's end without it.
        cameras: Identifier -> address or file; of a rehearsal only, whose cameras stand in
            no authority.
        observers_port: Port of the observers' page on this machine; 0 takes a free one.
        reason: Why a suspended deployment goes on.
    """

    deployment_id: str
    actor_id: str
    site_ids: tuple[str, ...] = ()
    feed: Path | None = None
    minutes: float | None = None
    cameras: tuple[tuple[str, str], ...] = ()
    observers_port: int = 0
    reason: str = "run again"


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows a run.

    Attributes:
        on_page: Called with the address of the observers' page.
        on_alert: Called with each alert, once it stands in the store.
        on_status: Called with the figures, several times a second.
    """

    on_page: Callable[[str], None] = lambda _: None
    on_alert: Callable[[AlertRecord], None] = lambda _: None
    on_status: Callable[[LiveStatus], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class _Camera:
    camera_id: str
    site_id: str
    location: str
    zone: Zone | None


@dataclass(frozen=True, slots=True)
class _Channel:
    """The ``AlertChannel`` port on a function."""

    tell: Callable[[AlertRecord], None]


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
            stops = _Stops(signals, service.workplace.clock, request.minutes)
            return _run(request, settings, service, (worker, page), stops, follower)


def _run(
    request: RunRequest,
    settings: Settings,
    service: Service,
    watched: tuple[PurgeWorker, ObserversPage],
    stops: StopRequests,
    follower: Follower,
) -> LiveEnd:
    workplace, deployment_id = service.workplace, request.deployment_id
    deployment = take_due_steps_of(workplace, deployment_id)
    site_ids = request.site_ids or _open_sites(deployment, workplace.clock)
    cameras = tuple(_cameras(request, service, deployment, site_ids))
    feed = _check_feed(request, service, deployment)
    calibration = deployment.calibration
    pack = open_pack(settings, calibration.pack_name) if calibration else None
    point = OperatingPoint(calibration.threshold) if calibration else None
    facts = live_facts(service, settings, deployment, site_ids, watched, (point, pack))
    gallery = None
    if pack is not None and deployment.watchlist is not None:
        digest = pack.embedder.pack_digest
        gallery = GalleryWatch(service.store.reading, deployment_id, digest, workplace.clock)
    live = _go_live(request, service, deployment, facts)
    if pack is None or point is None or gallery is None:
        msg = "a deployment without operating point and watchlist cannot be live"
        raise SettingInvalidError(msg)
    zones = {camera.camera_id: camera.zone for camera in cameras if camera.zone is not None}
    rig = LiveRig(
        cameras=CameraThreads([_grouped(camera, workplace.clock) for camera in cameras]),
        recogniser=Recogniser(pack, gallery.loaded.gallery, point, zones=zones),
        watch=LiveWatch(workplace, service.store.reading, live, gallery, feed, service.lease),
        site_of={camera.camera_id: camera.site_id for camera in cameras},
        encode=encode_crop,
        channel=_Channel(follower.on_alert),
        stop_requests=stops,
        limit=workplace.policies.get(live.policy_hash).alerts.false_alert_limit,
        actor_id=request.actor_id,
    )
    return run_deployment(workplace, service.store.reading, rig, on_status=follower.on_status)


def live_facts(
    service: Service,
    settings: Settings,
    deployment: Deployment,
    site_ids: tuple[str, ...],
    watched: tuple[PurgeWorker, ObserversPage],
    loaded: tuple[OperatingPoint | None, LoadedPack | None],
) -> LiveFacts:
    """Return what only this machine can know before going live; each is looked at, not assumed.

    Args:
        service: Store and lease.
        settings: Of this machine.
        deployment: About to go live.
        site_ids: Where.
        watched: Purge worker and observers' page.
        loaded: Operating point and model pack, if they could be loaded.
    """
    worker, page = watched
    point, pack = loaded
    now = service.workplace.clock.now()
    policy = service.workplace.policies.get(deployment.policy_hash)
    with service.store.reading() as uow:
        both = on_both_lists(uow.entries.of_deployment(deployment.deployment_id))
        overdue = overdue_purges(uow.deployments.list(), policy, now)
    return LiveFacts(
        site_ids=site_ids if deployment.kind is DeploymentKind.OPERATIONAL else (),
        operating_point_digest=point.digest() if point else "",
        pack_digest=pack.embedder.pack_digest if pack else "",
        n_on_both_lists=len(both),
        purge_healthy=worker.health.is_healthy(now),
        purge_overdue=overdue,
        observers_page_up=page.is_up(deployment.deployment_id),
        store_writable=_is_writable(service, settings),
    )


def _observed(service: Service, deployment_id: str) -> Mapping[str, object]:
    now = service.workplace.clock.now()
    with service.store.reading() as uow:
        policy_hash = uow.deployments.get(deployment_id).policy_hash
        return observed(uow, deployment_id, service.workplace.policies.get(policy_hash), now)


def _open_sites(deployment: Deployment, clock: Clock) -> tuple[str, ...]:
    """Return the sites whose window is open; all of them where none is, for the gate to name."""
    sites = deployment.application.sites if deployment.application else ()
    now = clock.now()
    return tuple(s.site_id for s in sites if s.open_window(now)) or tuple(s.site_id for s in sites)


def _cameras(
    request: RunRequest, service: Service, deployment: Deployment, site_ids: tuple[str, ...]
) -> Iterator[_Camera]:
    """Yield the cameras of the sites, or those named for a rehearsal.

    Args:
        request: What was asked.
        service: Store and vault, for the cameras' addresses.
        deployment: Whose cameras.
        site_ids: At which sites.

    Raises:
        SettingInvalidError: Cameras are named for a real deployment, none for a rehearsal, or
            a real deployment's camera is a recording.
    """
    if deployment.kind is DeploymentKind.REHEARSAL:
        if not request.cameras:
            msg = "a rehearsal needs --camera NAME=ADDRESS, found none"
            raise SettingInvalidError(msg, setting="--camera")
        for camera_id, location in request.cameras:
            yield _Camera(camera_id, REHEARSAL_SITE, location, None)
        return
    if request.cameras:
        msg = "--camera is for rehearsals; the authority names a deployment's cameras"
        raise SettingInvalidError(msg, setting="--camera")
    sites = deployment.application.sites if deployment.application else ()
    for site in (site for site in sites if site.site_id in site_ids):
        for plan in site.cameras:
            with service.store.reading() as uow:
                location = uow.secrets.get(plan.location_secret_id).decode()
            camera = _Camera(plan.camera_id, site.site_id, location, plan.zone)
            if not _grouped(camera, service.workplace.clock).is_live:
                msg = (
                    f"camera {plan.camera_id} of a real deployment must be live; found "
                    f"{redacted(location)}: footage is not searched afterwards (R-34)"
                )
                raise SettingInvalidError(msg)
            yield camera


def _grouped(camera: _Camera, clock: Clock) -> GroupedCamera:
    def opened() -> FrameSource:
        return open_source(
            camera.location,
            camera_id=camera.camera_id,
            clock=clock,
            started_at=clock.now(),
            fps=25.0,
        )

    is_live = isinstance(opened(), Camera)
    return GroupedCamera(camera.camera_id, opened, is_live)


def _check_feed(request: RunRequest, service: Service, deployment: Deployment) -> FeedWatch | None:
    """Check the list against the feed right before LIVE (R-14), and return what watches it."""
    if request.feed is None or deployment.watchlist is None:
        return None
    feed, deployment_id = read_feed(request.feed), deployment.deployment_id
    check_freshness(service.workplace, request.actor_id, deployment_id, feed)
    file = FeedFile(request.feed, known_sha256=feed.sha256)
    return FeedWatch(service.workplace, deployment_id, file.read_if_changed)


def _go_live(
    request: RunRequest, service: Service, deployment: Deployment, facts: LiveFacts
) -> Deployment:
    workplace, actor_id, deployment_id = (
        service.workplace,
        request.actor_id,
        request.deployment_id,
    )
    if deployment.state is DeploymentState.SUSPENDED:
        return resume(workplace, actor_id, deployment_id, facts, reason=request.reason)
    return go_live(workplace, actor_id, deployment_id, facts)


def _is_writable(service: Service, settings: Settings) -> bool:
    """Return whether the log takes an event, and the disk has room; the event is taken back."""
    now = service.workplace.clock.now()
    details = {"setting": "store_writable", "old": None, "new": None}
    event = AuditEvent(EventKind.SETTING_CHANGED, now, SYSTEM_ACTOR, details=details)
    try:
        with service.store.unit_of_work() as uow:
            uow.audit.append(event)
    except TrialError:
        return False
    return shutil.disk_usage(settings.home).free >= _ROOM_BYTES
