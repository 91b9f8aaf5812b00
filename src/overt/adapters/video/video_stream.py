"""The stream of a file or a camera that holds the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream


def video_stream(container: InputContainer) -> VideoStream | None:
    """Return the first video stream that can be decoded, None without one.

    Args:
        container: An open file or connection.
    """
    for stream in container.streams.video:
        # PyAV's types do not say that a stream of an unknown codec has no context.
        if getattr(stream.codec_context, "width", 0):
            return stream
    return None
