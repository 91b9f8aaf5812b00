"""What a live run keeps of faces without an alert: numbers, minute by minute (R-31)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """Counts that can be added up; nobody is behind them.

    Attributes:
        faces_seen: Confirmed tracks through the zone.
        searches: Probes searched.
        made: Templates that left the embedder.
        erased: Templates overwritten with zeros.
        in_alerts: Templates that an alert keeps.
        frames_analysed: Frames that went through detection.
        frames_failed: Frames that could not be decoded.
    """

    faces_seen: int = 0
    searches: int = 0
    made: int = 0
    erased: int = 0
    in_alerts: int = 0
    frames_analysed: int = 0
    frames_failed: int = 0

    def __add__(self, other: LiveCounts) -> LiveCounts:
        """Return the sum, count by count.

        Args:
            other: What to add.
        """
        return LiveCounts(
            faces_seen=self.faces_seen + other.faces_seen,
            searches=self.searches + other.searches,
            made=self.made + other.made,
            erased=self.erased + other.erased,
            in_alerts=self.in_alerts + other.in_alerts,
            frames_analysed=self.frames_analysed + other.frames_analysed,
            frames_failed=self.frames_failed + other.frames_failed,
        )


@dataclass(frozen=True, slots=True)
class MinuteCounts:
    """The counts of one camera in one minute.

    Attributes:
        deployment_id: Whose run.
        camera_id: Which camera.
        minute: Start of the minute, aware UTC.
        counts: What was counted in it.
    """

    deployment_id: str
    camera_id: str
    minute: datetime
    counts: LiveCounts
