"""What hides a face in a generated scene: other people, umbrellas, poles, the picture's edge.

A face is sampled on a grid of points; its visible share is the share of points
that nothing covers. People are taken as an oval head on a sloping torso.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from overt.adapters.video.scene_walk import Walk

COAT_SHARE = 0.75
"""Width of the coat under an umbrella as a share of the dome's."""

_GRID = 12
_LONGEST_SHARE = 0.25
_NECK, _COLLAR = -0.1, 0.06


@dataclass(frozen=True, slots=True, eq=False)
class Occluder:
    """Something that moves across one face, nearer to the camera than it.

    Attributes:
        is_umbrella: A domed umbrella over a coat; otherwise an upright pole.
        first_frame: Index of its first frame.
        boxes_xyxy: (n, 4) float64 pixels: the umbrella's dome, or the pole.
    """

    is_umbrella: bool
    first_frame: int
    boxes_xyxy: NDArray[np.float64]

    @property
    def n_frames(self) -> int:
        """Return the number of frames."""
        return len(self.boxes_xyxy)


def draw_occluder(walk: Walk, truth: slice, size_wh: tuple[int, int], rng: Generator) -> Occluder:
    """Return a random umbrella or pole that hides the face in at most a quarter of the frames.

    Args:
        walk: Whose face is hidden.
        truth: The frames of the walk in which the face is in the picture.
        size_wh: Width and height of the picture in pixels.
        rng: Source of the draw.
    """
    n_present = truth.stop - truth.start
    n_frames = max(1, int(n_present * rng.uniform(0.12, _LONGEST_SHARE)))
    first = truth.start + int((n_present - n_frames) * rng.uniform(0.35, 0.75))
    rows = slice(first, first + n_frames)
    is_umbrella = bool(rng.integers(2))
    way = np.linspace(-1.0, 1.0, n_frames) * (1.0 if rng.integers(2) else -1.0)
    unit, chin = walk.unit_px[rows], walk.chin_xy[rows]
    half_width = unit * (1.1 if is_umbrella else rng.uniform(0.12, 0.3))
    middle = chin[:, 0] + way * (half_width + 0.5 * unit)
    top = chin[:, 1] - 1.15 * unit if is_umbrella else np.zeros(n_frames)
    bottom = chin[:, 1] + 0.25 * unit if is_umbrella else np.full(n_frames, float(size_wh[1]))
    boxes = np.stack([middle - half_width, top, middle + half_width, bottom], axis=1)
    return Occluder(is_umbrella, walk.first_frame + first, boxes)


def sample_points(boxes_xyxy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 144, 2) points spread over each of (n, 4) boxes, in pixels.

    Args:
        boxes_xyxy: (n, 4) face boxes.
    """
    share = (np.arange(_GRID) + 0.5) / _GRID
    grid = np.stack(np.meshgrid(share, share), axis=-1).reshape(-1, 2)
    size = boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]
    return boxes_xyxy[:, None, :2] + grid[None] * size[:, None, :]


def points_in_picture(
    points_xy: NDArray[np.float64], size_wh: tuple[int, int]
) -> NDArray[np.bool_]:
    """Return which of (n, m, 2) points lie in the picture, (n, m).

    Args:
        points_xy: Points in pixels.
        size_wh: Width and height of the picture in pixels.
    """
    x, y = points_xy[..., 0], points_xy[..., 1]
    inside: NDArray[np.bool_] = (x >= 0) & (x < size_wh[0]) & (y >= 0) & (y < size_wh[1])
    return inside


def covered_by_person(
    points_xy: NDArray[np.float64], hidden: Walk, hiding: Walk
) -> NDArray[np.bool_]:
    """Return which points of a face a nearer person covers, (n, m).

    Args:
        points_xy: (n, m, 2) points of the hidden face along its walk.
        hidden: The walk of the hidden person.
        hiding: The walk of the other; covers only while it is the nearer one.
    """
    covered = np.zeros(points_xy.shape[:2], bool)
    start = max(hidden.first_frame, hiding.first_frame)
    stop = min(hidden.first_frame + hidden.n_frames, hiding.first_frame + hiding.n_frames)
    if start >= stop:
        return covered
    here = slice(start - hidden.first_frame, stop - hidden.first_frame)
    there = slice(start - hiding.first_frame, stop - hiding.first_frame)
    unit = hiding.unit_px[there][:, None]
    offset = (points_xy[here] - hiding.chin_xy[there][:, None, :]) / unit[:, :, None]
    nearer = (hiding.unit_px[there] > hidden.unit_px[here])[:, None]
    covered[here] = nearer & _on_person(offset[..., 0], offset[..., 1])
    return covered


def covered_by_occluder(
    points_xy: NDArray[np.float64], hidden: Walk, occluder: Occluder, owner: Walk
) -> NDArray[np.bool_]:
    """Return which points of a face an umbrella or a pole covers, (n, m).

    Args:
        points_xy: (n, m, 2) points of the hidden face along its walk.
        hidden: The walk of the hidden person.
        occluder: What hides it.
        owner: The walk of the person just in front of whom the occluder passes;
            it hides everybody who is no nearer than that person.
    """
    covered = np.zeros(points_xy.shape[:2], bool)
    start = max(hidden.first_frame, occluder.first_frame)
    stop = min(hidden.first_frame + hidden.n_frames, occluder.first_frame + occluder.n_frames)
    if start >= stop:
        return covered
    here = slice(start - hidden.first_frame, stop - hidden.first_frame)
    boxes = occluder.boxes_xyxy[start - occluder.first_frame : stop - occluder.first_frame]
    owner_unit = owner.unit_px[start - owner.first_frame : stop - owner.first_frame]
    nearer = (owner_unit >= hidden.unit_px[here])[:, None]
    shape = _under_umbrella if occluder.is_umbrella else _behind_pole
    covered[here] = nearer & shape(points_xy[here], boxes)
    return covered


def _behind_pole(
    points_xy: NDArray[np.float64], boxes_xyxy: NDArray[np.float64]
) -> NDArray[np.bool_]:
    x = points_xy[..., 0]
    return (x >= boxes_xyxy[:, None, 0]) & (x <= boxes_xyxy[:, None, 2])


def _under_umbrella(
    points_xy: NDArray[np.float64], boxes_xyxy: NDArray[np.float64]
) -> NDArray[np.bool_]:
    left, top, right, bottom = boxes_xyxy.T[:, :, None]
    across = (2 * points_xy[..., 0] - left - right) / (right - left)
    up = (bottom - points_xy[..., 1]) / (bottom - top)
    dome = (up >= 0) & (across**2 + up**2 <= 1.0)
    coat = (up < 0) & (np.abs(across) <= COAT_SHARE)
    under: NDArray[np.bool_] = dome | coat
    return under


def _on_person(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    head = (x / 0.54) ** 2 + ((y + 0.64) / 0.72) ** 2 <= 1.0
    half_width = np.where(y > _COLLAR, np.clip(0.4 + 1.7 * (y - _COLLAR), 0.0, 1.25), 0.37)
    return head | ((y > _NECK) & (np.abs(x) <= half_width))
