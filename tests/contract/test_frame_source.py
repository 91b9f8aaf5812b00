"""What every frame source keeps to: a clip, one in a loop, a folder, a live camera, a fake."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice

import numpy as np
import pytest
from PIL import Image
from tests.integration.clips import make_clip, numbered_picture
from tests.integration.rtsp_process import free_port, rtsp_server

from overt.adapters.video.camera import Camera
from overt.adapters.video.clip import Clip
from overt.adapters.video.image_folder import ImageFolder
from overt.adapters.video.looped_clip import LoopedClip
from overt.core.frame import Frame, FrameCounts

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAMERA_ID = "van-1"


class MachineClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class ListedFrames:
    """A fake source: pictures from memory, ten a second."""

    def __init__(self, pictures) -> None:
        self.camera_id = CAMERA_ID
        self._waiting = list(pictures)
        self._n_decoded = 0

    def __enter__(self):
        return self

    def __exit__(self, *exc: object) -> None:
        self._waiting.clear()

    def __iter__(self):
        while self._waiting:
            index, self._n_decoded = self._n_decoded, self._n_decoded + 1
            captured_at = START + timedelta(seconds=index / 10)
            yield Frame(self._waiting.pop(0), index, captured_at, index / 10, CAMERA_ID)

    def counts(self) -> FrameCounts:
        return FrameCounts(decoded=self._n_decoded)


@contextmanager
def clip(folder):
    """Make a clip of 12 frames."""
    path = make_clip(folder / "clip.mp4", n_frames=12)
    yield Clip(path, camera_id=CAMERA_ID, started_at=START)


@contextmanager
def looped_clip(folder):
    """Make a clip of 12 frames that is played again and again."""
    path = make_clip(folder / "clip.mp4", n_frames=12)
    yield LoopedClip(path, camera_id=CAMERA_ID, clock=MachineClock())


@contextmanager
def image_folder(folder):
    """Make a folder of 12 pictures."""
    for number in range(12):
        Image.fromarray(numbered_picture(number)).save(folder / f"{number}.png")
    yield ImageFolder(folder, fps=10, camera_id=CAMERA_ID, started_at=START)


@contextmanager
def rtsp_camera(folder):
    """Run an RTSP server."""
    port = free_port()
    with rtsp_server(port):
        location = f"rtsp://127.0.0.1:{port}/camera"
        yield Camera(location, camera_id=CAMERA_ID, clock=MachineClock())


@contextmanager
def fake(folder):
    """Hold 12 pictures in memory."""
    yield ListedFrames(numbered_picture(number) for number in range(12))


LIVE = pytest.param(rtsp_camera, marks=[pytest.mark.system, pytest.mark.slow])


@pytest.fixture(params=[clip, looped_clip, image_folder, fake, LIVE])
def source(request, tmp_path):
    """Give each kind of source, not yet entered."""
    with request.param(tmp_path) as made:
        yield made


def test_frames_are_numbered_and_timed_upwards(source):
    """Indices grow, starting at or above 0; media time and capture time never run backwards."""
    with source:
        frames = list(islice(source, 8))

    assert len(frames) == 8
    assert [frame.index for frame in frames] == sorted({frame.index for frame in frames})
    for times in (
        [frame.elapsed_s for frame in frames],
        [frame.captured_at for frame in frames],
    ):
        assert times == sorted(times)
    assert frames[0].elapsed_s >= 0


def test_frames_carry_rgb_pixels_aware_time_and_the_cameras_id(source):
    """Pixels are (h, w, 3) uint8 and contiguous, times are UTC, the id is the source's."""
    with source:
        frame = next(iter(source))

    assert frame.pixels_rgb.ndim == 3
    assert frame.pixels_rgb.shape[2] == 3
    assert frame.pixels_rgb.dtype == np.uint8
    assert frame.pixels_rgb.flags.c_contiguous
    assert frame.captured_at.utcoffset() == timedelta(0)
    assert frame.camera_id == source.camera_id == CAMERA_ID


def test_frames_do_not_share_their_pixels(source):
    """A frame that is kept does not change when the next one comes."""
    with source:
        frames = iter(source)
        first = next(frames)
        as_it_came = first.pixels_rgb.copy()
        next(frames)

        assert np.array_equal(first.pixels_rgb, as_it_came)


def test_frames_taken_are_among_those_counted(source):
    """Decoded frames that were not dropped cover those taken; analysed is left to the caller."""
    with source:
        n_taken = len(list(islice(source, 5)))
        counts = source.counts()

    assert counts.decoded - counts.dropped >= n_taken
    assert (counts.analysed, counts.failed) == (0, 0)


def test_entering_gives_the_source_itself(source):
    """``with source as s`` names the same object."""
    with source as entered:
        assert entered is source


def test_leaving_in_the_middle_ends_the_frames(source):
    """After leaving, an iterator in use gives no frame and no error, and leaving again is safe."""
    with source:
        frames = iter(source)
        next(frames)
    source.__exit__(None, None, None)

    assert len(list(frames)) == 0
