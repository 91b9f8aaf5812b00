"""Clips made for tests: moving squares, with each frame's number written in blocks."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

N_BITS = 12
BLOCK_PX = 16


def numbered_picture(number: int, size_wh: tuple[int, int] = (320, 180)) -> np.ndarray:
    """Return a picture whose top row of black and white blocks spells a number.

    Args:
        number: 0 to 4095, most significant bit at the left.
        size_wh: At least 192 x 64 pixels.
    """
    width, height = size_wh
    picture = np.full((height, width, 3), (40, 90, 60), np.uint8)
    left = number * 4 % (width - 24)
    picture[height // 2 : height // 2 + 24, left : left + 24] = (220, 40, 40)
    for bit in range(N_BITS):
        is_white = number >> (N_BITS - 1 - bit) & 1
        picture[:BLOCK_PX, bit * BLOCK_PX : (bit + 1) * BLOCK_PX] = 255 * is_white
    return picture


def number_in(pixels_rgb: np.ndarray) -> int:
    """Return the number that a numbered picture spells.

    Args:
        pixels_rgb: (h, w, 3) uint8 picture, possibly compressed.
    """
    middle = pixels_rgb[BLOCK_PX // 2, BLOCK_PX // 2 : N_BITS * BLOCK_PX : BLOCK_PX, 1]
    return int("".join("1" if level > 127 else "0" for level in middle), 2)


def make_clip(
    path: Path,
    *,
    n_frames: int = 30,
    fps: int = 25,
    size_wh: tuple[int, int] = (320, 180),
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    rotation_deg: int = 0,
    pts: list[int] | None = None,
) -> Path:
    """Write numbered pictures to a file and return its path.

    Args:
        path: The suffix names the container.
        n_frames: How many.
        fps: Ticks of the time base per second, and frames without ``pts``.
        size_wh: Picture size.
        codec: Any encoder.
        options: The encoder's.
        container_options: The container's.
        rotation_deg: Counter-clockwise turn that the player shall make.
        pts: Each frame's tick, for clips of variable rate.
    """
    with av.open(path, "w", options=container_options or {}) as container:
        stream = container.add_stream(codec, rate=fps, options=options or {})
        stream.width, stream.height = size_wh
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        if rotation_deg:
            stream.set_display_rotation(rotation_deg)
        for number in range(n_frames):
            frame = av.VideoFrame.from_ndarray(numbered_picture(number, size_wh), format="rgb24")
            frame.pts = pts[number] if pts else number
            frame.time_base = Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
