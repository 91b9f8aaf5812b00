"""Open streams of each session: a few at the most, and the oldest gives way to a new one.

A telephone that was asleep may leave streams behind which nobody hears, so that a new one is
never refused; and whoever opens thousands has a few.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_OF_ONE = 12
"""Tabs that one person has open, and lines that broke without anybody having noticed."""


class OneMore(Protocol):
    """Counts a stream while it is open."""

    def __call__(self, close: Callable[[], None], /) -> AbstractContextManager[None]:
        """Return what is entered as long as a stream is open.

        Args:
            close: Ends the stream, where it has to give way.
        """
        ...


class Listeners:
    """Knows which streams of each session are open, in the order in which they began."""

    def __init__(self) -> None:
        """Know of none."""
        self._open: dict[str, list[Callable[[], None]]] = {}
        self._lock = threading.Lock()

    def of(self, whose: str) -> OneMore:
        """Return what counts the streams of a session.

        Args:
            whose: Identifier of the session.
        """
        return partial(self._one_more, whose)

    @contextmanager
    def _one_more(self, whose: str, close: Callable[[], None]) -> Iterator[None]:
        with self._lock:
            own = self._open.setdefault(whose, [])
            own.append(close)
            too_many = own[:-MOST_OF_ONE]
            del own[:-MOST_OF_ONE]
        for close_old in too_many:
            close_old()
        try:
            yield
        finally:
            self._forget(whose, close)

    def _forget(self, whose: str, close: Callable[[], None]) -> None:
        with self._lock:
            own = self._open.get(whose, [])
            if close in own:
                own.remove(close)
            if not own:
                self._open.pop(whose, None)


def unlimited(close: Callable[[], None], /) -> AbstractContextManager[None]:  # noqa: ARG001
    """Return a place for a stream that is nobody's.

    Args:
        close: Never called; it is there as it is where streams are counted.
    """
    return nullcontext()
