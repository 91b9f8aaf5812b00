"""Enrol: photographs in, reference templates out, every refusal with its reasons (R-15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.core.best_shot import fuse
from overt.core.quality import assess, gate
from overt.core.template import Template, TemplateRole
from overt.errors import NothingEnrolledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from overt.core.detection import Detections
    from overt.core.operating_point import OperatingPoint
    from overt.core.photograph import Photograph
    from overt.ports import FaceModels

UNREADABLE = "unreadable"
NO_FACE = "no_face"
SEVERAL_FACES = "several_faces"
_BATCH = 8
_BATCH_PIXELS = 12_000_000  # one photograph of a telephone
# A second face of at least this share of the first one's area is a second person.
_SECOND_FACE_AREA = 0.2
# A portrait cut at the hairline is found more surely with its border continued.
_BORDER_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Refusal:
    """A photograph that was not enrolled.

    Attributes:
        entry_id: Whom it was offered for.
        photograph: Its file name.
        reasons: Reason codes, at least one.
    """

    entry_id: str
    photograph: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class EnrolledFace:
    """The face of one photograph that passed.

    Attributes:
        entry_id: Whom it shows.
        box_xyxy: (4,) face box in the photograph's pixels.
        quality: In [0, 1].
        chip_rgb: (side, side, 3) uint8 aligned chip.
    """

    entry_id: str
    box_xyxy: NDArray[np.float32]
    quality: float
    chip_rgb: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Enrolment:
    """What came of the photographs.

    Attributes:
        references: One reference template an entry: its photographs, fused.
        refusals: Photographs that were refused, in the order given.
        n_photographs: Photographs offered; refusals over this is the failure to enrol.
    """

    references: dict[str, Template]
    refusals: tuple[Refusal, ...]
    n_photographs: int

    def entries_refused(self) -> tuple[str, ...]:
        """Return the entries of which no photograph passed, sorted."""
        return tuple(sorted({r.entry_id for r in self.refusals} - set(self.references)))


def enrol(
    photographs: Iterable[Photograph],
    models: FaceModels,
    point: OperatingPoint,
    *,
    on_photograph: Callable[[], None] = lambda: None,
) -> Enrolment:
    """Return the reference templates of those photographs that pass.

    An entry with several photographs gets one template, fused by quality. A bad
    photograph refuses itself, not the entry's others.

    Args:
        photographs: In any order; read a few at a time, never all at once.
        models: The pack that makes the templates.
        point: Its limits for photographs.
        on_photograph: Called after each photograph, for a progress bar.

    Raises:
        NothingEnrolledError: No photograph passed, or there was none.
        ModelRunError: The inference run time failed.
    """
    refusals: list[Refusal] = []
    faces: dict[str, list[tuple[NDArray[np.float32], float]]] = {}
    n_photographs = 0
    for group in _groups(photographs):
        n_photographs += len(group)
        passed = []
        for photograph, outcome in zip(group, find_portraits(group, models, point), strict=True):
            if isinstance(outcome, EnrolledFace):
                passed.append(outcome)
            else:
                refusals.append(Refusal(photograph.entry_id, photograph.name, outcome))
            on_photograph()
        if passed:
            rows = models.embedder.embed(np.stack([face.chip_rgb for face in passed]))
            for face, row in zip(passed, rows, strict=True):
                faces.setdefault(face.entry_id, []).append((row, face.quality))
    if not faces:
        msg = f"none of {n_photographs} photographs could be enrolled"
        raise NothingEnrolledError(msg, **_reason_counts(refusals))
    references = {entry: _reference(shots, models) for entry, shots in sorted(faces.items())}
    return Enrolment(references, tuple(refusals), n_photographs)


def find_portraits(
    photographs: Sequence[Photograph], models: FaceModels, point: OperatingPoint
) -> list[EnrolledFace | tuple[str, ...]]:
    """Return each photograph's one good face, or the reasons why there is none.

    Args:
        photographs: A few photographs, held in memory together.
        models: The pack that finds and aligns.
        point: Its limits for photographs.

    Raises:
        ModelRunError: The inference run time failed.
    """
    framed = [_with_border(p.pixels_rgb) for p in photographs if p.pixels_rgb is not None]
    found = iter(models.detector.detect([picture for picture, _ in framed], point.detection))
    pictures = iter(framed)
    outcomes: list[EnrolledFace | tuple[str, ...]] = []
    for photograph in photographs:
        if photograph.pixels_rgb is None:
            outcomes.append((UNREADABLE,))
            continue
        picture, border_px = next(pictures)
        outcomes.append(_portrait(photograph, picture, border_px, next(found), models, point))
    return outcomes


def _portrait(
    photograph: Photograph,
    picture: NDArray[np.uint8],
    border_px: int,
    faces: Detections,
    models: FaceModels,
    point: OperatingPoint,
) -> EnrolledFace | tuple[str, ...]:
    faces = faces[faces.scores >= point.photographs.min_detection_score]
    if not len(faces):
        return (NO_FACE,)
    sides = faces.boxes_xyxy[:, 2:] - faces.boxes_xyxy[:, :2]
    areas = sides.prod(axis=1)
    if (areas >= areas.max() * _SECOND_FACE_AREA).sum() > 1:
        return (SEVERAL_FACES,)
    best = int(areas.argmax())
    box, landmarks = faces.boxes_xyxy[best], faces.landmarks_xy[best]
    pixels = photograph.pixels_rgb
    assert pixels is not None  # noqa: S101  the caller has refused it already
    score = float(faces.scores[best])
    report = assess(pixels, box - border_px, landmarks - border_px, detection_score=score)
    if reasons := gate(report, point.photographs):
        return tuple(reason.value for reason in reasons)
    chip = models.aligner.align(picture, box, landmarks)
    return EnrolledFace(photograph.entry_id, box - border_px, report.quality, chip)


def _with_border(pixels_rgb: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    border_px = round(max(pixels_rgb.shape[:2]) * _BORDER_SHARE)
    pads = ((border_px, border_px), (border_px, border_px), (0, 0))
    return np.pad(pixels_rgb, pads, mode="edge"), border_px


def _reference(shots: Sequence[tuple[NDArray[np.float32], float]], models: FaceModels) -> Template:
    rows = np.stack([row for row, _ in shots])
    qualities = np.array([quality for _, quality in shots], np.float32)
    return Template(fuse(rows, qualities), TemplateRole.REFERENCE, models.embedder.pack_digest)


def _reason_counts(refusals: Sequence[Refusal]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for refusal in refusals:
        for reason in refusal.reasons:
            counts[reason] = counts.get(reason, 0) + 1
    return counts


def _groups(photographs: Iterable[Photograph]) -> Iterator[list[Photograph]]:
    """Yield a few photographs at a time, fewer where they are large."""
    group: list[Photograph] = []
    n_pixels = 0
    for photograph in photographs:
        group.append(photograph)
        n_pixels += 0 if photograph.pixels_rgb is None else photograph.pixels_rgb[..., 0].size
        if len(group) == _BATCH or n_pixels >= _BATCH_PIXELS:
            yield group
            group, n_pixels = [], 0
    if group:
        yield group
