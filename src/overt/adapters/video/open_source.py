"""Choose the frame source that fits a location."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from overt.adapters.video.camera import Camera
from overt.adapters.video.camera_address import LIVE_SCHEMES, is_camera_address
from overt.adapters.video.camera_connection import CameraLimits
from overt.adapters.video.clip import Clip
from overt.adapters.video.image_folder import ImageFolder
from overt.adapters.video.looped_clip import LOOP, LoopedClip
from overt.adapters.video.redaction import redacted
from overt.errors import SettingInvalidError

if TYPE_CHECKING:
    from datetime import datetime

    from overt.ports import Clock, FrameSource


def open_source(
    location: str,
    *,
    camera_id: str,
    clock: Clock,
    started_at: datetime,
    fps: float | None = None,
    limits: CameraLimits = CameraLimits(),  # noqa: B008, frozen
) -> FrameSource:
    """Return the source of a location's frames, to be entered by the caller.

    Args:
        location: An ``rtsp``, ``rtsps``, ``http`` or ``https`` address or
            ``/dev/video...`` is a live camera, ``loop:`` and a file's name is that
            recorded file again and again, a folder is one of pictures, and anything
            else is a recorded file.
        camera_id: Which camera; an identifier, never an address.
        clock: Times a live camera's frames, and those of a loop.
        started_at: Aware UTC time of a recording's first frame.
        fps: Frames per second of a folder of pictures; needed there, unused elsewhere.
        limits: How long to wait for a live camera.

    Raises:
        SettingInvalidError: The address has another scheme, or a folder has no ``fps``.
    """
    if is_camera_address(location):
        return Camera(location, camera_id=camera_id, clock=clock, limits=limits)
    if "://" in location:
        msg = f"expected an address of {', '.join(LIVE_SCHEMES)}; found {redacted(location)}"
        raise SettingInvalidError(msg)
    if location.startswith(LOOP):
        return LoopedClip(Path(location.removeprefix(LOOP)), camera_id=camera_id, clock=clock)
    path = Path(location)
    if not path.is_dir():
        return Clip(path, camera_id=camera_id, started_at=started_at)
    if fps is None:
        msg = f"expected frames per second for the pictures of {path.name!r}; found none"
        raise SettingInvalidError(msg)
    return ImageFolder(path, fps=fps, camera_id=camera_id, started_at=started_at)


def is_endless(source: FrameSource) -> bool:
    """Return whether a source goes on until somebody stops it, and only its newest frame counts.

    A recording that is played again and again does; it is no camera for all that.

    Args:
        source: As opened.
    """
    return isinstance(source, Camera | LoopedClip)
