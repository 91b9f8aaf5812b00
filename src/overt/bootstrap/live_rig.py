"""Takes a deployment live: every condition looked at, then cameras, networks and gallery."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from overt.adapters.files.freshness_csv import FeedFile, read_feed
from overt.adapters.video.camera_group import CameraThreads
from overt.adapters.video.crop_file import encode_crop
from overt.bootstrap.live_cameras import cameras_of, grouped, require_elsewhere
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
from overt.services.recognition import Recogniser
from overt.services.run_deployment import LiveRig
from overt.services.take_due_steps import take_due_steps_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.adapters.models.packs import LoadedPack
    from overt.bootstrap.live_request import RunRequest
    from overt.bootstrap.purge_worker import PurgeWorker
    from overt.bootstrap.purging import Service
    from overt.core.adjudication import AlertRecord
    from overt.core.deployment import Deployment
    from overt.ports.engine import Clock
    from overt.ports.live import FrameViewer, StopRequests
    from overt.settings import Settings

_ROOM_BYTES = 64 << 20
"""A store with less room than this on its disk is not begun with."""


class ObserversDoor(Protocol):
    """Where observers see a deployment."""

    def is_up(self, deployment_id: str) -> bool:
        """Return whether somebody who asks over HTTP now is told about a deployment.

        Args:
            deployment_id: Which deployment they want to see.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Channel:
    """The ``AlertChannel`` port on a function."""

    tell: Callable[[AlertRecord], None]


def take_live(
    request: RunRequest,
    settings: Settings,
    service: Service,
    watched: tuple[PurgeWorker, ObserversDoor],
    stops: StopRequests,
    on_alert: Callable[[AlertRecord], None],
    *,
    viewer: FrameViewer | None = None,
) -> LiveRig:
    """Return everything that a run needs, once the deployment is live.

    Args:
        request: What is asked.
        settings: Of this machine.
        service: Store and lease.
        watched: Purge worker, and the observers' page.
        stops: Who may ask the run to stop.
        on_alert: Called with each alert, once it stands in the store.
        viewer: Whoever looks at the cameras' pictures, or None.

    Raises:
        DeploymentNotReadyError: It may not be live; every unmet condition is named.
        SettingInvalidError: Its cameras cannot be used so.
        CameraForbiddenError: A camera's address leads to this machine itself.
    """
    workplace, deployment_id = service.workplace, request.deployment_id
    deployment = take_due_steps_of(workplace, deployment_id)
    site_ids = request.site_ids or _open_sites(deployment, workplace.clock)
    cameras = tuple(cameras_of(request, service, deployment, site_ids))
    require_elsewhere(request, service, cameras)
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
    return LiveRig(
        cameras=CameraThreads([grouped(camera, workplace.clock) for camera in cameras]),
        recogniser=Recogniser(pack, gallery.loaded.gallery, point, zones=zones),
        watch=LiveWatch(workplace, service.store.reading, live, gallery, feed, service.lease),
        site_of={camera.camera_id: camera.site_id for camera in cameras},
        encode=encode_crop,
        channel=_Channel(on_alert),
        stop_requests=stops,
        limit=workplace.policies.get(live.policy_hash).alerts.false_alert_limit,
        actor_id=request.actor_id,
        viewer=viewer,
    )


def live_facts(
    service: Service,
    settings: Settings,
    deployment: Deployment,
    site_ids: tuple[str, ...],
    watched: tuple[PurgeWorker, ObserversDoor],
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


def _open_sites(deployment: Deployment, clock: Clock) -> tuple[str, ...]:
    """Return the sites whose window is open; all of them where none is, for the gate to name."""
    sites = deployment.application.sites if deployment.application else ()
    now = clock.now()
    return tuple(s.site_id for s in sites if s.open_window(now)) or tuple(s.site_id for s in sites)


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
