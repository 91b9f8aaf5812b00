"""A passage: one person going through the picture, and what is known to be true of it.

Only a rehearsal knows this: a generated scene or a marked clip. Nothing here is
ever made from people who did not volunteer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from overt.core.detection import iou_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_PASSAGE_IOU = 0.3
"""Overlap from which a found face counts as a passage's face.

Detectors draw their boxes differently (brow to chin, hairline to chin): two
conventions around one face overlap by about 0.5 to 0.8, two people side by side
by nearly nothing.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """One person's face on its way through the picture, frame by frame without a gap.

    Attributes:
        passage_id: Unique in its scene.
        subject_id: Whose face it is.
        camera_id: Which camera.
        first_frame: Index of the first frame in which the face is in the picture.
        boxes_xyxy: (n, 4) float32 face boxes in pixels, one a frame; they may
            reach over the picture's edge.
        visible: (n,) float32 share of the face box that lies inside the picture
            and is hidden by nothing, in [0, 1].
    """

    passage_id: str
    subject_id: str
    camera_id: str
    first_frame: int
    boxes_xyxy: NDArray[np.float32]
    visible: NDArray[np.float32]

    @property
    def n_frames(self) -> int:
        """Return the number of frames, at least 1."""
        return len(self.boxes_xyxy)

    @property
    def last_frame(self) -> int:
        """Return the index of the last frame in which the face is in the picture."""
        return self.first_frame + self.n_frames - 1

    @property
    def face_px(self) -> NDArray[np.float32]:
        """Return the (n,) shorter sides of the face boxes in pixels."""
        sides: NDArray[np.float32] = self.boxes_xyxy[:, 2:] - self.boxes_xyxy[:, :2]
        return np.minimum(sides[:, 0], sides[:, 1])

    @property
    def min_face_px(self) -> float:
        """Return the smallest shorter side of the face in pixels."""
        return float(self.face_px.min())

    @property
    def max_face_px(self) -> float:
        """Return the largest shorter side of the face in pixels."""
        return float(self.face_px.max())

    def has_frame(self, frame_index: int) -> bool:
        """Return whether the face is in the picture in that frame.

        Args:
            frame_index: Index of the frame.
        """
        return self.first_frame <= frame_index <= self.last_frame

    def box_at(self, frame_index: int) -> NDArray[np.float32]:
        """Return the (4,) face box of one frame of the passage.

        Args:
            frame_index: A frame for which ``has_frame`` is true.
        """
        box: NDArray[np.float32] = self.boxes_xyxy[frame_index - self.first_frame]
        return box


@dataclass(frozen=True)
class GroundTruth:
    """Every passage of a rehearsal.

    Attributes:
        passages: By first frame; ids are unique.
    """

    passages: tuple[Passage, ...]

    def boxes_at(self, frame_index: int) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        """Return the ids of the passages in one frame and their (n, 4) face boxes.

        Args:
            frame_index: Index of the frame; n is 0 where nobody is in the picture.
        """
        present = self._present(frame_index)
        boxes = np.empty((len(present), 4), np.float32)
        for row, passage in enumerate(present):
            boxes[row] = passage.box_at(frame_index)
        return tuple(passage.passage_id for passage in present), boxes

    def passage_of(self, box_xyxy: NDArray[np.float32], frame_index: int) -> Passage | None:
        """Return the passage whose face a found box shows, or None.

        It is the passage whose box overlaps most in that same frame, if the
        intersection-over-union is at least ``MIN_PASSAGE_IOU``. Of equal
        overlaps the earlier passage is taken.

        Args:
            box_xyxy: (4,) found face box in pixels.
            frame_index: Index of the frame in which it was found.
        """
        present = self._present(frame_index)
        if not present:
            return None
        _, boxes = self.boxes_at(frame_index)
        overlaps = iou_matrix(np.asarray(box_xyxy, np.float32)[None], boxes)[0]
        best = int(overlaps.argmax())
        return present[best] if overlaps[best] >= MIN_PASSAGE_IOU else None

    def of_subjects(self, subject_ids: frozenset[str]) -> tuple[Passage, ...]:
        """Return the passages of those people: the recognition opportunities of a watchlist.

        Args:
            subject_ids: Who is meant; may be empty.
        """
        return tuple(passage for passage in self.passages if passage.subject_id in subject_ids)

    def _present(self, frame_index: int) -> tuple[Passage, ...]:
        return self._by_frame.get(frame_index, ())

    @cached_property
    def _by_frame(self) -> dict[int, tuple[Passage, ...]]:
        by_frame: dict[int, tuple[Passage, ...]] = {}
        for passage in self.passages:
            for index in range(passage.first_frame, passage.last_frame + 1):
                by_frame[index] = (*by_frame.get(index, ()), passage)
        return by_frame
