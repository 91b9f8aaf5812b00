"""MP4 files and contact sheets that overt writes."""

from __future__ import annotations

from datetime import UTC, datetime

import av
import numpy as np
import pytest
from PIL import Image
from tests.integration.clips import number_in, numbered_picture

from overt.adapters.video.clip import Clip
from overt.adapters.video.clip_writer import ClipWriter
from overt.adapters.video.contact_sheet import write_contact_sheet
from overt.errors import OutputUnwritableError, SettingInvalidError

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def written(path, pictures, fps=25.0):
    """Write pictures and return the frames that can be read again."""
    with ClipWriter(path, fps=fps) as writer:
        for picture in pictures:
            writer.write(picture)
    with Clip(path, camera_id="x", started_at=START) as clip:
        return list(clip)


def interrupted_pictures():
    """Yield one picture, then fail."""
    yield numbered_picture(1)
    raise KeyError


def test_frames_written_are_read_again_in_order_and_time(tmp_path):
    """Twenty frames at 10 fps come back as twenty, in order, a tenth of a second apart."""
    frames = written(tmp_path / "a.mp4", map(numbered_picture, range(20)), fps=10)

    assert [number_in(frame.pixels_rgb) for frame in frames] == list(range(20))
    assert [frame.elapsed_s for frame in frames] == pytest.approx([n / 10 for n in range(20)])


def test_a_broken_rate_is_kept_exactly(tmp_path):
    """Frame 30 at 30000/1001 fps stands at 1.001 s."""
    frames = written(tmp_path / "a.mp4", map(numbered_picture, range(31)), fps=30000 / 1001)

    assert frames[30].elapsed_s == pytest.approx(1.001, abs=1e-4)


def test_the_file_plays_everywhere(tmp_path):
    """The picture is yuv420p, in which a last odd row and column have no place."""
    written(tmp_path / "a.mp4", [numbered_picture(1, (321, 181))])
    with av.open(tmp_path / "a.mp4") as container:
        stream = container.streams.video[0]

        assert (stream.width, stream.height, stream.pix_fmt) == (320, 180, "yuv420p")


def test_an_error_leaves_nothing_behind(tmp_path):
    """A block that ends with an error leaves neither the file nor a part of it."""
    with pytest.raises(KeyError):
        written(tmp_path / "a.mp4", interrupted_pictures())

    assert list(tmp_path.iterdir()) == []


def test_an_error_keeps_the_file_of_before(tmp_path):
    """A file of the same name is replaced only by a whole one."""
    (tmp_path / "a.mp4").write_bytes(b"before")
    with pytest.raises(KeyError):
        written(tmp_path / "a.mp4", interrupted_pictures())

    assert (tmp_path / "a.mp4").read_bytes() == b"before"


def test_without_frames_no_file_is_made(tmp_path):
    """A writer that was given no frame leaves nothing behind."""
    with ClipWriter(tmp_path / "a.mp4", fps=25):
        pass

    assert list(tmp_path.iterdir()) == []


def test_while_writing_the_target_is_not_there(tmp_path):
    """The target appears when it is whole."""
    with ClipWriter(tmp_path / "a.mp4", fps=25) as writer:
        writer.write(numbered_picture(1))

        assert not (tmp_path / "a.mp4").exists()
    assert (tmp_path / "a.mp4").exists()


def test_a_missing_folder_is_refused_on_entering(tmp_path):
    """A clip cannot be written into a folder that is not there."""
    writer = ClipWriter(tmp_path / "no" / "a.mp4", fps=25)
    with pytest.raises(OutputUnwritableError, match=r"'a\.mp4'"), writer:
        pytest.fail("entered")


def test_a_frame_of_another_size_is_refused(tmp_path):
    """A clip has one picture size; another one is an error that leaves nothing behind."""
    pictures = [numbered_picture(1), numbered_picture(2, (200, 100))]
    with pytest.raises(OutputUnwritableError, match="320 x 180 pixels"):
        written(tmp_path / "a.mp4", pictures)

    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_is_not_open_takes_no_frame(tmp_path):
    """Frames are taken inside the block only."""
    with pytest.raises(OutputUnwritableError):
        ClipWriter(tmp_path / "a.mp4", fps=25).write(numbered_picture(1))


@pytest.mark.parametrize("settings", [{"fps": 0}, {"fps": -1}, {"fps": 25, "crf": 52}])
def test_settings_out_of_range_are_refused(tmp_path, settings):
    """A rate must be above 0, and the constant rate factor of H.264 ends at 51."""
    with pytest.raises(SettingInvalidError):
        ClipWriter(tmp_path / "a.mp4", **settings)


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_contact_sheet_has_a_square_for_each_picture(tmp_path, suffix):
    """Three pictures in two columns stand in two rows, each in the middle of its square."""
    colours = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]
    pictures = [("name", np.full((50, 100, 3), colour, np.uint8)) for colour in colours]
    path = tmp_path / f"sheet.{suffix}"
    write_contact_sheet(path, pictures, n_columns=2, side_px=100)
    with Image.open(path) as opened:
        sheet = np.asarray(opened.convert("RGB")).astype(int)

    # Squares of 100 px, captions of 18 px, gaps of 8 px.
    assert sheet.shape == (2 * 126 + 8, 2 * 108 + 8, 3)
    for (x, y), colour in zip([(58, 58), (166, 58), (58, 184)], colours, strict=True):
        assert np.abs(sheet[y, x] - colour).max() < 6
    assert sheet[108:126, 8:108].max() > 150  # the first caption's ink


def test_a_contact_sheet_of_nothing_is_empty(tmp_path):
    """Without pictures the sheet has one empty row."""
    write_contact_sheet(tmp_path / "sheet.png", [], n_columns=3, side_px=50)

    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (3 * 58 + 8, 50 + 18 + 8 + 8)


@pytest.mark.parametrize("name", ["no/sheet.png", "sheet.doc"])
def test_a_contact_sheet_that_cannot_be_written_is_an_error(tmp_path, name):
    """A missing folder and an unknown suffix are errors, and nothing is left behind."""
    with pytest.raises(OutputUnwritableError):
        write_contact_sheet(tmp_path / name, [("a", np.zeros((9, 9, 3), np.uint8))])

    assert list(tmp_path.iterdir()) == []
