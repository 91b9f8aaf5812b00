"""Alignment by five landmarks: the transform, and the chip it cuts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from overt.adapters.models.five_point_alignment import (
    REFERENCE_POINTS_XY,
    FivePointAligner,
    similarity_transform,
)

NO_BOX = np.zeros(4, np.float32)


@given(
    angle=st.floats(-np.pi, np.pi),
    scale=st.floats(0.1, 10),
    shift_x=st.floats(-500, 500),
    shift_y=st.floats(-500, 500),
)
def test_a_known_rotation_scale_and_shift_are_recovered(angle, scale, shift_x, shift_y):
    """Points moved by a known matrix give that matrix."""
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    known = np.array([[cosine, -sine, shift_x], [sine, cosine, shift_y]])
    moved = REFERENCE_POINTS_XY @ known[:, :2].T + known[:, 2]

    assert similarity_transform(REFERENCE_POINTS_XY, moved) == pytest.approx(known, abs=1e-6)


def test_a_reflection_is_not_fitted():
    """Mirrored landmarks, right and left exchanged, never mirror the chip."""
    mirrored = REFERENCE_POINTS_XY * (-1, 1)
    matrix = similarity_transform(REFERENCE_POINTS_XY, mirrored)

    assert np.linalg.det(matrix[:, :2]) >= 0


def test_two_points_suffice():
    """(0, 0) and (1, 0) onto (2, 3) and (2, 5): a quarter turn, twice as large."""
    source, target = np.array([[0.0, 0], [1, 0]]), np.array([[2.0, 3], [2, 5]])

    assert similarity_transform(source, target) == pytest.approx(
        np.array([[0, -2, 2], [2, 0, 3]]), abs=1e-12
    )


def face(turn_deg: float, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a dark picture with bright discs at the landmarks, and the landmarks."""
    turn = np.deg2rad(turn_deg)
    rotation = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = REFERENCE_POINTS_XY.mean(axis=0)
    points = (REFERENCE_POINTS_XY - middle) @ rotation.T + (200, 180)
    y, x = np.mgrid[:400, :400]
    picture = np.zeros((400, 400, 3), np.uint8)
    for point_x, point_y in points:
        # A pixel covers half a unit on each side of its middle.
        picture[np.hypot(x + 0.5 - point_x, y + 0.5 - point_y) < 4 * scale] = 255
    return picture, points.astype(np.float32)


@pytest.mark.parametrize("side_px", [112, 224])
@pytest.mark.parametrize(("turn_deg", "scale"), [(0, 1), (30, 1.5), (-75, 2), (180, 0.7)])
def test_landmarks_come_to_rest_on_the_reference_points(side_px, turn_deg, scale):
    """However the face is turned and large: the discs' centres lie within a pixel."""
    picture, points = face(turn_deg, scale)
    chip = FivePointAligner(side_px=side_px).align(picture, NO_BOX, points)
    factor = side_px / 112
    y, x = np.mgrid[:side_px, :side_px]

    assert (chip.shape, chip.dtype) == ((side_px, side_px, 3), np.uint8)
    for point in REFERENCE_POINTS_XY * factor:
        near = np.hypot(x + 0.5 - point[0], y + 0.5 - point[1]) < 8 * factor
        light = chip[..., 0] * near
        centre = np.array([(light * x).sum(), (light * y).sum()]) / light.sum() + 0.5
        assert centre == pytest.approx(point, abs=factor)


def test_beyond_the_picture_the_chip_is_black():
    """A face at the corner: what the camera did not see is not made up."""
    picture = np.full((50, 50, 3), 200, np.uint8)
    points = (REFERENCE_POINTS_XY - REFERENCE_POINTS_XY.mean(axis=0)).astype(np.float32)
    chip = FivePointAligner(side_px=112).align(picture, NO_BOX, points)

    assert chip[0, 0].tolist() == [0, 0, 0]
    assert chip[100, 100].tolist() == [200, 200, 200]
