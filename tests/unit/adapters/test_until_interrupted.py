"""A live source ends at Ctrl-C, after the present frame."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from itertools import count

import numpy as np
import pytest

from overt.adapters.video.until_interrupted import UntilInterrupted
from overt.core.frame import Frame, FrameCounts


class EndlessSource:
    """Frames without end; knows whether it is open."""

    def __init__(self) -> None:
        self.camera_id = "gate"
        self.is_open = False
        self.n_taken = 0

    def __enter__(self):
        self.is_open = True
        return self

    def __exit__(self, *exc):
        self.is_open = False

    def __iter__(self):
        pixels = np.zeros((8, 8, 3), np.uint8)
        for index in count():
            self.n_taken += 1
            yield Frame(pixels, index, datetime(2020, 1, 1, tzinfo=UTC), index / 25, "gate")

    def counts(self):
        return FrameCounts(decoded=self.n_taken)


@pytest.fixture
def endless():
    """Return a source, and leave the handler of SIGINT as it was."""
    before = signal.getsignal(signal.SIGINT)
    yield EndlessSource()
    assert signal.getsignal(signal.SIGINT) is before


def test_it_ends_after_the_frame_in_hand(endless):
    """No frame is taken that nobody analyses."""
    taken = []
    with UntilInterrupted(endless) as source:
        for frame in source:
            taken.append(frame.index)
            if frame.index == 2:
                signal.raise_signal(signal.SIGINT)

        assert taken == [0, 1, 2]
        assert source.counts() == FrameCounts(decoded=3)
    assert not endless.is_open


def test_the_second_signal_interrupts_at_once(endless):
    """A silent camera does not hold the program."""
    with UntilInterrupted(endless):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    assert not endless.is_open


def test_without_a_signal_nothing_changes(endless):
    """The frames and the identifier are the source's own, and closing twice is safe."""
    wrapped = UntilInterrupted(endless)
    with wrapped as source:
        assert source.camera_id == "gate"
        assert [frame.index for frame, _ in zip(source, range(4), strict=False)] == [0, 1, 2, 3]
    wrapped.__exit__(None, None, None)
