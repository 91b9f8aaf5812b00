"""Passwords, sessions, links, accounts elsewhere: what opens an account, and who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from overt.adapters.store import schema
from overt.adapters.store.keyed_rows import KeyedRows
from overt.adapters.store.rows import RowsOf
from overt.core.sign_in import Credential, Identity, Session, SignInLink

if TYPE_CHECKING:
    from datetime import datetime

    from overt.adapters.store.transaction import Transaction

_CREDENTIALS = RowsOf(Credential, schema.credentials)
_SESSIONS = RowsOf(Session, schema.sessions)
_LINKS = RowsOf(SignInLink, schema.sign_in_links)
_IDENTITIES = RowsOf(Identity, schema.identities)


class SqlCredentials:
    """The ``Credentials`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._rows = KeyedRows(transaction, _CREDENTIALS)

    def get_or_none(self, actor_id: str) -> Credential | None:
        """Return one, or None where the account never had one.

        Args:
            actor_id: Whose.
        """
        return self._rows.get_or_none(actor_id)

    def save(self, credential: Credential) -> None:
        """Add or replace one.

        Args:
            credential: As it shall be.
        """
        self._rows.put(credential)


class SqlSessions:
    """The ``Sessions`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction
        self._rows = KeyedRows(transaction, _SESSIONS)

    def add(self, session: Session) -> None:
        """Add a new one.

        Args:
            session: As begun.
        """
        self._rows.add([session])

    def get_or_none(self, session_id_sha256: str) -> Session | None:
        """Return one, ended or not; None where there is none.

        Args:
            session_id_sha256: Digest of the token.
        """
        return self._rows.get_or_none(session_id_sha256)

    def save(self, session: Session) -> None:
        """Replace one.

        Args:
            session: As read and then changed.
        """
        self._rows.save(session)

    def delete_expired(self, now: datetime) -> int:
        """Delete those whose end has come and return how many.

        Args:
            now: Aware UTC.
        """
        table = schema.sessions
        return self._transaction.run(delete(table).where(table.c.expires_at <= now))

    def revoke_of(self, actor_id: str, now: datetime) -> int:
        """End every session of an account that was not ended early, and return how many.

        Args:
            actor_id: Whose.
            now: Aware UTC.
        """
        table = schema.sessions
        its = (table.c.actor_id == actor_id) & table.c.revoked_at.is_(None)
        return self._transaction.run(update(table).where(its).values(revoked_at=now))


class SqlSignInLinks:
    """The ``SignInLinks`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction
        self._rows = KeyedRows(transaction, _LINKS)

    def add(self, link: SignInLink) -> None:
        """Add a new one.

        Args:
            link: As made.
        """
        self._rows.add([link])

    def get_or_none(self, link_sha256: str) -> SignInLink | None:
        """Return one, used or not; None where there is none.

        Args:
            link_sha256: Digest of the token.
        """
        return self._rows.get_or_none(link_sha256)

    def save(self, link: SignInLink) -> None:
        """Replace one.

        Args:
            link: As read and then changed.
        """
        self._rows.save(link)

    def delete_expired(self, now: datetime) -> int:
        """Delete those that open nothing any more and return how many.

        Args:
            now: Aware UTC.
        """
        table = schema.sign_in_links
        return self._transaction.run(delete(table).where(table.c.expires_at <= now))


class SqlIdentities:
    """The ``Identities`` port."""

    def __init__(self, transaction: Transaction) -> None:
        """Use a transaction.

        Args:
            transaction: Of the unit of work.
        """
        self._transaction = transaction

    def find(self, issuer: str, subject: str) -> Identity | None:
        """Return one, or None where it is tied to nobody.

        Args:
            issuer: The service.
            subject: What it calls the person.
        """
        table = schema.identities
        is_it = (table.c.issuer == issuer) & (table.c.subject == subject)
        row = self._transaction.row(select(*_IDENTITIES.columns).where(is_it))
        return None if row is None else _IDENTITIES.record(row)

    def add(self, identity: Identity) -> None:
        """Add a new one.

        Args:
            identity: With issuer and subject.
        """
        self._transaction.run(insert(schema.identities), _IDENTITIES.row(identity))

    def delete(self, issuer: str, subject: str) -> None:
        """Delete one; nothing happens where there is none.

        Args:
            issuer: The service.
            subject: What it calls the person.
        """
        table = schema.identities
        is_it = (table.c.issuer == issuer) & (table.c.subject == subject)
        self._transaction.run(delete(table).where(is_it))

    def of_actor(self, actor_id: str) -> tuple[Identity, ...]:
        """Return an account's identities, by issuer and subject.

        Args:
            actor_id: Whose.
        """
        table = schema.identities
        query = select(*_IDENTITIES.columns).where(table.c.actor_id == actor_id)
        rows = self._transaction.rows(query.order_by(table.c.issuer, table.c.subject))
        return tuple(_IDENTITIES.record(row) for row in rows)
