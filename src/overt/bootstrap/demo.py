"""The demonstration: a machine of its own with everything on it, so that a newcomer can begin."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from overt.adapters.clock import SystemClock
from overt.adapters.store.lease import lease_beside
from overt.adapters.video.looped_clip import LOOP
from overt.bootstrap.demo_applications import add_applications
from overt.bootstrap.demo_clock import SceneClock
from overt.bootstrap.demo_mark import DEMO_MARK
from overt.bootstrap.demo_people import EVALUATOR, KEEPER, OPERATOR, PEOPLE, PROGRAM
from overt.bootstrap.demo_rehearsals import prepare_rehearsal
from overt.bootstrap.demo_street import STREET, clip_of
from overt.bootstrap.demo_trial import BEGAN_BEFORE, run_trial
from overt.bootstrap.installation import set_up
from overt.bootstrap.live_request import RunRequest
from overt.bootstrap.rehearsal import DEFAULT_LISTED
from overt.bootstrap.reports import make_into_folder
from overt.bootstrap.store import open_reader, open_workplace, store_is_there
from overt.errors import OutputUnwritableError
from overt.services.manage_actors import add_actor, add_first_actor, record_training
from overt.services.passwords import make_demo_link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from overt.services.workplace import Workplace
    from overt.settings import Settings

NAME = "Rehearsal: a generated street"
REPORT = "trial-report"
"""Folder of the report, in the demonstration's home."""

LINK_LIFETIME = timedelta(days=1)
_MARK_TEXT = "`overt demo` made this folder, and removes it when it starts again.\n"
_ITS_OWN: dict[str, object] = {
    "model_pack": "overt-default",
    "threads": 1,
    "store_url": None,
    "master_key": None,
    "master_key_command": None,
    "oidc_issuer": None,
    "oidc_client_id": None,
    "oidc_client_secret": None,
}
"""What a demonstration never takes from the machine: real stores, keys, services; all its cores."""


@dataclass(frozen=True, slots=True)
class DemoProgress:
    """Who follows the drawing of the street.

    Attributes:
        on_total: Called with the number of frames.
        on_frame: Called after each frame.
    """

    on_total: Callable[[int | None], None] = lambda _: None
    on_frame: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration that is ready to go live.

    Attributes:
        settings: Of its own home.
        deployment_id: The rehearsal.
        clip: Its street.
        report: Folder of the finished trial's report; None where there is no trial.
    """

    settings: Settings
    deployment_id: str
    clip: Path
    report: Path | None = None

    def run_request(self) -> RunRequest:
        """Return what its operator asks: the street, again and again."""
        cameras = ((STREET.camera_id, f"{LOOP}{self.clip}"),)
        return RunRequest(self.deployment_id, OPERATOR, cameras=cameras)


@contextmanager
def demo_home(settings: Settings, *, is_kept: bool = False) -> Iterator[Settings]:
    """Yield the settings of a home for the demonstration only; nobody else has it meanwhile.

    It is the folder ``demo`` under the machine's home, empty unless it is to be kept.

    Args:
        settings: Of this machine.
        is_kept: Whether what an earlier demonstration left is used again.

    Yields:
        Settings with that home, a store in it, and the bundled model pack.

    Raises:
        StoreLeasedError: Another demonstration runs there.
        OutputUnwritableError: The folder is somebody's own, or cannot be made.
    """
    home = settings.home / "demo"
    _make(settings.home)
    with lease_beside(home):
        if not is_kept:
            _remove(home)
        _make(home)
        (home / DEMO_MARK).write_text(_MARK_TEXT, encoding="utf-8")
        yield settings.model_copy(update={"home": home, **_ITS_OWN})


def prepare_demo(
    settings: Settings, progress: DemoProgress | None = None, *, has_trial: bool = True
) -> Demo:
    """Return a demonstration that can go live: accounts, volunteers, list, operating point, street.

    What is there already is used again.

    Args:
        settings: Of the demonstration's home.
        progress: Who follows the drawing of the streets and the trial.
        has_trial: Whether a finished trial is there as well, which takes half a minute.

    Raises:
        TrialError: Anything that is in the way, with its code.
    """
    progress = progress or DemoProgress()
    clip = clip_of(settings, on_total=progress.on_total, on_frame=progress.on_frame)
    if not store_is_there(settings):
        _furnish(settings, progress, has_trial=has_trial)
    with open_reader(settings) as reading, reading() as uow:
        deployments = uow.deployments.list()
    (street,) = (d for d in deployments if d.name == NAME)
    report = settings.home / REPORT
    return Demo(settings, street.deployment_id, clip, report if report.is_dir() else None)


def demo_links(workplace: Workplace) -> dict[str, str]:
    """Return by account the token of a link that signs its person in, once, within a day.

    Args:
        workplace: Of the demonstration.
    """
    return {
        person.actor_id: make_demo_link(workplace, person.actor_id, LINK_LIFETIME)
        for person in PEOPLE
    }


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        msg = f"the home of the demonstration cannot be made ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error


def _remove(home: Path) -> None:
    if not home.exists():
        return
    if not (home / DEMO_MARK).is_file():
        msg = f"{home} is no demonstration's folder; move it away, or set another OVERT_HOME"
        raise OutputUnwritableError(msg)
    shutil.rmtree(home)


def prepare_trial(settings: Settings, on_frame: Callable[[], None] = lambda: None) -> Path:
    """Return the folder with the report of a trial of three rehearsals, which is run now.

    Args:
        settings: Of the demonstration's home, in which nothing is yet.
        on_frame: Called after each frame that is analysed.

    Raises:
        TrialError: Anything that is in the way, with its code.
    """
    clock = _begin(settings)
    trial_id = run_trial(settings, clock, on_frame)
    make_into_folder(settings, trial_id, EVALUATOR, settings.home / REPORT)
    return settings.home / REPORT


def _begin(settings: Settings) -> SceneClock:
    clock = SceneClock(SystemClock().now() - BEGAN_BEFORE)
    set_up(settings, "demo/overt", clock)
    with open_workplace(settings) as workplace:
        _add_people(replace(workplace, clock=clock))
    return clock


def _furnish(settings: Settings, progress: DemoProgress, *, has_trial: bool) -> None:
    if has_trial:
        progress.on_total(None)
        prepare_trial(settings, progress.on_frame)
    else:
        _begin(settings)
    with open_workplace(settings) as workplace:
        add_applications(workplace)
        prepare_rehearsal(workplace, settings, NAME, (DEFAULT_LISTED,))


def _add_people(workplace: Workplace) -> None:
    today = workplace.clock.now().date()
    for person in PEOPLE:
        if person.actor_id == KEEPER:
            add_first_actor(workplace, person.actor())
    others = [person.actor() for person in PEOPLE if person.actor_id != KEEPER]
    for actor in (*others, *PROGRAM):
        add_actor(workplace, KEEPER, actor)
        record_training(workplace, KEEPER, actor.actor_id, today)
