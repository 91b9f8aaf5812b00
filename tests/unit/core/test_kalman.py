import numpy as np
import pytest

from overt.core import kalman

BOXES = np.array([[100, 50, 140, 100], [10, 20, 40, 60]], np.float32)


def textbook(boxes: np.ndarray, step_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Return mean (8,) and covariance (8, 8) of one face, with full matrices."""

    def axes(box: np.ndarray) -> np.ndarray:
        left, top, right, bottom = box.astype(float)
        return np.array([(left + right) / 2, (top + bottom) / 2, right - left, bottom - top])

    mean = np.concatenate([axes(boxes[0]), np.zeros(4)])
    height = mean[3]
    covariance = np.diag(
        np.concatenate([kalman._MEASURED * height, kalman._START_VELOCITY * height]) ** 2
    )
    move = np.eye(8) + step_s * np.eye(8, k=4)
    look = np.eye(4, 8)
    for box in boxes[1:]:
        noise = np.diag((kalman._ACCELERATION * max(mean[3], 1)) ** 2)
        process = np.block(
            [
                [noise * step_s**3 / 3, noise * step_s**2 / 2],
                [noise * step_s**2 / 2, noise * step_s],
            ]
        )
        mean, covariance = move @ mean, move @ covariance @ move.T + process
        measured = np.diag((kalman._MEASURED * max(mean[3], 1)) ** 2)
        gain = covariance @ look.T @ np.linalg.inv(look @ covariance @ look.T + measured)
        mean = mean + gain @ (axes(box) - look @ mean)
        covariance = covariance - gain @ look @ covariance
    return mean, covariance


def test_four_independent_axes_equal_the_full_eight_by_eight_filter():
    """Five rows of four numbers hold exactly what the 8 x 8 matrices hold."""
    path = BOXES[0] + np.array([[0], [6], [11], [19], [24]], np.float32) * np.float32(1.5)
    states = kalman.start(path[:1])
    for box in path[1:]:
        states = kalman.correct(kalman.predict(states, 0.04), box[None])
    mean, covariance = textbook(path, 0.04)
    np.testing.assert_allclose(states[0, :2].ravel(), mean, rtol=1e-12)
    np.testing.assert_allclose(states[0, 2], np.diag(covariance)[:4], rtol=1e-9)
    np.testing.assert_allclose(states[0, 3], np.diag(covariance, k=4), rtol=1e-9)
    np.testing.assert_allclose(states[0, 4], np.diag(covariance)[4:], rtol=1e-9)


def test_a_box_seen_once_is_predicted_where_it_was():
    """Without a second sight there is no velocity."""
    states = kalman.predict(kalman.start(BOXES), 0.5)
    np.testing.assert_allclose(kalman.boxes_of(states), BOXES)


def test_a_steady_face_is_predicted_where_it_will_be():
    """After ten sights of a constant velocity the next box is known to within 2 px."""
    states = kalman.start(BOXES[:1])
    for step in range(1, 11):
        states = kalman.correct(kalman.predict(states, 0.1), BOXES[:1] + np.float32(10 * step))
    ahead = kalman.boxes_of(kalman.predict(states, 0.1))
    np.testing.assert_allclose(ahead, BOXES[:1] + 110, atol=2)


def test_two_short_steps_predict_like_one_long_step():
    """A variable frame rate does not change the prediction, nor its uncertainty."""
    states = kalman.correct(kalman.predict(kalman.start(BOXES), 0.04), BOXES + np.float32(5))
    states[:, 1, 3] = 0  # noise follows the height, so keep it
    twice = kalman.predict(kalman.predict(states, 0.03), 0.09)
    np.testing.assert_allclose(twice, kalman.predict(states, 0.12), rtol=1e-12)


def test_a_step_of_no_time_changes_nothing():
    """Two frames of the same instant are one instant."""
    states = kalman.start(BOXES)
    np.testing.assert_array_equal(kalman.predict(states, 0.0), states)


def test_a_sight_makes_surer_and_a_gap_less_sure():
    """The position's variance falls with a sight and grows with time."""
    states = kalman.start(BOXES)
    later = kalman.predict(states, 0.2)
    assert (later[:, 2] > states[:, 2]).all()
    assert (kalman.correct(later, BOXES)[:, 2] < later[:, 2]).all()


def test_held_sizes_neither_shrink_nor_grow():
    """A face that nobody sees keeps its size and goes on moving."""
    states = kalman.start(BOXES[:1])
    states[0, 1] = [10, 0, -50, -50]
    ahead = kalman.boxes_of(kalman.predict(kalman.hold_size(states), 1.0))
    np.testing.assert_allclose(ahead, BOXES[:1] + np.float32([10, 0, 10, 0]))


def test_a_predicted_box_has_at_least_one_pixel_a_side():
    """A shrinking face never turns inside out."""
    states = kalman.start(BOXES[:1])
    states[0, 1] = [0, 0, -500, -500]
    left, top, right, bottom = kalman.boxes_of(kalman.predict(states, 1.0))[0]
    assert (right - left, bottom - top) == pytest.approx((1, 1))


def test_no_boxes_are_fine():
    """A picture without faces needs no special case."""
    none = kalman.start(np.empty((0, 4), np.float32))
    assert none.shape == (0, 5, 4)
    assert kalman.boxes_of(kalman.predict(none, 0.1)).shape == (0, 4)
    assert kalman.correct(none, np.empty((0, 4), np.float32)).shape == (0, 5, 4)


def test_the_inputs_are_left_alone():
    """Every step returns new states."""
    states = kalman.start(BOXES)
    before = states.copy()
    kalman.predict(states, 1.0)
    kalman.correct(states, BOXES + np.float32(3))
    kalman.hold_size(states)
    np.testing.assert_array_equal(states, before)
