"""A picture file of an alert's crop, made in memory: it goes into the store encrypted."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_QUALITY = 92  # a face stays clear for whoever compares it


def encode_crop(pixels_rgb: NDArray[np.uint8]) -> bytes:
    """Return the bytes of a JPEG file, without any metadata.

    Args:
        pixels_rgb: (h, w, 3) uint8 picture.
    """
    stream = io.BytesIO()
    Image.fromarray(pixels_rgb).save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()
