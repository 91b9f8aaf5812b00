"""Sign-ins that have gone to the force's own service and are not back yet: in memory, a few."""

from __future__ import annotations

import hmac
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.adapters.oidc import PendingSignIn

_MOST = 500  # the oldest goes first: whoever fills it delays a sign-in, and keeps nothing


class PendingSignIns:
    """Keeps what was asked until the browser that asked comes back, once."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._pending: dict[str, PendingSignIn] = {}
        self._lock = threading.Lock()

    def keep(self, pending: PendingSignIn) -> str:
        """Keep a sign-in; return what the browser's cookie is to hold.

        Args:
            pending: As the provider began it.
        """
        with self._lock:
            self._pending[pending.state] = pending
            while len(self._pending) > _MOST:
                del self._pending[next(iter(self._pending))]
        return pending.state

    def take(self, cookie: str, state: str) -> PendingSignIn | None:
        """Return the sign-in that a browser began, and forget it; None where there is none.

        Args:
            cookie: What that browser's cookie holds.
            state: What the service sent back.
        """
        if not hmac.compare_digest(cookie.encode(), state.encode()):
            return None
        with self._lock:
            return self._pending.pop(state, None)
