"""Decode a recording in a thread of its own while earlier frames are analysed.

The queue between the two is short and bounded: a slow analysis holds the decoder
back, no frame is dropped, memory stays flat. An error in the thread is raised in
the reader, and the end is always announced, so the reader never waits for ever.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Self

from overt.core.frame import Frame, FrameFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.frame import FrameCounts
    from overt.ports import FrameSource

_POLL_S = 0.1


class ReadAhead:
    """A frame source that reads another one, at most ``depth`` frames ahead."""

    def __init__(self, source: FrameSource, *, depth: int = 4) -> None:
        """Wrap a source of recorded frames.

        Args:
            source: Where the frames come from; opened and closed by this one.
            depth: Frames that may wait, at least 1.
        """
        self.camera_id = source.camera_id
        self._source = source
        self._waiting: queue.Queue[Frame | FrameFailed | BaseException | None]
        self._waiting = queue.Queue(maxsize=depth)
        self._has_ended = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._fill, name="read-ahead", daemon=True)

    def __enter__(self) -> Self:
        """Open the source and start to read.

        Raises:
            TrialError: The source cannot be opened.
        """
        self._source.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop reading and close the source; safe to call twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._source.__exit__(None, None, None)

    def __iter__(self) -> Iterator[Frame | FrameFailed]:
        """Yield the source's frames in order.

        Raises:
            TrialError: Whatever the source raised.
        """
        while not self._has_ended:
            item = self._waiting.get()
            if isinstance(item, Frame | FrameFailed):
                yield item
                continue
            self._has_ended = True
            if item is not None:
                raise item

    def counts(self) -> FrameCounts:
        """Return what has become of the source's frames so far."""
        return self._source.counts()

    def _fill(self) -> None:
        ending: BaseException | None = None
        try:
            for item in self._source:
                if not self._offer(item):
                    return
        except BaseException as error:  # noqa: BLE001  raised again in the reader
            ending = error
        self._offer(ending)

    def _offer(self, item: Frame | FrameFailed | BaseException | None) -> bool:
        while not self._stopping.is_set():
            try:
                self._waiting.put(item, timeout=_POLL_S)
            except queue.Full:
                continue
            return True
        return False
