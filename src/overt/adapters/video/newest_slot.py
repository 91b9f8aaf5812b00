"""One place for the newest item between a thread that makes and one that takes."""

from __future__ import annotations

from threading import Condition
from typing import Generic, TypeVar

Item = TypeVar("Item")


class NewestSlot(Generic[Item]):
    """Holds at most one item; a newer one replaces it, so nobody works through a backlog."""

    def __init__(self) -> None:
        """Start empty and open."""
        self._changed = Condition()
        self._item: Item | None = None
        self._is_closed = False

    def put(self, item: Item) -> int:
        """Lay down an item and return how many untaken ones it replaced, 0 or 1.

        Args:
            item: The newest item.
        """
        with self._changed:
            n_replaced = int(self._item is not None)
            self._item = item
            self._changed.notify()
        return n_replaced

    def put_if_empty(self, item: Item) -> None:
        """Lay down an item unless another one waits.

        Args:
            item: Less important than any that waits.
        """
        with self._changed:
            if self._item is None:
                self._item = item
                self._changed.notify()

    def take(self) -> Item | None:
        """Return the newest item, waiting for one; None once the slot is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._item is not None or self._is_closed)
            item, self._item = self._item, None
        return item

    def close(self) -> None:
        """Let nobody wait any longer; an item that lies there can still be taken."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
