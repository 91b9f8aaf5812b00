"""Faces found in one picture: boxes, scores, landmarks, and box geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """The faces of one picture, best first is not implied.

    Attributes:
        boxes_xyxy: (n, 4) float32 pixels: left, top, right, bottom.
        scores: (n,) float32 detection scores in [0, 1], higher is surer.
        landmarks_xy: (n, 5, 2) float32 pixels: the subject's right eye, left
            eye (viewer's left to right), nose tip, mouth corners likewise.
    """

    boxes_xyxy: NDArray[np.float32]
    scores: NDArray[np.float32]
    landmarks_xy: NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.scores)

    def __getitem__(self, keep: NDArray[np.intp] | NDArray[np.bool_]) -> Detections:
        """Return the faces that an index or mask array selects.

        Args:
            keep: (m,) indices or (n,) mask.
        """
        return Detections(self.boxes_xyxy[keep], self.scores[keep], self.landmarks_xy[keep])

    def moved(self, scale: float, offset_xy: tuple[float, float]) -> Detections:
        """Return the same faces in another picture's pixels.

        Args:
            scale: Target pixels per pixel of this picture.
            offset_xy: Where this picture's corner lies in the target, in target pixels.
        """
        offset = np.asarray(offset_xy, np.float32)
        boxes = self.boxes_xyxy * np.float32(scale) + np.tile(offset, 2)
        return Detections(boxes, self.scores, self.landmarks_xy * np.float32(scale) + offset)


def no_detections() -> Detections:
    """Return the faces of a picture that shows none."""
    return Detections(
        np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty((0, 5, 2), np.float32)
    )


def centres_xy(boxes_xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (n, 2) centres of (n, 4) boxes, in the same pixels.

    Args:
        boxes_xyxy: (n, 4) boxes; n may be 0.
    """
    return (boxes_xyxy[:, :2] + boxes_xyxy[:, 2:]) * np.float32(0.5)


def iou_matrix(a_xyxy: NDArray[np.float32], b_xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (n, m) intersection-over-union of every box of a with every box of b.

    Args:
        a_xyxy: (n, 4) boxes; n may be 0.
        b_xyxy: (m, 4) boxes; m may be 0.

    Returns:
        (n, m) float32 in [0, 1]; 0 where either box has no area.
    """
    top_left = np.maximum(a_xyxy[:, None, :2], b_xyxy[None, :, :2])
    bottom_right = np.minimum(a_xyxy[:, None, 2:], b_xyxy[None, :, 2:])
    overlap = np.clip(bottom_right - top_left, 0, None).prod(axis=2)
    area_a = np.clip(a_xyxy[:, 2:] - a_xyxy[:, :2], 0, None).prod(axis=1)
    area_b = np.clip(b_xyxy[:, 2:] - b_xyxy[:, :2], 0, None).prod(axis=1)
    union = area_a[:, None] + area_b[None, :] - overlap
    iou: NDArray[np.float32] = np.divide(
        overlap, union, out=np.zeros_like(overlap), where=union > 0
    )
    return iou


def suppress_overlaps(
    boxes_xyxy: NDArray[np.float32], scores: NDArray[np.float32], *, iou_limit: float
) -> NDArray[np.intp]:
    """Return the indices that greedy non-maximum suppression keeps, best score first.

    Args:
        boxes_xyxy: (n, 4) boxes; n may be 0.
        scores: (n,) scores; equal scores keep their order.
        iou_limit: A box that overlaps a better one by this much or more goes.
    """
    order = np.argsort(-scores, kind="stable")
    overlaps = iou_matrix(boxes_xyxy[order], boxes_xyxy[order]) >= iou_limit
    alive = np.ones(len(order), bool)
    for rank in range(len(order)):
        if alive[rank]:
            alive[rank + 1 :] &= ~overlaps[rank, rank + 1 :]
    return order[alive]
