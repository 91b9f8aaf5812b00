"""A folder of pictures as a camera."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from overt.adapters.video.image_folder import ImageFolder
from overt.core.frame import FrameCounts, FrameFailed
from overt.errors import FolderUnusableError, SettingInvalidError

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def image_folder(folder, fps=10.0) -> ImageFolder:
    """Return the source of a folder."""
    return ImageFolder(folder, fps=fps, camera_id="gate", started_at=START)


def grey_pictures(folder, levels: dict[str, int]):
    """Write one grey picture a name."""
    for name, level in levels.items():
        Image.new("L", (8, 6), level).save(folder / name)
    return folder


def test_numbers_in_names_count_as_numbers(tmp_path):
    """Frame 9 comes before frame 10, and camera 2 before camera 10."""
    levels = {"c10-f1.png": 40, "c2-f10.png": 30, "c2-f9.png": 20, "2.png": 10}
    with image_folder(grey_pictures(tmp_path, levels)) as source:
        assert [int(frame.pixels_rgb[0, 0, 0]) for frame in source] == [10, 20, 30, 40]


def test_time_follows_the_stated_rate(tmp_path):
    """At 4 frames a second, the third picture was taken half a second after the first."""
    grey_pictures(tmp_path, {f"{n}.png": n for n in range(3)})
    with image_folder(tmp_path, fps=4) as source:
        frames = list(source)

    assert [frame.elapsed_s for frame in frames] == [0, 0.25, 0.5]
    assert frames[2].captured_at == START + timedelta(seconds=0.5)


def test_an_unreadable_picture_is_a_failed_frame(tmp_path):
    """A damaged second picture of three fails in its place and takes up its time."""
    grey_pictures(tmp_path, {"1.png": 1, "3.png": 3})
    (tmp_path / "2.png").write_bytes(b"damaged")
    with image_folder(tmp_path) as source:
        first, second, third = source

    assert second == FrameFailed(1, "gate", "image.unreadable")
    assert (first.index, third.index, third.elapsed_s) == (0, 2, 0.2)
    assert source.counts() == FrameCounts(decoded=2, failed=1)


@pytest.mark.parametrize("kind", ["missing", "empty"])
def test_a_folder_without_pictures_is_refused_on_entering(tmp_path, kind):
    """A folder that is missing or holds no picture cannot be entered."""
    folder = tmp_path / "frames"
    if kind == "empty":
        folder.mkdir()
    with pytest.raises(FolderUnusableError, match="'frames'"), image_folder(folder):
        pytest.fail("entered")


@pytest.mark.parametrize("fps", [0, -1, float("nan")])
def test_a_rate_must_be_above_0(tmp_path, fps):
    """No time can be worked out at a rate of 0, below 0, or that is no number."""
    with pytest.raises(SettingInvalidError):
        image_folder(tmp_path, fps=fps)
