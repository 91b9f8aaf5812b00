"""CenterFace, the bundled detector (Xu et al. 2019, MIT).

For every cell of 4x4 pixels the network gives a heat (is a face's centre here?),
the logarithm of the face's size, the centre's offset within the cell, and five
landmarks relative to the box. The decoding and the suppression of overlapping
boxes are ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from overt.adapters.models.onnx_inputs import accept_pictures
from overt.adapters.models.session import ModelSession
from overt.adapters.models.shrinking import detect_by_shape
from overt.core.detection import Detections, suppress_overlaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from overt.core.operating_point import DetectionLimits

CELL_PX = 4
STRIDE_PX = 32


class CenterFace:
    """The ``FaceDetector`` port on the CenterFace network."""

    def __init__(self, model: bytes, *, n_threads: int) -> None:
        """Load the network.

        Args:
            model: The released ONNX file.
            n_threads: Threads inside one run; 0 lets the run time choose.

        Raises:
            ManifestInvalidError: The file is not a CenterFace network.
            ModelRunError: The run time refuses it.
        """
        self.session = ModelSession(accept_pictures(model), n_threads=n_threads)
        self.session.check_outputs(STRIDE_PX, [(1, n, 8, 8) for n in (1, 2, 2, 10)])

    def detect(
        self, images_rgb: Sequence[NDArray[np.uint8]], limits: DetectionLimits
    ) -> list[Detections]:
        """Return the faces of each picture, in that picture's pixels.

        Args:
            images_rgb: (h, w, 3) uint8 pictures; sizes may differ; may be empty.
            limits: Working size, smallest score, overlap at suppression.

        Raises:
            ModelRunError: The run time failed.
        """
        return detect_by_shape(
            images_rgb,
            long_side_px=limits.long_side_px,
            stride_px=STRIDE_PX,
            run=lambda batch: self._run(batch, limits),
        )

    def _run(self, batch: NDArray[np.uint8], limits: DetectionLimits) -> list[Detections]:
        maps = self.session.run(batch)
        return [decode(*one, limits=limits) for one in zip(*maps, strict=True)]


def decode(
    heat: NDArray[np.float32],
    log_size: NDArray[np.float32],
    offset: NDArray[np.float32],
    landmarks: NDArray[np.float32],
    *,
    limits: DetectionLimits,
) -> Detections:
    """Return the faces that CenterFace's four maps of one picture describe.

    Args:
        heat: (1, h, w) scores in [0, 1].
        log_size: (2, h, w) natural logarithm of height and width, in cells.
        offset: (2, h, w) offset of the centre in y and x, in cells.
        landmarks: (10, h, w) y and x of five points, in box heights and widths.
        limits: Smallest score, overlap at suppression.
    """
    rows, columns = np.nonzero(heat[0] >= limits.min_score)
    scores = heat[0, rows, columns]
    size_hw = np.exp(log_size[:, rows, columns]) * CELL_PX
    cells = np.stack([rows, columns]).astype(np.float32)
    centre_yx = (cells + offset[:, rows, columns] + np.float32(0.5)) * CELL_PX
    top_left_yx = centre_yx - size_hw / 2
    boxes = np.stack([*top_left_yx[::-1], *(top_left_yx + size_hw)[::-1]], axis=1)
    points_yx = landmarks[:, rows, columns].reshape(5, 2, -1) * size_hw + top_left_yx
    keep = suppress_overlaps(boxes, scores, iou_limit=limits.nms_iou)
    points_xy = points_yx[:, ::-1].transpose(2, 0, 1)
    return Detections(boxes[keep], scores[keep], np.ascontiguousarray(points_xy[keep]))
