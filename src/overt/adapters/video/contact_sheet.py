"""Many small pictures, each with its caption, as one."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont, ImageOps

from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_GAP_PX = 8
_CAPTION_PX = 18
_CAPTION_SIZE = 13
_SUFFIXES = (".png", ".jpg", ".jpeg")
_GROUND, _INK, _EMPTY = (24, 24, 24), (235, 235, 235), (48, 48, 48)


def write_contact_sheet(
    path: Path,
    pictures: Sequence[tuple[str, NDArray[np.uint8]]],
    *,
    n_columns: int = 6,
    side_px: int = 160,
) -> None:
    """Write pictures in rows from the left, each fitted into a square above its caption.

    Args:
        path: JPEG or PNG, by its suffix; one of that name is replaced.
        pictures: Captions, cut off at the square's width, and (h, w, 3) uint8 pixels,
            red first; may be empty.
        n_columns: Pictures in a row.
        side_px: Side of each square.

    Raises:
        OutputUnwritableError: The file cannot be written.
    """
    n_rows = max(1, math.ceil(len(pictures) / n_columns))
    step_x, step_y = side_px + _GAP_PX, side_px + _CAPTION_PX + _GAP_PX
    sheet = Image.new("RGB", (n_columns * step_x + _GAP_PX, n_rows * step_y + _GAP_PX), _GROUND)
    for position, (caption, pixels) in enumerate(pictures):
        row, column = divmod(position, n_columns)
        corner = (_GAP_PX + column * step_x, _GAP_PX + row * step_y)
        sheet.paste(_cell(caption, pixels, side_px), corner)
    _save(sheet, path)


def check_contact_sheet(path: Path) -> None:
    """Refuse a place where no sheet can be written, before the work of many minutes.

    Args:
        path: As for ``write_contact_sheet``.

    Raises:
        OutputUnwritableError: The suffix is of another kind, or there is no such folder.
    """
    if path.suffix.lower() not in _SUFFIXES:
        msg = f"expected a picture named {', '.join(_SUFFIXES)}; found {path.name!r}"
        raise OutputUnwritableError(msg)
    if not os.access(path.parent, os.W_OK) or path.is_dir():
        msg = f"expected to write the picture {path.name!r}; its folder does not allow it"
        raise OutputUnwritableError(msg)


def _cell(caption: str, pixels: NDArray[np.uint8], side_px: int) -> Image.Image:
    cell = Image.new("RGB", (side_px, side_px + _CAPTION_PX), _GROUND)
    square = (side_px, side_px)
    cell.paste(ImageOps.pad(Image.fromarray(pixels), square, color=_EMPTY))
    font = ImageFont.load_default(_CAPTION_SIZE)
    ImageDraw.Draw(cell).text((0, side_px + 1), caption, fill=_INK, font=font)
    return cell


def _save(sheet: Image.Image, path: Path) -> None:
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        sheet.save(part)
        part.replace(path)
    except (OSError, ValueError) as error:
        part.unlink(missing_ok=True)
        msg = f"expected to write the picture {path.name!r}; failed: {type(error).__name__}"
        raise OutputUnwritableError(msg) from error
