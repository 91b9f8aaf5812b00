"""One place for the newest item."""

from __future__ import annotations

from threading import Thread

from overt.adapters.video.newest_slot import NewestSlot


def test_a_newer_item_replaces_one_that_nobody_took():
    """Of three items laid down before the first is taken, the third is taken."""
    slot = NewestSlot()

    assert [slot.put(number) for number in (1, 2, 3)] == [0, 1, 1]
    assert slot.take() == 3


def test_a_less_important_item_waits_for_an_empty_place():
    """An item laid down only if the place is empty replaces nothing."""
    slot = NewestSlot()
    slot.put("frame")
    slot.put_if_empty("failure")
    first = slot.take()
    slot.put_if_empty("failure")

    assert (first, slot.take()) == ("frame", "failure")


def test_closing_lets_the_last_item_be_taken():
    """After closing, the item that lies there comes first, then nothing."""
    slot = NewestSlot()
    slot.put(1)
    slot.close()

    assert [slot.take(), slot.take()] == [1, None]


def test_closing_ends_the_wait():
    """Who waits for an item gets none when the slot closes."""
    slot, taken = NewestSlot(), []
    waiting = Thread(target=lambda: taken.append(slot.take()))
    waiting.start()
    slot.close()
    waiting.join(5)

    assert taken == [None]
