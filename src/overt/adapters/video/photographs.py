"""Read and write photographs; find out whose photographs a folder holds."""

from __future__ import annotations

import io
import struct
import warnings
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError

from overt.adapters.video.upright_rgb import upright_rgb
from overt.errors import FolderUnusableError, ImageUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

SUFFIXES = frozenset(
    {".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"}
)  # fmt: skip
MAX_SIDE_PX = 4096
_TURNS = BoundedSemaphore(2)  # a large one takes 0.5 GB while it is decoded, and anybody sends many
MAX_PIXELS = 178_000_000  # just below the number at which Pillow itself refuses

# Only these decoders run: others of Pillow's start programs (EPS) or render documents.
_FORMATS = ("BMP", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
# What Pillow's decoders were seen to raise on damaged files; there is no common class.
_PILLOW_ERRORS = (
    OSError,  # with UnidentifiedImageError
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    MemoryError,
    AttributeError,
    struct.error,
    Image.DecompressionBombError,
)


def read_photograph(path: Path, *, max_side_px: int = MAX_SIDE_PX) -> NDArray[np.uint8]:
    """Return a photograph, upright, as (h, w, 3) uint8, red first, contiguous.

    A picture with a longer side than ``max_side_px`` is scaled down to it. Grey, 16-bit,
    CMYK and palette pictures become RGB; a transparent one is laid on mid-grey.

    Args:
        path: JPEG, PNG, BMP, WebP, TIFF, PGM or PPM; of several pictures, the first.
        max_side_px: Longest side that is wanted.

    Raises:
        ImageUnreadableError: The file is missing, empty, damaged, not a picture, or
            its header claims more pixels than a camera makes.
    """
    with _translated(repr(path.name)):
        if not path.stat().st_size:
            msg = f"expected a photograph, {path.name!r}; found an empty file"
            raise ImageUnreadableError(msg)
        return _decoded(path, repr(path.name), max_side_px, MAX_PIXELS)


def decode_photograph(
    content: bytes, *, max_side_px: int = MAX_SIDE_PX, max_pixels: int = MAX_PIXELS
) -> NDArray[np.uint8]:
    """Return a photograph from its file's bytes, as ``read_photograph`` does.

    Args:
        content: Of a file of any kind.
        max_side_px: Longest side that is wanted.
        max_pixels: Most pixels that its header may claim.

    Raises:
        ImageUnreadableError: It is no picture, is damaged, or claims more pixels.
    """
    name = "the file that was sent"
    with _TURNS, _translated(name):
        return _decoded(io.BytesIO(content), name, max_side_px, max_pixels)


def _decoded(
    source: Path | io.BytesIO, name: str, max_side_px: int, max_pixels: int
) -> NDArray[np.uint8]:
    with _quiet(), Image.open(source, formats=_FORMATS) as picture:
        _refuse_bomb(picture, name, max_pixels)
        # A JPEG is decoded at a half, quarter or eighth, if that is still large enough.
        picture.draft(None, (max_side_px, max_side_px))
        return np.ascontiguousarray(upright_rgb(picture, max_side_px))


def encode_jpeg(pixels_rgb: NDArray[np.uint8], quality: int = 90) -> bytes:
    """Return a JPEG file's bytes, without any metadata.

    Args:
        pixels_rgb: (h, w, 3) uint8.
        quality: 1 to 95, higher is larger and better.
    """
    target = io.BytesIO()
    Image.fromarray(pixels_rgb).save(target, "JPEG", quality=quality)
    return target.getvalue()


def picture_files(folder: Path) -> tuple[Path, ...]:
    """Return the picture files directly in a folder, by name; hidden ones are left out.

    Args:
        folder: An existing folder.
    """
    return tuple(sorted(path for path in folder.iterdir() if _is_picture(path)))


def photographs_of_people(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Return each person's photographs, persons and photographs in order of name.

    A person has one picture file, named after them, or a sub-folder of picture
    files, or both. Sub-folders without a picture stand for nobody.

    Args:
        folder: Where the files and sub-folders lie.

    Raises:
        FolderUnusableError: The folder is missing or holds no picture.
    """
    if not folder.is_dir():
        msg = f"expected a folder of photographs; found no folder named {folder.name!r}"
        raise FolderUnusableError(msg)
    photographs: dict[str, tuple[Path, ...]] = {}
    for entry in sorted(folder.iterdir()):
        is_folder = entry.is_dir() and not entry.name.startswith(".")
        files = picture_files(entry) if is_folder else (entry,) if _is_picture(entry) else ()
        if files:
            person = entry.name if is_folder else entry.stem
            photographs[person] = (*photographs.get(person, ()), *files)
    if not photographs:
        msg = f"expected photographs ({', '.join(sorted(SUFFIXES))}); found none in {folder.name!r}"
        raise FolderUnusableError(msg)
    return dict(sorted(photographs.items()))


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Pillow's warnings: of damage that it gets over, and of sizes checked here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _refuse_bomb(picture: Image.Image, name: str, max_pixels: int) -> None:
    width, height = picture.size
    if width * height > max_pixels:
        msg = (
            f"expected a photograph of at most {max_pixels // 10**6} megapixels, {name}; "
            f"its header claims {width} x {height}"
        )
        raise ImageUnreadableError(msg)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        msg = f"expected a photograph; found no file named {name}"
        raise ImageUnreadableError(msg) from error
    except UnidentifiedImageError as error:
        msg = f"expected a photograph ({', '.join(_FORMATS)}); {name} is none of these"
        raise ImageUnreadableError(msg) from error
    except _PILLOW_ERRORS as error:
        msg = f"expected a whole photograph; {name} cannot be decoded: {type(error).__name__}"
        raise ImageUnreadableError(msg) from error
