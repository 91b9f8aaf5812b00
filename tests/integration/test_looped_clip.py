"""A clip that is played again and again, at a camera's pace."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import monotonic, sleep

import pytest
from tests.integration.clips import make_clip, number_in

from overt.adapters.video.camera_group import CameraThreads, GroupedCamera
from overt.adapters.video.looped_clip import LoopedClip
from overt.adapters.video.open_source import is_endless, open_source
from overt.core.frame import FrameFailed
from overt.errors import VideoUnreadableError

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class SecondsClock:
    """A clock that goes on by a second each time it is asked."""

    def __init__(self) -> None:
        self._n_asked = 0

    def now(self) -> datetime:
        self._n_asked += 1
        return START + timedelta(seconds=self._n_asked)


def looped(path) -> LoopedClip:
    """Return a source of a file's frames, for ever."""
    return LoopedClip(path, camera_id="street", clock=SecondsClock())


def test_media_time_goes_on_from_loop_to_loop(tmp_path):
    """Five frames at 25 a second make 0.2 s; the picture at 0.24 s is the second again."""
    path = make_clip(tmp_path / "clip.mp4", n_frames=5)
    with looped(path) as source:
        frames = list(islice(source, 12))

    ticks = [round(frame.elapsed_s / 0.04, 3) for frame in frames]
    assert ticks == [frame.index for frame in frames]
    assert [number_in(frame.pixels_rgb) for frame in frames] == [tick % 5 for tick in ticks]
    assert ticks[-1] >= 11


def test_a_frame_has_the_clocks_time_at_which_it_is_given(tmp_path):
    """Not the file's: each frame is later than the one before, as the clock says."""
    with looped(make_clip(tmp_path / "clip.mp4", n_frames=5)) as source:
        frames = list(islice(source, 12))

    times = [frame.captured_at for frame in frames]
    assert times == sorted(set(times))
    assert {time.utcoffset() for time in times} == {timedelta(0)}


def test_it_keeps_a_cameras_pace(tmp_path):
    """Eleven frames at 25 a second take no less than the 0.4 s between first and last."""
    with looped(make_clip(tmp_path / "clip.mp4", n_frames=5)) as source:
        started_s = monotonic()
        list(islice(source, 11))
        took_s = monotonic() - started_s

    assert took_s >= 0.4


def test_who_is_slow_gets_the_newest_frame(tmp_path):
    """After 0.3 s of other work, the frames that were due meanwhile are dropped and counted."""
    with looped(make_clip(tmp_path / "clip.mp4", n_frames=50)) as source:
        frames = iter(source)
        first = next(frames)
        sleep(0.3)
        second = next(frames)
        counts = source.counts()

    assert second.elapsed_s - first.elapsed_s >= 0.24
    assert counts.dropped == second.index - first.index - 1 > 0


def test_after_a_long_pause_it_goes_on_where_it_was(tmp_path):
    """A machine that slept does not race through what it missed: the very next frame comes."""
    with looped(make_clip(tmp_path / "clip.mp4", n_frames=50)) as source:
        frames = iter(source)
        next(frames)
        source._started_s -= 3600
        second = next(frames)

    assert second.index == 1
    assert source.counts().dropped == 0


def test_closing_wakes_whoever_waits(tmp_path):
    """A frame that is due in two seconds is not waited for once the source is closed."""
    path = make_clip(tmp_path / "clip.mp4", n_frames=3, pts=[0, 50, 100])
    source = looped(path)
    with source:
        frames = iter(source)
        next(frames)
        threading.Timer(0.1, source.__exit__).start()
        started_s = monotonic()
        left = list(frames)
        took_s = monotonic() - started_s

    assert left == []
    assert took_s < 1


def test_a_single_picture_is_no_clip_to_loop(tmp_path):
    """Without two frames a loop has no length, and would spin."""
    path = make_clip(tmp_path / "clip.mp4", n_frames=1)
    with looped(path) as source, pytest.raises(VideoUnreadableError, match="two frames or more"):
        list(source)


def test_a_file_that_is_no_video_is_refused_on_entering(tmp_path):
    """Before a camera would be shown as live."""
    path = tmp_path / "clip.mp4"
    path.write_text("no video")
    with pytest.raises(VideoUnreadableError):
        looped(path).__enter__()


def test_damaged_frames_are_given_as_failed_in_every_loop(tmp_path):
    """They are counted, and the indices of the others leave room for them."""
    path = make_clip(
        tmp_path / "clip.avi", n_frames=6, codec="mjpeg", options={"qmin": "2", "qmax": "4"}
    )
    content = path.read_bytes()
    starts = [place for place in range(len(content)) if content[place : place + 2] == b"\xff\xd8"]
    third = content[starts[2] : starts[3] - 8]
    path.write_bytes(content.replace(third, bytes(len(third))))
    with looped(path) as source:
        failed = [item.index for item in islice(source, 24) if isinstance(item, FrameFailed)]

    assert failed[:3] == [2, 8, 14]
    assert source.counts().failed == len(failed)


def test_a_location_names_a_loop(tmp_path):
    """``loop:`` before a file's name; it has no end of its own, as a camera has none."""
    path = make_clip(tmp_path / "clip.mp4", n_frames=5)
    loop, once = (
        open_source(location, camera_id="street", clock=SecondsClock(), started_at=START)
        for location in (f"loop:{path}", str(path))
    )

    assert isinstance(loop, LoopedClip)
    assert (is_endless(loop), is_endless(once)) == (True, False)


def test_a_group_of_cameras_ends_a_loop_at_once(tmp_path):
    """Its thread is woken and joined, long before the next frame would be due."""
    path = make_clip(tmp_path / "clip.mp4", n_frames=3, pts=[0, 250, 500])
    camera = GroupedCamera("street", lambda: looped(path), is_live=True)
    with CameraThreads([camera]) as group:
        assert len(group.news(5).frames) == 1
        started_s = monotonic()
    took_s = monotonic() - started_s

    assert took_s < 1
    assert group.counts().decoded <= 2
