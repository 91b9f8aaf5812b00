"""Rows about observers: whom somebody invited, and what they ask and are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from overt.core.invitation import Invitation
    from overt.core.thread import Message


class Invitations(Protocol):
    """Who may observe which deployment; they stay."""

    def add(self, invitation: Invitation) -> None:
        """Add a new one; RecordConflictError where identifier or link is taken.

        Args:
            invitation: As made, for an account that is there.
        """
        ...

    def get(self, invitation_id: str) -> Invitation:
        """Return one; RecordNotFoundError where there is none.

        Args:
            invitation_id: Which.
        """
        ...

    def find(self, link_sha256: str) -> Invitation | None:
        """Return the invitation of a link, or None where there is none.

        Args:
            link_sha256: Digest of the token.
        """
        ...

    def save(self, invitation: Invitation) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            invitation: As read and then used or taken back.
        """
        ...

    def of_deployment(self, deployment_id: str) -> tuple[Invitation, ...]:
        """Return the invitations to a deployment, oldest first.

        Args:
            deployment_id: Which.
        """
        ...

    def of_actor(self, actor_id: str) -> tuple[Invitation, ...]:
        """Return the invitations of an account, oldest first.

        Args:
            actor_id: Whose.
        """
        ...


class Messages(Protocol):
    """Questions of observers and answers of the force; they stay."""

    def add(self, message: Message) -> None:
        """Add a new one; RecordConflictError where the identifier is taken.

        Args:
            message: As written.
        """
        ...

    def get(self, message_id: str) -> Message:
        """Return one; RecordNotFoundError where there is none.

        Args:
            message_id: Which.
        """
        ...

    def save(self, message: Message) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            message: As read and then withdrawn.
        """
        ...

    def of_deployment(self, deployment_id: str) -> tuple[Message, ...]:
        """Return a deployment's messages, oldest first, also those withdrawn.

        Args:
            deployment_id: About which.
        """
        ...
