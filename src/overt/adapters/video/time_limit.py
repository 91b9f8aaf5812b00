"""End a source after a stretch of media time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from overt.core.frame import Frame, FrameFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.frame import FrameCounts
    from overt.ports import FrameSource


class TimeLimit:
    """A frame source that ends after ``seconds``; a live camera would go on for ever."""

    def __init__(self, source: FrameSource, *, seconds: float) -> None:
        """Wrap a source.

        Args:
            source: Where the frames come from.
            seconds: Media time after which it ends.
        """
        self.camera_id = source.camera_id
        self._source = source
        self._seconds = seconds
        self._n_beyond = 0

    def __enter__(self) -> Self:
        """Open the source."""
        self._source.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        """Close the source."""
        self._source.__exit__(None, None, None)

    def __iter__(self) -> Iterator[Frame | FrameFailed]:
        """Yield the source's frames up to the limit."""
        for item in self._source:
            if isinstance(item, Frame) and item.elapsed_s >= self._seconds:
                self._n_beyond += 1
                return
            yield item

    def counts(self) -> FrameCounts:
        """Return what has become of the frames so far; the one that showed the end is left out."""
        counts = self._source.counts()
        return replace(counts, decoded=counts.decoded - self._n_beyond)
