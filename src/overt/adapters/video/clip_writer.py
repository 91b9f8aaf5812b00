"""Write pictures to an MP4 file that is there as a whole or not at all."""

from __future__ import annotations

from contextlib import ExitStack
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import av

from overt.adapters.video.av_border import keep_ffmpeg_quiet, translated
from overt.errors import OutputUnwritableError, SettingInvalidError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Self

    import numpy as np
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

_MAX_RATE_DENOMINATOR = 1001  # holds 30000/1001 exactly


class ClipWriter:
    """An MP4 file in the making.

    Frames go to a hidden file beside the target, which takes the target's name
    when the ``with`` block ends without an error and is deleted otherwise. The
    picture size is the first frame's; an odd last row or column is cut off, since
    the pixel format yuv420p stores colour for blocks of 2 by 2.
    """

    def __init__(self, path: Path, *, fps: float, crf: int = 20) -> None:
        """Say where to write; the file is opened on entering.

        Args:
            path: The file to make; one of that name is replaced.
            fps: Frames per second.
            crf: Constant rate factor of H.264, 0 to 51; lower is larger and better.
                Without libx264 the mpeg4 encoder takes crf / 4 as its quantiser.

        Raises:
            SettingInvalidError: ``fps`` or ``crf`` is out of range.
        """
        if not 0 < fps <= 1000 or not 0 <= crf <= 51:  # noqa: PLR2004, named in the message
            msg = f"expected fps above 0, up to 1000, and crf from 0 to 51; found {fps} and {crf}"
            raise SettingInvalidError(msg, fps=fps, crf=crf)
        self.path = path
        self.n_frames = 0
        self._rate = Fraction(fps).limit_denominator(_MAX_RATE_DENOMINATOR)
        self._crf = crf
        self._part = path.with_name(f".{path.name}.part")
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None

    def __enter__(self) -> Self:
        """Open the hidden file.

        Raises:
            OutputUnwritableError: The folder is missing or not writable.
        """
        keep_ffmpeg_quiet()
        with ExitStack() as undo:
            undo.callback(self._part.unlink, missing_ok=True)
            with self._border():
                self._part.touch()
                self._container = av.open(self._part, "w", format="mp4")
            undo.pop_all()  # from here on leaving the block does it
        return self

    def __exit__(self, *exc: object) -> None:
        """Finish the file and give it its name, or delete it after an error or without frames.

        Args:
            *exc: What ended the block, if it was an error.

        Raises:
            OutputUnwritableError: The last frames could not be written.
        """
        try:
            with self._border():
                self._finish(is_whole=not any(exc) and self.n_frames > 0)
        finally:
            self._container = self._stream = None
            self._part.unlink(missing_ok=True)

    def write(self, pixels_rgb: NDArray[np.uint8]) -> None:
        """Append one frame.

        Args:
            pixels_rgb: (h, w, 3) uint8 picture of the first frame's size, at least 2 by 2.

        Raises:
            OutputUnwritableError: The writer is not open, the size changed, or writing failed.
        """
        height, width = (side // 2 * 2 for side in pixels_rgb.shape[:2])
        stream = self._stream or self._add_stream(width, height)
        if (stream.width, stream.height) != (width, height):
            msg = (
                f"expected frames of {stream.width} x {stream.height} pixels for "
                f"{self.path.name!r}; found {width} x {height}"
            )
            raise OutputUnwritableError(msg)
        with self._border():
            picture = av.VideoFrame.from_ndarray(pixels_rgb[:height, :width], format="rgb24")
            picture.pts, picture.time_base = self.n_frames, 1 / self._rate
            self._mux(picture)
        self.n_frames += 1

    def _add_stream(self, width: int, height: int) -> VideoStream:
        if self._container is None or not (width and height):
            msg = f"expected an open writer and a frame for {self.path.name!r}; found neither"
            raise OutputUnwritableError(msg)
        with self._border():
            encoder = _encoder()
            options = _quality_options(encoder, self._crf)
            stream = self._container.add_stream(encoder, rate=self._rate, options=options)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.time_base = 1 / self._rate
        self._stream = stream
        return stream

    def _mux(self, picture: av.VideoFrame | None) -> None:
        if self._container is not None and self._stream is not None:
            self._container.mux(self._stream.encode(picture))

    def _finish(self, *, is_whole: bool) -> None:
        if self._container is None:
            return
        try:
            if is_whole:
                self._mux(None)
        finally:
            self._container.close()
        if is_whole:
            self._part.replace(self.path)

    def _border(self) -> AbstractContextManager[None]:
        return translated(OutputUnwritableError, f"expected to write {self.path.name!r}")


def _encoder() -> Literal["libx264", "mpeg4"]:
    return "libx264" if "libx264" in av.codecs_available else "mpeg4"


def _quality_options(encoder: str, crf: int) -> dict[str, str]:
    if encoder == "libx264":
        return {"crf": str(crf), "preset": "veryfast"}
    quantiser = str(max(1, crf // 4))
    return {"qmin": quantiser, "qmax": quantiser}
