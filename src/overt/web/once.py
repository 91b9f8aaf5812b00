"""A form does its work once, however often it is sent: a double click, a button pressed again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_KEPT = 2000


@dataclass(slots=True)
class Turn:
    """The sending of one form.

    Attributes:
        location: Where its work led; None as long as it was not done.
        lock: Held while somebody does it.
    """

    location: str | None = None
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


class Once:
    """Remembers which forms have done their work, and where it led."""

    def __init__(self) -> None:
        """Know of no form."""
        self._turns: OrderedDict[tuple[str, bytes], Turn] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, session: str, key: str) -> Iterator[Turn]:
        """Wait until nobody else does this form's work, and hand it over.

        Args:
            session: Whose; a key of another session is another key.
            key: Of the form, made with its page; without one nothing is remembered.

        Yields:
            The turn; whoever has done the work writes down where it led.
        """
        if not key:
            yield Turn()
            return
        whose = session, sha256(key.encode("utf-8", "replace")).digest()  # whatever its length
        with self._lock:
            turn = self._turns.setdefault(whose, Turn())
            self._turns.move_to_end(whose)
            while len(self._turns) > _MOST_KEPT:
                self._turns.popitem(last=False)
        with turn.lock:
            yield turn
