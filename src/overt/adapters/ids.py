"""Makes identifiers that sort by time and name nobody, and tokens that nobody can guess."""

from __future__ import annotations

import secrets
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_LENGTH = 26  # 130 bits, of which 128 are used: 48 of time, 80 of chance
_CHANCE_BITS = 80
_TOKEN_BYTES = 32


class TimedIds:
    """The ``Ids`` port: a kind, a dash, milliseconds and chance, as in a ULID.

    Identifiers of one process grow even within a millisecond and when the clock is put back.
    """

    def __init__(self) -> None:
        """Start below every identifier to come."""
        self._lock = threading.Lock()
        self._last = 0

    def new(self, kind: str) -> str:
        """Return an identifier that nothing else has.

        Args:
            kind: A word for what it identifies.
        """
        value = (time.time_ns() // 1_000_000) << _CHANCE_BITS | secrets.randbits(_CHANCE_BITS)
        with self._lock:
            value = max(value, self._last + 1 + secrets.randbits(16))
            self._last = value
        digits = (_ALPHABET[value >> 5 * place & 31] for place in reversed(range(_LENGTH)))
        return f"{kind}-{''.join(digits)}"

    def token(self) -> str:
        """Return a text that nobody can guess: 256 bits of chance in 43 characters."""
        return secrets.token_urlsafe(_TOKEN_BYTES)
