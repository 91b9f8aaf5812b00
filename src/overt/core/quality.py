"""Quality of one found face, and the gate that it must pass before it is embedded.

The measures follow OFIQ (ISO/IEC 29794-5) in meaning, not in scale. Those that
need only geometry come first: pixels are looked at only where geometry passes.

Sharpness is the variance of the Laplacian of the inner face, reduced to 32 x 32
cells by area means, in percent of the luma variance there. The fixed size makes
faces of different sizes comparable: blur counts in parts of the face, as it does
for an embedder. Dividing by the luma variance takes out contrast, so dim light or
dark skin does not count as blur. Sensor noise counts as sharpness: the measure
refuses blur, it does not promise detail.

Measured on 55 photographs (150 x 150) of 5 people, in CenterFace's boxes, resized
so that the shorter side of the box is as given (160 and 200 px enlarge them), then
blurred with a Gaussian whose sigma is that share of it; smallest / median / largest
sharpness::

    side px         sharp        sigma 2 %      sigma 4 %        sigma 6 %
        40      33 / 101 / 187   12 / 35 / 65   2.7 / 6 / 13   1.1 / 2.5 / 4.9
        60      39 / 119 / 269   13 / 33 / 64   2.5 / 6 / 12   1.1 / 2.6 / 5.4
        80      42 / 122 / 267   11 / 34 / 62   2.5 / 6 / 11   1.0 / 2.3 / 4.7
       120      45 / 129 / 285   11 / 33 / 60   2.5 / 6 / 12   1.0 / 2.4 / 4.7
       160      45 / 129 / 278   11 / 33 / 61   2.5 / 6 / 11   1.0 / 2.2 / 4.4
       200      45 / 132 / 264   11 / 33 / 59   2.5 / 6 / 11   1.0 / 2.3 / 4.4

In dlib's boxes, which end at the brow, a sharp face gives 14 or more and one blurred
by 6 % at most 4.9. The default limit of 8 passes every sharp face in both and refuses
every face blurred by 6 %, half of those blurred by 3 % in dlib's boxes, one in ten in
CenterFace's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overt.core.operating_point import QualityLimits

_CELLS = 32  # the fixed size, in cells a side
_TAPS = 4  # pixels looked at per cell and side; bounds the cost for a large face
_INSET = 0.1  # share of the box left out on each side: background, hair
_LUMA = np.array([0.299, 0.587, 0.114], np.float32) / np.float32(_TAPS * _TAPS)  # BT.601
_MIN_LUMA_VARIANCE = 1.0  # below it there is only the rounding of grey values

# Where the unified quality stops to reward more: the measure's scale, not a limit.
_FULL_FACE_PX = 120.0
_FULL_SHARPNESS = 60.0


class QualityReason(StrEnum):
    """Why the gate refused a face."""

    TOO_SMALL = "too_small"
    LOW_DETECTION_SCORE = "low_detection_score"
    TURNED_AWAY = "turned_away"
    CUT_OFF = "cut_off"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"


@dataclass(frozen=True, slots=True)
class FaceGeometry:
    """The measures that need no pixels.

    Attributes:
        face_px: Shorter side of the box in camera pixels.
        turn: Distance of the nose from the eyes' middle, along the line of the
            eyes, over the distance of the eyes; 0 is frontal, infinite where the
            eyes coincide.
        inside: Share of the box inside the picture, in [0, 1].
        detection_score: In [0, 1].
    """

    face_px: float
    turn: float
    inside: float
    detection_score: float

    @property
    def best_quality(self) -> float:
        """Return the quality that the face has if it is perfectly sharp, in [0, 1]."""
        size = min(self.face_px / _FULL_FACE_PX, 1.0)
        frontal = max(1.0 - self.turn, 0.0)
        return size * frontal * self.inside * self.detection_score


@dataclass(frozen=True, slots=True)
class QualityReport:
    """All measures of one face.

    Attributes:
        geometry: The measures that need no pixels.
        sharpness: Variance of the Laplacian at a fixed size, in percent of the
            luma variance; 0 for a face of one colour.
        brightness: Mean luma of the inner face, in [0, 255].
    """

    geometry: FaceGeometry
    sharpness: float
    brightness: float

    @property
    def quality(self) -> float:
        """Return one figure in [0, 1] to compare faces of the same track.

        It is the product of size and sharpness (each relative to where more no
        longer helps), frontality (1 - turn), share inside and detection score, so
        no good measure makes up for a bad one and none, if better, lowers it.
        Brightness is left out: between its limits more is not better.
        """
        return self.geometry.best_quality * min(self.sharpness / _FULL_SHARPNESS, 1.0)


def measure_geometry(
    box_xyxy: NDArray[np.float32],
    landmarks_xy: NDArray[np.float32],
    *,
    detection_score: float,
    size_wh: tuple[int, int],
) -> FaceGeometry:
    """Return the measures of a face that need no pixels.

    Args:
        box_xyxy: (4,) face box in the picture's pixels; may reach outside.
        landmarks_xy: (5, 2) right eye, left eye (viewer's left to right), nose
            tip, mouth corners, in the picture's pixels.
        detection_score: In [0, 1].
        size_wh: Width and height of the picture in pixels.
    """
    left, top, right, bottom = box_xyxy.tolist()
    return FaceGeometry(
        face_px=max(min(right - left, bottom - top), 0.0),
        turn=_turn(landmarks_xy),
        inside=_inside((left, top, right, bottom), size_wh),
        detection_score=detection_score,
    )


def assess(
    pixels_rgb: NDArray[np.uint8],
    box_xyxy: NDArray[np.float32],
    landmarks_xy: NDArray[np.float32],
    *,
    detection_score: float,
) -> QualityReport:
    """Return all measures of a face.

    Args:
        pixels_rgb: (h, w, 3) uint8 picture; h and w at least 1.
        box_xyxy: (4,) face box in its pixels; may reach outside.
        landmarks_xy: (5, 2) right eye, left eye (viewer's left to right), nose
            tip, mouth corners, in its pixels.
        detection_score: In [0, 1].
    """
    height, width = pixels_rgb.shape[:2]
    geometry = measure_geometry(
        box_xyxy, landmarks_xy, detection_score=detection_score, size_wh=(width, height)
    )
    luma = _face_luma(pixels_rgb, box_xyxy)
    return QualityReport(geometry, sharpness=_sharpness(luma), brightness=float(luma.mean()))


def gate_geometry(geometry: FaceGeometry, limits: QualityLimits) -> tuple[QualityReason, ...]:
    """Return why geometry alone refuses a face; empty where it passes.

    Args:
        geometry: Measures of the face.
        limits: Limits of the operating point, all inclusive.
    """
    refused = (
        (QualityReason.TOO_SMALL, geometry.face_px < limits.min_face_px),
        (
            QualityReason.LOW_DETECTION_SCORE,
            geometry.detection_score < limits.min_detection_score,
        ),
        (QualityReason.TURNED_AWAY, geometry.turn > limits.max_turn),
        (QualityReason.CUT_OFF, geometry.inside < limits.min_inside),
    )
    return tuple(reason for reason, is_refused in refused if is_refused)


def gate(report: QualityReport, limits: QualityLimits) -> tuple[QualityReason, ...]:
    """Return every reason to refuse a face, geometry first; empty where it passes.

    Args:
        report: Measures of the face.
        limits: Limits of the operating point, all inclusive.
    """
    refused = (
        (QualityReason.BLURRED, report.sharpness < limits.min_sharpness),
        (QualityReason.TOO_DARK, report.brightness < limits.min_brightness),
        (QualityReason.TOO_BRIGHT, report.brightness > limits.max_brightness),
    )
    reasons = tuple(reason for reason, is_refused in refused if is_refused)
    return gate_geometry(report.geometry, limits) + reasons


def _turn(landmarks_xy: NDArray[np.float32]) -> float:
    (right_x, right_y), (left_x, left_y), (nose_x, nose_y) = landmarks_xy[:3].tolist()
    eyes_x, eyes_y = left_x - right_x, left_y - right_y
    squared: float = eyes_x**2 + eyes_y**2
    if squared == 0:
        return float("inf")
    from_middle_x, from_middle_y = nose_x - (left_x + right_x) / 2, nose_y - (left_y + right_y) / 2
    return float(abs(from_middle_x * eyes_x + from_middle_y * eyes_y) / squared)


def _inside(box: tuple[float, float, float, float], size_wh: tuple[int, int]) -> float:
    left, top, right, bottom = box
    area = max(right - left, 0.0) * max(bottom - top, 0.0)
    if area == 0:
        return 0.0
    shown_w = max(min(right, size_wh[0]) - max(left, 0.0), 0.0)
    shown_h = max(min(bottom, size_wh[1]) - max(top, 0.0), 0.0)
    return shown_w * shown_h / area


def _face_luma(pixels_rgb: NDArray[np.uint8], box_xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (32, 32) luma of the inner face; rows and columns outside repeat the edge."""
    left, top, right, bottom = box_xyxy.tolist()
    rows = _taps(top, bottom, pixels_rgb.shape[0])
    columns = _taps(left, right, pixels_rgb.shape[1])
    first, last = int(columns[0]), int(columns[-1]) + 1
    strip = pixels_rgb[:, first:last][rows].reshape(_CELLS, _TAPS, last - first, 3)
    by_row = strip.sum(axis=1, dtype=np.uint16)[:, columns - first]
    by_cell = by_row.reshape(_CELLS, _CELLS, _TAPS, 3).sum(axis=2, dtype=np.uint16)
    luma: NDArray[np.float32] = by_cell.astype(np.float32) @ _LUMA
    return luma


def _taps(start: float, stop: float, limit: int) -> NDArray[np.intp]:
    """Return the 128 pixel indices looked at between two edges, ascending, inside the picture."""
    size = max(stop - start, 0.0)
    steps = (np.arange(_CELLS * _TAPS) + 0.5) / (_CELLS * _TAPS)
    places = start + size * (_INSET + (1 - 2 * _INSET) * steps)
    return np.clip(places, 0, limit - 1).astype(np.intp)


def _sharpness(luma: NDArray[np.float32]) -> float:
    contrast = float(luma.var())
    if contrast < _MIN_LUMA_VARIANCE:
        return 0.0
    middle = luma[1:-1, 1:-1] * 4
    around = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]
    return 100 * float((middle - around).var()) / contrast
