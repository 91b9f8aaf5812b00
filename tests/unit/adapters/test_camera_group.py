import threading
from dataclasses import replace

import pytest

from overt.adapters.video.camera_group import CameraThreads, GroupedCamera
from overt.core.frame import FrameFailed
from overt.errors import CameraLostError
from overt.testing import FakeSource, a_frame

SOON_S = 5.0


class Endless(FakeSource):
    """A live camera: it shows what it is given, then waits until it is closed."""

    def __init__(self, items, camera_id):
        super().__init__(items, camera_id=camera_id)
        self._closed = threading.Event()

    def __exit__(self, *exc):
        self._closed.set()

    def __iter__(self):
        yield from super().__iter__()
        self._closed.wait(SOON_S)


def recording(camera_id, n_frames, **changes):
    """Return a recorded camera."""
    frames = [a_frame(index=i, camera_id=camera_id) for i in range(n_frames)]
    return GroupedCamera(
        camera_id, lambda: FakeSource(frames, camera_id=camera_id, **changes), False
    )


def until_over(group):
    """Return every frame in order, by camera, and what else was told."""
    frames, told = {}, []
    while True:
        news = group.news(SOON_S)
        told.append(news)
        for frame in news.frames:
            frames.setdefault(frame.camera_id, []).append(frame.index)
        if news.is_over:
            return frames, told


def first(group, wanted):
    """Return the first news for which something holds."""
    for _ in range(200):
        news = group.news(SOON_S)
        if wanted(news):
            return news
    raise AssertionError("nothing of the kind was told")


class TestRecordings:
    def test_give_every_frame_in_order(self):
        """Two recordings of different length: none is dropped, at most one a camera at a time."""
        with CameraThreads([recording("c1", 30), recording("c2", 7)]) as group:
            frames, told = until_over(group)
            counts, by_camera = group.counts(), group.camera_counts()
        assert frames == {"c1": list(range(30)), "c2": list(range(7))}
        assert {camera: n.decoded for camera, n in by_camera.items()} == {"c1": 30, "c2": 7}
        assert all(len({f.camera_id for f in n.frames}) == len(n.frames) for n in told)
        assert (counts.decoded, counts.dropped) == (37, 0)

    def test_tell_of_frames_that_failed(self):
        """A frame that cannot be decoded is told, and the next one follows."""
        items = [a_frame(index=0), FrameFailed(1, "c1", "video.corrupt_frame"), a_frame(index=2)]
        camera = GroupedCamera("c1", lambda: FakeSource(items), False)
        with CameraThreads([camera]) as group:
            frames, told = until_over(group)
        assert frames == {"c1": [0, 2]}
        assert [f.index for news in told for f in news.failed] == [1]

    def test_that_break_off_leave_the_others_going(self):
        """The error's code is told once; the other recording goes on to its end."""
        broken = recording("c1", 3, error=CameraLostError("gone"))
        with CameraThreads([broken, recording("c2", 40)]) as group:
            frames, told = until_over(group)
        assert len(frames["c2"]) == 40
        assert [(one.camera_id, one.code) for news in told for one in news.lost] == [
            ("c1", "camera.lost")
        ]

    def test_nobody_waits_for_a_reader_that_has_left(self):
        """Leaving the group ends its threads, though most frames were never taken."""
        camera = recording("c1", 200)
        with CameraThreads([camera]) as group:
            group.news(SOON_S)
        assert group.counts().decoded < 10


class TestLiveCameras:
    def test_give_the_newest_frame_and_count_the_others(self):
        """Nobody works through a backlog."""
        frames = [a_frame(index=i) for i in range(50)]
        with CameraThreads([GroupedCamera("c1", lambda: Endless(frames, "c1"), True)]) as group:
            while group.counts().decoded < 50:
                pass
            seen = group.news(SOON_S).frames
            counts = group.counts()
        assert [frame.index for frame in seen] == [49]
        assert (counts.decoded, counts.dropped) == (50, 49)

    def test_that_are_lost_are_tried_again_and_told_once(self):
        """Lost after one frame, lost again without any, then back: lost, returned."""
        tries = iter(
            [
                FakeSource([a_frame(index=0)], error=CameraLostError("gone")),
                FakeSource([], error=CameraLostError("gone")),
                Endless([a_frame(index=7)], "c1"),
            ]
        )
        camera = GroupedCamera("c1", lambda: next(tries), True)
        with CameraThreads([camera], retry_after_s=0.05) as group:
            lost = first(group, lambda news: news.lost)
            back = first(group, lambda news: news.returned)
        assert [one.code for one in lost.lost] == ["camera.lost"]
        assert back.returned == ("c1",)

    def test_go_on_in_media_time_when_they_return(self):
        """A new connection counts from 0; tracks and cool-downs need a time that grows."""
        tries = iter(
            [
                FakeSource([replace(a_frame(), elapsed_s=0.0)], error=CameraLostError("gone")),
                Endless([replace(a_frame(index=1), elapsed_s=0.0)], "c1"),
            ]
        )
        with CameraThreads(
            [GroupedCamera("c1", lambda: next(tries), True)], retry_after_s=0.1
        ) as group:
            news = first(group, lambda one: one.frames and one.frames[0].index == 1)
        assert news.frames[0].elapsed_s >= 0.1

    def test_that_are_closed_say_nothing_more(self):
        """Its site's window is over; the other camera goes on."""
        frames = [a_frame(index=i, camera_id="c2") for i in range(3)]
        cameras = [
            GroupedCamera("c1", lambda: Endless([a_frame()], "c1"), True),
            GroupedCamera("c2", lambda: FakeSource(frames, camera_id="c2"), False),
        ]
        with CameraThreads(cameras) as group:
            group.close(frozenset({"c1"}))
            seen, _ = until_over(group)
        assert "c1" not in seen

    def test_without_news_are_waited_for_no_longer_than_asked(self):
        """A silent camera: the caller gets back in time to look at the clock."""
        with CameraThreads([GroupedCamera("c1", lambda: Endless([], "c1"), True)]) as group:
            news = group.news(0.05)
        assert (news.frames, news.failed, news.lost, news.is_over) == ((), (), (), False)


def test_a_mistake_of_the_program_reaches_the_caller():
    """What is no error of a camera is not taken for one."""
    broken = recording("c1", 1, error=ZeroDivisionError())
    with CameraThreads([broken]) as group, pytest.raises(ZeroDivisionError):
        until_over(group)
