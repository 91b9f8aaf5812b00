"""A live camera: always the newest frame, through interruptions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from overt.adapters.video.av_border import AV_ERRORS
from overt.adapters.video.camera_connection import CameraLimits, back_offs_s, open_camera
from overt.adapters.video.live_timeline import LiveTimeline
from overt.adapters.video.newest_slot import NewestSlot
from overt.adapters.video.pixels import rgb_pixels
from overt.adapters.video.redaction import Address
from overt.core.frame import Frame, FrameCounts, FrameFailed
from overt.errors import CameraLostError, CameraUnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Self

    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from overt.ports import Clock

CORRUPT_FRAME = "video.corrupt_frame"
_STOP_GRACE_S = 2.0


class CameraState(Enum):
    """What a camera is doing."""

    CLOSED = "closed"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """How a camera is doing.

    Attributes:
        state: What it is doing.
        n_reconnects: How often a broken connection was made anew.
        newest_at: Aware UTC time of the newest frame's arrival; None before the first.
    """

    state: CameraState
    n_reconnects: int
    newest_at: datetime | None


class Camera:
    """The newest frame of an RTSP, HTTP or V4L2 camera.

    A thread decodes everything and keeps one frame; iterating waits for a frame newer
    than the last. A frame that nobody took in time counts as dropped. A frame that
    cannot be decoded counts as failed, and is yielded unless a whole frame waits.
    ``Frame.captured_at`` is the time of arrival: cameras' own clocks are not trusted.
    """

    def __init__(
        self,
        location: str,
        *,
        camera_id: str,
        clock: Clock,
        limits: CameraLimits = CameraLimits(),  # noqa: B008, frozen
    ) -> None:
        """Name the camera; it is opened on entering.

        Args:
            location: RTSP or HTTP address, or a device such as ``/dev/video0``.
            camera_id: Which camera; an identifier, never an address.
            clock: Gives each frame's time of arrival.
            limits: How long to wait for the camera.
        """
        self.camera_id = camera_id
        self._address = Address(location)
        self._clock = clock
        self._limits = limits
        self._slot: NewestSlot[Frame | FrameFailed] = NewestSlot()
        self._timeline = LiveTimeline()
        self._stopping = Event()
        self._thread: Thread | None = None
        self._state = CameraState.CLOSED
        self._n_decoded = self._n_dropped = self._n_failed = self._n_reconnects = 0
        self._newest_at: datetime | None = None
        self._alive_s = 0.0

    def __repr__(self) -> str:
        """Return identifier and redacted address."""
        return f"Camera({self.camera_id!r}, {self._address!r})"

    @property
    def health(self) -> CameraHealth:
        """Return how the camera is doing now."""
        return CameraHealth(self._state, self._n_reconnects, self._newest_at)

    def __enter__(self) -> Self:
        """Connect and start the decoding thread.

        Raises:
            CameraUnreachableError: The camera did not answer with video in time.
        """
        connection = open_camera(self._address, self._limits)
        self._alive_s = monotonic()
        self._state = CameraState.LIVE
        self._thread = Thread(
            target=self._run, args=connection, name=f"camera {self.camera_id}", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop the thread, which closes the connection; safe to call twice.

        A thread that waits for a silent camera ends by itself within the read timeout.
        """
        self._stopping.set()
        self._slot.close()
        if self._thread is not None:
            self._thread.join(_STOP_GRACE_S)
        self._state = CameraState.CLOSED

    def __iter__(self) -> Iterator[Frame | FrameFailed]:
        """Yield the newest frame, again and again, until the camera is closed.

        Yields:
            Frames; indices grow but skip those dropped.

        Raises:
            CameraLostError: No frame for longer than the limit.
        """
        while (item := self._slot.take()) is not None and not self._stopping.is_set():
            yield item
        if not self._stopping.is_set():
            msg = (
                f"expected camera {self.camera_id!r} at {self._address!r} to come back within "
                f"{self._limits.give_up_after_s:g} s; found nothing"
            )
            raise CameraLostError(msg, camera_id=self.camera_id)

    def counts(self) -> FrameCounts:
        """Return how many frames were decoded, of these dropped, and how many failed."""
        return FrameCounts(decoded=self._n_decoded, dropped=self._n_dropped, failed=self._n_failed)

    def _run(self, container: InputContainer, stream: VideoStream) -> None:
        connection: tuple[InputContainer, VideoStream] | None = (container, stream)
        waits_s = back_offs_s(self._limits)
        try:
            while connection is not None:
                n_before = self._n_decoded
                self._receive(*connection)
                if self._n_decoded > n_before:
                    waits_s = back_offs_s(self._limits)
                connection = self._reconnected(waits_s)
        finally:
            self._state = CameraState.CLOSED if self._stopping.is_set() else CameraState.LOST
            self._slot.close()

    def _receive(self, container: InputContainer, stream: VideoStream) -> None:
        with container:
            try:
                for packet in container.demux(stream):
                    if self._stopping.is_set():
                        break
                    self._decode(stream, packet)
            except AV_ERRORS:
                return  # a broken connection: the caller makes a new one

    def _decode(self, stream: VideoStream, packet: Packet[VideoStream]) -> None:
        try:
            for picture in stream.decode(packet):
                self._show(picture)
        except AV_ERRORS:
            self._fail()

    def _show(self, picture: VideoFrame) -> None:
        if picture.is_corrupt:
            self._fail()
            return
        pixels, arrived_at = rgb_pixels(picture), self._clock.now()
        has_time = picture.pts is not None
        elapsed_s = self._timeline.elapsed_s(picture.time if has_time else None, arrived_at)
        index = self._n_decoded + self._n_failed
        self._n_decoded += 1
        self._newest_at, self._alive_s = arrived_at, monotonic()
        frame = Frame(pixels, index, arrived_at, elapsed_s, self.camera_id)
        self._n_dropped += self._slot.put(frame)

    def _fail(self) -> None:
        index = self._n_decoded + self._n_failed
        self._n_failed += 1
        self._slot.put_if_empty(FrameFailed(index, self.camera_id, CORRUPT_FRAME))

    def _reconnected(self, waits_s: Iterator[float]) -> tuple[InputContainer, VideoStream] | None:
        """Return a new connection, or None when the camera is closed or given up."""
        self._state = CameraState.RECONNECTING
        give_up_s = self._alive_s + self._limits.give_up_after_s
        while (left_s := give_up_s - monotonic()) > 0:
            if self._stopping.wait(min(next(waits_s), left_s)):
                return None
            try:
                connection = open_camera(self._address, self._limits)
            except CameraUnreachableError:
                continue
            self._timeline.reconnect()
            self._n_reconnects += 1
            self._state = CameraState.LIVE
            return connection
        return None
