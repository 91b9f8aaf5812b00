"""Builders: a console on fakes, with an account a role, and browsers that are signed in."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fastapi.testclient import TestClient
from tests.unit.core import governed as g
from tests.unit.services.listing import OnePolicy, SetClock, an_enroller

from overt.bootstrap.console import Console
from overt.bootstrap.notices import notice_works
from overt.bootstrap.purge_worker import WorkerHealth
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role
from overt.core.sign_in import SignInMethod
from overt.errors import RecordNotFoundError
from overt.services.open_session import open_session
from overt.services.workplace import Workplace
from overt.settings import Settings
from overt.testing import FakeHasher, FakeIds, FakeStore
from overt.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from overt.bootstrap.live_request import RunRequest
    from overt.core.deployment import Deployment
    from overt.services.live_status import LiveStatus

ADDRESS = "http://console.test"
PEOPLE = {
    Role.APPLICANT: g.APPLICANT,
    Role.AUTHORISING_OFFICER: g.OFFICER,
    Role.OPERATOR: g.OPERATOR,
    Role.ENGAGEMENT_OFFICER: g.ENGAGER,
    Role.SYSTEM_ENGINEER: g.ENGINEER,
    Role.EVALUATOR: g.EVALUATOR,
    Role.AUDITOR: g.AUDITOR,
    Role.OBSERVER: g.OBSERVER,
}


@dataclass
class FakeRuns:
    """Live runs that only remember what was asked of them."""

    running: str | None = None
    started: list[RunRequest] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    of_run: LiveStatus | None = None
    refusal: Exception | None = None
    ended: None = None
    before: tuple[str, ...] = ()

    def named_before(self, deployment_id: str) -> tuple[str, ...]:
        return self.before

    def start(self, request: RunRequest) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.started.append(request)
        self.running = request.deployment_id

    def stop(self, reason: str) -> None:
        self.stopped.append(reason)
        self.running = None

    def status(self, deployment_id: str) -> LiveStatus | None:
        return self.of_run if deployment_id == self.running else None


@dataclass
class FakeStills:
    """The ``Stills`` port: one picture, or an error; remembers what was opened."""

    content: bytes | None = b"\xff\xd8 a very coarse picture"
    refusal: Exception | None = None
    opened: list[str] = field(default_factory=list)

    def of_run(self, camera_id: str) -> bytes | None:
        return self.content

    def of_camera(self, location: str) -> bytes:
        self.opened.append(location)
        if self.refusal is not None:
            raise self.refusal
        return self.content


@dataclass
class FakePreviews:
    """One picture for every camera."""

    content: bytes | None = b"\xff\xd8 a coarse picture"
    asked: list[str] = field(default_factory=list)

    def picture(self, camera_id: str, *, within_s: float = 1.0) -> bytes | None:
        self.asked.append(camera_id)
        return self.content

    def clear(self) -> None:
        self.content = None


@dataclass
class FakeClosing:
    """Purges that only remember what was asked of them."""

    purged: list[tuple[str, str]] = field(default_factory=list)
    refusal: Exception | None = None
    proof: object = None

    def purge(self, deployment_id: str, actor_id: str):
        if self.refusal is not None:
            raise self.refusal
        self.purged.append((deployment_id, actor_id))
        return "a certificate"

    def certificate(self, deployment_id: str):
        msg = f"there is no certificate of destruction for {deployment_id}"
        raise RecordNotFoundError(msg)

    def prove(self, deployment_id: str):
        return self.proof


@dataclass
class Desk:
    """A console on fakes, and what a test puts into it.

    Attributes:
        console: What routes use.
        store: Its store.
        clock: Stands until a test puts it on.
        runs: What was asked of live runs.
        previews: What of the cameras may be shown.
        stills: Pictures for drawing zones.
        closing: What was asked of purges.
    """

    console: Console
    store: FakeStore
    clock: SetClock
    runs: FakeRuns
    previews: FakePreviews
    stills: FakeStills
    closing: FakeClosing

    def session(self, actor) -> tuple[str, str]:
        """Return the token of a new session, and its token against forged requests."""
        with self.console.workplace.open() as uow:
            opened = open_session(self.console.workplace, uow, actor, SignInMethod.PASSWORD)
            uow.commit()
        return opened.token, opened.session.csrf_token

    @contextmanager
    def browser(self, role: Role | None = None, **headers: str) -> Iterator[TestClient]:
        """Open a browser, signed in as whoever has the role; its requests carry the token."""
        app = create_app(self.console)
        client = TestClient(app, base_url=ADDRESS, follow_redirects=False)
        with client:
            client.headers.update({"accept": "text/html", **headers})
            if role is not None:
                token, csrf = self.session(PEOPLE[role])
                client.cookies.set("overt", token)
                client.headers["X-CSRF-Token"] = csrf
            yield client

    def events(self, *kinds: EventKind) -> list[AuditEvent]:
        """Return what the log holds, of some kinds only where any are named."""
        with self.store.reading() as uow:
            logged = uow.audit.read(0, 10_000)
        return [one.event for one in logged if not kinds or one.event.kind in kinds]


def a_desk(folder: Path, *deployments: Deployment, **settings: object) -> Desk:
    """Return a console on fakes with everybody in it, and some deployments.

    Args:
        folder: For whatever lies in files.
        *deployments: In any state; see ``tests/unit/core/governed.py``.
        **settings: Of this machine.
    """
    store, clock = FakeStore(), SetClock()
    workplace = Workplace(store.unit_of_work, clock, FakeIds(), OnePolicy())
    with workplace.open() as uow:
        started = {"software_version": "0", "schema_version": "0"}
        uow.audit.append(
            AuditEvent(EventKind.LOG_STARTED, clock.now(), SYSTEM_ACTOR, details=started)
        )
        for actor in g.EVERYONE:
            uow.actors.save(replace(actor, trained_on=clock.now().date()))
        for deployment in deployments:
            uow.deployments.add(deployment)
        uow.commit()
    runs, previews, stills, closing = FakeRuns(), FakePreviews(), FakeStills(), FakeClosing()
    of_machine = Settings(home=folder, cache=folder / "cache", **settings)
    console = Console(
        settings=of_machine,
        workplace=workplace,
        reading=store.reading,
        hasher=FakeHasher(),
        runs=runs,
        previews=previews,
        stills=stills,
        health=lambda: WorkerHealth(clock.now(), 0, None),
        open_enroller=an_enroller,
        closing=closing,
        notice_works=lambda: notice_works(of_machine),
    )
    return Desk(console, store, clock, runs, previews, stills, closing)
