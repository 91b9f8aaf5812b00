import threading
from time import monotonic, sleep

import pytest

from overt.adapters.video.read_ahead import ReadAhead
from overt.adapters.video.time_limit import TimeLimit
from overt.core.frame import Frame, FrameCounts, FrameFailed
from overt.errors import CameraLostError, TrialError, VideoUnreadableError
from overt.testing import FakeSource, a_frame


def frames(count):
    """Return small frames, numbered, 25 a second."""
    return [a_frame(index=index, size_wh=(8, 8)) for index in range(count)]


def indices(items):
    """Return what tells the items apart."""
    return [item.index for item in items]


def wait_until(condition, *, within_s=5.0):
    """Return whether a condition came true in time."""
    end = monotonic() + within_s
    while not condition() and monotonic() < end:
        sleep(0.005)
    return condition()


def readers():
    """Return the threads of this adapter that run."""
    return [thread for thread in threading.enumerate() if thread.name == "read-ahead"]


def all_errors(kind=TrialError):
    """Return every error class, the root first."""
    return [kind, *(error for child in kind.__subclasses__() for error in all_errors(child))]


class Unopened(FakeSource):
    """A source that cannot be opened."""

    def __enter__(self):
        raise VideoUnreadableError("no such clip")


class TestReadAhead:
    def test_order_and_number_are_kept(self):
        """Two hundred frames and a failed one come out as they went in."""
        items = [*frames(100), FrameFailed(100, "c1", "video.corrupt_frame")]
        items += [a_frame(index=index, size_wh=(8, 8)) for index in range(101, 200)]
        with ReadAhead(FakeSource(items)) as source:
            taken = list(source)
        assert indices(taken) == list(range(200))
        assert [type(item) for item in taken].count(FrameFailed) == 1
        assert source.counts() == FrameCounts(decoded=199, failed=1)
        assert source.camera_id == "c1"

    @pytest.mark.parametrize("depth", [1, 4])
    def test_it_is_never_further_ahead_than_its_depth(self, depth):
        """A slow reader holds the decoder back: the queue, and one frame in hand."""
        inner = FakeSource(frames(30))
        with ReadAhead(inner, depth=depth) as source:
            for n_read, _ in enumerate(source, start=1):
                sleep(0.004)
                assert inner.n_taken <= n_read + depth + 1

    def test_a_reader_that_pauses_loses_nothing(self):
        """Longer than the thread waits at a time for room in the queue."""
        taken = []
        with ReadAhead(FakeSource(frames(6)), depth=1) as source:
            for item in source:
                sleep(0.25 if not taken else 0)
                taken.append(item.index)
        assert taken == [0, 1, 2, 3, 4, 5]

    def test_it_does_read_ahead(self):
        """While the reader holds one frame, the next are decoded."""
        inner = FakeSource(frames(30))
        with ReadAhead(inner, depth=4) as source:
            next(iter(source))
            assert wait_until(lambda: inner.n_taken >= 5)

    @pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
    def test_an_error_of_the_source_comes_after_the_frames_before_it(self, kind):
        """Any error of the tree is raised in the reader, the same object, at its place."""
        error, taken = kind.__new__(kind), []
        with (
            ReadAhead(FakeSource(frames(3), error=error)) as source,
            pytest.raises(TrialError) as caught,
        ):
            taken.extend(item.index for item in source)
        assert caught.value is error
        assert taken == [0, 1, 2]

    @pytest.mark.parametrize("error", [MemoryError(), RuntimeError("bug"), AssertionError()])
    def test_no_error_makes_the_reader_wait_for_ever(self, error):
        """One that nobody foresaw is raised as well, not swallowed by the thread."""
        with (
            ReadAhead(FakeSource(frames(1), error=error)) as source,
            pytest.raises(type(error)),
        ):
            list(source)

    def test_after_the_end_there_is_nothing(self):
        """To iterate once more does not wait for a thread that has ended."""
        with ReadAhead(FakeSource(frames(2))) as source:
            assert len(list(source)) == 2
            assert list(source) == []

    def test_leaving_early_stops_the_thread_and_closes_the_source(self):
        """Also while the thread waits for room in a full queue."""
        inner = FakeSource(frames(500))
        with ReadAhead(inner, depth=1) as source:
            next(iter(source))
            assert readers()
        assert readers() == []
        assert not inner.is_open
        assert inner.n_taken < 10

    def test_leaving_on_an_error_of_the_reader_does_the_same(self):
        """Whatever happens inside the block."""
        inner, error = FakeSource(frames(500)), CameraLostError("elsewhere")

        def fail(_):
            raise error

        with pytest.raises(CameraLostError), ReadAhead(inner) as source:
            fail(next(iter(source)))
        assert (readers(), inner.is_open) == ([], False)

    def test_leaving_twice_is_safe(self):
        """As every frame source promises."""
        source = ReadAhead(FakeSource(frames(1)))
        with source:
            pass
        source.__exit__(None, None, None)
        assert readers() == []

    def test_a_source_that_cannot_be_opened_starts_no_thread(self):
        """Its error comes on entering."""
        with pytest.raises(VideoUnreadableError), ReadAhead(Unopened([])):
            pytest.fail("must not be entered")
        assert readers() == []

    def test_leaving_without_entering_is_safe(self):
        """Nothing was started, nothing is waited for."""
        ReadAhead(FakeSource([])).__exit__(None, None, None)


class TestTimeLimit:
    def test_it_ends_after_so_much_media_time(self):
        """0.2 s at 25 frames a second are the frames 0 to 4; frame 5 is at 0.2 s."""
        with TimeLimit(FakeSource(frames(50)), seconds=0.2) as source:
            assert indices(source) == [0, 1, 2, 3, 4]
        assert source.camera_id == "c1"

    def test_its_counts_are_of_what_it_gave(self):
        """The frame that showed the end was decoded and is nobody's."""
        items = frames(50)
        items.insert(2, FrameFailed(99, "c1", "video.corrupt_frame"))
        with TimeLimit(FakeSource(items), seconds=0.2) as source:
            given = list(source)
        assert sum(isinstance(item, Frame) for item in given) == 5
        assert source.counts() == FrameCounts(decoded=5, failed=1)

    def test_a_shorter_source_ends_by_itself(self):
        """The limit is no promise of length."""
        inner = FakeSource(frames(3))
        with TimeLimit(inner, seconds=60) as source:
            assert len(list(source)) == 3
            assert source.counts() == FrameCounts(decoded=3)
        assert not inner.is_open

    def test_read_ahead_of_a_limit_counts_exactly(self):
        """However far the thread is ahead, decoded is what the reader was given."""
        with ReadAhead(TimeLimit(FakeSource(frames(50)), seconds=0.2)) as source:
            assert len(list(source)) == 5
            assert source.counts() == FrameCounts(decoded=5)
