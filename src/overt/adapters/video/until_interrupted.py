"""End a live source at Ctrl-C, so that what it showed so far is not lost."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from overt.core.frame import Frame, FrameCounts, FrameFailed
    from overt.ports import FrameSource

    _Handler = Callable[[int, FrameType | None], object] | int | None


class UntilInterrupted:
    """A frame source that ends after the present frame when SIGINT comes.

    A second SIGINT interrupts as ever: the camera may be silent, and the present
    frame may never come. To be entered in the main thread, as signals need it.
    """

    def __init__(self, source: FrameSource) -> None:
        """Wrap a source.

        Args:
            source: Where the frames come from; opened and closed by this one.
        """
        self.camera_id = source.camera_id
        self._source = source
        self._is_interrupted = False
        self._before: _Handler = None

    def __enter__(self) -> Self:
        """Open the source, then listen for SIGINT.

        Raises:
            TrialError: The source cannot be opened.
        """
        self._source.__enter__()
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop listening and close the source; safe to call twice."""
        self._restore()
        self._source.__exit__(*exc)

    def __iter__(self) -> Iterator[Frame | FrameFailed]:
        """Yield the source's frames until SIGINT comes."""
        for item in self._source:
            yield item
            if self._is_interrupted:
                return

    def counts(self) -> FrameCounts:
        """Return what has become of the source's frames so far."""
        return self._source.counts()

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        self._is_interrupted = True
        self._restore()

    def _restore(self) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None
