"""Whether a camera's address leads to this machine itself, however it is written."""

from __future__ import annotations

import pytest

from overt.adapters.video.camera_address import is_camera_address, leads_here


@pytest.mark.parametrize(
    "location",
    [
        *("http://127.0.0.1:8000/x", "HTTP://127.0.0.1", "rtsp://127.8.9.1/x", "http://127.1/x"),
        *("http://2130706433/x", "http://0x7f.1/x", "http://0/x", "http://0.0.0.0:22/"),
        *("http://[::1]/x", "rtsp://[::]:554/", "http://[::ffff:127.0.0.1]/x"),
        *("http://localhost:8000/x", "rtsp://camera.example@localhost/x"),
        *("http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/"),
        *("http://[::1", "http:///etc/passwd", "http://:80/x", "http://a..b/"),
    ],
)
def test_this_machine_by_any_name(location):
    """Also where clouds tell a machine its secrets, and what cannot be read."""
    assert leads_here(location)


@pytest.mark.parametrize(
    "location",
    [
        *("rtsp://192.0.2.7/x", "http://user:127.0.0.1@198.51.100.9/x", "rtsp://[2001:db8::7]/x"),
        *("http://169.254.7.7/video", "/dev/video0", "loop:/clip.mp4"),
        "rtsp://no-such-camera.invalid/x",
    ],
)
def test_cameras_elsewhere_and_devices(location):
    """A network of cameras without any service that gives addresses is no cloud."""
    assert not leads_here(location)


@pytest.mark.parametrize("location", ["/dev/video0/../../etc/passwd", "/dev/video/x", "/dev/mem"])
def test_a_path_behind_a_device_is_no_camera(location):
    """Only the device itself is opened."""
    assert not is_camera_address(location)
