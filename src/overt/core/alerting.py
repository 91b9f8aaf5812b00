"""From candidates to alerts: an alert is a suggestion, two people decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from overt.core.matching import Candidate, SearchResult
    from overt.core.operating_point import OperatingPoint
    from overt.core.template import Template


@dataclass(frozen=True, slots=True, eq=False)
class Alert:
    """A possible match, for an operator to look at.

    Attributes:
        entry_id: The entry of rank 1.
        candidates: The whole candidate list, best first.
        runner_up_margin: Score minus the second best entry's; None if there is none.
        threshold: The operating point's.
        camera_id: Which camera.
        track_id: Which track of that camera.
        frame_index: Frame at which it was raised.
        captured_at: That frame's time, aware UTC.
        elapsed_s: That frame's media time.
        box_xyxy: (4,) face box in that frame's pixels.
        n_shots: Shots fused into the probe.
        quality: Best shot's quality in [0, 1].
        crop_rgb: (h, w, 3) uint8 picture of the best shot.
        probe: The template that was searched.
        operating_point_digest: Digest of every number that decided.
        gallery_fingerprint: Digest of what was searched.
    """

    entry_id: str
    candidates: tuple[Candidate, ...]
    runner_up_margin: float | None
    threshold: float
    camera_id: str
    track_id: int
    frame_index: int
    captured_at: datetime
    elapsed_s: float
    box_xyxy: NDArray[np.float32]
    n_shots: int
    quality: float
    crop_rgb: NDArray[np.uint8]
    probe: Template
    operating_point_digest: str
    gallery_fingerprint: str

    @property
    def score(self) -> float:
        """Return the score of the entry of rank 1."""
        return self.candidates[0].score


class AlertPolicy:
    """Decides whether a search raises an alert; remembers only what it raised."""

    def __init__(self, point: OperatingPoint) -> None:
        """Start with nothing raised.

        Args:
            point: Shots needed, cool-down.
        """
        self._point = point
        self._raised: set[tuple[str, int, str]] = set()
        self._last_s: dict[tuple[str, str], float] = {}

    def decide(
        self,
        result: SearchResult,
        *,
        camera_id: str,
        track_id: int,
        n_shots: int,
        elapsed_s: float,
    ) -> Candidate | None:
        """Return the candidate to raise an alert for, or None.

        One alert for a track and an entry; within the cool-down, one for a camera
        and an entry; none on fewer shots than the operating point asks for.

        Args:
            result: What the search gave.
            camera_id: Which camera.
            track_id: Which track of that camera.
            n_shots: Shots fused into the probe.
            elapsed_s: Media time of the frame.
        """
        if not result.candidates or n_shots < self._point.shots.min_shots:
            return None
        top = result.candidates[0]
        if (camera_id, track_id, top.entry_id) in self._raised:
            return None
        last_s = self._last_s.get((camera_id, top.entry_id))
        if last_s is not None and elapsed_s - last_s < self._point.cool_down_s:
            return None
        self._raised.add((camera_id, track_id, top.entry_id))
        self._last_s[camera_id, top.entry_id] = elapsed_s
        return top

    def forget_track(self, camera_id: str, track_id: int) -> None:
        """Drop what was remembered of a track that has ended.

        Args:
            camera_id: Which camera.
            track_id: Which track of that camera.
        """
        self._raised = {key for key in self._raised if key[:2] != (camera_id, track_id)}
