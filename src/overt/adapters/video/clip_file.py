"""Open a recorded file for decoding, or say why it is not a video."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av

from overt.adapters.video.av_border import keep_ffmpeg_quiet, translated
from overt.adapters.video.video_stream import video_stream
from overt.errors import VideoUnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import InputContainer
    from av.video.stream import VideoStream

# Containers with timestamps. FFmpeg would also draw a text file as a film, take a photograph
# for a film of one picture, and follow a playlist to other files and hosts.
CONTAINERS = (
    "asf",
    "avi",
    "dhav",
    "flv",
    "ivf",
    "matroska",
    "mov",
    "mpeg",
    "mpegts",
    "mxf",
    "nut",
    "ogg",
    "yuv4mpegpipe",
)
_MIN_GAP_FRAMES = Fraction(3, 2)  # a whole file's last frame lasts one
_OPTIONS = {"format_whitelist": ",".join(CONTAINERS), "protocol_whitelist": "file"}


def open_clip_file(path: Path) -> tuple[InputContainer, VideoStream]:
    """Return the open container and its video stream, set for threaded decoding.

    Args:
        path: A recorded file.

    Raises:
        VideoUnreadableError: The file is missing, empty or not a video.
    """
    _refuse_unless_filled(path)
    keep_ffmpeg_quiet()
    expectation = f"expected a video file, {path.name!r}"
    with translated(VideoUnreadableError, expectation):
        # The prefix keeps a colon in a file's name from being taken for a protocol.
        container = av.open(f"file:{path}", "r", options=_OPTIONS, metadata_errors="replace")
    stream = video_stream(container)
    if stream is None:
        container.close()
        msg = f"{expectation}; found no moving picture that can be decoded"
        raise VideoUnreadableError(msg)
    stream.thread_type = "AUTO"
    return container, stream


def _refuse_unless_filled(path: Path) -> None:
    with translated(VideoUnreadableError, f"expected a video file, {path.name!r}"):
        if path.stat().st_size and path.is_file():
            return
    found = "an empty file" if path.is_file() else "a folder or a device"
    msg = f"expected a video file, {path.name!r}; found: {found}"
    raise VideoUnreadableError(msg)


def n_frames_missing(
    container: InputContainer, stream: VideoStream, *, n_packets: int, end_pts: int | None
) -> int:
    """Return how many frames the file declares beyond those it holds; 0 where it declares none.

    Only a file that ends before its declared duration lacks frames: in others a
    difference comes from empty entries, which stand for "as before". Without a frame
    count the gap is counted at the frame rate, if that is constant. A container's
    duration is used only where no other stream could have set it.

    Args:
        container: A clip, read to its end.
        stream: Its video stream.
        n_packets: Packets read from the stream.
        end_pts: Largest timestamp read, in the stream's time base; None without any.
    """
    gap_s = _gap_at_end_s(container, stream, end_pts)
    rate = stream.average_rate
    if gap_s is None or rate is None or gap_s * rate < _MIN_GAP_FRAMES:
        return 0
    if stream.frames:
        return max(0, stream.frames - n_packets)
    has_constant_rate = rate == stream.base_rate
    return max(0, round(gap_s * rate) - 1) if has_constant_rate else 0


def _gap_at_end_s(
    container: InputContainer, stream: VideoStream, end_pts: int | None
) -> Fraction | None:
    """Return the time between the last frame's start and the declared end, where declared."""
    if stream.time_base is None:
        return None
    n_ticks = 0 if end_pts is None else end_pts - (stream.start_time or 0)
    shown_s = n_ticks * stream.time_base
    if stream.duration is not None:
        return stream.duration * stream.time_base - shown_s
    if container.duration is None or len(container.streams) > 1:
        return None
    return Fraction(container.duration, av.time_base) - shown_s
