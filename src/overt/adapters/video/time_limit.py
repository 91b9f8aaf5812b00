"""End a source after a stretch of media time."""

from __future__ import annotations

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
                return
            yield item

    def counts(self) -> FrameCounts:
        """Return what has become of the source's frames so far."""
        return self._source.counts()
