"""Who signed in, how, and until when: values that the store keeps (R-36).

A secret is kept as its hash only: a password under a slow one, the token of a session or of a
link, long and random, under SHA-256.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class SignInMethod(StrEnum):
    """What somebody showed to sign in."""

    PASSWORD = "password"  # noqa: S105 - the word, not one
    OIDC = "oidc"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Credential:
    """How an account is opened with a password, and whether it is locked.

    Attributes:
        actor_id: Whose account.
        password_hash: Of a slow hash, with its parameters; None before the first password.
        password_changed_at: When it was set or taken away, aware UTC; None before the first.
        must_change: Whether the next thing to do after signing in is to set another.
        failed_attempts: Failed sign-ins in a row.
        locked_until: Until when no password opens it, aware UTC; None where it is open.
    """

    actor_id: str
    password_hash: str | None = field(default=None, repr=False)
    password_changed_at: datetime | None = None
    must_change: bool = False
    failed_attempts: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """The time between signing in and signing out, in one browser.

    Attributes:
        session_id_sha256: Digest of the token in the cookie, 64 hexadecimal digits.
        actor_id: Who signed in.
        created_at: When, aware UTC.
        last_seen_at: Last request, aware UTC.
        expires_at: When it ends whatever happens, aware UTC.
        csrf_token: What a form must carry, so that no other page can send it.
        authenticated_by: What was shown to sign in.
        revoked_at: When it was ended early, aware UTC; None where it was not.
    """

    session_id_sha256: str
    actor_id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    csrf_token: str = field(repr=False)
    authenticated_by: SignInMethod
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignInLink:
    """An address that opens an account once: for a first password, or at a demonstration.

    Attributes:
        link_sha256: Digest of the token in the address, 64 hexadecimal digits.
        actor_id: Whose account.
        created_at: When it was made, aware UTC.
        expires_at: From when it opens nothing, aware UTC.
        used_at: When it was used, aware UTC; None before.
    """

    link_sha256: str
    actor_id: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """An account at the force's own sign-in service, tied to an account here.

    Attributes:
        issuer: Address of the service, as it states it.
        subject: What it calls the person; the same for ever, and no name.
        actor_id: Whose account here.
    """

    issuer: str
    subject: str
    actor_id: str
