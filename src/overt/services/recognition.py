"""The way of a face: from frames to alerts.

Stages in order: zone of recognition, detect, track, quality gate, best shots,
embed, fuse, search, alert, erase. Nothing of a face without an alert outlives
its track (R-30), and every template made is counted until it is gone (R-31).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.alerting import Alert, AlertPolicy
from overt.core.analysis import AnalysedFrame
from overt.core.detection import centres_xy
from overt.core.erasure import TemplateLedger
from overt.core.matching import search
from overt.core.template import Template, TemplateRole
from overt.core.tracking import Tracker
from overt.core.zone import whole_frame
from overt.errors import TemplateMismatchError
from overt.services.recognition_counts import RecognitionCounts
from overt.services.shot_taking import Lane, ShotTaker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from overt.core.detection import Detections
    from overt.core.frame import Frame
    from overt.core.gallery import Gallery
    from overt.core.matching import SearchResult
    from overt.core.operating_point import OperatingPoint
    from overt.core.tracking import Track, TrackedFace
    from overt.core.zone import Zone
    from overt.ports import FaceModels
    from overt.services.shot_taking import Candidature


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

        Raises:
            TemplateMismatchError: The gallery comes from another pack.
        """
        _check_pack(gallery, models)
        self._models = models
        self._gallery = gallery
        self._point = point
        self._point_digest = point.digest()
        self._policy = AlertPolicy(point)
        self._shots = ShotTaker(models, point)
        self._zones = dict(zones or {})
        self._lanes: dict[str, Lane] = {}

    @property
    def counts(self) -> RecognitionCounts:
        """Return what was seen, searched and refused so far, over all cameras."""
        return sum((lane.counts for lane in self._lanes.values()), RecognitionCounts())

    @property
    def templates(self) -> TemplateLedger:
        """Return what was made and erased so far, over all cameras."""
        return sum((lane.templates for lane in self._lanes.values()), TemplateLedger())

    def of_camera(self, camera_id: str) -> tuple[RecognitionCounts, TemplateLedger]:
        """Return the same of one camera, as it goes on being counted.

        Args:
            camera_id: Which camera.
        """
        lane = self._lane(camera_id)
        return lane.counts, lane.templates

    def replace_gallery(self, gallery: Gallery) -> None:
        """Search another gallery from now on: an entry that is not in it raises no alert.

        Args:
            gallery: Templates of the same pack.

        Raises:
            TemplateMismatchError: It comes from another pack.
        """
        _check_pack(gallery, self._models)
        self._gallery = gallery

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
            chosen = [c for f in instant for c in self._choose(f, seen[f.camera_id])]
            self._shots.embed(chosen)
            ready = [candidature for candidature in chosen if candidature.shots.is_ready]
            alerts = self._search(ready)
            self._end(ended)
            for frame in instant:
                own = tuple(a for a in alerts if a.camera_id == frame.camera_id)
                searched = _searched(ready, frame)
                yield AnalysedFrame(frame, found[id(frame)], seen[frame.camera_id], own, searched)

    def finish(self) -> None:
        """End every track and verify that no template is left.

        Raises:
            ErasureMismatchError: A template is unaccounted for.
        """
        self.erase()
        self.templates.verify_settled()

    def erase(self) -> None:
        """End every track and erase its shots, also where a run has failed (R-30)."""
        for camera_id in self._lanes:
            self.end_camera(camera_id)

    def end_camera(self, camera_id: str) -> None:
        """End every track of a camera that is closed, and erase its shots (R-30).

        Args:
            camera_id: Which camera; it may come back.
        """
        lane = self._lane(camera_id)
        self._end([(lane, track) for track in lane.tracker.finish()])

    def take_back(self, alert: Alert) -> None:
        """Erase an alert that could not be recorded: its probe and picture are kept nowhere.

        Args:
            alert: Raised here, told to nobody.
        """
        alert.probe.erase()
        alert.crop_rgb.fill(0)
        templates = self._lane(alert.camera_id).templates
        templates.in_alerts -= 1
        templates.count_erased(1)

    def _detect(self, frames: Sequence[Frame]) -> list[Detections]:
        crops, corners = [], []
        for frame in frames:
            left, top, right, bottom = self._lane(frame.camera_id).zone.bounding_crop(frame.size_wh)
            crops.append(frame.pixels_rgb[top:bottom, left:right])
            corners.append((float(left), float(top)))
        found = self._models.detector.detect(crops, self._point.detection)
        for frame in frames:
            self._lane(frame.camera_id).counts.analysed += 1
        return [faces.moved(1.0, corner) for faces, corner in zip(found, corners, strict=True)]

    def _track(
        self, frames: Sequence[Frame], found: Mapping[int, Detections]
    ) -> tuple[dict[str, tuple[TrackedFace, ...]], list[tuple[Lane, Track]]]:
        seen: dict[str, tuple[TrackedFace, ...]] = {}
        ended: list[tuple[Lane, Track]] = []
        for frame in frames:
            lane = self._lane(frame.camera_id)
            faces = self._inside(found[id(frame)], lane.zone, frame)
            update = lane.tracker.update(faces, frame)
            lane.counts.faces_seen += sum(face.is_newly_confirmed for face in update.seen)
            seen[frame.camera_id] = update.seen
            ended += [(lane, track) for track in update.ended]
        return seen, ended

    def _inside(self, faces: Detections, zone: Zone, frame: Frame) -> Detections:
        """Drop faces outside the zone or below the smallest size, before anything else."""
        sides = faces.boxes_xyxy[:, 2:] - faces.boxes_xyxy[:, :2]
        large = sides.min(axis=1) >= self._point.detection.min_face_px
        return faces[large & zone.contains(centres_xy(faces.boxes_xyxy), frame.size_wh)]

    def _choose(self, frame: Frame, seen: Sequence[TrackedFace]) -> list[Candidature]:
        return self._shots.choose(self._lane(frame.camera_id), frame, seen)

    def _search(self, ready: Sequence[Candidature]) -> list[Alert]:
        probes = [self._probe(candidature) for candidature in ready]
        results = search(
            probes,
            self._gallery,
            threshold=self._point.threshold,
            max_rank=self._point.max_rank,
        )
        alerts = []
        for candidature, probe, result in zip(ready, probes, results, strict=True):
            lane = candidature.lane
            lane.counts.count_search(result)
            alert = self._alert(candidature, probe, result)
            if alert is None:
                probe.erase()
                lane.templates.count_erased(1)
            else:
                lane.templates.count_in_alerts(1)
                alerts.append(alert)
        return alerts

    def _probe(self, candidature: Candidature) -> Template:
        candidature.lane.templates.count_made(1)
        vector = candidature.shots.fused()
        return Template(vector, TemplateRole.PROBE, self._models.embedder.pack_digest)

    def _alert(
        self, candidature: Candidature, probe: Template, result: SearchResult
    ) -> Alert | None:
        frame, face, shots = candidature.frame, candidature.face, candidature.shots
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

    def _end(self, ended: Sequence[tuple[Lane, Track]]) -> None:
        for lane, track in ended:
            shots = lane.shots.pop(track.track_id, None)
            if shots is not None:
                lane.templates.count_erased(shots.erase())
            self._policy.forget_track(lane.camera_id, track.track_id)

    def _lane(self, camera_id: str) -> Lane:
        if camera_id not in self._lanes:
            self._lanes[camera_id] = Lane(
                camera_id,
                self._zones.get(camera_id, whole_frame()),
                Tracker(self._point.tracking),
                {},
                RecognitionCounts(),
                TemplateLedger(),
            )
        return self._lanes[camera_id]


def _searched(ready: Sequence[Candidature], frame: Frame) -> frozenset[int]:
    return frozenset(each.face.track.track_id for each in ready if each.frame is frame)


def _check_pack(gallery: Gallery, models: FaceModels) -> None:
    if gallery.pack_digest != models.embedder.pack_digest:
        msg = "the gallery comes from another model pack than the one that is to run"
        raise TemplateMismatchError(
            msg, expected=models.embedder.pack_digest, found=gallery.pack_digest
        )


def _one_frame_a_camera(frames: Sequence[Frame]) -> Iterator[list[Frame]]:
    instant: list[Frame] = []
    for frame in frames:
        if any(frame.camera_id == other.camera_id for other in instant):
            yield instant
            instant = []
        instant.append(frame)
    if instant:
        yield instant
