"""Make a trial's report: from its log, with the log, signed; then log that it was made (R-71)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.core.audit import AuditEvent
from overt.core.audit_events import EventKind
from overt.core.roles import Role, require
from overt.core.settled_floats import settled
from overt.errors import RuleError
from overt.ports.reports import ReportFile
from overt.services.evaluate_trial import evaluate_trial
from overt.services.export_audit import export_audit
from overt.services.report_digests import DIGESTS, LOG, SIGNATURE, digests_text, sha256_of
from overt.services.take_step import acting, log_refusal
from overt.services.view_trials import trial_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.ports.audit import NoteSigner
    from overt.ports.reports import ReportPress
    from overt.ports.store import UnitOfWorkFactory
    from overt.services.workplace import Workplace

ACTION = "report on a trial"


@dataclass(frozen=True, slots=True)
class ReportWorks:
    """What a report is made with.

    Attributes:
        press: Prints it.
        signer: The log's key.
    """

    press: ReportPress
    signer: NoteSigner


def make_report(
    workplace: Workplace,
    reading: UnitOfWorkFactory,
    actor_id: str,
    trial_id: str,
    works: ReportWorks,
) -> Iterator[ReportFile]:
    """Yield the files of a trial's report; after the last, it is logged that it was made.

    That event is not in the report's own log: a report cannot hold its own digest.

    Args:
        workplace: Store, time.
        reading: Opens a unit of work that only looks, and sees one moment.
        actor_id: An evaluator.
        trial_id: Which trial.
        works: Press and key.

    Raises:
        RuleError: The actor is no evaluator; this has been logged.
        RecordNotFoundError: There is no such trial or actor.
        FiguresDifferError: The log does not vouch for a statement, or contradicts itself.
        IntegrityError: The log is not what was recorded.
        TypesettingFailedError: The typesetter refused the report.
    """
    _require_evaluator(workplace, actor_id, trial_id)
    digests: dict[str, str] = {}
    for file in _files(reading, trial_id, works):
        digests[file.name] = sha256_of(file.content)
        yield file
    text = digests_text(digests)
    yield ReportFile(DIGESTS, text.encode())
    yield ReportFile(SIGNATURE, str(works.signer.sign(text)).encode())
    details = {"trial_id": trial_id, "report_sha256": sha256_of(text.encode())}
    with workplace.open() as uow:
        kind, now = EventKind.TRIAL_REPORTED, workplace.clock.now()
        uow.audit.append(AuditEvent(kind, now, actor_id, None, details))
        uow.commit()


def _require_evaluator(workplace: Workplace, actor_id: str, trial_id: str) -> None:
    now = workplace.clock.now()
    with workplace.open() as uow:
        actor = acting(uow, actor_id, ACTION, None, now)
        try:
            require(actor, Role.EVALUATOR, ACTION)
        except RuleError as error:
            log_refusal(uow, error, ACTION, actor_id, None, now)
            raise
        trial_of(uow, trial_id)


def _files(reading: UnitOfWorkFactory, trial_id: str, works: ReportWorks) -> Iterator[ReportFile]:
    with reading() as uow:
        log = b"".join(export_audit(uow.audit, works.signer))
        version = works.press.software_version
        document = settled(evaluate_trial(uow, trial_id, software_version=version))
    yield ReportFile(LOG, log)
    yield from works.press.print_report(document)
