"""What signing in needs: a slow hash, and rows about passwords, sessions, links, identities.

The rows belong to people in an office, and to no deployment; no purge touches them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.sign_in import Credential, Identity, Session, SignInLink


class PasswordHasher(Protocol):
    """A slow hash of passwords."""

    def hash(self, password: str) -> str:
        """Return what is kept of a password: salt, parameters and hash, one line.

        Args:
            password: As typed, any text.
        """
        ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether a password is the one that was hashed.

        Args:
            password: As typed, any text.
            password_hash: What was kept; None where nothing was: then it takes as long, and
                nothing fits.
        """
        ...


class Credentials(Protocol):
    """How accounts are opened with a password."""

    def get_or_none(self, actor_id: str) -> Credential | None:
        """Return one, or None where the account never had one.

        Args:
            actor_id: Whose.
        """
        ...

    def save(self, credential: Credential) -> None:
        """Add or replace one; RecordConflictError where there is no such account.

        Args:
            credential: As it shall be.
        """
        ...


class Sessions(Protocol):
    """Who is signed in."""

    def add(self, session: Session) -> None:
        """Add a new one; RecordConflictError where the digest is taken, or without its account.

        Args:
            session: As begun.
        """
        ...

    def get_or_none(self, session_id_sha256: str) -> Session | None:
        """Return one, ended or not; None where there is none.

        Args:
            session_id_sha256: Digest of the token.
        """
        ...

    def save(self, session: Session) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            session: As read and then changed.
        """
        ...

    def delete_expired(self, now: datetime) -> int:
        """Delete those whose end has come and return how many.

        Args:
            now: Aware UTC; ``expires_at <= now`` is over.
        """
        ...

    def revoke_of(self, actor_id: str, now: datetime) -> int:
        """End every session of an account that was not ended early, and return how many.

        Args:
            actor_id: Whose.
            now: Aware UTC.
        """
        ...


class SignInLinks(Protocol):
    """Addresses that open an account once."""

    def add(self, link: SignInLink) -> None:
        """Add a new one; RecordConflictError where the digest is taken, or without its account.

        Args:
            link: As made.
        """
        ...

    def get_or_none(self, link_sha256: str) -> SignInLink | None:
        """Return one, used or not; None where there is none.

        Args:
            link_sha256: Digest of the token.
        """
        ...

    def save(self, link: SignInLink) -> None:
        """Replace one; RecordNotFoundError where there is none.

        Args:
            link: As read and then changed.
        """
        ...

    def delete_expired(self, now: datetime) -> int:
        """Delete those that open nothing any more and return how many.

        Args:
            now: Aware UTC; ``expires_at <= now`` is over.
        """
        ...


class Identities(Protocol):
    """Accounts at the force's own sign-in service, tied to accounts here."""

    def find(self, issuer: str, subject: str) -> Identity | None:
        """Return one, or None where it is tied to nobody.

        Args:
            issuer: The service.
            subject: What it calls the person.
        """
        ...

    def add(self, identity: Identity) -> None:
        """Add a new one; RecordConflictError where it is tied already, or without its account.

        Args:
            identity: With issuer and subject.
        """
        ...

    def delete(self, issuer: str, subject: str) -> None:
        """Delete one; nothing happens where there is none.

        Args:
            issuer: The service.
            subject: What it calls the person.
        """
        ...

    def of_actor(self, actor_id: str) -> tuple[Identity, ...]:
        """Return an account's identities, by issuer and subject.

        Args:
            actor_id: Whose.
        """
        ...
