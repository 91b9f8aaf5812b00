"""The store's port in memory: invitations of observers, questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.invitation import Invitation
from overt.core.thread import Message
from overt.errors import RecordConflictError
from overt.testing.store_tables import FakeRows, Tables

if TYPE_CHECKING:
    from collections.abc import Callable


class FakeInvitations(FakeRows[Invitation]):
    """The ``Invitations`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "invitations", "invitation_id")
        self._unit = tables

    def add(self, record: Invitation) -> None:
        """Add a new one.

        Args:
            record: As made.

        Raises:
            TrialError: Identifier or link is taken, or there is no such account.
        """
        self._unit().require_actor(record.actor_id)
        if self.find(record.link_sha256) is not None:
            raise self._unit().refused(RecordConflictError("invitations: the link is taken"))
        super().add(record)

    def find(self, link_sha256: str) -> Invitation | None:
        """Return the invitation of a link, or None where there is none.

        Args:
            link_sha256: Digest of the token.
        """
        return next(iter(self.where("invited_at", link_sha256=link_sha256)), None)

    def of_deployment(self, deployment_id: str) -> tuple[Invitation, ...]:
        """Return the invitations to a deployment, oldest first.

        Args:
            deployment_id: Which.
        """
        return self.where("invited_at", deployment_id=deployment_id)

    def of_actor(self, actor_id: str) -> tuple[Invitation, ...]:
        """Return the invitations of an account, oldest first.

        Args:
            actor_id: Whose.
        """
        return self.where("invited_at", actor_id=actor_id)


class FakeMessages(FakeRows[Message]):
    """The ``Messages`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "messages", "message_id")

    def of_deployment(self, deployment_id: str) -> tuple[Message, ...]:
        """Return a deployment's messages, oldest first, also those withdrawn.

        Args:
            deployment_id: About which.
        """
        return self.where("written_at", deployment_id=deployment_id)
