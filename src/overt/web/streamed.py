"""A long answer made piece by piece in one thread, which is where its unit of work belongs."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PARTS_AHEAD = 8
_PART_BYTES = 64 * 1024
_LOOK_EVERY_S = 0.5


class _Pipe:
    """What was made and is not sent yet; whoever makes it waits while it is full."""

    def __init__(self) -> None:
        self._parts: queue.Queue[bytes | BaseException | None] = queue.Queue(_PARTS_AHEAD)
        self._is_unwanted = threading.Event()

    def put(self, part: bytes | BaseException | None) -> bool:
        """Add a part; return False once nobody wants any more."""
        while not self._is_unwanted.is_set():
            try:
                self._parts.put(part, timeout=_LOOK_EVERY_S)
            except queue.Full:
                continue
            return True
        return False

    def get(self) -> bytes | BaseException | None:
        """Return the next part, what went wrong, or None at the end."""
        return self._parts.get()

    def give_up(self) -> None:
        """Want nothing any more."""
        self._is_unwanted.set()


def from_one_thread(make: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """Yield the bytes that a thread of its own makes, in parts of some size.

    Where it fails in the middle the answer breaks off: a file that is not whole never looks
    like one.

    Args:
        make: Returns what makes the pieces; called in the thread.

    Raises:
        BaseException: What went wrong in the thread.
    """
    pipe = _Pipe()
    thread = threading.Thread(target=_fill, args=(pipe, make), name="answer", daemon=True)
    thread.start()
    try:
        while (part := pipe.get()) is not None:
            if isinstance(part, BaseException):
                raise part
            yield part
    finally:
        pipe.give_up()


def _fill(pipe: _Pipe, make: Callable[[], Iterator[bytes]]) -> None:
    try:
        waiting = bytearray()
        for piece in make():
            waiting += piece
            if len(waiting) >= _PART_BYTES:
                if not pipe.put(bytes(waiting)):
                    return
                waiting.clear()
        if waiting and not pipe.put(bytes(waiting)):
            return
    except BaseException as error:  # noqa: BLE001 - raised again where the answer is sent
        pipe.put(error)
        return
    pipe.put(None)
