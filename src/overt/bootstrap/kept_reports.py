"""Trial reports that the console has made: each in a folder that its digest in the log names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.errors import OutputUnwritableError, RecordNotFoundError, ReportUnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from overt.bootstrap.console import Console
    from overt.core.trial import Trial
    from overt.settings import Settings


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report as it was made.

    Attributes:
        report_sha256: Digest of its list of digests, as the log has it.
        names: Paths of its files, with ``/``, sorted.
        folder: Where it lies.
    """

    report_sha256: str
    names: tuple[str, ...]
    folder: Path

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Args:
            name: Of a file.

        Raises:
            RecordNotFoundError: The report has no such file.
            ReportUnreadableError: It cannot be read.
        """
        from overt.adapters.files.report_folder import HandedFolder

        if name not in self.names:
            msg = "the report has no such file"
            raise RecordNotFoundError(msg)
        return HandedFolder(self.folder).read(name)


def latest_report(settings: Settings, trial: Trial) -> KeptReport | None:
    """Return the latest report of a trial that is kept here; None where there is none.

    Only a folder whose list of digests is the one that the log names is a report.

    Args:
        settings: Of this machine.
        trial: As the log tells it.
    """
    for digest in reversed(trial.report_digests):
        if (found := _kept(settings, digest)) is not None:
            return found
    return None


def make_and_keep(
    console: Console, actor_id: str, trial_id: str, tell: Callable[[str], None]
) -> str:
    """Make a trial's report, keep it, and return its digest as the log has it.

    Args:
        console: Store, time, settings.
        actor_id: An evaluator.
        trial_id: Which trial.
        tell: Told the name of each file.

    Raises:
        RuleError: The actor is no evaluator; this has been logged.
        RecordNotFoundError: There is no such trial or actor.
        SigningKeyMissingError: There is no key to sign with.
        IntegrityError: The log is not what was recorded, or contradicts itself.
        OutputUnwritableError: The report cannot be kept.
    """
    from overt.adapters.files.new_folder import write_new_folder
    from overt.adapters.reports.press import FolderPress
    from overt.bootstrap.audit import own_signer
    from overt.services.make_report import ReportWorks, make_report
    from overt.services.report_digests import DIGESTS, sha256_of

    works = ReportWorks(FolderPress(), own_signer(console.settings))
    made: dict[str, str] = {}

    def files() -> Iterator[tuple[str, bytes]]:
        for file in make_report(console.workplace, console.reading, actor_id, trial_id, works):
            if file.name == DIGESTS:
                made[DIGESTS] = sha256_of(file.content)
            tell(file.name)
            yield file.name, file.content

    home = _home(console.settings)
    part = home / console.workplace.ids.new("part")
    write_new_folder(part, files())
    try:
        part.rename(home / made[DIGESTS])
    except OSError as error:
        msg = f"the report cannot be kept ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
    return made[DIGESTS]


def _kept(settings: Settings, digest: str) -> KeptReport | None:
    from overt.adapters.files.report_folder import HandedFolder
    from overt.services.report_digests import DIGESTS, sha256_of

    folder = _home(settings) / digest
    handed = HandedFolder(folder)
    try:
        names = handed.names()
        is_it = DIGESTS in names and sha256_of(handed.read(DIGESTS)) == digest
    except ReportUnreadableError:
        return None
    return KeptReport(digest, names, folder) if is_it else None


def _home(settings: Settings) -> Path:
    return settings.home / "reports"
