"""A live camera: a real RTSP server on this machine, and machines that do not answer."""

from __future__ import annotations

import signal
import socket
import threading
import time
import traceback
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from tests.integration.rtsp_process import free_port, rtsp_server

from overt.adapters.video.camera import Camera, CameraState
from overt.adapters.video.camera_connection import CameraLimits
from overt.core.frame import Frame
from overt.errors import CameraLostError, CameraUnreachableError

PATIENT = CameraLimits(give_up_after_s=20, max_back_off_s=0.5)
HASTY = CameraLimits(read_timeout_s=1, give_up_after_s=1, first_back_off_s=0.1)
SECRETS = ("admin", "hunter2", "s3cr3t", "camera?")


class MachineClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def camera(port: int, limits: CameraLimits = PATIENT) -> Camera:
    """Return a camera with a password and a token in its address."""
    location = f"rtsp://admin:hunter2@127.0.0.1:{port}/camera?token=s3cr3t"
    return Camera(location, camera_id="gate", clock=MachineClock(), limits=limits)


def take(source: Camera, n_frames: int) -> list[Frame]:
    """Return the next frames."""
    return [frame for _, frame in zip(range(n_frames), source, strict=False)]


@pytest.fixture
def silent_port():
    """Give a port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.system
@pytest.mark.slow
@pytest.mark.parametrize("codec", ["jpeg", "h264"])
def test_frames_come_in_order_with_the_cameras_own_pace(codec):
    """Frames of a 25 fps camera have growing indices, and times 40 ms times the index apart."""
    port = free_port()
    with rtsp_server(port, codec), camera(port) as source:
        frames = take(source, 12)
        counts = source.counts()

    indices = [frame.index for frame in frames]
    assert indices == sorted(set(indices))
    assert {frame.size_wh for frame in frames} == {(320, 240)}
    assert all(frame.captured_at.tzinfo is UTC for frame in frames)
    span_s = frames[-1].elapsed_s - frames[0].elapsed_s
    assert span_s == pytest.approx((indices[-1] - indices[0]) * 0.04, abs=0.1)
    assert counts.decoded >= 12
    assert counts.failed == 0


@pytest.mark.system
@pytest.mark.slow
def test_a_slow_reader_gets_the_newest_frame_and_no_backlog():
    """Frames that pass while the reader is busy are dropped and counted, not queued."""
    port = free_port()
    with rtsp_server(port), camera(port) as source:
        before = take(source, 1)[0]
        time.sleep(0.6)
        take(source, 1)  # the one that waits
        after = take(source, 1)[0]
        counts = source.counts()

    assert after.index - before.index >= 10
    assert counts.dropped >= 8
    assert counts.decoded - counts.dropped >= 3


@pytest.mark.system
@pytest.mark.slow
def test_frames_resume_after_the_camera_was_away():
    """A camera that stops and starts again on its port goes on: same source, later times."""
    port = free_port()
    with ExitStack() as first_run:
        first_run.enter_context(rtsp_server(port))
        with camera(port) as source:
            before = take(source, 5)[-1]
            n_reconnects_before = source.health.n_reconnects
            first_run.close()
            with rtsp_server(port):
                after = next(frame for frame in source if source.health.n_reconnects)
                health = source.health

    assert n_reconnects_before == 0
    assert after.index > before.index
    assert after.elapsed_s > before.elapsed_s
    assert health.n_reconnects >= 1


@pytest.mark.system
@pytest.mark.slow
def test_a_camera_that_stays_away_is_lost():
    """After the limit without a picture the reader gets an error, and the health says lost."""
    port = free_port()
    with ExitStack() as server:
        server.enter_context(rtsp_server(port))
        with camera(port, HASTY) as source:
            take(source, 2)
            server.close()
            with pytest.raises(CameraLostError, match="gate") as caught:
                list(source)
            assert source.health.state is CameraState.LOST

    assert not [secret for secret in SECRETS if secret in str(caught.value)]


@pytest.mark.system
@pytest.mark.slow
def test_a_camera_that_falls_silent_is_lost():
    """A camera that keeps the connection and sends nothing more is noticed at the read limit."""
    port = free_port()
    limits = CameraLimits(read_timeout_s=0.5, give_up_after_s=0.5)
    with rtsp_server(port) as server, camera(port, limits) as source:
        take(source, 2)
        server.send_signal(signal.SIGSTOP)
        try:
            silent_at = time.monotonic()
            with pytest.raises(CameraLostError):
                list(source)
            took_s = time.monotonic() - silent_at
        finally:
            server.send_signal(signal.SIGCONT)

    assert took_s < 3


@pytest.mark.system
@pytest.mark.slow
def test_leaving_stops_the_thread_and_closes():
    """On leaving, the decoding thread ends within a second and the source yields no more."""
    port = free_port()
    with rtsp_server(port):
        with camera(port) as source:
            take(source, 2)
            assert source.health.state is CameraState.LIVE
            left_at = time.monotonic()
        took_s = time.monotonic() - left_at
    source.__exit__(None, None, None)

    assert took_s < 1
    assert not [thread for thread in threading.enumerate() if thread.name == "camera gate"]
    assert source.health.state is CameraState.CLOSED
    assert list(source) == []


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_camera_that_never_answers_is_unreachable_in_time(silent_port, scheme):
    """A machine that accepts the connection and says nothing is given up at the time limit."""
    location = f"{scheme}://admin:hunter2@127.0.0.1:{silent_port}/camera"
    limits = CameraLimits(open_timeout_s=1)
    source = Camera(location, camera_id="gate", clock=MachineClock(), limits=limits)
    started = time.monotonic()
    with pytest.raises(CameraUnreachableError, match="no answer in time"), source:
        pytest.fail("entered")

    assert 0.9 < time.monotonic() - started < 2


def test_a_refused_connection_is_unreachable_at_once():
    """A port where nothing listens is reported without waiting for the time limit."""
    started = time.monotonic()
    with pytest.raises(CameraUnreachableError, match="connection refused"), camera(free_port()):
        pytest.fail("entered")

    assert time.monotonic() - started < 2


def test_a_missing_device_is_unreachable():
    """A V4L2 device that is not there is named; a device has no secrets."""
    source = Camera("/dev/video97", camera_id="usb", clock=MachineClock())
    with pytest.raises(CameraUnreachableError, match="/dev/video97"), source:
        pytest.fail("entered")


def test_no_credential_is_shown_anywhere(capfd):
    """User, password, path and token are in no message, cause, field, repr, output or variable."""
    source = camera(free_port())
    with pytest.raises(CameraUnreachableError) as caught:
        source.__enter__()
    error = caught.value
    frames = traceback.StackSummary.extract(
        traceback.walk_tb(error.__traceback__.tb_next), capture_locals=True
    )
    texts = [str(error), repr(error.fields), repr(source), *traceback.format_exception(error)]
    texts += [value for frame in frames for value in (frame.locals or {}).values()]
    texts += capfd.readouterr()

    assert error.__cause__ is None
    assert error.__context__ is None
    assert "rtsp://127.0.0.1:" in str(error)
    assert not [secret for secret in SECRETS if secret in "\n".join(texts)]


@pytest.mark.system
@pytest.mark.slow
def test_no_credential_is_shown_by_a_running_camera(capfd):
    """A camera that runs, breaks off and is lost writes nothing; its thread has a plain name."""
    port = free_port()
    with ExitStack() as server:
        server.enter_context(rtsp_server(port))
        with camera(port, HASTY) as source:
            take(source, 1)
            names = [thread.name for thread in threading.enumerate()]
            server.close()
            with pytest.raises(CameraLostError):
                list(source)

    assert "camera gate" in names
    assert not [secret for secret in SECRETS if secret in "\n".join((*names, repr(source)))]
    assert capfd.readouterr() == ("", "")
