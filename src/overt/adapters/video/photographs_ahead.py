"""Photographs decoded a little ahead, while the networks are busy with those before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from overt.adapters.video.photographs import MAX_PIXELS, decode_photograph, read_photograph
from overt.errors import ImageUnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

N_AHEAD = 8


class PhotographsAhead:
    """Decodes the photographs that follow the one asked for; a few are in memory at a time.

    Nothing is read before the first is asked for. Use as a context manager: leaving it ends
    its thread.
    """

    def __init__(self, max_pixels: int = MAX_PIXELS) -> None:
        """Start with no photograph.

        Args:
            max_pixels: Most pixels that one may claim to have, where it comes as bytes.
        """
        self._max_pixels = max_pixels
        self._photographs: list[Path | bytes | None] = []
        self._pending: dict[int, tuple[int, Future[Pixels | None]]] = {}
        self._n_asked = 0
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="photographs")

    def __enter__(self) -> Self:
        """Return this reader."""
        return self

    def __exit__(self, *exc: object) -> None:
        """End the thread; what was decoded and not asked for is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pending.clear()

    def reader(self, photograph: Path | bytes | None) -> Callable[[int], Pixels | None]:
        """Return what reads the next photograph, in the order in which readers are made.

        Args:
            photograph: A file or its bytes, or None where there is none that may be opened.
        """
        place = len(self._photographs)
        self._photographs.append(photograph)
        return lambda side_px: self._read(place, side_px)

    def _read(self, place: int, side_px: int) -> Pixels | None:
        """Return a photograph, decoded already where it was expected in this size."""
        expected_px, pending = self._pending.pop(place, (0, None))
        if place >= self._n_asked:
            self._expect(place + 1, side_px)
        if pending is not None and expected_px == side_px:
            return pending.result()
        return pixels_of(self._photographs[place], side_px, self._max_pixels)

    def _expect(self, first: int, side_px: int) -> None:
        for skipped in [place for place in self._pending if place < first]:
            self._pending.pop(skipped)[1].cancel()
        last = min(first + N_AHEAD, len(self._photographs))
        for place in range(max(first, self._n_asked), last):
            if place not in self._pending:
                photograph = self._photographs[place]
                future = self._pool.submit(pixels_of, photograph, side_px, self._max_pixels)
                self._pending[place] = (side_px, future)
        self._n_asked = first


def pixels_of(
    photograph: Path | bytes | None, side_px: int, max_pixels: int = MAX_PIXELS
) -> Pixels | None:
    """Return a photograph's (h, w, 3) uint8 pixels, or None where it cannot be read.

    Args:
        photograph: A file or its bytes, or None where there is none.
        side_px: Longest side that is wanted.
        max_pixels: Most pixels that it may claim to have, where it comes as bytes.
    """
    try:
        if isinstance(photograph, bytes):
            return decode_photograph(photograph, max_side_px=side_px, max_pixels=max_pixels)
        return None if photograph is None else read_photograph(photograph, max_side_px=side_px)
    except ImageUnreadableError:
        return None
