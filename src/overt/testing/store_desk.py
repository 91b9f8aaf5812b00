"""The store's port in memory: drafts, statements, what notices are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.statement import Statement
from overt.testing.store_tables import FakeRows, Tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.core.application_draft import ApplicationDraft
    from overt.core.notice_papers import NoticePapers, ReviewedTranslation


class FakeStatements(FakeRows[Statement]):
    """The ``Statements`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "statements", "statement_id")

    def of_deployment(self, deployment_id: str) -> tuple[Statement, ...]:
        """Return a deployment's statements, oldest first, also those withdrawn.

        Args:
            deployment_id: About which.
        """
        return self.where("filed_at", deployment_id=deployment_id)


class FakeDrafts:
    """The ``ApplicationDrafts`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._rows: FakeRows[ApplicationDraft] = FakeRows(
            tables, "application_drafts", "deployment_id"
        )

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
        self.delete(draft.deployment_id)
        self._rows.add(draft)

    def delete(self, deployment_id: str) -> int:
        """Delete a deployment's draft and return how many there were.

        Args:
            deployment_id: Whose.
        """
        return self._rows.delete_of(deployment_id)


class FakePapers:
    """The ``Papers`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._papers: FakeRows[NoticePapers] = FakeRows(tables, "notice_papers", "deployment_id")
        self._reviewed: FakeRows[ReviewedTranslation] = FakeRows(
            tables, "reviewed_translations", "catalogue_sha256"
        )

    def get_or_none(self, deployment_id: str) -> NoticePapers | None:
        """Return what was saved for a deployment, or None.

        Args:
            deployment_id: Whose notices.
        """
        return self._papers.get_or_none(deployment_id)

    def latest(self) -> NoticePapers | None:
        """Return what was saved last, for any deployment; None before the first."""
        every = self._papers.where("saved_at")
        return every[-1] if every else None

    def save(self, papers: NoticePapers) -> None:
        """Add or replace one.

        Args:
            papers: As they shall be.
        """
        self._papers.delete_of(papers.deployment_id)
        self._papers.add(papers)

    def approve(self, reviewed: ReviewedTranslation) -> None:
        """Add a translation that was approved, or replace an earlier approval of the same text.

        Args:
            reviewed: With the digest of its catalogue.
        """
        if self._reviewed.get_or_none(reviewed.catalogue_sha256) is not None:
            self._reviewed.delete([reviewed.catalogue_sha256])
        self._reviewed.add(reviewed)

    def approved(self) -> tuple[ReviewedTranslation, ...]:
        """Return the translations that were approved, oldest first."""
        return self._reviewed.where("approved_at")
