"""Observers: whom somebody invited, what they ask and are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from overt.adapters.store import schema
from overt.adapters.store.keyed_rows import KeyedRows
from overt.adapters.store.rows import RowsOf
from overt.core.invitation import Invitation
from overt.core.thread import Message

if TYPE_CHECKING:
    from overt.adapters.store.transaction import Transaction

_INVITATIONS = RowsOf(Invitation, schema.invitations)
_MESSAGES = RowsOf(Message, schema.messages)


class SqlInvitations:
    """The ``Invitations`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction
        self._rows = KeyedRows(transaction, _INVITATIONS)

    def add(self, invitation: Invitation) -> None:
        """Add a new one.

        Args:
            invitation: As made.
        """
        self._rows.add([invitation])

    def get(self, invitation_id: str) -> Invitation:
        """Return one.

        Args:
            invitation_id: Which.
        """
        return self._rows.get(invitation_id)

    def find(self, link_sha256: str) -> Invitation | None:
        """Return the invitation of a link, or None where there is none.

        Args:
            link_sha256: Digest of the token.
        """
        its = schema.invitations.c.link_sha256 == link_sha256
        row = self._transaction.row(select(*_INVITATIONS.columns).where(its))
        return None if row is None else _INVITATIONS.record(row)

    def save(self, invitation: Invitation) -> None:
        """Replace one.

        Args:
            invitation: As read and then used or taken back.
        """
        self._rows.save(invitation)

    def of_deployment(self, deployment_id: str) -> tuple[Invitation, ...]:
        """Return the invitations to a deployment, oldest first.

        Args:
            deployment_id: Which.
        """
        table = schema.invitations
        return self._rows.where(table.c.deployment_id == deployment_id, by=table.c.invited_at)

    def of_actor(self, actor_id: str) -> tuple[Invitation, ...]:
        """Return the invitations of an account, oldest first.

        Args:
            actor_id: Whose.
        """
        table = schema.invitations
        return self._rows.where(table.c.actor_id == actor_id, by=table.c.invited_at)


class SqlMessages:
    """The ``Messages`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._rows = KeyedRows(transaction, _MESSAGES)

    def add(self, message: Message) -> None:
        """Add a new one.

        Args:
            message: As written.
        """
        self._rows.add([message])

    def get(self, message_id: str) -> Message:
        """Return one.

        Args:
            message_id: Which.
        """
        return self._rows.get(message_id)

    def save(self, message: Message) -> None:
        """Replace one.

        Args:
            message: As read and then withdrawn.
        """
        self._rows.save(message)

    def of_deployment(self, deployment_id: str) -> tuple[Message, ...]:
        """Return a deployment's messages, oldest first, also those withdrawn.

        Args:
            deployment_id: About which.
        """
        table = schema.messages
        return self._rows.where(table.c.deployment_id == deployment_id, by=table.c.written_at)
