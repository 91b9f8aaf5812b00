"""YuNet, the OpenCV Zoo's detector (Wu et al. 2023, MIT).

For every cell of 8, 16 and 32 pixels: two scores whose product's root is the
detection score, a box as offset and logarithm of size, five landmarks as offsets.
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

CELLS_PX = (8, 16, 32)
STRIDE_PX = 32
_OUTPUTS = [f"{kind}_{cell}" for cell in CELLS_PX for kind in ("cls", "obj", "bbox", "kps")]


class YuNet:
    """The ``FaceDetector`` port on the YuNet network."""

    def __init__(self, model: bytes, *, n_threads: int) -> None:
        """Load the network.

        Args:
            model: The released ONNX file.
            n_threads: Threads inside one run; 0 lets the run time choose.

        Raises:
            ManifestInvalidError: The file is not a YuNet network.
            ModelRunError: The run time refuses it.
        """
        network = accept_pictures(model, reverse_channels=True)
        self.session = ModelSession(network, n_threads=n_threads)
        shapes = [(1, n_cells, n) for n_cells in (16, 4, 1) for n in (1, 1, 4, 10)]
        self.session.check_outputs(STRIDE_PX, shapes, _OUTPUTS)

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
        outputs = self.session.run(batch, _OUTPUTS)
        # The released network strings the cells of all pictures together.
        apart = [output.reshape(len(batch), -1, output.shape[-1]) for output in outputs]
        columns = batch.shape[2]
        return [decode(one, columns, limits=limits) for one in zip(*apart, strict=True)]


def decode(
    outputs: Sequence[NDArray[np.float32]], width_px: int, *, limits: DetectionLimits
) -> Detections:
    """Return the faces that YuNet's outputs for one picture describe.

    Args:
        outputs: For each cell size: (m, 1) class, (m, 1) object, (m, 4) box and
            (m, 10) landmarks, cells in rows.
        width_px: Width of the network's input.
        limits: Smallest score, overlap at suppression.
    """
    levels = [
        _decode_level(outputs[4 * level : 4 * level + 4], cell, width_px, limits.min_score)
        for level, cell in enumerate(CELLS_PX)
    ]
    boxes, scores, points = (np.concatenate(parts) for parts in zip(*levels, strict=True))
    keep = suppress_overlaps(boxes, scores, iou_limit=limits.nms_iou)
    return Detections(boxes[keep], scores[keep], points[keep])


def _decode_level(
    outputs: Sequence[NDArray[np.float32]], cell_px: int, width_px: int, min_score: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    class_score, object_score, box, points = outputs
    both = np.clip(class_score[:, 0], 0, 1) * np.clip(object_score[:, 0], 0, 1)
    scores = np.sqrt(both)
    (kept,) = np.nonzero(scores >= min_score)
    rows, columns = np.divmod(kept, width_px // cell_px)
    corner_xy = np.stack([columns, rows], axis=1).astype(np.float32)
    centre = (corner_xy + box[kept, :2]) * cell_px
    half = np.exp(box[kept, 2:]) * (cell_px / 2)
    boxes = np.concatenate([centre - half, centre + half], axis=1).astype(np.float32)
    landmarks = (points[kept].reshape(-1, 5, 2) + corner_xy[:, None]) * np.float32(cell_px)
    return boxes, scores[kept], landmarks
