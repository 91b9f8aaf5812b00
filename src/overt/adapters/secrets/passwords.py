"""Passwords under Argon2id: slow on purpose, and a few at a time."""

from __future__ import annotations

import secrets
import threading
import unicodedata

from pwdlib.hashers import argon2

_AT_ONCE = 2  # each takes 64 MiB; who sends many passwords at once must not take it all


class Argon2Hasher:
    """The ``PasswordHasher`` port."""

    def __init__(self) -> None:
        """Make the hash with which an account without a password is compared."""
        self._argon2 = argon2.Argon2Hasher()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._nobodys = self.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """Return salt, parameters and hash in one line.

        Args:
            password: Any text.
        """
        with self._turns:
            return self._argon2.hash(_bytes_of(password))

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether a password is the one that was hashed.

        Args:
            password: Any text.
            password_hash: What was kept; None fits nothing and takes as long. What is no hash
                fits nothing either.
        """
        with self._turns:
            fits = self._argon2.verify(_bytes_of(password), password_hash or self._nobodys)
        return fits and password_hash is not None


def _bytes_of(password: str) -> bytes:
    """Return the same bytes for a text whichever keyboard typed its accents (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
