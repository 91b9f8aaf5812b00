"""A recorded clip: every frame, in order, at the time the file gives it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from overt.adapters.video.av_border import AV_ERRORS
from overt.adapters.video.clip_file import n_frames_missing, open_clip_file
from overt.adapters.video.frame_ledger import FrameLedger
from overt.adapters.video.pixels import rgb_pixels
from overt.core.frame import Frame, FrameCounts, FrameFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from fractions import Fraction
    from pathlib import Path
    from typing import Self

    import numpy as np
    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

CORRUPT_FRAME = "video.corrupt_frame"
MISSING_FRAME = "video.missing_frame"
NO_TIMESTAMP = "video.no_timestamp"

# VP8 has packets that are only referred to and never shown, so a packet promises no frame.
_CODECS_WITH_HIDDEN_PACKETS = frozenset({"vp8"})
_MAX_READ_ERRORS = 100


class Clip:
    """The frames of one recorded file.

    What cannot be decoded is yielded as ``FrameFailed``: ``video.corrupt_frame``
    where the data is damaged, ``video.missing_frame`` where the file ends before
    the number of frames that it declares, ``video.no_timestamp`` where the file
    does not say when a frame was captured; a time is never guessed from a rate.
    A picture that is predicted from a damaged one counts as decoded unless the
    decoder marks it.
    """

    def __init__(self, path: Path, *, camera_id: str, started_at: datetime) -> None:
        """Name the file; it is opened on entering.

        Args:
            path: The recorded file.
            camera_id: Which camera recorded it.
            started_at: Aware UTC time of the first frame.
        """
        self.camera_id = camera_id
        self._path = path
        self._started_at = started_at
        self._container: InputContainer | None = None
        self._stream: VideoStream | None = None
        self._ledger = FrameLedger()
        self._n_packets = self._n_decoded = self._n_failed = 0
        self._end_pts: int | None = None
        self._first_pts: int | None = None
        self._newest_pts: int | None = None

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            VideoUnreadableError: It is missing, empty, cut off inside its header or not a video.
        """
        self._container, self._stream = open_clip_file(self._path)
        return self

    def __exit__(self, *exc: object) -> None:
        """Close the file; safe to call twice."""
        if self._container is not None:
            self._container.close()
        self._container = self._stream = None

    def __iter__(self) -> Iterator[Frame | FrameFailed]:
        """Yield every frame in order of presentation; nothing outside the ``with`` block."""
        if self._container is None or self._stream is None:
            return
        for packet in _packets(self._container, self._stream):
            yield from self._pictures(self._stream, packet)
            if self._is_closed():
                return  # PyAV must not be asked for another packet
        yield from self._failed(self._ledger.close(), CORRUPT_FRAME)
        n_missing = n_frames_missing(
            self._container, self._stream, n_packets=self._n_packets, end_pts=self._end_pts
        )
        yield from self._failed(n_missing, MISSING_FRAME)

    def counts(self) -> FrameCounts:
        """Return how many frames were decoded and how many failed so far."""
        return FrameCounts(decoded=self._n_decoded, failed=self._n_failed)

    def _is_closed(self) -> bool:
        return self._container is None

    def _pictures(
        self, stream: VideoStream, packet: Packet[VideoStream] | None
    ) -> Iterator[Frame | FrameFailed]:
        has_hidden = stream.codec_context.name in _CODECS_WITH_HIDDEN_PACKETS
        if packet:
            self._write_down(packet, is_promise=not (has_hidden or packet.is_discard))
        try:
            pictures = stream.decode(packet)
        except AV_ERRORS:
            pictures = []  # the ledger knows which picture is missing
            yield from self._failed(int(has_hidden), CORRUPT_FRAME)
        for picture in pictures:
            yield from self._settled(picture, stream.time_base)

    def _write_down(self, packet: Packet[VideoStream], *, is_promise: bool) -> None:
        self._n_packets += 1
        if packet.pts is None:
            return
        self._end_pts = max(packet.pts, packet.pts if self._end_pts is None else self._end_pts)
        if is_promise:
            self._ledger.promise(packet.pts)

    def _settled(
        self, picture: VideoFrame, time_base: Fraction | None
    ) -> Iterator[Frame | FrameFailed]:
        if picture.pts is None or time_base is None:
            yield from self._failed(1, NO_TIMESTAMP)
            return
        if self._newest_pts is not None and picture.pts < self._newest_pts:
            return  # recorded as failed when a later one came out before it
        self._newest_pts = picture.pts
        yield from self._failed(self._ledger.settle(picture.pts), CORRUPT_FRAME)
        pixels = None if picture.is_corrupt else _pixels_or_none(picture)
        if pixels is None:
            yield from self._failed(1, CORRUPT_FRAME)
        else:
            yield self._frame(pixels, picture.pts, time_base)

    def _frame(self, pixels: NDArray[np.uint8], pts: int, time_base: Fraction) -> Frame:
        if self._first_pts is None:
            self._first_pts = pts
        elapsed_s = float((pts - self._first_pts) * time_base)
        index = self._n_decoded + self._n_failed
        self._n_decoded += 1
        captured_at = self._started_at + timedelta(seconds=elapsed_s)
        return Frame(pixels, index, captured_at, elapsed_s, self.camera_id)

    def _failed(self, n_frames: int, code: str) -> Iterator[FrameFailed]:
        for _ in range(n_frames):
            index = self._n_decoded + self._n_failed
            self._n_failed += 1
            yield FrameFailed(index, self.camera_id, code)


def _packets(
    container: InputContainer, stream: VideoStream
) -> Iterator[Packet[VideoStream] | None]:
    """Yield packets past read errors, then None: nothing more comes, empty the decoder."""
    for _ in range(_MAX_READ_ERRORS):
        try:
            for packet in container.demux(stream):
                if packet.size:
                    yield packet
        except AV_ERRORS:
            continue
        break
    yield None


def _pixels_or_none(picture: VideoFrame) -> NDArray[np.uint8] | None:
    try:
        return rgb_pixels(picture)
    except AV_ERRORS:
        return None
