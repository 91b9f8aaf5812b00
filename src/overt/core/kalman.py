"""Constant-velocity Kalman filter over many face boxes at once.

Centre and size, the four *axes* (cx, cy, w, h) of a box, move independently, and
no noise joins two of them. The textbook 8 x 8 covariance of a box is then four
2 x 2 blocks, so a box is five rows of four numbers and no matrix is inverted.

``states`` is an (n, 5, 4) float64 array; for each box, over (cx, cy, w, h): the
position in pixels, the velocity in pixels a second, and the variance of the
position, the covariance of both, and the variance of the velocity.

Noise grows with the box's height, as a near face moves over more pixels. Process
noise is a white acceleration integrated over the real time step, so two short
steps give the same prediction as one long step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Standard deviations in box heights; (cx, cy, w, h). At a walk (1.4 m/s) a face
# of 0.22 m crosses the view at about 6 heights a second, so 3 covers it at 2 sigma.
_MEASURED = np.array([0.06, 0.06, 0.08, 0.08])
_START_VELOCITY = np.array([3.0, 3.0, 0.5, 0.5])  # heights a second
_ACCELERATION = np.array([0.7, 0.7, 0.3, 0.3])  # heights a second, per root second
_MIN_SIDE_PX = 1.0

_POSITION, _VELOCITY, _VAR_POSITION, _COVARIANCE, _VAR_VELOCITY = range(5)
_SIZES = slice(2, 4)


def start(boxes_xyxy: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the (n, 5, 4) states of boxes seen once, standing still but unsurely so.

    Args:
        boxes_xyxy: (n, 4) boxes in pixels; n may be 0.
    """
    states = np.zeros((len(boxes_xyxy), 5, 4))
    states[:, _POSITION] = _axes(boxes_xyxy)
    height = _height(states)
    states[:, _VAR_POSITION] = (_MEASURED * height) ** 2
    states[:, _VAR_VELOCITY] = (_START_VELOCITY * height) ** 2
    return states


def predict(states: NDArray[np.float64], step_s: float) -> NDArray[np.float64]:
    """Return the states a time step later.

    Args:
        states: (n, 5, 4) states; n may be 0.
        step_s: Seconds since the states' time, 0 or more.
    """
    later = states.copy()
    noise = (_ACCELERATION * _height(states)) ** 2
    later[:, _POSITION] += step_s * states[:, _VELOCITY]
    later[:, _VAR_POSITION] += (
        2 * step_s * states[:, _COVARIANCE]
        + step_s**2 * states[:, _VAR_VELOCITY]
        + noise * (step_s**3 / 3)
    )
    later[:, _COVARIANCE] += step_s * states[:, _VAR_VELOCITY] + noise * (step_s**2 / 2)
    later[:, _VAR_VELOCITY] += noise * step_s
    return later


def correct(states: NDArray[np.float64], boxes_xyxy: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the states after each box was seen.

    Args:
        states: (n, 5, 4) predicted states; n may be 0.
        boxes_xyxy: (n, 4) boxes in pixels; row i was seen for state i.
    """
    better = states.copy()
    spread, shared = states[:, _VAR_POSITION], states[:, _COVARIANCE]
    innovation = spread + (_MEASURED * _height(states)) ** 2
    gain_position, gain_velocity = spread / innovation, shared / innovation
    surprise = _axes(boxes_xyxy) - states[:, _POSITION]
    better[:, _POSITION] += gain_position * surprise
    better[:, _VELOCITY] += gain_velocity * surprise
    better[:, _VAR_POSITION] -= gain_position * spread
    better[:, _COVARIANCE] -= gain_position * shared
    better[:, _VAR_VELOCITY] -= gain_velocity * shared
    return better


def hold_size(states: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the states with sizes at rest, for faces that nobody sees at present.

    A size extrapolated over a gap shrinks to nothing or fills the picture.

    Args:
        states: (n, 5, 4) states; n may be 0.
    """
    held = states.copy()
    held[:, _VELOCITY, _SIZES] = 0
    return held


def boxes_of(states: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the (n, 4) float32 boxes of the states, each side at least one pixel.

    Args:
        states: (n, 5, 4) states; n may be 0.
    """
    centres = states[:, _POSITION, :2]
    halves = np.maximum(states[:, _POSITION, _SIZES], _MIN_SIDE_PX) / 2
    return np.hstack([centres - halves, centres + halves]).astype(np.float32)


def _axes(boxes_xyxy: NDArray[np.float32]) -> NDArray[np.float64]:
    corners = boxes_xyxy.astype(np.float64)
    top_left, bottom_right = corners[:, :2], corners[:, 2:]
    return np.hstack([(top_left + bottom_right) / 2, bottom_right - top_left])


def _height(states: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(states[:, _POSITION, 3:], _MIN_SIDE_PX)
