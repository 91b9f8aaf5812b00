"""Align faces by a similarity transform of five landmarks (ArcFace, SFace)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Where ArcFace's training put eyes, nose and mouth corners in a 112 px chip
# (Deng et al. 2019; the same in InsightFace and in OpenCV's SFace).
REFERENCE_SIDE_PX = 112
REFERENCE_POINTS_XY = np.array(
    [
        [38.2946, 51.6963],
        [73.5318, 51.5014],
        [56.0252, 71.7366],
        [41.5493, 92.3655],
        [70.7299, 92.2041],
    ],
    np.float64,
)


class FivePointAligner:
    """The ``FaceAligner`` port on the detector's own five landmarks."""

    def __init__(self, *, side_px: int) -> None:
        """Keep the chip's size.

        Args:
            side_px: Side of a chip; the reference points scale with it.
        """
        self._side_px = side_px

    def align(
        self,
        image_rgb: NDArray[np.uint8],
        box_xyxy: NDArray[np.float32],  # noqa: ARG002  the port's; landmarks suffice here
        landmarks_xy: NDArray[np.float32],
    ) -> NDArray[np.uint8]:
        """Return the (side, side, 3) uint8 chip of one face; black beyond the picture.

        Args:
            image_rgb: (h, w, 3) uint8 picture.
            box_xyxy: (4,) face box; not used.
            landmarks_xy: (5, 2) landmarks of the detector.
        """
        scale = self._side_px / REFERENCE_SIDE_PX
        target = REFERENCE_POINTS_XY * scale
        to_image = similarity_transform(target, landmarks_xy.astype(np.float64))
        coefficients = tuple(to_image.ravel())
        chip = Image.fromarray(image_rgb).transform(
            (self._side_px, self._side_px),
            Image.Transform.AFFINE,
            coefficients,
            resample=Image.Resampling.BILINEAR,
        )
        return np.asarray(chip)


def similarity_transform(
    source_xy: NDArray[np.float64], target_xy: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the (2, 3) matrix that best maps source onto target points.

    Least squares over rotation, uniform scale and shift; no reflection (Umeyama 1991).

    Args:
        source_xy: (n, 2) points, n >= 2.
        target_xy: (n, 2) points.
    """
    x, y = source_xy.T
    ones, zeros = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate(
        [np.stack([x, -y, ones, zeros], axis=1), np.stack([y, x, zeros, ones], axis=1)]
    )
    a, b, shift_x, shift_y = np.linalg.lstsq(rows, target_xy.T.ravel(), rcond=None)[0]
    return np.array([[a, -b, shift_x], [b, a, shift_y]])
