"""Turn a Pillow picture of any mode and orientation into upright RGB."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image, ImageCms

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MID_GREY = (128, 128, 128, 255)
_MAX_16_BIT = 65535
_TURNS = {  # EXIF 2.3, tag 0x0112: how to undo what the camera did
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright_rgb(picture: Image.Image, max_side_px: int) -> NDArray[np.uint8]:
    """Return (h, w, 3) uint8 pixels, red first, as a person would look at the picture.

    Args:
        picture: An open picture of any mode; it is decoded here.
        max_side_px: A longer side is scaled down to this.

    Raises:
        ValueError: The mode has no 8-bit meaning, such as floating-point samples.
    """
    picture.load()
    orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    rgb = _rgb(picture)
    rgb.thumbnail((max_side_px, max_side_px), Image.Resampling.BICUBIC)
    if orientation in _TURNS:
        rgb = rgb.transpose(_TURNS[orientation])
    return np.asarray(rgb, np.uint8)


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode == "I" or picture.mode.startswith("I;16"):
        return _from_16_bit(picture).convert("RGB")
    if picture.mode == "F":
        msg = "floating-point samples have no defined white"
        raise ValueError(msg)
    if picture.has_transparency_data:
        opaque = picture.convert("RGBA")
        ground = Image.new("RGBA", opaque.size, _MID_GREY)
        return Image.alpha_composite(ground, opaque).convert("RGB")
    if picture.mode == "CMYK" and picture.info.get("icc_profile"):
        return _from_profile(picture)
    if picture.mode == "RGB":
        return picture  # a copy of a large one would double its memory
    # Pillow has already undone the inversion with which JPEG files store CMYK.
    return picture.convert("RGB")


def _from_16_bit(picture: Image.Image) -> Image.Image:
    samples = np.asarray(picture)
    if samples.min() < 0 or samples.max() > _MAX_16_BIT:
        msg = "32-bit samples have no defined white"
        raise ValueError(msg)
    return Image.fromarray(np.rint(samples / np.float32(257)).astype(np.uint8))


def _from_profile(picture: Image.Image) -> Image.Image:
    """Return sRGB by way of the picture's own ink profile; without a valid one, by formula."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(picture, profile, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture.convert("RGB")
    return converted or picture.convert("RGB")
