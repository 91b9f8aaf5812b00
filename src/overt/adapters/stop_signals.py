"""Ctrl-C and SIGTERM ask a run to stop after the present frame; a second Ctrl-C interrupts."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    _Handler = Callable[[int, FrameType | None], object] | int | None

_REASONS = {
    signal.SIGINT: "stopped at the keyboard",
    signal.SIGTERM: "the service was told to stop",
}


class StopSignals:
    """The ``StopRequests`` port on signals; to be entered in the main thread."""

    def __init__(self) -> None:
        """Listen to nothing yet."""
        self._number: int | None = None
        self._before: dict[int, _Handler] = {}

    def __enter__(self) -> Self:
        """Begin to listen."""
        for number in _REASONS:
            self._before[number] = signal.signal(number, self._hear)
        return self

    def __exit__(self, *exc: object) -> None:
        """Let the signals do what they did before."""
        for number in list(self._before):
            self._restore(number)

    def requested(self) -> str | None:
        """Return the reason to record, or None where nobody has asked."""
        return None if self._number is None else _REASONS[signal.Signals(self._number)]

    def is_by_person(self) -> bool:
        """Return whether the person who runs it pressed Ctrl-C."""
        return self._number == signal.SIGINT

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self._number = number
        if number == signal.SIGINT:
            self._restore(number)

    def _restore(self, number: int) -> None:
        if number in self._before:
            signal.signal(number, self._before.pop(number))
