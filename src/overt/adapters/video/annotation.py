"""Draw what the machine did on a picture in which nobody without an alert can be known.

The whole picture becomes coarse first, so that a face which was not found cannot
be known either; faces that were found become coarser still. Only the box of a
track with an alert is shown as it is, less what a neighbour without one covers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from overt.adapters.video.pixelate import pixelate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overt.core.analysis import AnalysedFrame
    from overt.core.tracking import TrackedFace

# A face of the smallest size that is searched, 40 px, is then 4 blocks wide.
_BLOCK_PX = 10
_SEEN, _ALERTED, _PAPER = (120, 170, 220), (255, 196, 0), (20, 20, 20)
_FONT_PX = 15
_MOST_LABELS = 512  # of a run that lasts a day; a track that raised an alert is soon over


class Annotator:
    """Remembers which tracks raised an alert, and for which entry."""

    def __init__(self) -> None:
        """Start with no alerts."""
        self._labels: dict[tuple[str, int], str] = {}
        self._font = ImageFont.load_default(_FONT_PX)

    def remember(self, analysed: AnalysedFrame) -> None:
        """Take note of a frame's alerts without a picture of it.

        Args:
            analysed: A frame and what it gave; frames come in order.
        """
        for alert in analysed.alerts:
            label = f"possible match: {alert.entry_id} {alert.score:.3f}"
            self._labels[alert.camera_id, alert.track_id] = label
        while len(self._labels) > _MOST_LABELS:
            del self._labels[next(iter(self._labels))]

    def picture(self, analysed: AnalysedFrame) -> NDArray[np.uint8]:
        """Return the (h, w, 3) uint8 picture that may be shown and kept.

        Args:
            analysed: A frame and what it gave; frames come in order.
        """
        self.remember(analysed)
        original = analysed.frame.pixels_rgb
        shown = coarse(original)
        boxes = analysed.found.boxes_xyxy
        is_alerted = np.zeros(len(boxes), bool)
        for face in self._alerted(analysed):
            left, top, right, bottom = _inside(face, analysed.frame.size_wh)
            shown[top:bottom, left:right] = original[top:bottom, left:right]
            is_alerted |= (boxes == face.box_xyxy).all(axis=1)
        pixelate(shown, boxes[~is_alerted])  # last: a box with an alert may show a neighbour
        return self._with_boxes(shown, analysed)

    def _alerted(self, analysed: AnalysedFrame) -> list[TrackedFace]:
        camera_id = analysed.frame.camera_id
        return [f for f in analysed.seen if (camera_id, f.track.track_id) in self._labels]

    def _with_boxes(self, shown: NDArray[np.uint8], analysed: AnalysedFrame) -> NDArray[np.uint8]:
        picture = Image.fromarray(shown)
        brush = ImageDraw.Draw(picture)
        for face in analysed.seen:
            text = self._labels.get((analysed.frame.camera_id, face.track.track_id))
            left, top, right, bottom = _inside(face, analysed.frame.size_wh)
            if right <= left or bottom <= top:
                continue
            box = (left, top, right - 1, bottom - 1)
            brush.rectangle(box, outline=_ALERTED if text else _SEEN, width=2)
            if text:
                room = picture.width - round(brush.textlength(text, font=self._font)) - 4
                where = (max(0, min(left, room)), max(0, top - _FONT_PX - 5))
                brush.rectangle(brush.textbbox(where, text, font=self._font), fill=_PAPER)
                brush.text(where, text, fill=_ALERTED, font=self._font)
        return np.asarray(picture)


def coarse(pixels_rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture in blocks of their mean colour.

    Args:
        pixels_rgb: (h, w, 3) uint8.
    """
    height, width = pixels_rgb.shape[:2]
    small = Image.fromarray(pixels_rgb).reduce(_BLOCK_PX)
    blocks = np.asarray(small).repeat(_BLOCK_PX, axis=0).repeat(_BLOCK_PX, axis=1)
    return np.ascontiguousarray(blocks[:height, :width])


def _inside(face: TrackedFace, size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top = np.clip(face.box_xyxy[:2], 0, size_wh).astype(int)
    right, bottom = np.clip(face.box_xyxy[2:], 0, size_wh).astype(int)
    return int(left), int(top), int(right), int(bottom)
