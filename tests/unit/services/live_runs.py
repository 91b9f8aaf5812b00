"""Builders: a deployment that is live in a store, cameras that follow a script, a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tests.unit.core.governed import (
    BUILT_AT,
    EVERYONE,
    HOUR,
    OPENS,
    OPERATOR,
    POLICY,
    a_site,
    an_application,
    live,
)
from tests.unit.services.listing import OnePolicy, SetClock

from overt.core.audit_events import EventKind
from overt.core.authority import CameraPlan
from overt.core.deployment import Deployment
from overt.core.frame import FrameCounts
from overt.core.listed_period import ListedPeriod
from overt.core.template_bytes import template_bytes
from overt.core.watchlist import EntryStatus, ListKind, Urgency, WatchlistEntry
from overt.core.zone import whole_frame
from overt.errors import StoreLeasedError
from overt.ports.live import CameraNews
from overt.services.check_freshness import FeedWatch
from overt.services.live_watch import LiveWatch
from overt.services.load_gallery import GalleryWatch
from overt.services.recognition import Recogniser
from overt.services.run_deployment import LiveEnd, LiveRig, run_deployment
from overt.services.workplace import Workplace
from overt.testing import (
    ANNA,
    BERTA,
    CLARA,
    FAKE_PACK,
    FakeFace,
    FakeIds,
    FakeModels,
    FakeStore,
    a_frame,
    a_template,
    an_operating_point,
)

CAMERA, SITE = "north-camera", "north"
TICK = timedelta(milliseconds=40)
LIMIT = POLICY.alerts.false_alert_limit


@dataclass
class Stage:
    """A store, a clock and a deployment that is live in it."""

    store: FakeStore
    workplace: Workplace
    clock: SetClock

    @property
    def reading(self):
        return self.store.reading

    def deployment(self) -> Deployment:
        """Return the deployment as it is stored."""
        with self.reading() as uow:
            return uow.deployments.get("d-1")

    def events(self, *kinds: EventKind):
        """Return the events of some kinds, or all."""
        with self.reading() as uow:
            found = []
            while part := uow.audit.read(len(found)):
                found += part
        return [e.event for e in found if not kinds or e.event.kind in kinds]

    def kinds(self) -> list[str]:
        """Return the kind of every event."""
        return [str(event.kind) for event in self.events()]

    def alerts(self):
        """Return the alerts."""
        with self.reading() as uow:
            return uow.alerts.of_deployment("d-1")

    def totals(self):
        """Return the counts."""
        with self.reading() as uow:
            return uow.counts.totals("d-1")

    def save(self, deployment: Deployment) -> None:
        """Put a deployment into the store as somebody else would."""
        with self.workplace.open() as uow:
            version = uow.deployments.get("d-1").version
            uow.deployments.save(replace(deployment, version=version))
            uow.commit()


def two_sites():
    """Return an application for two sites with a camera each; the south closes an hour sooner."""
    south = a_site("south", cameras=(CameraPlan("south-camera", "secret-south", whole_frame()),))
    north = a_site()
    (window,) = south.windows
    earlier = replace(window, ends_at=window.ends_at - timedelta(hours=1))
    return an_application(sites=(north, replace(south, windows=(earlier,))))


LISTED = {"N-1": ANNA, "N-2": BERTA, "N-3": CLARA}


def an_entry(reference: str, **changes: object) -> WatchlistEntry:
    """Return an entry that a second person has approved."""
    entry = WatchlistEntry(
        entry_id=f"entry-{reference}",
        deployment_id="d-1",
        list_kind=ListKind.OPERATIONAL,
        reference=reference,
        category="wanted_by_courts",
        justification="Warrant of 3 January",
        image_source="Custody",
        image_date=date(2025, 6, 1),
        urgency=Urgency.AMBER,
        is_under_18=False,
        composed_by="applicant-1",
        composed_at=BUILT_AT,
        status=EntryStatus.APPROVED,
        approved_by="applicant-2",
        approved_at=BUILT_AT + HOUR,
    )
    return replace(entry, **changes)


def put_entries(workplace: Workplace, entries: Iterable[WatchlistEntry], picture=None) -> None:
    """Put entries with their photographs and templates into the store."""
    with workplace.open() as uow:
        for entry in entries:
            vector = a_template(LISTED[entry.reference]).vector
            photograph = picture or b"a photograph of " + entry.reference.encode() * 40
            image = uow.secrets.put("d-1", "image", entry.entry_id, photograph)
            data = template_bytes(vector, FAKE_PACK)
            template = uow.secrets.put("d-1", "template", entry.entry_id, data)
            kept = replace(entry, image_secret_id=image, template_secret_id=template)
            uow.entries.add_many([kept])
            uow.listed.add(
                ListedPeriod(entry.reference, "d-1", entry.category, entry.approved_at, None)
            )
        uow.commit()


def a_stage(store=None, *, deployment=None, at=OPENS, ids=None, picture=None, **changes) -> Stage:
    """Return a store in which Anna, Berta and Clara are sought, and the deployment is live.

    Args:
        store: Where; in memory without it.
        deployment: As it stands; live without it.
        at: What the clock shows.
        ids: Makes identifiers; those that a test can foresee without it.
        picture: Bytes of every photograph.
        **changes: What is different about the entries.
    """
    store, clock = store or FakeStore(), SetClock(at)
    workplace = Workplace(store.unit_of_work, clock, ids or FakeIds(), OnePolicy())
    with workplace.open() as uow:
        for actor in EVERYONE:
            uow.actors.save(actor)
        uow.deployments.add(replace(deployment or live(), version=0))
        uow.commit()
    put_entries(workplace, (an_entry(reference, **changes) for reference in LISTED), picture)
    return Stage(store, workplace, clock)


@dataclass
class ScriptedCameras:
    """The ``CameraGroup`` port on a list; each question takes a moment of the clock's time."""

    script: Iterable[CameraNews | Callable[[], CameraNews | None]]
    clock: SetClock
    step: timedelta = TICK
    closed: set[str] = field(default_factory=set)
    is_open: bool = False
    n_frames: int = 0

    def __enter__(self):
        self.is_open, self._left = True, iter(self.script)
        return self

    def __exit__(self, *exc):
        self.is_open = False

    def news(self, within_s):
        self.clock.at += self.step
        item = next(self._left, None)
        news = item() if callable(item) else item
        if news is None:
            return CameraNews(is_over=item is None)
        self.n_frames += len(news.frames)
        kept = tuple(f for f in news.frames if f.camera_id not in self.closed)
        return replace(news, frames=kept)

    def close(self, camera_ids):
        self.closed |= camera_ids

    def counts(self):
        return FrameCounts(decoded=self.n_frames)

    def camera_counts(self):
        return {"north-camera": self.counts()}


@dataclass
class Told:
    """The ``AlertChannel`` port: remembers, and looks into the store as another would."""

    stage: Stage
    alerts: list = field(default_factory=list)
    stood_in_store: list[bool] = field(default_factory=list)

    def tell(self, alert):
        self.alerts.append(alert)
        with self.stage.reading() as uow:
            stored = uow.alerts.get(alert.alert_id)
            has_secrets = bool(uow.secrets.get(stored.crop_secret_id))
            self.stood_in_store.append(has_secrets and stored == alert)


@dataclass
class Asked:
    """The ``StopRequests`` port: asked once the clock has come so far."""

    clock: SetClock
    at: datetime | None = None
    by_person: bool = True

    def requested(self):
        is_time = self.at is not None and self.clock.at >= self.at
        return "stopped at the keyboard" if is_time else None

    def is_by_person(self):
        return self.by_person


@dataclass
class HeldLease:
    """The ``Lease`` port."""

    is_held: bool = True

    def check(self):
        if not self.is_held:
            raise StoreLeasedError("another service runs on this store")


def seen(clock: SetClock, *faces: FakeFace, n_frames=20, camera_id=CAMERA, step_px=2, first=0):
    """Return one piece of news a frame, in which faces walk to the right, at the clock's time."""

    def news(index: int):
        def made():
            moved = (replace(f, left=f.left + step_px * index) for f in faces)
            frame = a_frame(*moved, index=first + index, camera_id=camera_id)
            return CameraNews(frames=(replace(frame, captured_at=clock.at),))

        return made

    return [news(index) for index in range(n_frames)]


def anna_walks(stage: Stage, **changes):
    """Return the news of Anna's passage: one alert with the sixth frame."""
    return seen(stage.clock, FakeFace(100, 100, ANNA), **changes)


@dataclass
class Run:
    """What belongs to a run, before and after it."""

    stage: Stage
    cameras: ScriptedCameras
    told: Told
    models: FakeModels
    rig: LiveRig
    statuses: list = field(default_factory=list)

    def go(self) -> LiveEnd:
        """Return how it ended."""
        return run_deployment(
            self.stage.workplace, self.stage.reading, self.rig, on_status=self.statuses.append
        )


def a_run(
    stage: Stage,
    script,
    *,
    asked=None,
    lease=None,
    feed=None,
    site_of=None,
    step=TICK,
    workplace=None,
    encode=lambda pixels: b"a crop of " + bytes(64),
) -> Run:
    """Return a run of scripted cameras."""
    workplace = workplace or stage.workplace
    cameras = ScriptedCameras(script, stage.clock, step)
    gallery = GalleryWatch(stage.reading, "d-1", FAKE_PACK, stage.clock)
    models = FakeModels()
    told = Told(stage)
    watch = LiveWatch(
        workplace,
        stage.reading,
        stage.deployment(),
        gallery,
        FeedWatch(workplace, "d-1", feed) if feed else None,
        lease or HeldLease(),
    )
    rig = LiveRig(
        cameras=cameras,
        recogniser=Recogniser(models, gallery.loaded.gallery, an_operating_point()),
        watch=watch,
        site_of=site_of or {CAMERA: SITE},
        encode=encode,
        channel=told,
        stop_requests=asked or Asked(stage.clock),
        limit=LIMIT,
        actor_id=OPERATOR.actor_id,
    )
    stage = replace(stage, workplace=workplace)
    return Run(stage, cameras, told, models, rig)
