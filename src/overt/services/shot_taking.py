"""Which faces become shots, and the shots made of them: quality gate, best shots, embed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from overt.core.best_shot import BestShots, Shot
from overt.core.quality import assess, gate, gate_geometry, measure_geometry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from overt.core.erasure import TemplateLedger
    from overt.core.frame import Frame
    from overt.core.operating_point import OperatingPoint
    from overt.core.quality import QualityReason
    from overt.core.tracking import TrackedFace, Tracker
    from overt.core.zone import Zone
    from overt.ports import FaceModels
    from overt.services.recognition_counts import RecognitionCounts

# The picture that an operator sees reaches this share of the face box beyond it.
CROP_MARGIN = 0.35


@dataclass(slots=True, eq=False)
class Lane:
    """One camera: its zone, its tracker, and the shots of its live tracks.

    Attributes:
        camera_id: Which camera.
        zone: Its zone of recognition.
        tracker: Follows its faces.
        shots: Shots of each confirmed track that has not ended, by track id.
        counts: What was seen, searched and refused here.
        templates: What was made and erased of this camera's faces.
    """

    camera_id: str
    zone: Zone
    tracker: Tracker
    shots: dict[int, BestShots]
    counts: RecognitionCounts
    templates: TemplateLedger


@dataclass(slots=True, eq=False)
class Candidature:
    """A face that becomes a shot, with its chip until that is embedded.

    Attributes:
        lane: Its camera.
        face: The face and its track.
        frame: Where it was found.
        shots: Shots of its track.
        quality: In [0, 1].
        chip_rgb: (side, side, 3) uint8 aligned chip; zeros once embedded.
    """

    lane: Lane
    face: TrackedFace
    frame: Frame
    shots: BestShots
    quality: float
    chip_rgb: NDArray[np.uint8]


class ShotTaker:
    """Chooses and embeds; holds no face between two calls."""

    def __init__(self, models: FaceModels, point: OperatingPoint) -> None:
        """Keep what every call needs.

        Args:
            models: One model pack.
            point: Limits of quality and of shots.
        """
        self._models = models
        self._point = point
        self._least_agreement = point.threshold - point.shots.agree_within

    def choose(self, lane: Lane, frame: Frame, seen: Sequence[TrackedFace]) -> list[Candidature]:
        """Return the faces of a frame that are worth an embedding.

        Args:
            lane: The frame's camera.
            frame: The frame.
            seen: Its faces inside the zone.
        """
        chosen = (self._candidature(lane, frame, face) for face in seen)
        return [candidature for candidature in chosen if candidature is not None]

    def embed(self, chosen: Sequence[Candidature]) -> None:
        """Add a shot to each track that was chosen, in one run of the network; erase the chips.

        Args:
            chosen: Faces of any cameras; may be empty.

        Raises:
            ModelRunError: The inference run time failed.
        """
        if not chosen:
            return
        chips = np.stack([candidature.chip_rgb for candidature in chosen])
        vectors = self._models.embedder.embed(chips)
        chips.fill(0)
        for candidature, vector in zip(chosen, vectors, strict=True):
            candidature.chip_rgb.fill(0)
            templates = candidature.lane.templates
            templates.count_made(1)
            if candidature.shots.disagrees(vector, least=self._least_agreement):
                templates.count_erased(candidature.shots.start_afresh())
            frame = candidature.frame
            picture = _picture_of(candidature.face.box_xyxy, frame)
            candidature.shots.add(Shot(picture, vector, candidature.quality, frame.elapsed_s))

    def _candidature(self, lane: Lane, frame: Frame, face: TrackedFace) -> Candidature | None:
        if not face.track.is_confirmed:  # only what counts as a face seen is searched
            return None
        shots = lane.shots.setdefault(face.track.track_id, BestShots(self._point.shots))
        if not shots.may_want(frame.elapsed_s):
            return None
        crop, corner = _zone_crop(frame, lane.zone)
        local = replace(
            face,
            box_xyxy=face.box_xyxy - np.tile(corner, 2),
            landmarks_xy=face.landmarks_xy - corner,
        )
        measured = self._quality(crop, local, shots, frame.elapsed_s)
        if not isinstance(measured, float):
            lane.counts.rejected.update(reason.value for reason in measured)
            return None
        chip = self._models.aligner.align(crop, local.box_xyxy, local.landmarks_xy)
        return Candidature(lane, face, frame, shots, measured, chip)

    def _quality(
        self, crop: NDArray[np.uint8], face: TrackedFace, shots: BestShots, elapsed_s: float
    ) -> float | tuple[QualityReason, ...]:
        """Return the quality of a face that passes the gate and is wanted, else why it does not.

        Geometry goes first: where it refuses, or where no sharpness could make the
        face good enough, its pixels are not looked at.
        """
        size_wh = crop.shape[1], crop.shape[0]
        geometry = measure_geometry(
            face.box_xyxy, face.landmarks_xy, detection_score=face.score, size_wh=size_wh
        )
        reasons = gate_geometry(geometry, self._point.quality)
        if not reasons and shots.wants(geometry.best_quality, elapsed_s):
            report = assess(crop, face.box_xyxy, face.landmarks_xy, detection_score=face.score)
            reasons = gate(report, self._point.quality)
            if not reasons and shots.wants(report.quality, elapsed_s):
                return report.quality
        return reasons


def _zone_crop(frame: Frame, zone: Zone) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    left, top, right, bottom = zone.bounding_crop(frame.size_wh)
    crop = np.ascontiguousarray(frame.pixels_rgb[top:bottom, left:right])
    return crop, np.array([left, top], np.float32)


def _picture_of(box_xyxy: NDArray[np.float32], frame: Frame) -> NDArray[np.uint8]:
    margin = (box_xyxy[2:] - box_xyxy[:2]) * CROP_MARGIN
    width, height = frame.size_wh
    left, top = np.clip(box_xyxy[:2] - margin, 0, None).astype(int)
    right, bottom = np.clip(box_xyxy[2:] + margin, None, (width, height)).astype(int)
    return frame.pixels_rgb[top:bottom, left:right].copy()
