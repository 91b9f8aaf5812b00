"""Pictures come to the detector's size by whole factors, batched by shape, mapped back."""

from __future__ import annotations

import numpy as np
import pytest

from overt.adapters.models.shrinking import detect_by_shape, shrink
from overt.core.detection import Detections


def picture(width: int, height: int, level: int = 100) -> np.ndarray:
    """Return a grey picture."""
    return np.full((height, width, 3), level, np.uint8)


@pytest.mark.parametrize(
    ("size_wh", "long_side_px", "factor", "shrunk_wh"),
    [
        ((1920, 1080), 640, 3, (640, 360)),
        ((1080, 1920), 640, 3, (360, 640)),
        ((1600, 900), 640, 2, (800, 450)),  # 2.5 rounds to the even factor
        ((1700, 900), 640, 3, (567, 300)),  # a part of a block is a pixel too
        ((900, 500), 640, 1, (900, 500)),  # 1.4: nearer to 1 than to 2
        ((320, 240), 640, 1, (320, 240)),  # never made larger
        ((1, 1), 640, 1, (1, 1)),
    ],
)
def test_the_factor_brings_the_longer_side_nearest(size_wh, long_side_px, factor, shrunk_wh):
    """Whole factors only, at least 1."""
    image, found = shrink(picture(*size_wh), long_side_px)

    assert (found, image.shape[1::-1]) == (factor, shrunk_wh)


def test_a_block_becomes_its_mean():
    """Every second column white: shrunk by two, all is half as bright."""
    image = picture(1280, 2, 0)
    image[:, ::2] = 200
    shrunk, _ = shrink(image, 640)

    assert np.unique(shrunk).tolist() == [100]


class Recorder:
    """A network that finds one face, in the corner, in each picture."""

    def __init__(self) -> None:
        self.batches: list[np.ndarray] = []

    def __call__(self, batch: np.ndarray) -> list[Detections]:
        self.batches.append(batch)
        box = np.array([[1, 2, 3, 4]], np.float32)
        points = np.full((1, 5, 2), 2, np.float32)
        scores = [np.array([image.max() / 255], np.float32) for image in batch]
        return [Detections(box, score, points) for score in scores]


def run(*images: np.ndarray, stride_px: int = 32) -> tuple[list[Detections], list[np.ndarray]]:
    """Return what was found and the batches that the network saw."""
    recorder = Recorder()
    found = detect_by_shape(images, long_side_px=640, stride_px=stride_px, run=recorder)
    return found, recorder.batches


def test_positions_come_back_in_the_pictures_own_pixels():
    """Shrunk by 3: a box (1, 2, 3, 4) is (3, 6, 9, 12); not shrunk, it stays."""
    (shrunk, whole), _ = run(picture(1920, 1080), picture(640, 360))

    assert shrunk.boxes_xyxy.tolist() == [[3, 6, 9, 12]]
    assert shrunk.landmarks_xy.tolist() == [[[6, 6]] * 5]
    assert whole.boxes_xyxy.tolist() == [[1, 2, 3, 4]]


def test_equal_shapes_share_a_run_and_results_keep_their_order():
    """Four pictures of two shapes: two runs; each picture's brightness comes back to it."""
    levels = (51, 102, 153, 204)
    sizes = ((64, 32), (32, 64), (64, 32), (32, 64))
    found, batches = run(*(picture(*s, level) for s, level in zip(sizes, levels, strict=True)))

    assert [batch.shape for batch in batches] == [(2, 32, 64, 3), (2, 64, 32, 3)]
    assert [faces.scores.tolist() for faces in found] == [
        [pytest.approx(score)] for score in (0.2, 0.4, 0.6, 0.8)
    ]


def test_pictures_of_different_sizes_that_shrink_to_one_shape_share_a_run():
    """1280 x 720 by 2 and 640 x 360 by 1, each mapped back by its own factor."""
    (large, small), batches = run(picture(1280, 720), picture(640, 360))

    assert len(batches) == 1
    assert large.boxes_xyxy.tolist() == [[2, 4, 6, 8]]
    assert small.boxes_xyxy.tolist() == [[1, 2, 3, 4]]


def test_sides_are_filled_with_black_up_to_the_stride():
    """33 x 40 becomes 64 x 64; the picture lies in the upper left."""
    _, (batch,) = run(picture(33, 40))

    assert batch.shape == (1, 64, 64, 3)
    assert (batch[0, :40, :33] == 100).all()
    assert batch.sum() == 40 * 33 * 3 * 100


def test_one_picture_of_fitting_size_is_not_copied():
    """The live path: a zone of fitting size goes to the network as it is."""
    image = picture(64, 32)
    _, (batch,) = run(image)

    assert np.shares_memory(batch, image)


def test_no_pictures_need_no_run():
    """An empty list gives an empty list."""
    assert run() == ([], [])
