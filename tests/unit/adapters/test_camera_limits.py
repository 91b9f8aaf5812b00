"""How a camera is waited for, and PyAV's border."""

from __future__ import annotations

import itertools

import av.error
import pytest

from overt.adapters.video.av_border import AV_ERRORS, reason, translated
from overt.adapters.video.camera_connection import CameraLimits, back_offs_s
from overt.errors import VideoUnreadableError


def test_waits_double_up_to_the_longest():
    """From 0.5 s with at most 3 s the waits are 0.5, 1, 2, 3 and 3 seconds."""
    limits = CameraLimits(first_back_off_s=0.5, max_back_off_s=3.0)

    assert list(itertools.islice(back_offs_s(limits), 5)) == [0.5, 1, 2, 3, 3]


def test_every_exception_of_pyav_is_translated():
    """No exception class of PyAV falls outside those that the border catches."""
    exceptions = [
        member
        for member in vars(av.error).values()
        if isinstance(member, type) and issubclass(member, Exception)
        if member.__module__ == "av.error"
    ]

    assert len(exceptions) > 40
    assert [kind for kind in exceptions if not issubclass(kind, AV_ERRORS)] == []


def test_an_exceptions_own_text_does_not_pass_the_border():
    """The address in a PyAV exception is neither in our message nor shown as its cause."""
    secret = "rtsp://admin:hunter2@cam.example"
    original = av.error.ConnectionRefusedError(111, "Connection refused", secret)
    with pytest.raises(VideoUnreadableError) as caught, translated(VideoUnreadableError, "a clip"):
        raise original

    assert caught.value.message == "a clip; found: connection refused"
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (av.error.ExitError(1, "Immediate exit requested"), "no answer in time"),
        (TimeoutError(), "no answer in time"),
        (PermissionError(13, "Permission denied", "/dev/video0"), "permission denied"),
        (OSError(), "oserror"),
    ],
)
def test_a_reason_names_no_file(error, said):
    """What went wrong is said without a file's name or an address."""
    assert reason(error) == said
