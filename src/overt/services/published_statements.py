"""Observers' statements as a record publishes them: as written, each as its log says (R-64)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from overt.core.audit_events import EventKind
from overt.core.audit_search import AuditSearch
from overt.errors import FiguresDifferError

if TYPE_CHECKING:
    from overt.core.statement import Statement
    from overt.ports.store import UnitOfWork

_READ_AT_ONCE = 1000


def statements_to_publish(uow: UnitOfWork, deployment_id: str) -> list[dict[str, str]]:
    """Return the statements that stand, oldest first, unedited; who filed them is not told.

    Args:
        uow: An open unit of work.
        deployment_id: About which deployment.

    Raises:
        FiguresDifferError: A text is not the one whose digest was logged when it was filed.
    """
    digests = _logged_digests(uow, deployment_id)
    return [
        _published(statement, digests.get(statement.statement_id))
        for statement in uow.statements.of_deployment(deployment_id)
        if statement.withdrawn_at is None
    ]


def _logged_digests(uow: UnitOfWork, deployment_id: str) -> dict[str, str]:
    kinds = frozenset({EventKind.STATEMENT_FILED})
    wanted = AuditSearch(kinds=kinds, deployment_id=deployment_id)
    digests: dict[str, str] = {}
    before: int | None = None
    while found := uow.audit.search(wanted, before=before, limit=_READ_AT_ONCE):
        for logged in found:
            details = logged.event.details
            digests[str(details["statement_id"])] = str(details["statement_sha256"])
        before = found[-1].seq
    return digests


def _published(statement: Statement, logged: str | None) -> dict[str, str]:
    digest = hashlib.sha256(statement.text.encode()).hexdigest()
    if digest != logged:
        msg = f"statement {statement.statement_id} is not the one that was filed by the log"
        raise FiguresDifferError(msg, statement_id=statement.statement_id)
    return {
        "filed_at": statement.filed_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "sha256": digest,
        "text": statement.text,
    }
