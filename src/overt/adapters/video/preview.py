"""What of a running camera may be shown: nobody without an alert can be known in it (R-32).

A picture is made only while somebody looks, a few times a second, and is coarse before it is
encoded: no other picture of a frame ever leaves this module.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING

from PIL import Image

from overt.adapters.video.annotation import Annotator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from overt.core.analysis import AnalysedFrame

EVERY_S = 0.25
LOOKED_AT_FOR_S = 3.0
"""How long after the last look a camera still counts as looked at."""

STALE_AFTER_S = 5.0
_WIDTH_PX = 960
_QUALITY = 70


@dataclass(slots=True)
class _Lane:
    annotator: Annotator
    looked_at_s: float = float("-inf")
    made_at_s: float = float("-inf")
    picture: bytes | None = None


class Previews:
    """The ``FrameViewer`` port: the newest picture of each camera, as a JPEG file's bytes."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._lanes: dict[str, _Lane] = {}
        self._changed = threading.Condition()

    def show(self, analysed: AnalysedFrame) -> None:
        """Take a frame; a picture is made of it only where somebody looks and it is time.

        Args:
            analysed: A frame and what it gave.
        """
        lane = self._lane(analysed.frame.camera_id)
        now_s = monotonic()
        is_wanted = now_s - lane.looked_at_s <= LOOKED_AT_FOR_S
        if not is_wanted or now_s - lane.made_at_s < EVERY_S:
            lane.annotator.remember(analysed)
            return
        picture = _jpeg(lane.annotator.picture(analysed))
        with self._changed:
            lane.picture, lane.made_at_s = picture, now_s
            self._changed.notify_all()

    def picture(self, camera_id: str, *, within_s: float = 1.0) -> bytes | None:
        """Return the newest picture of a camera; None where it gives none at present.

        Args:
            camera_id: Which camera.
            within_s: Longest time to wait for a fresh one.
        """
        lane = self._lane(camera_id)
        asked_s = monotonic()
        with self._changed:
            lane.looked_at_s = asked_s
            self._changed.wait_for(lambda: lane.made_at_s > asked_s - EVERY_S, within_s)
            is_stale = monotonic() - lane.made_at_s > STALE_AFTER_S
            return None if is_stale else lane.picture

    def clear(self) -> None:
        """Forget every picture, such as when a run has ended."""
        with self._changed:
            self._lanes.clear()

    def _lane(self, camera_id: str) -> _Lane:
        with self._changed:
            return self._lanes.setdefault(camera_id, _Lane(Annotator()))


def _jpeg(pixels_rgb: NDArray[np.uint8]) -> bytes:
    picture = Image.fromarray(pixels_rgb)
    if picture.width > _WIDTH_PX:
        height = round(picture.height * _WIDTH_PX / picture.width)
        picture = picture.resize((_WIDTH_PX, height), Image.Resampling.BOX)
    file = BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()
