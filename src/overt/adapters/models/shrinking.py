"""Bring pictures to the detector's working size, batched by shape."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from overt.core.detection import Detections


def shrink(image_rgb: NDArray[np.uint8], long_side_px: int) -> tuple[NDArray[np.uint8], int]:
    """Return the picture reduced by a whole factor, and the factor.

    The factor is the one that brings the longer side nearest to the wish. A whole
    factor averages square blocks, which is quick and free of aliasing. A smaller
    picture comes back as it is.

    Args:
        image_rgb: (h, w, 3) uint8.
        long_side_px: Wished length of the longer side.
    """
    factor = max(1, round(max(image_rgb.shape[:2]) / long_side_px))
    if factor == 1:
        return image_rgb, 1
    return np.asarray(Image.fromarray(image_rgb).reduce(factor)), factor


def detect_by_shape(
    images_rgb: Sequence[NDArray[np.uint8]],
    *,
    long_side_px: int,
    stride_px: int,
    run: Callable[[NDArray[np.uint8]], list[Detections]],
) -> list[Detections]:
    """Return each picture's faces, in its own pixels; equal shapes share one run.

    Args:
        images_rgb: (h, w, 3) uint8 pictures of any sizes; may be empty.
        long_side_px: Working size, see ``shrink``.
        stride_px: The network's sides must be multiples of this; the right and
            bottom are filled with black.
        run: From an (n, h, w, 3) batch to n ``Detections`` in the batch's pixels.
    """
    shrunk = [shrink(image, long_side_px) for image in images_rgb]
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for position, (image, _) in enumerate(shrunk):
        groups[image.shape].append(position)
    found: dict[int, Detections] = {}
    for positions in groups.values():
        batch = _padded_batch([shrunk[p][0] for p in positions], stride_px)
        for position, faces in zip(positions, run(batch), strict=True):
            found[position] = faces.moved(shrunk[position][1], (0.0, 0.0))
    return [found[position] for position in range(len(images_rgb))]


def _padded_batch(images: Sequence[NDArray[np.uint8]], stride_px: int) -> NDArray[np.uint8]:
    height, width = images[0].shape[:2]
    padded_h, padded_w = (-(-side // stride_px) * stride_px for side in (height, width))
    if len(images) == 1 and (padded_h, padded_w) == (height, width):
        return images[0][None]
    batch = np.zeros((len(images), padded_h, padded_w, 3), np.uint8)
    for slot, image in zip(batch, images, strict=True):
        slot[:height, :width] = image
    return batch
