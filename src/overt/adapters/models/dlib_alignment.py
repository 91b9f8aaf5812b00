"""Align faces as dlib does: its 5-point predictor and its chip geometry.

Alignment decides the accuracy of the descriptor. dlib's predictor starts from a
square box of its own detector's kind, so the square is derived from the pack's
detector; ``docs/accuracy.md`` gives the figures for this choice and others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dlib
import numpy as np

from overt.errors import ManifestInvalidError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_N_LANDMARKS = 5


class DlibAligner:
    """The ``FaceAligner`` port on dlib's landmark predictor."""

    def __init__(
        self, predictor: Path, *, side_px: int, padding: float, box_scale: float, box_drop: float
    ) -> None:
        """Load the predictor.

        Args:
            predictor: dlib's ``shape_predictor_5_face_landmarks.dat``, verified.
            side_px: Side of a chip.
            padding: dlib's padding around the face, in face widths.
            box_scale: Side of the square over the root of the face box's area.
            box_drop: Downward shift of the square, in its sides.

        Raises:
            ManifestInvalidError: The file is not a predictor of five landmarks.
        """
        self._predictor = _load(predictor)
        self._side_px = side_px
        self._padding = padding
        self._box_scale = box_scale
        self._box_drop = box_drop

    def align(
        self,
        image_rgb: NDArray[np.uint8],
        box_xyxy: NDArray[np.float32],
        landmarks_xy: NDArray[np.float32],  # noqa: ARG002  the port's; dlib predicts its own
    ) -> NDArray[np.uint8]:
        """Return the (side, side, 3) uint8 chip of one face.

        Args:
            image_rgb: (h, w, 3) uint8 picture, contiguous.
            box_xyxy: (4,) face box in its pixels.
            landmarks_xy: (5, 2) landmarks of the detector; not used.
        """
        left, top, right, bottom = (float(value) for value in box_xyxy)
        side = self._box_scale * ((right - left) * (bottom - top)) ** 0.5
        centre_x, centre_y = (left + right) / 2, (top + bottom) / 2 + self._box_drop * side
        square = dlib.rectangle(
            round(centre_x - side / 2),
            round(centre_y - side / 2),
            round(centre_x + side / 2),
            round(centre_y + side / 2),
        )
        shape = self._predictor(image_rgb, square)
        chip: NDArray[np.uint8] = dlib.get_face_chip(
            image_rgb, shape, size=self._side_px, padding=self._padding
        )
        return chip


def _load(path: Path) -> dlib.shape_predictor:
    try:
        predictor = dlib.shape_predictor(str(path))
    except RuntimeError as error:
        msg = f"{path.name}: not a dlib landmark predictor"
        raise ManifestInvalidError(msg, file=path.name) from error
    found = predictor(np.zeros((32, 32, 3), np.uint8), dlib.rectangle(0, 0, 31, 31)).num_parts
    if found != _N_LANDMARKS:
        msg = f"{path.name}: expected a predictor of {_N_LANDMARKS} landmarks, found {found}"
        raise ManifestInvalidError(msg, file=path.name)
    return predictor
