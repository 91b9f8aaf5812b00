"""A long answer is made in one thread, no faster than it is sent."""

from __future__ import annotations

import threading
import time

import pytest

from overt.errors import StoreUnavailableError
from overt.web.streamed import from_one_thread


def test_everything_comes_in_order_from_one_thread():
    """A unit of work belongs to the thread that opened it."""
    threads = set()

    def make():
        for number in range(1000):
            threads.add(threading.get_ident())
            yield b"%06d" % number

    whole = b"".join(from_one_thread(make))

    assert whole == b"".join(b"%06d" % number for number in range(1000))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_it_is_sent_in_parts_of_some_size():
    """Not line by line."""
    parts = list(from_one_thread(lambda: iter([b"x" * 100] * 2000)))

    assert len(parts) == 4  # 200,000 bytes in parts of 64 KiB
    assert sum(map(len, parts)) == 200_000


def test_what_goes_wrong_is_raised_where_it_is_sent():
    """What came before it was sent."""

    def make():
        yield b"x" * 70_000
        raise StoreUnavailableError("gone")

    parts = from_one_thread(make)
    assert next(parts) == b"x" * 70_000
    with pytest.raises(StoreUnavailableError):
        next(parts)


def test_nothing_is_made_any_more_once_nobody_listens():
    """A download that is broken off ends its thread, and what it holds open."""
    is_closed = threading.Event()

    def make():
        try:
            while True:
                yield b"x" * 70_000
        finally:
            is_closed.set()

    parts = from_one_thread(make)
    next(parts)
    parts.close()

    assert is_closed.wait(5)


def test_it_is_made_no_faster_than_it_is_sent():
    """A slow line holds it back: the whole log never lies in memory."""
    made = []

    def make():
        for number in range(200):
            made.append(number)
            yield b"x" * 70_000

    parts = from_one_thread(make)
    next(parts)
    time.sleep(0.2)

    assert len(made) < 15
    parts.close()
