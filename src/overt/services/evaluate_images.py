"""Test an algorithm on photographs whose people are known: an open-set search of each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from overt.errors import EvaluationDataInvalidError
from overt.evaluation.image_test import Submissions
from overt.evaluation.open_set import LabelledTemplates
from overt.services.enrol_watchlist import EnrolledFace, enrol, find_portraits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from overt.core.operating_point import OperatingPoint
    from overt.core.photograph import Photograph
    from overt.ports import FaceModels
    from overt.services.enrol_watchlist import Enrolment

_BATCH = 8
_MOST_PARTS = 16
_FEWEST_IN_PART = 2


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedImages:
    """Templates of photographs, and what became of those that gave none.

    Attributes:
        probes: One a photograph.
        gallery: One a person, their photographs fused as for a watchlist.
        submissions: What was offered.
        sha256: Digest of all photographs and whose they are, in any order.
    """

    probes: LabelledTemplates
    gallery: LabelledTemplates
    submissions: Submissions
    sha256: str

    def n_parts(self) -> int:
        """Return into how many parts the gallery is cut: a power of two, 16 at most."""
        most = min(_MOST_PARTS, len(self.gallery.rows) // _FEWEST_IN_PART)
        return 1 << max(most.bit_length() - 1, 0)


def embed_images(
    gallery: Iterable[Photograph],
    probes: Iterable[Photograph],
    models: FaceModels,
    point: OperatingPoint,
    *,
    on_photograph: Callable[[], None] = lambda: None,
) -> EmbeddedImages:
    """Return the templates of a gallery and of the photographs to search in it.

    Gallery photographs pass the gate of the watchlist's photographs, probes that of faces in a
    camera's picture. A person who was offered for the gallery and could not be enrolled is
    neither mated nor non-mated: their probes count as missed and are not searched.

    Args:
        gallery: Photographs by person; read a few at a time.
        probes: The same, of other photographs.
        models: The pack that is tested.
        point: Its limits.
        on_photograph: Called after each photograph, for a progress bar.

    Raises:
        EvaluationDataInvalidError: A photograph stands in both, or for two people.
        NothingEnrolledError: No gallery photograph can be used.
        ModelRunError: The inference run time failed.
    """
    seen = _Seen()
    enrolment = enrol(seen.passing(gallery, "gallery"), models, point, on_photograph=on_photograph)
    offered = set(seen.people)
    unenrolled = offered - set(enrolment.references)
    vectors: list[NDArray[np.float32]] = []
    searched: list[str] = []
    lost: list[str] = []
    probe_ids: list[str] = []
    is_refused: list[bool] = []
    # find_portraits gates by the limits for photographs; probes have those of a camera's faces.
    of_faces = replace(point, photographs=point.quality)
    for group in _groups(seen.passing(probes, "probes")):
        for photograph, vector in zip(group, _vectors(group, models, of_faces), strict=True):
            on_photograph()
            person = photograph.entry_id
            probe_ids.append(person)
            is_refused.append(vector is None)
            if vector is None or person in unenrolled:
                lost += [person] if person in offered else []
            else:
                vectors.append(vector)
                searched.append(person)
    rows = np.stack(vectors) if vectors else np.zeros((0, models.embedder.dimension), np.float32)
    return EmbeddedImages(
        LabelledTemplates(rows, tuple(searched)),
        _gallery(enrolment),
        Submissions(
            n_gallery=enrolment.n_photographs,
            n_gallery_refused=len(enrolment.refusals),
            n_people=len(offered),
            n_people_refused=len(enrolment.entries_refused()),
            probe_ids=tuple(probe_ids),
            is_refused=tuple(is_refused),
            lost_ids=tuple(lost),
        ),
        seen.sha256(),
    )


class _Seen:
    """Remembers which photograph came for whom, by digests of their pixels."""

    def __init__(self) -> None:
        self.people: dict[str, None] = {}
        self._lines: list[str] = []
        self._place_of: dict[bytes, tuple[str, str]] = {}

    def passing(self, photographs: Iterable[Photograph], place: str) -> Iterator[Photograph]:
        for photograph in photographs:
            if place == "gallery":
                self.people[photograph.entry_id] = None
            pixels = photograph.pixels_rgb
            if pixels is not None:
                digest = hashlib.sha256(f"{pixels.shape}".encode() + pixels.tobytes()).digest()
                self._add(digest, place, photograph.entry_id)
            yield photograph

    def sha256(self) -> str:
        return hashlib.sha256("\n".join(sorted(self._lines)).encode()).hexdigest()

    def _add(self, digest: bytes, place: str, person: str) -> None:
        self._lines.append(f"{place} {person} {digest.hex()}")
        before = self._place_of.setdefault(digest, (place, person))
        if before != (place, person):
            both = "two people" if before[1] != person else "gallery and probes"
            msg = f"the {len(self._lines)}th photograph stands for {both}: its scores show nothing"
            raise EvaluationDataInvalidError(msg)


def _vectors(
    group: list[Photograph], models: FaceModels, point: OperatingPoint
) -> Iterator[NDArray[np.float32] | None]:
    found = find_portraits(group, models, point)
    chips = [face.chip_rgb for face in found if isinstance(face, EnrolledFace)]
    rows = iter(models.embedder.embed(np.stack(chips)) if chips else ())
    for face in found:
        yield next(rows) if isinstance(face, EnrolledFace) else None


def _groups(photographs: Iterable[Photograph]) -> Iterator[list[Photograph]]:
    group: list[Photograph] = []
    for photograph in photographs:
        group.append(photograph)
        if len(group) == _BATCH:
            yield group
            group = []
    if group:
        yield group


def _gallery(enrolment: Enrolment) -> LabelledTemplates:
    people = tuple(enrolment.references)
    rows = np.stack([enrolment.references[person].vector for person in people])
    return LabelledTemplates(rows, people)
