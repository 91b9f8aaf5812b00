"""Trial reports: from this machine's store into a folder, and out of any folder again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.bootstrap.audit import own_signer, verifier_of
from overt.bootstrap.store import open_reader, open_workplace
from overt.services.make_report import ReportWorks, make_report
from overt.services.verify_report import verify_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from overt.services.verify_report import ReportCheck
    from overt.settings import Settings


def make_into_folder(
    settings: Settings,
    trial_id: str,
    actor_id: str,
    folder: Path,
    tell: Callable[[str], None] = lambda _: None,
) -> int:
    """Make a trial's report and return how many files it has.

    Args:
        settings: Of this machine.
        trial_id: Which trial.
        actor_id: An evaluator.
        folder: A new folder.
        tell: Told the name of each file.

    Raises:
        StoreMissingError: There is no store on this machine.
        SigningKeyMissingError: There is no key to sign with.
        RuleError: The actor is no evaluator.
        RecordNotFoundError: There is no such trial or actor.
        IntegrityError: The log is not what was recorded, or contradicts itself.
        OutputUnwritableError: The folder is there already, or cannot be written.
    """
    from overt.adapters.files.new_folder import write_new_folder
    from overt.adapters.reports.press import FolderPress

    works = ReportWorks(FolderPress(), own_signer(settings))

    def told() -> Iterator[tuple[str, bytes]]:
        with open_reader(settings) as reading, open_workplace(settings) as workplace:
            for file in make_report(workplace, reading, actor_id, trial_id, works):
                tell(file.name)
                yield file.name, file.content

    return write_new_folder(folder, told())


def verify_folder(
    settings: Settings,
    folder: Path,
    public_key: str | None,
    tell: Callable[[str], None] = lambda _: None,
) -> ReportCheck:
    """Return whether a report is what its log gives; no database is opened.

    Args:
        settings: Of this machine.
        folder: As it was handed over.
        public_key: The log's verifier key or a file with it; None takes this machine's own.
        tell: Told what is being checked.

    Raises:
        ReportUnreadableError: It is no folder of a report, or cannot be read.
        AuditFileUnreadableError: A file cannot be read.
        AuditKeyInvalidError: The key is not written as one.
    """
    from overt.adapters.files.report_folder import HandedFolder
    from overt.adapters.reports.press import FolderPress

    verifier = verifier_of(public_key, settings)
    return verify_report(HandedFolder(folder), FolderPress(), verifier, tell)
