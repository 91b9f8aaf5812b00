"""Enrol one photograph a row: its template, its portrait as bytes, or every reason against it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from overt.core.photograph import Photograph
from overt.core.watchlist_refusals import RefusalReason, photograph_refusals
from overt.services.enrol_watchlist import (
    NO_FACE,
    SEVERAL_FACES,
    UNREADABLE,
    EnrolledFace,
    find_portraits,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from overt.core.operating_point import OperatingPoint
    from overt.ports import FaceModels

    Outcome = EnrolledFace | tuple[str, ...]

_AT_ONCE = 8
# The detector's network halves its input three times over; a border adds 0.8 of the longer side.
_QUICK_SHARE = 0.5
_BORDERED = 1.8
_N_FACES = {UNREADABLE: None, NO_FACE: 0, SEVERAL_FACES: 2}


@dataclass(frozen=True, slots=True, eq=False)
class Enroller:
    """What turns photographs into templates and into pictures that are kept.

    Attributes:
        models: The pack that finds, aligns and embeds.
        pack_name: Its name, by which the policy knows when two faces are one.
        point: Its limits for photographs.
        portrait_bytes: Returns the part of a photograph around its (4,) face box, as a
            picture file without metadata.
    """

    models: FaceModels
    pack_name: str
    point: OperatingPoint
    portrait_bytes: Callable[[NDArray[np.uint8], NDArray[np.float32]], bytes]


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A photograph that passed.

    Attributes:
        vector: (d,) float32 unit row.
        picture: The portrait as a picture file.
    """

    vector: NDArray[np.float32]
    picture: bytes


@dataclass(frozen=True, slots=True)
class PortraitRefused:
    """A photograph that did not.

    Attributes:
        reasons: Why; at least one.
        quality: What the quality gate has against the face, by its own codes; often empty.
    """

    reasons: tuple[RefusalReason, ...]
    quality: tuple[str, ...] = ()


def enrol_portraits(
    photographs: Iterable[NDArray[np.uint8] | None], enroller: Enroller
) -> Iterator[Portrait | PortraitRefused]:
    """Yield what came of each photograph, in order; a few are in memory at a time.

    Args:
        photographs: (h, w, 3) uint8, or None where a file could not be read.
        enroller: Pack and limits.

    Raises:
        ModelRunError: The inference run time failed.
    """
    source = iter(photographs)
    while batch := [Photograph("", "", pixels) for pixels in islice(source, _AT_ONCE)]:
        outcomes = _found(batch, enroller)
        faces = [face for face in outcomes if isinstance(face, EnrolledFace)]
        rows = iter(_embedded(faces, enroller))
        for photograph, outcome in zip(batch, outcomes, strict=True):
            if not isinstance(outcome, EnrolledFace):
                yield _refused(outcome)
                continue
            assert photograph.pixels_rgb is not None  # noqa: S101  a face was found in it
            picture = enroller.portrait_bytes(photograph.pixels_rgb, outcome.box_xyxy)
            yield Portrait(next(rows), picture)


def _found(batch: Sequence[Photograph], enroller: Enroller) -> list[Outcome]:
    """Return each photograph's face, looked for in a small picture first.

    A portrait's face is large: the detector finds it at half the size in a quarter of the
    time. What is not found there, or found too small to trust that nobody stands beside, is
    looked at again in full.
    """
    point = enroller.point
    side_px = round(point.detection.long_side_px * _QUICK_SHARE)
    quick = replace(point, detection=replace(point.detection, long_side_px=side_px))
    outcomes = find_portraits(batch, enroller.models, quick)
    again = [
        i
        for i, (photograph, outcome) in enumerate(zip(batch, outcomes, strict=True))
        if photograph.pixels_rgb is not None
        and not _is_large(outcome, photograph.pixels_rgb, quick)
    ]
    full = find_portraits([batch[i] for i in again], enroller.models, point)
    for i, outcome in zip(again, full, strict=True):
        outcomes[i] = outcome
    return outcomes


def _is_large(outcome: Outcome, pixels_rgb: NDArray[np.uint8], point: OperatingPoint) -> bool:
    """Return whether a face was found that is as large for the detector as one must be at all."""
    if not isinstance(outcome, EnrolledFace):
        return False
    scale = min(1.0, point.detection.long_side_px / (max(pixels_rgb.shape[:2]) * _BORDERED))
    sides_px = (outcome.box_xyxy[2:] - outcome.box_xyxy[:2]) * scale
    return bool(sides_px.min() >= point.photographs.min_face_px)


def _embedded(faces: Sequence[EnrolledFace], enroller: Enroller) -> NDArray[np.float32]:
    if not faces:
        return np.empty((0, enroller.models.embedder.dimension), np.float32)
    return enroller.models.embedder.embed(np.stack([face.chip_rgb for face in faces]))


def _refused(codes: tuple[str, ...]) -> PortraitRefused:
    if codes[0] in _N_FACES:
        return PortraitRefused(photograph_refusals(_N_FACES[codes[0]], ()))
    return PortraitRefused(photograph_refusals(1, codes), codes)
