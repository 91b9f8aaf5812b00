"""The border to PyAV: its exceptions stop here, and its texts do not pass.

FFmpeg's own messages and log lines may hold a camera's address with user and
password, so only the generic description of an error number goes on.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import av
from av.error import ArgumentError, ExitError, FFmpegError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.errors import TrialError

# Every exception class of av.error is an FFmpegError; a test fails when a release adds another.
AV_ERRORS = (FFmpegError, OSError)


@contextmanager
def translated(to: type[TrialError], expectation: str) -> Iterator[None]:
    """Turn PyAV's exceptions into one of ours, without their text.

    Args:
        to: Which error to raise.
        expectation: First half of its message: what was expected, of what.

    Yields:
        Nothing; the body calls PyAV.

    Raises:
        to: The body failed inside PyAV.
    """
    try:
        yield
    except AV_ERRORS as error:
        msg = f"{expectation}; found: {reason(error)}"
        raise to(msg) from None  # the cause would carry the address


def reason(error: FFmpegError | OSError) -> str:
    """Return what went wrong in words that name no file and no address.

    Args:
        error: What PyAV raised.
    """
    if isinstance(error, (ExitError, TimeoutError)):
        return "no answer in time"
    if isinstance(error, ArgumentError):
        return "a format that is not accepted"
    return (error.strerror or type(error).__name__).lower()


def keep_ffmpeg_quiet() -> None:
    """Stop FFmpeg from writing log lines, which name the address that it reads."""
    av.logging.set_level(None)
