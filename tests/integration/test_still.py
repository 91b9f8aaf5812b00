"""A still of a camera: one frame, coarse, within a time limit, without its address (R-32)."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut
from tests.integration.rtsp_process import free_port, rtsp_server

from overt.adapters.video.still import BLOCKS, coarse_jpeg, coarsened, take_still
from overt.bootstrap.stills import CoarseStills
from overt.errors import CameraForbiddenError, CameraUnreachableError, SettingInvalidError


class MachineClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def opened(content):
    """Return the pixels of a JPEG file's bytes."""
    return np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(float)


def n_levels(pixels, axis):
    """Return how many different blocks lie along the middle of a picture."""
    line = pixels[len(pixels) // 2] if axis else pixels[:, pixels.shape[1] // 2]
    jumps = np.abs(np.diff(line, axis=0)).max(axis=1) > 25
    return 1 + int(jumps.sum())


def test_a_picture_has_no_more_blocks_than_said():
    """64 along the longer side: what is finer is gone, and cannot be brought back."""
    noise = np.random.default_rng(7).integers(0, 255, (720, 1280, 3)).astype(np.uint8)
    still = opened(coarse_jpeg(noise))

    assert still.shape[:2] == (540, 960)
    small = np.asarray(Image.fromarray(noise).resize((64, 36), Image.Resampling.BOX))
    blocks = still.reshape(36, 15, 64, 15, 3).mean(axis=(1, 3))
    assert np.abs(blocks - small).max() < 6
    within = still.reshape(36, 15, 64, 15, 3)[:, 4:11, :, 4:11]
    assert within.std(axis=(1, 3)).max() < 6


def test_a_face_that_fills_an_eighth_is_eight_blocks_wide():
    """As coarse as any face that is ever shown."""
    face = Image.fromarray(astronaut()[0:160, 150:310])
    street = Image.new("RGB", (1280, 720), (90, 90, 90))
    street.paste(face, (560, 280))
    still = opened(coarse_jpeg(np.asarray(street)))

    shown = still[210:330, 420:540]
    assert n_levels(shown, axis=1) <= BLOCKS // 8 + 1


def test_an_upright_picture_stays_upright():
    """The longer side has the blocks."""
    assert opened(coarse_jpeg(np.zeros((1920, 1080, 3), np.uint8))).shape[:2] == (960, 540)


def test_a_preview_is_made_coarser_with_its_alerts_and_labels():
    """An engineer sees no face with an alert, and cannot read for whom it is."""
    file = BytesIO()
    Image.fromarray(astronaut()).save(file, "JPEG", quality=95)
    before, after = opened(file.getvalue()), opened(coarsened(file.getvalue()))

    assert after.shape[:2] == (960, 960)
    blocks = after.reshape(64, 15, 64, 15, 3)[:, 4:11, :, 4:11]
    assert blocks.std(axis=(1, 3)).max() < 10
    assert before.std() > 40


@pytest.mark.system
@pytest.mark.slow
def test_a_camera_is_opened_for_one_frame():
    """And closed again, so that it can be opened at once by a run."""
    port = free_port()
    with rtsp_server(port):
        stills = CoarseStills(None, MachineClock())
        pictures = [stills.of_camera(f"rtsp://127.0.0.1:{port}/camera") for _ in range(2)]

    assert [opened(picture).shape[:2] for picture in pictures] == [(720, 960)] * 2


@pytest.mark.slow
def test_a_camera_that_says_nothing_is_given_up_in_time():
    """Ten seconds at the most; the message names no password."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"rtsp://admin:hunter2@127.0.0.1:{listener.getsockname()[1]}/x?token=s3cr3t"
        started = time.monotonic()
        with pytest.raises(CameraUnreachableError) as refused:
            take_still(address, MachineClock())

    assert time.monotonic() - started < 11
    assert "hunter2" not in refused.value.message
    assert "s3cr3t" not in refused.value.message


@pytest.mark.parametrize("location", ["recording.mp4", "/etc/passwd", "file:///etc/passwd"])
def test_footage_and_files_are_not_looked_at(location):
    """R-34: a still is taken of a live camera."""
    with pytest.raises(SettingInvalidError):
        take_still(location, MachineClock())


@pytest.mark.parametrize("location", ["/etc", "/etc/passwd", "file:///etc/passwd", "loop:/etc"])
def test_nothing_is_looked_up_on_the_disk_for_what_is_no_camera(location):
    """Folders, files and what is not there are answered with the same words."""
    with pytest.raises(SettingInvalidError, match="a recording, or no address"):
        take_still(location, MachineClock())


def test_a_camera_of_this_machine_is_opened_only_where_the_settings_say_so():
    """Nobody who may type an address has the machine's own services asked."""
    stills = CoarseStills(None, MachineClock(), may_use_this_machine=False)

    with pytest.raises(CameraForbiddenError, match="OVERT_CAMERAS_HERE"):
        stills.of_camera(f"http://127.0.0.1:{free_port()}/x")


def test_a_camera_that_sends_us_to_this_machine_is_not_followed():
    """Its own address is elsewhere; what it points to is not asked."""
    asked = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with pytest.raises(CameraUnreachableError):
                take_still(
                    f"http://127.0.0.1:{server.server_port}/x", MachineClock(), follows=False
                )
        finally:
            server.shutdown()
            thread.join()

    assert asked == ["/x"]
