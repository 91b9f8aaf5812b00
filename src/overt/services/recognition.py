"""The way of a face: from frames to alerts.

Stages in order: zone of recognition, detect, track, quality gate, best shots,
embed, fuse, search, alert, erase. Nothing of a face without an alert outlives
its track (R-30), and every template made is counted until it is gone (R-31).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.core.alerting import Alert, AlertPolicy
from overt.core.analysis import AnalysedFrame
from overt.core.best_shot import BestShots, Shot
from overt.core.detection import centres_xy
from overt.core.erasure import TemplateLedger
from overt.core.matching import search
from overt.core.quality import assess, gate
from overt.core.template import Template, TemplateRole
from overt.core.tracking import Tracker
from overt.core.zone import whole_frame
from overt.services.recognition_counts import RecognitionCounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from overt.core.detection import Detections
    from overt.core.frame import Frame
    from overt.core.gallery import Gallery
    from overt.core.matching import SearchResult
    from overt.core.operating_point import OperatingPoint
    from overt.core.tracking import Track, TrackedFace
    from overt.core.zone import Zone
    from overt.ports import FaceModels

# The picture that an operator sees reaches this share of the face box beyond it.
_CROP_MARGIN = 0.35


@dataclass(slots=True, eq=False)
class _Lane:
    """One camera: its zone, its tracker, and the shots of its live tracks."""

    zone: Zone
    tracker: Tracker
    shots: dict[int, BestShots]


@dataclass(slots=True, eq=False)
class _Candidature:
    """A face that is to become a shot, with its chip until that is embedded."""

    lane: _Lane
    face: TrackedFace
    frame: Frame
    quality: float
    chip_rgb: NDArray[np.uint8]


class Recogniser:
    """Turns frames into alerts; holds only what must outlive a frame."""

    def __init__(
        self,
        models: FaceModels,
        gallery: Gallery,
        point: OperatingPoint,
        *,
        zones: Mapping[str, Zone] | None = None,
    ) -> None:
        """Start with no tracks.

        Args:
            models: One model pack.
            gallery: Templates of the same pack.
            point: Every number that decides.
            zones: Zone by camera id; a camera without one is looked at whole.
        """
        self.counts = RecognitionCounts()
        self.templates = TemplateLedger()
        self._models = models
        self._gallery = gallery
        self._point = point
        self._point_digest = point.digest()
        self._policy = AlertPolicy(point)
        self._zones = dict(zones or {})
        self._lanes: dict[str, _Lane] = {}

    def analyse(self, frames: Sequence[Frame]) -> Iterator[AnalysedFrame]:
        """Yield what each frame gave, in the order given.

        Detection runs over all frames at once; the later stages run over one frame
        of each camera at a time, with one batch of chips and one search for all.

        Args:
            frames: Frames of any cameras; those of one camera in order of time.

        Raises:
            ModelRunError: The inference run time failed.
        """
        found = dict(zip(map(id, frames), self._detect(frames), strict=True))
        for instant in _one_frame_a_camera(frames):
            seen, ended = self._track(instant, found)
            shots = self._take_shots(instant, seen)
            alerts = self._search(self._embed(shots))
            self._end(ended)
            for frame in instant:
                own = tuple(a for a in alerts if a.camera_id == frame.camera_id)
                yield AnalysedFrame(frame, found[id(frame)], seen[frame.camera_id], own)

    def finish(self) -> None:
        """End every track and verify that no template is left.

        Raises:
            ErasureMismatchError: A template is unaccounted for.
        """
        for lane in self._lanes.values():
            self._end([(lane, track) for track in lane.tracker.finish()])
        self.templates.verify_settled()

    def _detect(self, frames: Sequence[Frame]) -> list[Detections]:
        crops, corners = [], []
        for frame in frames:
            left, top, right, bottom = self._lane(frame).zone.bounding_crop(frame.size_wh)
            crops.append(frame.pixels_rgb[top:bottom, left:right])
            corners.append((float(left), float(top)))
        found = self._models.detector.detect(crops, self._point.detection)
        self.counts.analysed += len(frames)
        return [faces.moved(1.0, corner) for faces, corner in zip(found, corners, strict=True)]

    def _track(
        self, frames: Sequence[Frame], found: Mapping[int, Detections]
    ) -> tuple[dict[str, tuple[TrackedFace, ...]], list[tuple[_Lane, Track]]]:
        seen: dict[str, tuple[TrackedFace, ...]] = {}
        ended: list[tuple[_Lane, Track]] = []
        for frame in frames:
            lane = self._lane(frame)
            faces = self._inside(found[id(frame)], lane.zone, frame)
            update = lane.tracker.update(faces, frame)
            self.counts.faces_seen += sum(face.is_newly_confirmed for face in update.seen)
            seen[frame.camera_id] = update.seen
            ended += [(lane, track) for track in update.ended]
        return seen, ended

    def _inside(self, faces: Detections, zone: Zone, frame: Frame) -> Detections:
        """Drop faces outside the zone or below the smallest size, before anything else."""
        sides = faces.boxes_xyxy[:, 2:] - faces.boxes_xyxy[:, :2]
        large = sides.min(axis=1) >= self._point.detection.min_face_px
        return faces[large & zone.contains(centres_xy(faces.boxes_xyxy), frame.size_wh)]

    def _take_shots(
        self, frames: Sequence[Frame], seen: Mapping[str, Sequence[TrackedFace]]
    ) -> list[_Candidature]:
        return [
            candidature
            for frame in frames
            for face in seen[frame.camera_id]
            if (candidature := self._candidature(frame, face)) is not None
        ]

    def _candidature(self, frame: Frame, face: TrackedFace) -> _Candidature | None:
        if not face.track.is_confirmed:  # only what counts as a face seen is searched
            return None
        lane = self._lane(frame)
        shots = lane.shots.setdefault(face.track.track_id, BestShots(self._point.shots))
        if not shots.may_want(frame.elapsed_s):
            return None
        crop, corner = _zone_crop(frame, lane.zone)
        box, landmarks = face.box_xyxy - np.tile(corner, 2), face.landmarks_xy - corner
        report = assess(crop, box, landmarks, detection_score=face.score)
        if reasons := gate(report, self._point.quality):
            self.counts.rejected.update(reason.value for reason in reasons)
            return None
        if not shots.wants(report.quality, frame.elapsed_s):
            return None
        chip = self._models.aligner.align(crop, box, landmarks)
        return _Candidature(lane, face, frame, report.quality, chip)

    def _embed(self, candidatures: Sequence[_Candidature]) -> Sequence[_Candidature]:
        if not candidatures:
            return candidatures
        chips = np.stack([candidature.chip_rgb for candidature in candidatures])
        vectors = self._models.embedder.embed(chips)
        self.templates.count_made(len(vectors))
        chips.fill(0)
        for candidature, vector in zip(candidatures, vectors, strict=True):
            candidature.chip_rgb.fill(0)
            crop = _picture_of(candidature.face.box_xyxy, candidature.frame)
            shot = Shot(crop, vector, candidature.quality, candidature.frame.elapsed_s)
            candidature.lane.shots[candidature.face.track.track_id].add(shot)
        return candidatures

    def _search(self, candidatures: Sequence[_Candidature]) -> list[Alert]:
        ready = [c for c in candidatures if c.lane.shots[c.face.track.track_id].is_ready]
        probes = [self._probe(c.lane.shots[c.face.track.track_id]) for c in ready]
        results = search(
            probes,
            self._gallery,
            threshold=self._point.threshold,
            max_rank=self._point.max_rank,
        )
        alerts = []
        for candidature, probe, result in zip(ready, probes, results, strict=True):
            self.counts.count_search(result)
            alert = self._alert(candidature, probe, result)
            if alert is None:
                probe.erase()
                self.templates.count_erased(1)
            else:
                self.templates.count_in_alerts(1)
                alerts.append(alert)
        return alerts

    def _probe(self, shots: BestShots) -> Template:
        self.templates.count_made(1)
        return Template(shots.fused(), TemplateRole.PROBE, self._models.embedder.pack_digest)

    def _alert(
        self, candidature: _Candidature, probe: Template, result: SearchResult
    ) -> Alert | None:
        frame, face = candidature.frame, candidature.face
        shots = candidature.lane.shots[face.track.track_id]
        raised = self._policy.decide(
            result,
            camera_id=frame.camera_id,
            track_id=face.track.track_id,
            n_shots=len(shots.shots),
            elapsed_s=frame.elapsed_s,
        )
        if raised is None:
            return None
        best = shots.best()
        return Alert(
            entry_id=raised.entry_id,
            candidates=result.candidates,
            runner_up_margin=result.runner_up_margin,
            threshold=self._point.threshold,
            camera_id=frame.camera_id,
            track_id=face.track.track_id,
            frame_index=frame.index,
            captured_at=frame.captured_at,
            elapsed_s=frame.elapsed_s,
            box_xyxy=face.box_xyxy,
            n_shots=len(shots.shots),
            quality=best.quality,
            crop_rgb=best.picture_rgb.copy(),
            probe=probe,
            operating_point_digest=self._point_digest,
            gallery_fingerprint=self._gallery.fingerprint,
        )

    def _end(self, ended: Sequence[tuple[_Lane, Track]]) -> None:
        for lane, track in ended:
            shots = lane.shots.pop(track.track_id, None)
            if shots is not None:
                self.templates.count_erased(shots.erase())

    def _lane(self, frame: Frame) -> _Lane:
        if frame.camera_id not in self._lanes:
            zone = self._zones.get(frame.camera_id, whole_frame())
            self._lanes[frame.camera_id] = _Lane(zone, Tracker(self._point.tracking), {})
        return self._lanes[frame.camera_id]


def _one_frame_a_camera(frames: Sequence[Frame]) -> Iterator[list[Frame]]:
    instant: list[Frame] = []
    for frame in frames:
        if any(frame.camera_id == other.camera_id for other in instant):
            yield instant
            instant = []
        instant.append(frame)
    if instant:
        yield instant


def _zone_crop(frame: Frame, zone: Zone) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    left, top, right, bottom = zone.bounding_crop(frame.size_wh)
    crop = np.ascontiguousarray(frame.pixels_rgb[top:bottom, left:right])
    return crop, np.array([left, top], np.float32)


def _picture_of(box_xyxy: NDArray[np.float32], frame: Frame) -> NDArray[np.uint8]:
    margin = (box_xyxy[2:] - box_xyxy[:2]) * _CROP_MARGIN
    width, height = frame.size_wh
    left, top = np.clip(box_xyxy[:2] - margin, 0, None).astype(int)
    right, bottom = np.clip(box_xyxy[2:] + margin, None, (width, height)).astype(int)
    return frame.pixels_rgb[top:bottom, left:right].copy()
