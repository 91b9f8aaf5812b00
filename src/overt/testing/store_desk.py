"""The store's port in memory: drafts of applications, observers' statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.statement import Statement
from overt.testing.store_tables import FakeRows, Tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from overt.core.application_draft import ApplicationDraft


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
