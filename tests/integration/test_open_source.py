"""Which source a location leads to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from overt.adapters.video.camera import Camera
from overt.adapters.video.clip import Clip
from overt.adapters.video.image_folder import ImageFolder
from overt.adapters.video.open_source import open_source
from overt.errors import SettingInvalidError

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class StoppedClock:
    def now(self) -> datetime:
        return START


def source_of(location, fps=None):
    """Return the source of a location."""
    return open_source(
        str(location), camera_id="gate", clock=StoppedClock(), started_at=START, fps=fps
    )


@pytest.mark.parametrize(
    "location",
    ["rtsp://cam/1", "RTSPS://cam/1", "http://cam/1.mjpg", "https://cam/1", "/dev/video0"],
)
def test_addresses_and_devices_are_live(location):
    """RTSP and HTTP addresses and V4L2 devices are live cameras; nothing is opened yet."""
    assert isinstance(source_of(location), Camera)


def test_a_folder_is_one_of_pictures(tmp_path):
    """A folder is read as pictures at the stated rate."""
    assert isinstance(source_of(tmp_path, fps=5), ImageFolder)


def test_a_folder_needs_a_rate(tmp_path):
    """No rate is guessed for a folder of pictures."""
    with pytest.raises(SettingInvalidError, match="frames per second"):
        source_of(tmp_path)


@pytest.mark.parametrize("name", ["a.mp4", "missing", "a:b.mkv"])
def test_anything_else_is_a_recording(tmp_path, name):
    """A file, there or not, is a clip; whether it can be read shows on entering."""
    assert isinstance(source_of(tmp_path / name), Clip)


def test_another_scheme_is_refused_without_its_secrets():
    """An address that no source reads is refused, its password left out."""
    with pytest.raises(SettingInvalidError) as caught:
        source_of("ftp://admin:hunter2@cam.example/a.mp4")

    assert "ftp://cam.example/***" in caught.value.message
    assert "hunter2" not in caught.value.message
