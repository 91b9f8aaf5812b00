"""Tracks: the same face followed from frame to frame of one camera.

Association has two stages, after ByteTrack (Zhang et al., 2022). Detections that
score high meet all live tracks first; tracks left over then meet the detections
that score low, which are mostly real faces half hidden or blurred. Only a high
score starts a track, so a weak false detection never does. Overlaps are those of widened
boxes (Yang et al., 2023): a face moves by much of its own size between two frames.

A new track is *tentative*. It is *confirmed*, and so counts as one face seen,
after ``confirm_hits`` detections. A tentative track ends after
``tentative_misses`` frames in a row without a detection, any track after
``lost_after_s`` seconds without one. Nothing is kept of a track that ended: a
person who comes back is a new track.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from overt.core import kalman
from overt.core.detection import iou_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from overt.core.detection import Detections
    from overt.core.frame import Frame
    from overt.core.operating_point import TrackingLimits


@dataclass(frozen=True, slots=True)
class Track:
    """What is known of one followed face, without any picture of it.

    Attributes:
        track_id: Consecutive integer from 1, unique in its tracker.
        first_seen_s: Media time of the first detection, in seconds.
        last_seen_s: Media time of the last detection, in seconds.
        n_hits: Frames in which it was detected.
        n_misses: Frames since the last detection.
        is_confirmed: Whether it counts as a face seen.
    """

    track_id: int
    first_seen_s: float
    last_seen_s: float
    n_hits: int
    n_misses: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFace:
    """A detection of the present frame and the track it belongs to.

    Attributes:
        track: The track, this detection counted.
        box_xyxy: (4,) float32 pixels, as detected.
        score: Detection score in [0, 1].
        landmarks_xy: (5, 2) float32 pixels, as detected.
        is_newly_confirmed: Whether this detection confirmed the track: true in
            exactly one frame of a confirmed track, so count it as a face seen.
    """

    track: Track
    box_xyxy: NDArray[np.float32]
    score: float
    landmarks_xy: NDArray[np.float32]
    is_newly_confirmed: bool


@dataclass(frozen=True, slots=True)
class TrackUpdate:
    """What one frame changed.

    Attributes:
        seen: Tracks with a detection in this frame, by track id.
        ended: Tracks that ended with this frame, by track id.
    """

    seen: tuple[TrackedFace, ...]
    ended: tuple[Track, ...]


class Tracker:
    """Follows the faces of one camera. The same frames always give the same ids."""

    def __init__(self, limits: TrackingLimits) -> None:
        """Start with no tracks.

        Args:
            limits: Limits of the operating point.
        """
        self._limits = limits
        self._tracks: list[Track] = []  # by track id; row i of the states is item i
        self._states = kalman.start(np.empty((0, 4), np.float32))
        self._now_s = 0.0
        self._next_id = 1

    def update(self, detections: Detections, frame: Frame) -> TrackUpdate:
        """Return the tracks seen in this frame and those that ended with it.

        The order of the detections does not matter.

        Args:
            detections: Faces of the frame, in the camera's pixels; may be empty.
            frame: The frame, for its media time. One that is not later than the
                one before counts as the same instant.
        """
        self._advance(frame.elapsed_s)
        ended = self._keep([not self._is_lost(track) for track in self._tracks])
        faces = detections[_canonical_order(detections)]
        hits = self._associate(faces)
        self._count(hits, faces)
        ended += self._keep([not self._is_given_up(track) for track in self._tracks])
        hits += self._start(faces, hits)
        return TrackUpdate(self._seen(faces, dict(hits)), tuple(sorted(ended, key=_track_id)))

    def finish(self) -> tuple[Track, ...]:
        """End every track, as the source has ended, and return them by track id."""
        return tuple(self._keep([False] * len(self._tracks)))

    def _advance(self, elapsed_s: float) -> None:
        step_s = max(elapsed_s - self._now_s, 0.0)
        self._states = kalman.predict(self._states, step_s)
        self._now_s += step_s

    def _is_lost(self, track: Track) -> bool:
        return self._now_s - track.last_seen_s > self._limits.lost_after_s

    def _is_given_up(self, track: Track) -> bool:
        return not track.is_confirmed and track.n_misses >= self._limits.tentative_misses

    def _keep(self, keep: Sequence[bool]) -> list[Track]:
        ended = [track for track, kept in zip(self._tracks, keep, strict=True) if not kept]
        if ended:
            self._tracks = [track for track, kept in zip(self._tracks, keep, strict=True) if kept]
            self._states = self._states[np.asarray(keep, bool)]
        return ended

    def _associate(self, faces: Detections) -> list[tuple[int, int]]:
        predicted = _widened(kalman.boxes_of(self._states), self._limits.widen)
        overlaps = iou_matrix(predicted, _widened(faces.boxes_xyxy, self._limits.widen))
        is_high = faces.scores >= self._limits.high_score
        tracks = np.arange(len(self._tracks))
        first = _match(overlaps, tracks, np.flatnonzero(is_high), self._limits.match_iou)
        rest = np.setdiff1d(tracks, first[:, 0], assume_unique=True)
        second = _match(overlaps, rest, np.flatnonzero(~is_high), self._limits.rescue_iou)
        pairs = np.concatenate([first, second]).tolist()
        return [(self._tracks[item].track_id, row) for item, row in pairs]

    def _count(self, hits: list[tuple[int, int]], faces: Detections) -> None:
        row_of = dict(hits)
        items = [i for i, track in enumerate(self._tracks) if track.track_id in row_of]
        others = [i for i, track in enumerate(self._tracks) if track.track_id not in row_of]
        rows = [row_of[self._tracks[i].track_id] for i in items]
        self._states[items] = kalman.correct(self._states[items], faces.boxes_xyxy[rows])
        self._states[others] = kalman.hold_size(self._states[others])
        self._tracks = [
            self._hit(track)
            if track.track_id in row_of
            else replace(track, n_misses=track.n_misses + 1)
            for track in self._tracks
        ]

    def _hit(self, track: Track) -> Track:
        n_hits = track.n_hits + 1
        return replace(
            track,
            last_seen_s=self._now_s,
            n_hits=n_hits,
            n_misses=0,
            is_confirmed=n_hits >= self._limits.confirm_hits,
        )

    def _start(self, faces: Detections, hits: list[tuple[int, int]]) -> list[tuple[int, int]]:
        taken = {row for _, row in hits}
        high = np.flatnonzero(faces.scores >= self._limits.high_score).tolist()
        rows = [row for row in high if row not in taken]
        ids = range(self._next_id, self._next_id + len(rows))
        is_confirmed = self._limits.confirm_hits <= 1
        self._tracks += [Track(i, self._now_s, self._now_s, 1, 0, is_confirmed) for i in ids]
        self._states = np.concatenate([self._states, kalman.start(faces.boxes_xyxy[rows])])
        self._next_id += len(rows)
        return list(zip(ids, rows, strict=True))

    def _seen(self, faces: Detections, row_of: dict[int, int]) -> tuple[TrackedFace, ...]:
        hits_needed = max(self._limits.confirm_hits, 1)
        seen = ((track, row_of[track.track_id]) for track in self._tracks if not track.n_misses)
        return tuple(
            TrackedFace(
                track,
                faces.boxes_xyxy[row],
                float(faces.scores[row]),
                faces.landmarks_xy[row],
                is_newly_confirmed=track.n_hits == hits_needed,
            )
            for track, row in seen
        )


def _track_id(track: Track) -> int:
    return track.track_id


def _canonical_order(detections: Detections) -> NDArray[np.intp]:
    """Return an order of the faces that depends on the faces alone."""
    return np.lexsort((detections.scores, *detections.boxes_xyxy.T[::-1]))


def _widened(boxes_xyxy: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    margins = (boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]) * np.float32(share)
    return np.hstack([boxes_xyxy[:, :2] - margins, boxes_xyxy[:, 2:] + margins])


def _match(
    overlaps: NDArray[np.float32],
    tracks: NDArray[np.intp],
    rows: NDArray[np.intp],
    min_iou: float,
) -> NDArray[np.intp]:
    """Return the (k, 2) pairs (track, row) of the largest total overlap, none below the limit."""
    if not (len(tracks) and len(rows)):
        return np.empty((0, 2), np.intp)
    part = overlaps[np.ix_(tracks, rows)]
    allowed = (part >= min_iou) & (part > 0)
    chosen, columns = linear_sum_assignment(np.where(allowed, part, 0), maximize=True)
    good = allowed[chosen, columns]
    return np.column_stack([tracks[chosen[good]], rows[columns[good]]])
