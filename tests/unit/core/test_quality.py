from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from overt.core.operating_point import QualityLimits
from overt.core.quality import (
    FaceGeometry,
    QualityReason,
    QualityReport,
    assess,
    gate,
    gate_geometry,
    measure_geometry,
)

LIMITS = QualityLimits()
GOOD = FaceGeometry(face_px=100, turn=0.1, inside=1.0, detection_score=0.9)
FRONTAL = np.array([[30, 40], [70, 40], [50, 60], [35, 80], [65, 80]], np.float32)
BOX = np.array([0, 0, 100, 100], np.float32)


def turned(landmarks: np.ndarray) -> float:
    """Return the turn of a face in a large picture."""
    return measure_geometry(BOX, landmarks, detection_score=0.9, size_wh=(200, 200)).turn


def inside(box: tuple[float, float, float, float]) -> float:
    """Return the share of a box inside a picture of 200 x 100."""
    corners = np.array(box, np.float32)
    return measure_geometry(corners, FRONTAL, detection_score=0.9, size_wh=(200, 100)).inside


def report_of(pixels: np.ndarray, box: tuple[float, float, float, float]) -> QualityReport:
    """Return the report of a frontal face."""
    return assess(pixels, np.array(box, np.float32), FRONTAL, detection_score=0.9)


def texture(side: int, coarseness: int, *, low: int = 60, high: int = 180) -> np.ndarray:
    """Return a (side, side, 3) checkerboard of squares of ``coarseness`` pixels."""
    y, x = np.indices((side, side)) // coarseness
    squares = np.where((x + y) % 2, high, low)
    return np.repeat(squares[:, :, None], 3, axis=2).astype(np.uint8)


def test_a_nose_between_the_eyes_is_frontal():
    """Turn is 0 where the nose lies on the middle of the eyes."""
    assert turned(FRONTAL) == 0


def test_turn_is_the_nose_offset_over_the_eye_distance():
    """Nose 10 px off the middle of eyes 40 px apart: 0.25, to either side."""
    for offset in (-10, 10):
        landmarks = FRONTAL.copy()
        landmarks[2, 0] += offset
        assert turned(landmarks) == pytest.approx(0.25)


@given(st.floats(-180, 180), st.floats(0.2, 5))
def test_roll_and_size_do_not_change_the_turn(roll_deg, scale):
    """A tilted head is not a turned head, and a near one not more turned."""
    landmarks = FRONTAL.copy()
    landmarks[2, 0] += 10
    cos, sin = np.cos(np.deg2rad(roll_deg)), np.sin(np.deg2rad(roll_deg))
    rolled = scale * landmarks @ np.array([[cos, sin], [-sin, cos]])
    assert turned(rolled.astype(np.float32)) == pytest.approx(0.25, abs=1e-3)


def test_eyes_in_one_place_count_as_turned_away():
    """Where the eyes coincide the turn is infinite, not a division by zero."""
    assert turned(np.zeros((5, 2), np.float32)) == float("inf")


@pytest.mark.parametrize(
    ("box", "share"),
    [
        ((0, 0, 100, 100), 1.0),
        ((-50, 0, 50, 100), 0.5),
        ((150, 50, 250, 150), 0.25),
        ((300, 0, 400, 100), 0.0),
        ((50, 50, 50, 80), 0.0),
    ],
)
def test_inside_is_the_share_of_the_box_in_the_picture(box, share):
    """Worked by hand in a picture of 200 x 100; a box without area is not inside."""
    assert inside(box) == share


@pytest.mark.parametrize(
    ("box", "side"), [((0, 0, 30, 50), 30), ((0, 0, 50, 30), 30), ((9, 9, 3, 3), 0)]
)
def test_face_px_is_the_shorter_side(box, side):
    """The shorter side counts; an inverted box has none."""
    corners = np.array(box, np.float32)
    found = measure_geometry(corners, FRONTAL, detection_score=0.9, size_wh=(99, 99))
    assert found.face_px == side


@pytest.mark.parametrize("side", [1, 7, 40, 128, 300])
def test_brightness_is_the_mean_luma(side):
    """Luma after BT.601 of one colour, at every size: 0.299 R + 0.587 G + 0.114 B."""
    pixels = np.empty((side, side, 3), np.uint8)
    pixels[:] = (100, 200, 50)
    assert report_of(pixels, (0, 0, side, side)).brightness == pytest.approx(153, abs=0.01)


def test_a_face_of_one_colour_has_no_sharpness():
    """No contrast: 0, not a division by zero."""
    assert report_of(np.full((64, 64, 3), 90, np.uint8), (0, 0, 64, 64)).sharpness == 0


def test_sharpness_of_a_checkerboard_by_hand():
    """Cells alternate +-a: luma variance a^2, Laplacian 8a, so 100 * 64 a^2 / a^2."""
    pixels = texture(160, 4)  # the inner 128 px are 32 cells of 4 px
    assert report_of(pixels, (0, 0, 160, 160)).sharpness == pytest.approx(6400, rel=1e-4)


def test_contrast_and_light_do_not_change_sharpness():
    """Dim light or dark skin is not blur (R-47)."""
    bright = report_of(texture(160, 10), (0, 0, 160, 160))
    dim = report_of(texture(160, 10, low=20, high=35), (0, 0, 160, 160))
    assert dim.sharpness == pytest.approx(bright.sharpness, rel=1e-3)


@pytest.mark.parametrize("side", [40, 80, 160, 320])
def test_a_blurred_face_is_less_sharp_at_every_size(side):
    """Soft waves of the same size in the face fall below the limit, edges do not."""
    along = np.sin(2 * np.pi * 3 * np.arange(side) / side)
    soft = np.repeat((128 + 60 * np.outer(along, along))[:, :, None], 3, axis=2)
    hard = np.repeat((128 + 60 * np.sign(np.outer(along, along)))[:, :, None], 3, axis=2)
    box = (0, 0, side, side)
    assert report_of(soft.astype(np.uint8), box).sharpness < LIMITS.min_sharpness + 12
    assert report_of(hard.astype(np.uint8), box).sharpness > 30
    assert (
        report_of(soft.astype(np.uint8), box).sharpness
        < report_of(hard.astype(np.uint8), box).sharpness / 2
    )


def test_only_the_inner_face_counts():
    """The outer tenth on each side, hair and background, changes nothing."""
    pixels = texture(200, 8)
    framed = pixels.copy()
    framed[:19], framed[:, :19], framed[-19:], framed[:, -19:] = 255, 0, 0, 255
    assert report_of(framed, (0, 0, 200, 200)) == report_of(pixels, (0, 0, 200, 200))


@pytest.mark.parametrize(
    "box", [(-30, -30, 40, 40), (60, 60, 130, 130), (500, 500, 600, 600), (50, 50, 40, 40)]
)
def test_a_box_that_leaves_the_picture_is_still_measured(box):
    """Rows and columns outside repeat the edge; nothing fails (R-42 counts every face)."""
    report = report_of(texture(100, 5), box)
    assert 0 <= report.brightness <= 255
    assert report.sharpness >= 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"face_px": 39.9}, QualityReason.TOO_SMALL),
        ({"detection_score": 0.49}, QualityReason.LOW_DETECTION_SCORE),
        ({"turn": 0.46}, QualityReason.TURNED_AWAY),
        ({"inside": 0.94}, QualityReason.CUT_OFF),
    ],
)
def test_geometry_alone_may_refuse(change, reason):
    """Each measure of geometry has its own reason."""
    assert gate_geometry(replace(GOOD, **change), LIMITS) == (reason,)


@pytest.mark.parametrize(
    ("sharpness", "brightness", "reasons"),
    [
        (50, 120, ()),
        (7.9, 120, (QualityReason.BLURRED,)),
        (50, 29, (QualityReason.TOO_DARK,)),
        (50, 236, (QualityReason.TOO_BRIGHT,)),
        (7.9, 29, (QualityReason.BLURRED, QualityReason.TOO_DARK)),
    ],
)
def test_pixels_may_refuse(sharpness, brightness, reasons):
    """Each measure of pixels has its own reason, and all that hold are named."""
    assert gate(QualityReport(GOOD, sharpness, brightness), LIMITS) == reasons


def test_limits_are_inclusive():
    """A face exactly on every limit passes."""
    edge = FaceGeometry(
        face_px=LIMITS.min_face_px,
        turn=LIMITS.max_turn,
        inside=LIMITS.min_inside,
        detection_score=LIMITS.min_detection_score,
    )
    for brightness in (LIMITS.min_brightness, LIMITS.max_brightness):
        assert gate(QualityReport(edge, LIMITS.min_sharpness, brightness), LIMITS) == ()


def test_the_gate_names_geometry_first():
    """The order of reasons is fixed."""
    report = QualityReport(replace(GOOD, face_px=10), sharpness=0, brightness=120)
    assert gate(report, LIMITS) == (QualityReason.TOO_SMALL, QualityReason.BLURRED)


def test_quality_by_hand():
    """60/120 x 30/60 x (1 - 0.2) x 0.5 x 0.9 = 0.09."""
    geometry = FaceGeometry(face_px=60, turn=0.2, inside=0.5, detection_score=0.9)
    assert QualityReport(geometry, sharpness=30, brightness=99).quality == pytest.approx(0.09)


reports = st.builds(
    QualityReport,
    st.builds(
        FaceGeometry,
        face_px=st.floats(0, 500),
        turn=st.floats(0, 3) | st.just(float("inf")),
        inside=st.floats(0, 1),
        detection_score=st.floats(0, 1),
    ),
    sharpness=st.floats(0, 6400),
    brightness=st.floats(0, 255),
)


@given(reports, st.floats(0, 100), st.floats(0, 1))
def test_quality_lies_in_0_1_and_never_falls_with_a_better_measure(report, more, frontal):
    """Larger, sharper, more frontal: quality is the same or higher."""
    geometry = report.geometry
    assert 0 <= report.quality <= 1
    for better in (
        replace(report, sharpness=report.sharpness + more),
        replace(report, geometry=replace(geometry, face_px=geometry.face_px + more)),
        replace(report, geometry=replace(geometry, turn=geometry.turn * frontal)),
    ):
        assert better.quality >= report.quality or np.isnan(better.geometry.turn)
