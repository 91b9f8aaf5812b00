"""Evaluate a trial from its audit log: of the store, or of an exported file (R-71)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.audit import parse_line
from overt.evaluation.trial_log import trial_log
from overt.evaluation.trial_report import ReportMade, trial_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.audit import LoggedEvent
    from overt.evaluation.trial_document import Document
    from overt.evaluation.trial_log import TrialLog
    from overt.ports.audit import AuditLog, ExportedLog
    from overt.ports.store import UnitOfWork

_READ_AT_ONCE = 1000


def evaluate_trial(uow: UnitOfWork, trial_id: str, *, software_version: str) -> Document:
    """Return the report of a trial as plain values, with the statements that observers filed.

    Args:
        uow: An open unit of work.
        trial_id: Which trial.
        software_version: That makes the report.

    Raises:
        RecordNotFoundError: There is no such trial.
        FiguresDifferError: The log does not vouch for a statement, or contradicts itself.
        AuditChainBrokenError: The log has a gap.
    """
    log = stored_trial(uow, trial_id)
    texts = {
        statement.statement_id: statement.text
        for deployment_id in log.trial.deployment_ids
        for statement in uow.statements.of_deployment(deployment_id)
    }
    return trial_report(log, ReportMade(software_version, texts))


def stored_trial(uow: UnitOfWork, trial_id: str) -> TrialLog:
    """Return what the stored log holds of a trial.

    Args:
        uow: An open unit of work.
        trial_id: Which trial.

    Raises:
        RecordNotFoundError: There is no such trial.
        AuditChainBrokenError: The log has a gap.
    """
    return trial_log(_stored(uow.audit), trial_id)


def exported_trial(log: ExportedLog, trial_id: str) -> TrialLog:
    """Return what an exported log holds of a trial; its checkpoint is for ``verify_export``.

    Args:
        log: The exported file.
        trial_id: Which trial.

    Raises:
        RecordNotFoundError: There is no such trial.
        AuditChainBrokenError: A line is none, or the log has a gap.
    """
    lines = enumerate(log.lines())
    return trial_log((parse_line(line, seq) for seq, line in lines), trial_id)


def _stored(log: AuditLog) -> Iterator[LoggedEvent]:
    next_seq = 0
    while events := log.read(next_seq, _READ_AT_ONCE):
        next_seq = events[-1].seq + 1
        yield from events
