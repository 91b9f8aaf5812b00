"""Media time of a live camera."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from overt.adapters.video.live_timeline import LiveTimeline

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def times(*frames: tuple[float | None, float]) -> list[float]:
    """Return the timeline's times of (timestamp, arrival) pairs, both in seconds."""
    timeline = LiveTimeline()
    return [
        timeline.elapsed_s(media_s, START + timedelta(seconds=arrived_s))
        for media_s, arrived_s in frames
    ]


def test_timestamps_count_and_not_the_unsteady_arrival():
    """Frames 40 ms apart stay 40 ms apart when the network delivers two of them at once."""
    assert times((7.00, 0.0), (7.04, 0.09), (7.08, 0.09)) == pytest.approx([0, 0.04, 0.08])


def test_a_jump_of_the_cameras_clock_is_taken_out():
    """A timestamp that leaps by an hour is anchored to the time of arrival."""
    assert times((0.0, 0.0), (3600.0, 0.5), (3600.2, 0.7)) == pytest.approx([0, 0.5, 0.7])


def test_without_timestamps_arrival_counts():
    """A camera that sends no timestamps gets the times of arrival."""
    assert times((None, 0.0), (None, 0.25)) == [0.0, 0.25]


def test_time_never_runs_backwards():
    """A timestamp earlier than the one before is held at the one before."""
    assert times((0.0, 0.0), (0.4, 0.4), (0.3, 0.41)) == pytest.approx([0, 0.4, 0.4])


def test_a_new_connection_goes_on_at_the_time_of_arrival():
    """Timestamps that start anew after two seconds without a picture go on after those."""
    timeline = LiveTimeline()
    timeline.elapsed_s(5.0, START)
    timeline.reconnect()

    after = timeline.elapsed_s(5.1, START + timedelta(seconds=2))

    assert after == pytest.approx(2.0)
