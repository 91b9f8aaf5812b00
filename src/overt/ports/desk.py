"""Rows that people write about a deployment: drafts, statements, what notices are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from overt.core.application_draft import ApplicationDraft
    from overt.core.notice_papers import NoticePapers, ReviewedTranslation
    from overt.core.statement import Statement


class Statements(Protocol):
    """What observers state about deployments; they stay."""

    def add(self, statement: Statement) -> None:
        """Add a new one; RecordConflictError where the identifier is taken.

        Args:
            statement: As filed.
        """
        ...

    def get(self, statement_id: str) -> Statement:
        """Return one; RecordNotFoundError where there is none.

        Args:
            statement_id: Which.
        """
        ...

    def save(self, statement: Statement) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            statement: As read and then withdrawn.
        """
        ...

    def of_deployment(self, deployment_id: str) -> tuple[Statement, ...]:
        """Return a deployment's statements, oldest first, also those withdrawn.

        Args:
            deployment_id: About which.
        """
        ...


class ApplicationDrafts(Protocol):
    """Applications as far as they were written: one a deployment."""

    def get_or_none(self, deployment_id: str) -> ApplicationDraft | None:
        """Return a deployment's draft, or None where it has none.

        Args:
            deployment_id: Whose.
        """
        ...

    def save(self, draft: ApplicationDraft) -> None:
        """Add or replace one; RecordConflictError where there is no such deployment.

        Args:
            draft: As it shall be.
        """
        ...

    def delete(self, deployment_id: str) -> int:
        """Delete a deployment's draft and return how many there were: 1 or 0.

        Its secrets are deleted apart, by their identifiers or with the deployment's.

        Args:
            deployment_id: Whose.
        """
        ...


class Papers(Protocol):
    """What the notices of deployments are made of: one row a deployment, and what was reviewed."""

    def get_or_none(self, deployment_id: str) -> NoticePapers | None:
        """Return what was saved for a deployment, or None.

        Args:
            deployment_id: Whose notices.
        """
        ...

    def latest(self) -> NoticePapers | None:
        """Return what was saved last, for any deployment; None before the first."""
        ...

    def save(self, papers: NoticePapers) -> None:
        """Add or replace one; RecordConflictError where there is no such deployment.

        Args:
            papers: As they shall be.
        """
        ...

    def approve(self, reviewed: ReviewedTranslation) -> None:
        """Add a translation that was approved, or replace an earlier approval of the same text.

        Args:
            reviewed: With the digest of its catalogue.
        """
        ...

    def approved(self) -> tuple[ReviewedTranslation, ...]:
        """Return the translations that were approved, oldest first."""
        ...
