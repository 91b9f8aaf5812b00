"""The plan of a generated scene: who walks when, what hides them, what is true.

The plan is complete before the first pixel is drawn, so the ground truth is
what was intended and not what was measured afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.adapters.video.scene_cover import (
    Occluder,
    covered_by_occluder,
    covered_by_person,
    draw_occluder,
    points_in_picture,
    sample_points,
)
from overt.adapters.video.scene_walk import draw_walk
from overt.core.passage import GroundTruth, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from overt.adapters.video.cutout import Cutout
    from overt.adapters.video.scene_settings import SceneSettings
    from overt.adapters.video.scene_walk import Walk

_CLEAR_FACE, _CLEAR_FRAMES = 0.8, 0.5
_IN_PICTURE = 0.5
_GAP_SHARE = (0.2, 0.9)
_DRAWS_A_START = 4


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What makes two passages of one person differ.

    Attributes:
        outfit_seed: Seed of the clothes.
        gain: Brightness, 1 is as photographed.
        shading: Brightness added on the right and taken away on the left, as a share.
        blur_px: Defocus (box radius) in pixels.
    """

    outfit_seed: int
    gain: float
    shading: float
    blur_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Walker:
    """One person on one walk.

    Attributes:
        passage: What is true of it.
        cutout: The head to draw.
        walk: Where it is.
        look: How it looks.
        occluder: What hides the face for a while, or None.
    """

    passage: Passage
    cutout: Cutout
    walk: Walk
    look: Look
    occluder: Occluder | None


@dataclass(frozen=True, slots=True, eq=False)
class ScenePlan:
    """Everybody's walk, by first frame of the passage.

    Attributes:
        walkers: One a passage.
        n_frames: Length of the scene.
    """

    walkers: tuple[Walker, ...]
    n_frames: int

    def ground_truth(self) -> GroundTruth:
        """Return every passage of the scene."""
        return GroundTruth(tuple(walker.passage for walker in self.walkers))


@dataclass(slots=True, eq=False)
class _Draft:
    subject_id: str
    cutout: Cutout
    walk: Walk
    occluder: Occluder | None
    points_xy: NDArray[np.float64]
    truth: slice
    covered: NDArray[np.bool_]

    @property
    def truth_span(self) -> range:
        """Return the frames in which the face is in the picture."""
        first = self.walk.first_frame
        return range(first + self.truth.start, first + self.truth.stop)


def plan_scene(
    cast: Mapping[str, Sequence[Cutout]], settings: SceneSettings, rng: Generator
) -> ScenePlan:
    """Return a scene in which everybody of the cast passes about equally often.

    Nobody is hidden for a whole passage: during at least half of it, others and
    what they carry leave four fifths of the face free; the person's own umbrella
    or pole hides the face in at most a quarter of the frames.

    Args:
        cast: Cutouts by subject; each person's are used in turn.
        settings: How many walk, how fast, how close.
        rng: Source of every draw.
    """
    drafts: list[_Draft] = []
    start = 0.0
    pause_s = sum(settings.walk_s) / 2 / settings.max_at_once
    for subject_id, cutout in _turns(cast, settings.n_passages, rng):
        earliest = max(int(start), _return_frame(settings, subject_id, drafts))
        draft = _fit(settings, (subject_id, cutout), drafts, earliest, rng)
        drafts.append(draft)
        start = draft.walk.first_frame + settings.fps * pause_s * rng.uniform(*_GAP_SHARE)
    drafts.sort(key=lambda draft: (draft.truth_span.start, draft.walk.first_frame))
    looks = [_draw_look(settings, rng) for _ in drafts]
    walkers = tuple(
        _walker(settings, number, draft, look)
        for number, (draft, look) in enumerate(zip(drafts, looks, strict=True), start=1)
    )
    return ScenePlan(walkers, max(w.walk.first_frame + w.walk.n_frames for w in walkers))


def _return_frame(settings: SceneSettings, subject_id: str, drafts: list[_Draft]) -> int:
    own = [draft.truth_span.stop for draft in drafts if draft.subject_id == subject_id]
    return max(own) + int(settings.return_after_s * settings.fps) if own else 0


def _turns(
    cast: Mapping[str, Sequence[Cutout]], n_passages: int, rng: Generator
) -> Iterator[tuple[str, Cutout]]:
    subject_ids = sorted(cast)
    for turn in range(n_passages):
        if turn % len(subject_ids) == 0:
            order = rng.permutation(len(subject_ids))
        subject_id = subject_ids[order[turn % len(subject_ids)]]
        cutouts = cast[subject_id]
        yield subject_id, cutouts[turn // len(subject_ids) % len(cutouts)]


def _fit(
    settings: SceneSettings,
    who: tuple[str, Cutout],
    drafts: list[_Draft],
    earliest: int,
    rng: Generator,
) -> _Draft:
    attempt = 0
    while True:
        # Waiting longer ends the search for sure: at last everybody else has left.
        first_frame = earliest + 3 * (attempt // _DRAWS_A_START)
        draft = _draw(settings, who, first_frame, rng)
        others = [other for other in drafts if _overlap(draft.truth_span, other.truth_span)]
        if _has_room(settings, draft, others) and _all_stay_clear(draft, others):
            return draft
        attempt += 1


def _draw(
    settings: SceneSettings, who: tuple[str, Cutout], first_frame: int, rng: Generator
) -> _Draft:
    subject_id, cutout = who
    walk = draw_walk(settings, cutout, first_frame, rng)
    points = sample_points(walk.boxes_xyxy)
    inside = points_in_picture(points, settings.size_wh)
    present = np.flatnonzero(inside.mean(axis=1) >= _IN_PICTURE)
    truth = slice(int(present[0]), int(present[-1]) + 1)
    occluder = None
    if rng.random() < settings.occlusion_share:
        occluder = draw_occluder(walk, truth, settings.size_wh, rng)
    return _Draft(subject_id, cutout, walk, occluder, points, truth, ~inside)


def _overlap(a: range, b: range) -> bool:
    return a.start < b.stop and b.start < a.stop


def _has_room(settings: SceneSettings, draft: _Draft, others: list[_Draft]) -> bool:
    span = np.asarray(draft.truth_span)[:, None]
    starts = np.array([other.truth_span.start for other in others], np.int64)
    stops = np.array([other.truth_span.stop for other in others], np.int64)
    present = ((span >= starts) & (span < stops)).sum(axis=1)
    return bool(present.max() < settings.max_at_once)


def _all_stay_clear(draft: _Draft, others: list[_Draft]) -> bool:
    pairs = [(draft, other) for other in others] + [(other, draft) for other in others]
    merged = {id(hidden): (hidden, hidden.covered.copy()) for hidden, _ in pairs}
    for hidden, hiding in pairs:
        merged[id(hidden)][1][...] |= _covered_by(hidden, hiding)
    if not all(_is_clear(hidden, covered) for hidden, covered in merged.values()):
        return False
    for hidden, covered in merged.values():
        hidden.covered = covered
    return True


def _covered_by(hidden: _Draft, hiding: _Draft) -> NDArray[np.bool_]:
    covered = covered_by_person(hidden.points_xy, hidden.walk, hiding.walk)
    if hiding.occluder:
        covered |= covered_by_occluder(hidden.points_xy, hidden.walk, hiding.occluder, hiding.walk)
    return covered


def _is_clear(draft: _Draft, covered: NDArray[np.bool_]) -> bool:
    free = 1.0 - covered[draft.truth].mean(axis=1)
    return bool((free >= _CLEAR_FACE).mean() >= _CLEAR_FRAMES)


def _draw_look(settings: SceneSettings, rng: Generator) -> Look:
    return Look(
        outfit_seed=int(rng.integers(2**31)),
        gain=rng.uniform(*settings.gain),
        shading=rng.uniform(-0.15, 0.15),
        blur_px=rng.uniform(*settings.blur_px),
    )


def _walker(settings: SceneSettings, number: int, draft: _Draft, look: Look) -> Walker:
    covered = draft.covered
    if draft.occluder:
        covered = covered | covered_by_occluder(
            draft.points_xy, draft.walk, draft.occluder, draft.walk
        )
    passage = Passage(
        passage_id=f"passage-{number:04d}",
        subject_id=draft.subject_id,
        camera_id=settings.camera_id,
        first_frame=draft.truth_span.start,
        boxes_xyxy=draft.walk.boxes_xyxy[draft.truth].astype(np.float32),
        visible=(1.0 - covered[draft.truth].mean(axis=1)).astype(np.float32),
    )
    return Walker(passage, draft.cutout, draft.walk, look, draft.occluder)
