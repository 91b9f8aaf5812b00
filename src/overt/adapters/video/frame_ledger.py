"""Which pictures a clip's packets promised, and which of them never came.

A decoder that meets damage may raise, hold back a picture, or raise one packet
later than the damaged one. Counting exceptions would therefore miscount; the
timestamps do not lie: a packet's picture leaves the decoder with the packet's
timestamp, in the order of presentation.
"""

from __future__ import annotations

import heapq


class FrameLedger:
    """Timestamps of the packets that went into a decoder and are not yet settled."""

    def __init__(self) -> None:
        """Start with nothing promised."""
        self._open_pts: list[int] = []

    def promise(self, pts: int) -> None:
        """Write down that a packet should become a picture.

        Args:
            pts: The packet's presentation timestamp, in the stream's time base.
        """
        heapq.heappush(self._open_pts, pts)

    def settle(self, pts: int) -> int:
        """Strike out the picture that came and return how many before it never will.

        Args:
            pts: Its presentation timestamp.
        """
        n_lost = 0
        while self._open_pts and self._open_pts[0] < pts:
            heapq.heappop(self._open_pts)
            n_lost += 1
        if self._open_pts and self._open_pts[0] == pts:
            heapq.heappop(self._open_pts)
        return n_lost

    def close(self) -> int:
        """Return how many promised pictures never came, now that the decoder is empty."""
        n_lost = len(self._open_pts)
        self._open_pts.clear()
        return n_lost
