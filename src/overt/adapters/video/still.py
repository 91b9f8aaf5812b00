"""A still picture of a camera on which a zone can be drawn and nobody can be known (R-32).

No face is looked for, so that the whole picture is made much coarser than a preview: a face that
fills an eighth of the picture is eight blocks wide, as coarse as any face that is ever shown.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from overt.adapters.video.camera import Camera
from overt.adapters.video.camera_address import is_camera_address
from overt.adapters.video.camera_connection import CameraLimits
from overt.core.frame import Frame
from overt.errors import CameraUnreachableError, SettingInvalidError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overt.ports.engine import Clock, FrameSource

BLOCKS = 64
"""Blocks along the longer side of a still."""

_SIDE_PX = 960
_QUALITY = 80
_LIMITS = CameraLimits(open_timeout_s=5.0, read_timeout_s=3.0, give_up_after_s=4.0)
_MOST_FAILED = 50


def take_still(location: str, clock: Clock, *, follows: bool = True) -> bytes:
    """Return a coarse JPEG of a live camera, which is opened for one frame and closed again.

    It takes ten seconds at the most.

    Args:
        location: Its address, with credentials; no message repeats it.
        clock: Times the frame.
        follows: Whether it may send us elsewhere.

    Raises:
        SettingInvalidError: It is no live camera: footage is not looked at (R-34).
        CameraUnreachableError: It did not answer with a picture in time.
    """
    if not is_camera_address(location):  # nothing is looked up on the disk
        msg = "a still is taken of a live camera; found a recording, or no address"
        raise SettingInvalidError(msg)
    limits = _LIMITS if follows else replace(_LIMITS, max_redirects=0)
    with Camera(location, camera_id="still", clock=clock, limits=limits) as source:
        return coarse_jpeg(_first_frame(source))


def coarsened(picture: bytes) -> bytes:
    """Return a preview's JPEG as coarse as a still, alerts and their labels too.

    Args:
        picture: A JPEG file's bytes, made by this software.
    """
    with Image.open(BytesIO(picture)) as opened:
        return coarse_jpeg(np.asarray(opened.convert("RGB")))


def coarse_jpeg(pixels_rgb: NDArray[np.uint8]) -> bytes:
    """Return a picture in blocks of their mean colour, as a JPEG file's bytes.

    Args:
        pixels_rgb: (h, w, 3) uint8; it is not kept.
    """
    height, width = pixels_rgb.shape[:2]
    longer = max(width, height)
    blocks_wh = (
        max(1, round(BLOCKS * width / longer)),
        max(1, round(BLOCKS * height / longer)),
    )
    shown_wh = (
        max(1, round(_SIDE_PX * width / longer)),
        max(1, round(_SIDE_PX * height / longer)),
    )
    small = Image.fromarray(pixels_rgb).resize(blocks_wh, Image.Resampling.BOX)
    file = BytesIO()
    small.resize(shown_wh, Image.Resampling.NEAREST).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _first_frame(source: FrameSource) -> NDArray[np.uint8]:
    n_failed = 0
    for item in source:
        if isinstance(item, Frame):
            return item.pixels_rgb
        n_failed += 1
        if n_failed >= _MOST_FAILED:
            break
    msg = f"expected a picture of the camera; found {n_failed} frames that cannot be decoded"
    raise CameraUnreachableError(msg)
