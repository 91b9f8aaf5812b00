"""The public register of this machine: served by the console, written by ``overt publish``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from overt.adapters.audit.signing import PUBLIC_SUFFIX
from overt.adapters.files.register_extras import HomeExtras, keep_checkpoint
from overt.adapters.files.site_folder import write_site
from overt.adapters.models.pack_evidences import ManifestEvidences
from overt.adapters.publish.register_press import HtmlRegisterPress
from overt.bootstrap import audit
from overt.bootstrap.demo_mark import is_demonstration
from overt.bootstrap.policies import policies_of
from overt.bootstrap.register_notices import make_on_shelf
from overt.bootstrap.store import open_reader
from overt.core.register import RegisterStatus
from overt.services.find_personal import PersonalScan
from overt.services.register_files import RegisterFiles
from overt.services.view_register import RegisterView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.core.notice_details import NoticeDetails
    from overt.core.register import Register
    from overt.ports.engine import Clock
    from overt.ports.policies import Policies
    from overt.ports.store import UnitOfWorkFactory
    from overt.settings import Settings

CHECKPOINT = Path("register") / "checkpoint.txt"
"""Under the home folder: the checkpoint that was published last."""

SHELF = "notices"
"""Under the cache: where the console keeps the notices that it makes."""


@dataclass(frozen=True, slots=True)
class PublishProgress:
    """Who follows the publication.

    Attributes:
        on_event: Called now and then with the events of the log that are verified.
        on_notice: Called with the name of each notice that is made.
        on_deployment: Called with deployments done, and how many there are.
    """

    on_event: Callable[[int], None] = lambda _: None
    on_notice: Callable[[str], None] = lambda _: None
    on_deployment: Callable[[int, int], None] = lambda *_: None


@dataclass(frozen=True, slots=True)
class PublishedSite:
    """What was written.

    Attributes:
        n_files: Files.
        n_deployments: Deployments that the public is told of.
        n_records: Those of them with a published record.
        is_demonstration: Whether a demonstration made the store.
    """

    n_files: int
    n_deployments: int
    n_records: int
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class NoticeSource:
    """Where the notices of the register come from.

    Attributes:
        folder: Folder of notices; that of the settings without it.
        details: What the force adds: with it, notices are made of deployments that have none.
    """

    folder: Path | None = None
    details: Path | None = None


def register_of(
    settings: Settings,
    reading: UnitOfWorkFactory,
    policies: Policies,
    clock: Clock,
    notices: Path | None = None,
) -> RegisterFiles:
    """Return the files of the register.

    Args:
        settings: Of this machine.
        reading: Opens a unit of work that only looks.
        policies: The rules.
        clock: The time.
        notices: Folder of notices; that of the settings without it.

    Raises:
        FileUnusableError: The folder holds no notices.
    """
    return _register(settings, reading, policies, clock, notices)[1]


def publish_site(
    settings: Settings,
    folder: Path,
    notices: NoticeSource = NoticeSource(),
    progress: PublishProgress | None = None,
) -> PublishedSite:
    """Write the whole register to a folder, after verifying the log and signing a checkpoint.

    Args:
        settings: Of this machine.
        folder: To make, or to replace if this made it.
        notices: Where notices lie, or what they are made with.
        progress: Who follows.

    Raises:
        StoreMissingError: There is no store on this machine.
        SigningKeyMissingError: There is no key to sign with.
        IntegrityError: The log is not what was recorded, or a file would identify a person
            (PersonalDataPublishedError); the folder stays as it was.
        FileUnusableError: The folder of notices cannot be used.
        OutputUnwritableError: The folder cannot be written, or is somebody's own.
    """
    from overt.adapters.clock import SystemClock

    progress = progress or PublishProgress()
    keep_checkpoint(settings.home / CHECKPOINT, audit.checkpoint(settings, progress.on_event))
    with open_reader(settings) as reading:
        parts = settings, reading, policies_of(settings), SystemClock()
        view, files = _register(*parts, notices.folder)
        if (details := _details(settings, notices)) is not None:
            _make_missing(settings, view.register(), details, notices.folder, progress)
            view, files = _register(*parts, notices.folder)
        n_files = write_site(folder, _scanned(reading, files, progress))
        register = view.register()
    return PublishedSite(
        n_files,
        len(register.entries),
        sum(entry.record_sha256 is not None for entry in register.entries),
        register.is_demonstration,
    )


def _register(
    settings: Settings,
    reading: UnitOfWorkFactory,
    policies: Policies,
    clock: Clock,
    notices: Path | None,
) -> tuple[RegisterView, RegisterFiles]:
    extras = _extras(settings, notices)
    view = RegisterView(
        reading,
        policies,
        clock,
        ManifestEvidences(settings.models_home),
        log_name=(extras.public_key() or "no key").partition("+")[0],
        is_demonstration=is_demonstration(settings),
    )
    return view, RegisterFiles(view, HtmlRegisterPress(), extras)


def _extras(settings: Settings, notices: Path | None) -> HomeExtras:
    public_key = audit.signing_key_path(settings).with_suffix(PUBLIC_SUFFIX)
    checkpoint = settings.home / CHECKPOINT
    folder = notices or settings.register_notices
    return HomeExtras(public_key, checkpoint, settings.cache / SHELF, folder)


def _details(settings: Settings, notices: NoticeSource) -> NoticeDetails | None:
    """Return what notices are made with, or None where none shall be made."""
    from overt.adapters.files.notice_details_file import read_notice_details
    from overt.services.check_notices import SAMPLE_DETAILS

    if notices.details is not None:
        return read_notice_details(notices.details)
    return SAMPLE_DETAILS if is_demonstration(settings) else None


def _make_missing(
    settings: Settings,
    register: Register,
    details: NoticeDetails,
    folder: Path | None,
    progress: PublishProgress,
) -> None:
    """Make the notices, in English, of every deployment that has none and was not called off."""
    extras = _extras(settings, folder)
    for entry in register.entries:
        is_held = entry.status not in {RegisterStatus.CANCELLED, RegisterStatus.NOT_HELD}
        if is_held and not extras.notices(entry.deployment_id):
            make_on_shelf(settings, entry.deployment_id, details, progress.on_notice)


def _scanned(
    reading: UnitOfWorkFactory, files: RegisterFiles, progress: PublishProgress
) -> Iterator[tuple[str, bytes]]:
    """Yield every file once nothing in it identifies a person."""
    with reading() as uow:
        scan = PersonalScan(uow, files.own_words())
    for name, content in files.all(progress.on_deployment):
        scan.look(name, content)
        yield name, content
