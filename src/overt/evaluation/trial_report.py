"""The report of a trial as plain values: everything in it follows from the audit log (R-71)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.errors import FiguresDifferError
from overt.evaluation.trial_document import Sources
from overt.evaluation.trial_drawings import utc
from overt.evaluation.trial_figures import trial_figures
from overt.evaluation.trial_findings import deviations_of, findings_of
from overt.evaluation.trial_log import ALL
from overt.evaluation.trial_numbers import NumberBook
from overt.evaluation.trial_queries import QUERIES
from overt.evaluation.trial_sections import sections_of
from overt.evaluation.trial_summary import summary_of
from overt.evaluation.trial_words import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from overt.core.audit import AuditEvent
    from overt.core.canonical_json import JsonValue
    from overt.evaluation.trial_document import Document
    from overt.evaluation.trial_log import TrialLog

FORMAT = "overt trial report 1"


@dataclass(frozen=True, slots=True)
class ReportMade:
    """What a report needs beside the log, and the log can vouch for.

    Attributes:
        software_version: That made it.
        statements: Text of each statement that was filed and not withdrawn, by identifier. The
            log holds the digest of each.
    """

    software_version: str
    statements: Mapping[str, str] = field(default_factory=dict)


def trial_report(log: TrialLog, made: ReportMade) -> Document:
    """Return the report of a trial; the same log gives the same report.

    Args:
        log: Of the trial.
        made: Version and statements.

    Raises:
        FiguresDifferError: A statement is missing, or is not the one whose digest is logged; or
            the equality tables are written otherwise.
        AlertWrongStepError: Decisions in the log are out of order.
        SamePersonError: One person decided two steps that two must decide.
        EvaluationDataInvalidError: An event is not written as expected.
    """
    trial = log.trial
    figures = trial_figures(log)
    sources = Sources(figures, NumberBook(trial.plan.seed))
    findings = findings_of(trial, sources)
    summary = summary_of(trial, sources, findings)
    deviations = deviations_of(trial, sources)
    sections = sections_of(sources, trial.plan.equality_margin)
    return {
        "format": FORMAT,
        "trial": _trial(log),
        "log": {"size": log.size, "root": base64.b64encode(log.root).decode()},
        "software_version": made.software_version,
        "made_at": utc(log.last_at),
        "plan": trial.plan.document(),
        "summary": summary,
        "findings": [each.document() for each in findings],
        "deviations": deviations,
        "sections": sections,
        "numbers": dict(sorted(sources.book.entries.items())),
        "statements": _statements(log, made),
        "definitions": [{"term": term, "text": text} for term, text in DEFINITIONS],
        "queries": [
            {"name": name, "text": query.definition, "events": [k.value for k in query.kinds]}
            for name, query in sorted(QUERIES.items())
        ],
    }


def _trial(log: TrialLog) -> Document:
    trial = log.trial
    return {
        "trial_id": trial.trial_id,
        "title": trial.plan.title,
        "deployment_kind": trial.deployment_kind.value,
        "registered_at": utc(trial.registered_at),
        "plan_sha256": trial.plan.sha256(),
        "is_ended": trial.is_ended,
        "ended_at": utc(trial.ended_at) if trial.ended_at else None,
        "end_reason": trial.reason,
        "n_planned": trial.plan.n_deployments,
        "n_deployments": len(trial.deployment_ids),
    }


def _statements(log: TrialLog, made: ReportMade) -> list[JsonValue]:
    kinds = EventKind.STATEMENT_FILED, EventKind.STATEMENT_WITHDRAWN
    standing: dict[str, AuditEvent] = {}
    for event in log.of(ALL, *kinds):
        statement_id = str(event.details["statement_id"])
        if event.kind == EventKind.STATEMENT_FILED:
            standing[statement_id] = event
        else:
            standing.pop(statement_id, None)
    return [_statement(statement_id, event, made) for statement_id, event in standing.items()]


def _statement(statement_id: str, filed: AuditEvent, made: ReportMade) -> Document:
    text, digest = made.statements.get(statement_id), filed.details["statement_sha256"]
    if text is None or hashlib.sha256(text.encode()).hexdigest() != digest:
        msg = f"statement {statement_id} is not the one that was filed by the log"
        raise FiguresDifferError(msg, statement_id=statement_id)
    return {
        "deployment_id": filed.deployment_id,
        "statement_id": statement_id,
        "filed_at": utc(filed.occurred_at),
        "sha256": digest,
        "text": text,
    }
