"""A frame of a camera."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from overt.core.frame import Frame, FrameCounts


def test_a_frame_gives_width_before_height():
    """Pixels are rows of columns; a size is width, height."""
    frame = Frame(np.zeros((360, 640, 3), np.uint8), 0, datetime(2026, 1, 1, tzinfo=UTC), 0.0, "c")

    assert frame.size_wh == (640, 360)


def test_nothing_has_become_of_frames_before_the_first():
    """Every count starts at 0."""
    assert FrameCounts() == FrameCounts(decoded=0, analysed=0, dropped=0, failed=0)
