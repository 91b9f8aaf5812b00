"""The store's port in memory: passwords, sessions, links, accounts elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from overt.core.sign_in import Credential, Identity, Session, SignInLink
from overt.errors import RecordConflictError
from overt.testing.store_tables import FakeRows, Tables, refuse_values

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class FakeCredentials:
    """The ``Credentials`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._tables = tables

    def get_or_none(self, actor_id: str) -> Credential | None:
        """Return one, or None where the account never had one.

        Args:
            actor_id: Whose.
        """
        found: Credential | None = self._tables().table("credentials").get(actor_id)
        return found

    def save(self, credential: Credential) -> None:
        """Add or replace one.

        Args:
            credential: As it shall be.
        """
        tables = self._tables()
        tables.begin_writing()
        tables.require_actor(credential.actor_id)
        refuse_values(tables, credential)
        tables.table("credentials")[credential.actor_id] = credential


class FakeSessions(FakeRows[Session]):
    """The ``Sessions`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "sessions", "session_id_sha256")

    def add(self, record: Session) -> None:
        """Add a new one.

        Args:
            record: As begun.
        """
        self._tables().require_actor(record.actor_id)
        super().add(record)

    def delete_expired(self, now: datetime) -> int:
        """Delete those whose end has come and return how many.

        Args:
            now: Aware UTC.
        """
        over = (s for s in self.where(self._key) if s.expires_at <= now)
        return self.delete([session.session_id_sha256 for session in over])

    def revoke_of(self, actor_id: str, now: datetime) -> int:
        """End every session of an account that was not ended early, and return how many.

        Args:
            actor_id: Whose.
            now: Aware UTC.
        """
        its = [s for s in self.where(self._key, actor_id=actor_id) if s.revoked_at is None]
        for session in its:
            self.save(replace(session, revoked_at=now))
        return len(its)


class FakeLinks(FakeRows[SignInLink]):
    """The ``SignInLinks`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        super().__init__(tables, "sign_in_links", "link_sha256")

    def add(self, record: SignInLink) -> None:
        """Add a new one.

        Args:
            record: As made.
        """
        self._tables().require_actor(record.actor_id)
        super().add(record)

    def delete_expired(self, now: datetime) -> int:
        """Delete those that open nothing any more and return how many.

        Args:
            now: Aware UTC.
        """
        over = (link for link in self.where(self._key) if link.expires_at <= now)
        return self.delete([link.link_sha256 for link in over])


class FakeIdentities:
    """The ``Identities`` port."""

    def __init__(self, tables: Callable[[], Tables]) -> None:
        """Use the unit's copy.

        Args:
            tables: Returns it.
        """
        self._tables = tables

    def find(self, issuer: str, subject: str) -> Identity | None:
        """Return one, or None where it is tied to nobody.

        Args:
            issuer: The service.
            subject: What it calls the person.
        """
        found: Identity | None = self._tables().table("identities").get((issuer, subject))
        return found

    def add(self, identity: Identity) -> None:
        """Add a new one.

        Args:
            identity: With issuer and subject.

        Raises:
            TrialError: It is tied already, or there is no such account.
        """
        tables, key = self._tables(), (identity.issuer, identity.subject)
        tables.begin_writing()
        tables.require_actor(identity.actor_id)
        refuse_values(tables, identity)
        if key in tables.table("identities"):
            raise tables.refused(RecordConflictError("this identity is tied already"))
        tables.table("identities")[key] = identity

    def delete(self, issuer: str, subject: str) -> None:
        """Delete one; nothing happens where there is none.

        Args:
            issuer: The service.
            subject: What it calls the person.
        """
        tables = self._tables()
        tables.begin_writing()
        tables.table("identities").pop((issuer, subject), None)

    def of_actor(self, actor_id: str) -> tuple[Identity, ...]:
        """Return an account's identities, by issuer and subject.

        Args:
            actor_id: Whose.
        """
        found = (i for i in self._tables().table("identities").values() if i.actor_id == actor_id)
        return tuple(sorted(found, key=lambda identity: (identity.issuer, identity.subject)))
