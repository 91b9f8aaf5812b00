"""The operating point: every number that decides whether an alert is raised.

It is fixed before a deployment goes live (R-40) and stored with each alert, so
that a replay of the same frames gives the same alerts. Nothing else in the code
holds a threshold, a quality limit or a cool-down.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields

from overt.errors import SettingInvalidError


@dataclass(frozen=True, slots=True)
class DetectionLimits:
    """Limits of the detector.

    Attributes:
        long_side_px: The zone's crop is scaled down to this before detection;
            a smaller crop is not scaled up.
        min_score: Faces below it are not looked at, in [0, 1].
        nms_iou: Overlap at which the weaker of two boxes goes, in (0, 1].
        min_face_px: Shorter side of a face box in the camera's own pixels.
    """

    long_side_px: int = 640
    min_score: float = 0.35
    nms_iou: float = 0.3
    min_face_px: int = 32


@dataclass(frozen=True, slots=True)
class TrackingLimits:
    """Limits of the tracker (two-stage association after ByteTrack).

    Attributes:
        high_score: Detections at or above it are associated first and may start a track.
        widen: Share of its size by which a box is widened on every side before
            overlaps are taken: faces are small beside their steps from frame to frame.
        match_iou: Smallest overlap that joins a detection to a track, first stage.
        rescue_iou: The same for the second stage, with low-scoring detections.
        confirm_hits: Detections before a track counts as a face seen.
        tentative_misses: Frames in a row without a detection that end a track
            which is not yet confirmed, at least 1.
        lost_after_s: Seconds without a detection after which a track ends.
    """

    high_score: float = 0.5
    widen: float = 0.3
    match_iou: float = 0.2
    rescue_iou: float = 0.4
    confirm_hits: int = 3
    tentative_misses: int = 2
    lost_after_s: float = 1.0


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """Limits of the quality gate; each has its own reason code (ISO/IEC 29794-5 names).

    Attributes:
        min_face_px: Shorter side of the face box, in camera pixels.
        min_detection_score: In [0, 1].
        min_sharpness: Variance of the Laplacian of the face at a fixed size, in
            percent of the face's own luma variance (``core.quality`` says why 8).
        max_turn: Horizontal distance of the nose from the eyes' middle over the
            distance of the eyes; 0 is frontal, about 0.5 is a profile.
        min_brightness: Mean luma of the face in [0, 255].
        max_brightness: The same, upper limit.
        min_inside: Share of the box inside the picture, in [0, 1].
    """

    min_face_px: int = 40
    min_detection_score: float = 0.5
    min_sharpness: float = 8.0
    max_turn: float = 0.45
    min_brightness: float = 30.0
    max_brightness: float = 235.0
    min_inside: float = 0.95


@dataclass(frozen=True, slots=True)
class ShotLimits:
    """Which faces of a track become shots, and how often.

    Attributes:
        max_shots: Most embeddings a track may cost (k).
        min_shots: Fewest fused shots before a search (m).
        improve_by: Quality by which a new shot must exceed the best one so far,
            in [0, 1], once ``min_shots`` are there.
        min_gap_s: Seconds between two shots of a track, so that they differ.
        agree_within: A shot that scores more than this below the threshold against
            the track's earlier shots shows somebody else: the track starts afresh.
    """

    max_shots: int = 6
    min_shots: int = 2
    improve_by: float = 0.05
    min_gap_s: float = 0.12
    agree_within: float = 0.04


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Everything that decides whether a face raises an alert.

    Attributes:
        threshold: Alert when ``score >= threshold``; cosine in [-1, 1] (R-50).
        max_rank: Longest candidate list of a search, at least 1.
        cool_down_s: Seconds in which one camera raises one entry once.
        detection: Limits of the detector.
        tracking: Limits of the tracker.
        quality: Limits of the quality gate.
        shots: Limits of best-shot selection.
        photographs: Limits of the quality gate for the watchlist's photographs:
            stricter in size, as they can be replaced (R-15).
    """

    threshold: float
    max_rank: int = 3
    cool_down_s: float = 10.0
    detection: DetectionLimits = field(default_factory=DetectionLimits)
    tracking: TrackingLimits = field(default_factory=TrackingLimits)
    quality: QualityLimits = field(default_factory=QualityLimits)
    shots: ShotLimits = field(default_factory=ShotLimits)
    photographs: QualityLimits = field(
        default_factory=lambda: QualityLimits(min_face_px=50, min_inside=0.75)
    )

    def __post_init__(self) -> None:
        """Refuse numbers that cannot work.

        Raises:
            SettingInvalidError: A number is outside its range.
        """
        for name, value, low, high in (
            ("threshold", self.threshold, -1, 1),
            ("max_rank", self.max_rank, 1, 100),
            ("cool_down_s", self.cool_down_s, 0, 86400),
            ("shots.max_shots", self.shots.max_shots, 1, 100),
            ("shots.min_shots", self.shots.min_shots, 1, self.shots.max_shots),
            ("detection.long_side_px", self.detection.long_side_px, 64, 7680),
            ("detection.min_score", self.detection.min_score, 0, 1),
            ("tracking.confirm_hits", self.tracking.confirm_hits, 1, 100),
            ("tracking.tentative_misses", self.tracking.tentative_misses, 1, 100),
        ):
            if not low <= value <= high:
                msg = f"{name} must lie in [{low}, {high}], found {value}"
                raise SettingInvalidError(msg, setting=name)

    def digest(self) -> str:
        """Return the SHA-256 of all numbers, as stored with each alert."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def operating_point_names() -> tuple[str, ...]:
    """Return the dotted name of every number, for help texts and documentation."""
    nested = {
        "detection": DetectionLimits,
        "tracking": TrackingLimits,
        "quality": QualityLimits,
        "shots": ShotLimits,
        "photographs": QualityLimits,
    }
    own = [f.name for f in fields(OperatingPoint) if f.name not in nested]
    inner = [f"{group}.{f.name}" for group, kind in nested.items() for f in fields(kind)]
    return (*own, *inner)
