"""A recorded clip played again and again, at the pace of a camera: for rehearsals without one."""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from overt.adapters.video.clip import Clip
from overt.core.frame import Frame, FrameCounts, FrameFailed
from overt.errors import VideoUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Self

    from overt.ports import Clock

LOOP = "loop:"
"""What a location begins with where a recorded file is to be played for ever."""

_MAX_LATE_S = 1.0


class LoopedClip:
    """The frames of one file, each at its time, over and over.

    Like a camera it gives the newest frame: one that is overdue when another is due counts as
    dropped. ``Frame.captured_at`` is the time at which it is given, and media time goes on from
    loop to loop. After a long pause of the machine the clip goes on where it was.
    """

    def __init__(self, path: Path, *, camera_id: str, clock: Clock) -> None:
        """Name the file; it is opened on entering.

        Args:
            path: The recorded file.
            camera_id: Which camera it plays.
            clock: Gives each frame its time.
        """
        self.camera_id = camera_id
        self._path, self._clock = path, clock
        self._stopping = Event()
        self._n_decoded = self._n_dropped = self._n_failed = 0
        self._started_s = self._begins_s = 0.0

    def __enter__(self) -> Self:
        """Look at the file.

        Raises:
            VideoUnreadableError: It is missing or not a video.
        """
        with self._clip():
            return self

    def __exit__(self, *exc: object) -> None:
        """Wake whoever waits for a frame; nothing comes any more. Safe to call twice."""
        self._stopping.set()

    def __iter__(self) -> Iterator[Frame | FrameFailed]:
        """Yield the frame that is due, again and again, until the source is closed.

        Yields:
            Frames; indices grow but skip those dropped.

        Raises:
            VideoUnreadableError: The file has no two frames, so that a loop has no length.
        """
        self._begins_s, self._started_s = 0.0, monotonic()
        while not self._stopping.is_set():
            yield from self._loop()

    def counts(self) -> FrameCounts:
        """Return how many frames were decoded, of these dropped, and how many failed."""
        return FrameCounts(decoded=self._n_decoded, dropped=self._n_dropped, failed=self._n_failed)

    def _clip(self) -> Clip:
        return Clip(self._path, camera_id=self.camera_id, started_at=self._clock.now())

    def _loop(self) -> Iterator[Frame | FrameFailed]:
        """Yield the frames of one loop; the next one begins after it."""
        last_s = gap_s = 0.0
        with self._clip() as clip:
            for item in clip:
                index = self._n_decoded + self._n_failed
                if isinstance(item, FrameFailed):
                    self._n_failed += 1
                    yield replace(item, index=index)
                    continue
                self._n_decoded += 1
                gap_s, last_s = item.elapsed_s - last_s, item.elapsed_s
                elapsed_s = self._begins_s + last_s
                if self._is_due(elapsed_s, gap_s):
                    now = self._clock.now()
                    yield replace(item, index=index, captured_at=now, elapsed_s=elapsed_s)
                if self._stopping.is_set():
                    return
        if last_s == 0:
            msg = f"expected two frames or more to play again and again in {self._path.name!r}"
            raise VideoUnreadableError(msg)
        self._begins_s += last_s + gap_s

    def _is_due(self, elapsed_s: float, gap_s: float) -> bool:
        """Wait for a frame's time; return False where it is dropped or nobody wants it."""
        late_s = monotonic() - self._started_s - elapsed_s
        if late_s < 0:
            return not self._stopping.wait(-late_s)
        if late_s > _MAX_LATE_S:
            self._started_s += late_s
        elif late_s > gap_s > 0:
            self._n_dropped += 1
            return False
        return not self._stopping.is_set()
