"""Open a live camera, once, within a time limit."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

import av

from overt.adapters.video.av_border import AV_ERRORS, keep_ffmpeg_quiet, reason
from overt.adapters.video.video_stream import video_stream
from overt.errors import CameraUnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from overt.adapters.video.redaction import Address

_DEVICES = "/dev/"
_ANALYSIS_US = "1000000"  # FFmpeg would look at five seconds before the first picture


@dataclass(frozen=True, slots=True)
class CameraLimits:
    """How long to wait for a camera.

    Attributes:
        open_timeout_s: For the answer, and again for the first picture.
        read_timeout_s: For the next picture; then the connection counts as broken.
        first_back_off_s: Wait before the first reconnection; it doubles each time.
        max_back_off_s: Longest wait between two reconnections.
        give_up_after_s: Time without any picture after which the camera is lost.
        max_redirects: How often an HTTP camera may send us elsewhere.
    """

    open_timeout_s: float = 5.0
    read_timeout_s: float = 5.0
    first_back_off_s: float = 0.25
    max_back_off_s: float = 8.0
    give_up_after_s: float = 60.0
    max_redirects: int = 8


def back_offs_s(limits: CameraLimits) -> Iterator[float]:
    """Yield the waits before each reconnection, without end.

    Args:
        limits: First and longest wait.

    Yields:
        Seconds, doubling up to the longest wait.
    """
    wait_s = limits.first_back_off_s
    while True:
        yield min(wait_s, limits.max_back_off_s)
        wait_s = min(2 * wait_s, limits.max_back_off_s)


def open_camera(address: Address, limits: CameraLimits) -> tuple[InputContainer, VideoStream]:
    """Return the open connection and its video stream.

    Args:
        address: An RTSP or HTTP address, or a V4L2 device.
        limits: How long to wait for it.

    Raises:
        CameraUnreachableError: No answer in time, a refusal, or no video in the answer.
    """
    keep_ffmpeg_quiet()
    is_device = address.reveal().startswith(_DEVICES)
    found, started_s = "no video in its answer", monotonic()
    try:
        container = av.open(
            address.reveal(),
            "r",
            format="v4l2" if is_device else None,
            options={} if is_device else _network_options(address, limits),
            metadata_errors="replace",
            timeout=(limits.open_timeout_s, limits.read_timeout_s),
        )
        if (stream := video_stream(container)) is not None:
            stream.thread_type = "SLICE"  # decoding several frames at once holds each one back
            return container, stream
        container.close()
    except AV_ERRORS as error:
        # FFmpeg calls an RTSP answer that did not come invalid data.
        is_late = monotonic() - started_s >= limits.open_timeout_s
        found = "no answer in time" if is_late else reason(error)
    # Raised outside the handler: a chained exception would carry the address.
    msg = f"expected video from {address!r} within {limits.open_timeout_s:g} s; found: {found}"
    raise CameraUnreachableError(msg, address=repr(address))


def _network_options(address: Address, limits: CameraLimits) -> dict[str, str]:
    options = {"analyzeduration": _ANALYSIS_US}
    if address.reveal().startswith("http"):
        options["max_redirects"] = str(limits.max_redirects)
    if address.reveal().startswith("rtsp"):
        # TCP loses no packets; sound would only delay the pictures.
        options |= {"rtsp_transport": "tcp", "allowed_media_types": "video"}
    return options
