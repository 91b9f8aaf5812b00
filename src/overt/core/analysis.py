"""What the stages gave for one frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.core.alerting import Alert
    from overt.core.detection import Detections
    from overt.core.frame import Frame
    from overt.core.tracking import TrackedFace


@dataclass(frozen=True, slots=True, eq=False)
class AnalysedFrame:
    """A frame, the faces in it and the alerts that it raised.

    Attributes:
        frame: The frame.
        found: Every face that the detector reported inside the zone's crop, in
            the frame's pixels; those outside the polygon as well.
        seen: Faces inside the zone with their tracks.
        alerts: Alerts raised with this frame.
        searched: Ids of the tracks that were searched with this frame, alert or not; kept nowhere.
    """

    frame: Frame
    found: Detections
    seen: tuple[TrackedFace, ...]
    alerts: tuple[Alert, ...]
    searched: frozenset[int] = frozenset()
