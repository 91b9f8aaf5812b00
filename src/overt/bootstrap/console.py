"""What the console works with, and the service behind it: lease, purge worker, live runs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.adapters.oidc import OidcProvider
    from overt.adapters.video.preview import Previews
    from overt.bootstrap.live_rig import ObserversDoor
    from overt.bootstrap.live_runs import LiveRuns
    from overt.bootstrap.purge_worker import WorkerHealth
    from overt.bootstrap.purging import Closing
    from overt.ports.live import Stills
    from overt.ports.sign_in import PasswordHasher
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.enrol_portraits import Enroller
    from overt.services.make_notices import NoticeWorks
    from overt.services.workplace import Workplace
    from overt.settings import Settings


def _notice_works(settings: Settings) -> NoticeWorks:
    from overt.bootstrap.notices import notice_works

    return notice_works(settings)


@dataclass(frozen=True, slots=True)
class Console:
    """Everything that a route may use.

    Attributes:
        settings: Of this machine.
        workplace: Store, time, identifiers, rules.
        reading: Opens a unit of work that only looks.
        hasher: Of passwords.
        runs: The live run of this service.
        previews: What of the cameras may be shown.
        stills: Pictures for drawing zones.
        health: How the purge worker is.
        open_enroller: Returns what turns photographs into templates, every file of the model pack
            verified; takes seconds.
        closing: Purges, certificates and proofs.
        notice_works: Returns what notices are made with.
        oidc: The force's own provider of identities, or None.
    """

    settings: Settings
    workplace: Workplace
    reading: UnitOfWorkFactory
    hasher: PasswordHasher
    runs: LiveRuns
    previews: Previews
    stills: Stills
    health: Callable[[], WorkerHealth]
    open_enroller: Callable[[], Enroller]
    closing: Closing
    notice_works: Callable[[], NoticeWorks]
    oidc: OidcProvider | None = None


@contextmanager
def open_console(settings: Settings, door: ObserversDoor) -> Iterator[Console]:
    """Open the store as its one service, with purge worker and live runs.

    At the end the run is stopped, and its end recorded, before the store is closed.

    Args:
        settings: Of this machine.
        door: Where observers see a deployment.

    Yields:
        What the console works with.

    Raises:
        StoreMissingError: `overt init` has not been run.
        StoreLeasedError: Another service runs on this store.
    """
    from overt.adapters.secrets.passwords import Argon2Hasher
    from overt.adapters.video.preview import Previews
    from overt.bootstrap.live_runs import LiveRuns
    from overt.bootstrap.oidc import provider_of
    from overt.bootstrap.purge_worker import PurgeWorker
    from overt.bootstrap.purging import closing_of, open_service
    from overt.bootstrap.stills import CoarseStills
    from overt.bootstrap.watchlists import open_enroller

    with open_service(settings) as service:
        clock, previews = service.workplace.clock, Previews()
        with PurgeWorker(service.rounds(), clock, service.lease) as worker:
            runs = LiveRuns(settings, service, (worker, door), viewer=previews)
            try:
                yield Console(
                    settings=settings,
                    workplace=service.workplace,
                    reading=service.store.reading,
                    hasher=Argon2Hasher(),
                    runs=runs,
                    previews=previews,
                    stills=CoarseStills(
                        previews, clock, may_use_this_machine=settings.cameras_here
                    ),
                    health=lambda: worker.health,
                    open_enroller=lambda: open_enroller(settings),
                    closing=closing_of(settings, service, worker),
                    notice_works=lambda: _notice_works(settings),
                    oidc=provider_of(settings),
                )
            finally:
                runs.stop("the service was told to stop")
