"""Media time of a live camera, continuous over reconnections and odd timestamps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MAX_DRIFT_S = 1.0
"""How far a camera's timestamps may part from the time of arrival before they are re-anchored."""


class LiveTimeline:
    """Turns a camera's timestamps into seconds since its first frame.

    The timestamps are steadier than arrival over a network, so they count; but they
    start anew with each connection, and some cameras jump when they set their clock.
    Then they are anchored again to the time of arrival. Time never runs backwards.
    """

    def __init__(self) -> None:
        """Start before the first frame."""
        self._first_at: datetime | None = None
        self._offset_s: float | None = None
        self._newest_s = 0.0

    def reconnect(self) -> None:
        """Forget the anchor: the timestamps that follow have a new origin."""
        self._offset_s = None

    def elapsed_s(self, media_s: float | None, arrived_at: datetime) -> float:
        """Return seconds since the first frame, not less than those of the frame before.

        Args:
            media_s: The camera's timestamp; None counts by arrival alone.
            arrived_at: When the frame reached this machine.
        """
        if self._first_at is None:
            self._first_at = arrived_at
        elapsed_s = (arrived_at - self._first_at).total_seconds()
        if media_s is not None:
            if self._offset_s is None or abs(media_s + self._offset_s - elapsed_s) > MAX_DRIFT_S:
                self._offset_s = elapsed_s - media_s
            elapsed_s = media_s + self._offset_s
        self._newest_s = max(self._newest_s, elapsed_s)
        return self._newest_s
