"""A hash of passwords that takes no time, and counts how often it was asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class FakeHasher:
    """The ``PasswordHasher`` port: a password backwards is its hash.

    Attributes:
        n_hashed: How many passwords were hashed.
        n_compared: How many were compared.
    """

    n_hashed: int = 0
    n_compared: int = 0

    def hash(self, password: str) -> str:
        """Return the password backwards.

        Args:
            password: Any text.
        """
        self.n_hashed += 1
        return f"fake:{password[::-1]}"

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether it is the password that was hashed.

        Args:
            password: Any text.
            password_hash: What was kept, or None.
        """
        self.n_compared += 1
        return password_hash == f"fake:{password[::-1]}"
