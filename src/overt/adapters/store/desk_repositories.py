"""What people write about a deployment: drafts, statements, what its notices are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, true

from overt.adapters.store import schema
from overt.adapters.store.keyed_rows import KeyedRows
from overt.adapters.store.rows import RowsOf
from overt.core.application_draft import ApplicationDraft
from overt.core.notice_papers import NoticePapers, ReviewedTranslation
from overt.core.statement import Statement

if TYPE_CHECKING:
    from overt.adapters.store.transaction import Transaction

_STATEMENTS = RowsOf(Statement, schema.statements)
_DRAFTS = RowsOf(ApplicationDraft, schema.application_drafts)
_PAPERS = RowsOf(NoticePapers, schema.notice_papers)
_REVIEWED = RowsOf(ReviewedTranslation, schema.reviewed_translations)


class SqlStatements:
    """The ``Statements`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._rows = KeyedRows(transaction, _STATEMENTS)

    def add(self, statement: Statement) -> None:
        """Add a new one.

        Args:
            statement: As filed.
        """
        self._rows.add([statement])

    def get(self, statement_id: str) -> Statement:
        """Return one.

        Args:
            statement_id: Which.
        """
        return self._rows.get(statement_id)

    def save(self, statement: Statement) -> None:
        """Replace one.

        Args:
            statement: As read and then withdrawn.
        """
        self._rows.save(statement)

    def of_deployment(self, deployment_id: str) -> tuple[Statement, ...]:
        """Return a deployment's statements, oldest first, also those withdrawn.

        Args:
            deployment_id: About which.
        """
        table = schema.statements
        return self._rows.where(table.c.deployment_id == deployment_id, by=table.c.filed_at)


class SqlApplicationDrafts:
    """The ``ApplicationDrafts`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._rows = KeyedRows(transaction, _DRAFTS)

    def get_or_none(self, deployment_id: str) -> ApplicationDraft | None:
        """Return a deployment's draft, or None where it has none.

        Args:
            deployment_id: Whose.
        """
        return self._rows.get_or_none(deployment_id)

    def save(self, draft: ApplicationDraft) -> None:
        """Add or replace one.

        Args:
            draft: As it shall be.
        """
        self._rows.put(draft)

    def delete(self, deployment_id: str) -> int:
        """Delete a deployment's draft and return how many there were.

        Args:
            deployment_id: Whose.
        """
        return self._rows.delete_of(deployment_id)


class SqlPapers:
    """The ``Papers`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction
        self._papers = KeyedRows(transaction, _PAPERS)
        self._reviewed = KeyedRows(transaction, _REVIEWED)

    def get_or_none(self, deployment_id: str) -> NoticePapers | None:
        """Return what was saved for a deployment, or None.

        Args:
            deployment_id: Whose notices.
        """
        return self._papers.get_or_none(deployment_id)

    def latest(self) -> NoticePapers | None:
        """Return what was saved last, for any deployment; None before the first."""
        table = schema.notice_papers
        newest = (table.c.saved_at.desc(), table.c.deployment_id.desc())
        row = self._transaction.row(select(*_PAPERS.columns).order_by(*newest).limit(1))
        return None if row is None else _PAPERS.record(row)

    def save(self, papers: NoticePapers) -> None:
        """Add or replace one.

        Args:
            papers: As they shall be.
        """
        self._papers.put(papers)

    def approve(self, reviewed: ReviewedTranslation) -> None:
        """Add a translation that was approved, or replace an earlier approval of the same text.

        Args:
            reviewed: With the digest of its catalogue.
        """
        self._reviewed.put(reviewed)

    def approved(self) -> tuple[ReviewedTranslation, ...]:
        """Return the translations that were approved, oldest first."""
        return self._reviewed.where(true(), by=schema.reviewed_translations.c.approved_at)
