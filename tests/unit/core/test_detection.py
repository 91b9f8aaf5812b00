import numpy as np
import pytest
from hypothesis import given, strategies as st

from overt.core.detection import (
    Detections,
    centres_xy,
    iou_matrix,
    no_detections,
    suppress_overlaps,
)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    """Return (n, 4) float32 boxes."""
    return np.array(rows, np.float32).reshape(-1, 4)


def three_faces() -> Detections:
    """Return three faces whose numbers tell them apart."""
    landmarks = np.arange(30, dtype=np.float32).reshape(3, 5, 2)
    corners = boxes((0, 0, 10, 10), (20, 0, 30, 10), (40, 0, 50, 10))
    return Detections(corners, np.array([0.9, 0.8, 0.7], np.float32), landmarks)


@pytest.mark.parametrize(
    ("other", "iou"),
    [
        ((0, 0, 10, 10), 1.0),  # the same box
        ((5, 0, 15, 10), 50 / 150),  # half over
        ((2, 2, 7, 7), 25 / 100),  # inside
        ((10, 0, 20, 10), 0.0),  # edge to edge
        ((50, 50, 60, 60), 0.0),  # apart on both axes
        ((5, 5, 5, 9), 0.0),  # no area
        ((9, 9, 1, 1), 0.0),  # inverted
    ],
)
def test_overlap_by_hand(other, iou):
    """Intersection over union with the box (0, 0, 10, 10)."""
    found = iou_matrix(boxes((0, 0, 10, 10)), boxes(other))
    assert found.shape == (1, 1)
    assert found[0, 0] == pytest.approx(iou)


def test_overlap_has_a_row_for_each_first_and_a_column_for_each_second():
    """Shape (n, m), and n or m may be 0."""
    two, three = boxes((0, 0, 1, 1), (0, 0, 2, 2)), boxes(*[(0, 0, 1, 1)] * 3)
    assert iou_matrix(two, three).shape == (2, 3)
    assert iou_matrix(two, boxes()).shape == (2, 0)
    assert iou_matrix(boxes(), three).shape == (0, 3)


def test_two_boxes_without_area_do_not_overlap():
    """A union of nothing gives 0, not a division by zero."""
    assert iou_matrix(boxes((1, 1, 1, 1)), boxes((1, 1, 1, 1)))[0, 0] == 0


corners = st.tuples(*[st.integers(0, 20)] * 4).map(
    lambda c: (min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2]) + 1, max(c[1], c[3]) + 1)
)


@given(corners, corners)
def test_overlap_agrees_with_counting_pixels(a, b):
    """On whole pixels the overlap is a share of pixels in both."""
    shown = np.zeros((2, 22, 22), bool)
    for layer, (left, top, right, bottom) in zip(shown, (a, b), strict=True):
        layer[top:bottom, left:right] = True
    expected = (shown[0] & shown[1]).sum() / (shown[0] | shown[1]).sum()
    assert iou_matrix(boxes(a), boxes(b))[0, 0] == pytest.approx(expected)


def test_the_weaker_of_two_overlapping_boxes_goes():
    """Best score first; the second overlaps it by a third and goes, the third stays."""
    three = boxes((5, 0, 15, 10), (0, 0, 10, 10), (30, 0, 40, 10))
    kept = suppress_overlaps(three, np.array([0.8, 0.9, 0.5], np.float32), iou_limit=0.3)
    assert kept.tolist() == [1, 2]


def test_the_limit_of_suppression_is_inclusive():
    """An overlap of exactly the limit goes; just below it stays."""
    two, scores = boxes((0, 0, 10, 10), (0, 0, 10, 5)), np.array([0.9, 0.8], np.float32)
    assert suppress_overlaps(two, scores, iou_limit=0.5).tolist() == [0]
    assert suppress_overlaps(two, scores, iou_limit=0.51).tolist() == [0, 1]


def test_a_suppressed_box_suppresses_nothing():
    """A chain a-b-c, where b goes to a: c overlaps only b and stays."""
    chain = boxes((0, 0, 10, 10), (6, 0, 16, 10), (12, 0, 22, 10))
    kept = suppress_overlaps(chain, np.array([0.9, 0.8, 0.7], np.float32), iou_limit=0.2)
    assert kept.tolist() == [0, 2]


def test_equal_scores_keep_their_order():
    """A replay keeps the same box of two equals."""
    two = boxes((0, 0, 10, 10), (1, 0, 11, 10))
    kept = suppress_overlaps(two, np.array([0.5, 0.5], np.float32), iou_limit=0.3)
    assert kept.tolist() == [0]


def test_no_boxes_are_fine():
    """A picture without faces needs no special case."""
    none = no_detections()
    assert len(none) == 0
    assert suppress_overlaps(none.boxes_xyxy, none.scores, iou_limit=0.3).tolist() == []
    assert centres_xy(none.boxes_xyxy).shape == (0, 2)


@pytest.mark.parametrize("keep", [np.array([2, 0]), np.array([True, False, True])])
def test_selecting_keeps_each_faces_numbers_together(keep):
    """Boxes, scores and landmarks are selected alike, by index or by mask."""
    faces = three_faces()
    chosen = faces[keep]
    assert len(chosen) == 2
    np.testing.assert_array_equal(chosen.boxes_xyxy, faces.boxes_xyxy[keep])
    np.testing.assert_array_equal(chosen.scores, faces.scores[keep])
    np.testing.assert_array_equal(chosen.landmarks_xy, faces.landmarks_xy[keep])


def test_a_crops_faces_move_to_the_whole_picture():
    """Scaled by 2 and shifted by (100, 50): boxes and landmarks alike, scores unchanged."""
    moved = three_faces().moved(2.0, (100.0, 50.0))
    assert moved.boxes_xyxy[1].tolist() == [140, 50, 160, 70]
    assert moved.landmarks_xy[0, 1].tolist() == [104, 56]
    np.testing.assert_array_equal(moved.scores, three_faces().scores)
    assert moved.boxes_xyxy.dtype == moved.landmarks_xy.dtype == np.float32


def test_the_centre_of_a_box():
    """Halfway between its corners."""
    assert centres_xy(boxes((0, 10, 20, 40))).tolist() == [[10, 25]]
