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
    ReadPhotograph = Callable[[int], NDArray[np.uint8] | None]

MAX_SIDE_PX = 2048
"""A larger photograph is scaled down: a face that needs more of it is no portrait."""

_AT_ONCE = 8
_QUICK_SHARE = 0.5  # of the detector's working size
_BORDERED = 1.8  # a border adds 0.8 of the longer side
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
    photographs: Iterable[ReadPhotograph], enroller: Enroller
) -> Iterator[Portrait | PortraitRefused]:
    """Yield what came of each photograph, in order; a few are in memory at a time.

    A portrait's face is large: it is found in a small copy of the photograph, at half the
    detector's working size, in a quarter of the time. What is refused there, or is too small
    there to trust that nobody stands beside, is read and looked at again in full.

    Args:
        photographs: Each returns (h, w, 3) uint8 pixels with no side longer than what it is
            given, or None where the file cannot be read; called once or twice.
        enroller: Pack and limits.

    Raises:
        ModelRunError: The inference run time failed.
    """
    source = iter(photographs)
    while readers := list(islice(source, _AT_ONCE)):
        found = [_looked_at(*each, enroller) for each in _found_quickly(readers, enroller)]
        faces = [outcome for _, outcome in found if isinstance(outcome, EnrolledFace)]
        rows = iter(_embedded(faces, enroller))
        for pixels, outcome in found:
            if isinstance(outcome, EnrolledFace):
                picture = enroller.portrait_bytes(_there(pixels), outcome.box_xyxy)
                yield Portrait(next(rows), picture)
            else:
                yield _refused(outcome)


def _found_quickly(
    readers: Sequence[ReadPhotograph], enroller: Enroller
) -> list[tuple[ReadPhotograph, NDArray[np.uint8] | None, Outcome]]:
    """Return each photograph in small, with its face if one is found there."""
    side_px = enroller.point.detection.long_side_px
    batch = [Photograph("", "", read(side_px)) for read in readers]
    outcomes = find_portraits(batch, enroller.models, _quick(enroller.point))
    pixels = [photograph.pixels_rgb for photograph in batch]
    return list(zip(readers, pixels, outcomes, strict=True))


def _looked_at(
    read: ReadPhotograph, pixels: NDArray[np.uint8] | None, outcome: Outcome, enroller: Enroller
) -> tuple[NDArray[np.uint8] | None, Outcome]:
    """Return the photograph and its face, after a second look in full where it needs one."""
    if pixels is None or _is_large(outcome, pixels, _quick(enroller.point)):
        return pixels, outcome
    whole = read(MAX_SIDE_PX)
    (again,) = find_portraits([Photograph("", "", whole)], enroller.models, enroller.point)
    return whole, again


def _quick(point: OperatingPoint) -> OperatingPoint:
    side_px = round(point.detection.long_side_px * _QUICK_SHARE)
    return replace(point, detection=replace(point.detection, long_side_px=side_px))


def _is_large(outcome: Outcome, pixels_rgb: NDArray[np.uint8], point: OperatingPoint) -> bool:
    """Return whether a face was found that is as large for the detector as one must be at all."""
    if not isinstance(outcome, EnrolledFace):
        return False
    scale = min(1.0, point.detection.long_side_px / (max(pixels_rgb.shape[:2]) * _BORDERED))
    sides_px = (outcome.box_xyxy[2:] - outcome.box_xyxy[:2]) * scale
    return bool(sides_px.min() >= point.photographs.min_face_px)


def _there(pixels_rgb: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    assert pixels_rgb is not None  # noqa: S101  a face was found in it
    return pixels_rgb


def _embedded(faces: Sequence[EnrolledFace], enroller: Enroller) -> NDArray[np.float32]:
    if not faces:
        return np.empty((0, enroller.models.embedder.dimension), np.float32)
    return enroller.models.embedder.embed(np.stack([face.chip_rgb for face in faces]))


def _refused(codes: tuple[str, ...]) -> PortraitRefused:
    if codes[0] in _N_FACES:
        return PortraitRefused(photograph_refusals(_N_FACES[codes[0]], ()))
    return PortraitRefused(photograph_refusals(1, codes), codes)
