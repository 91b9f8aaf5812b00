"""An algorithm's test: folders of photographs and a model pack joined to the evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overt.core.operating_point import OperatingPoint
from overt.core.photograph import Photograph
from overt.errors import EvaluationDataInvalidError, ImageUnreadableError
from overt.evaluation.comparisons import compare
from overt.evaluation.group_sweep import GroupLimits, group_sweep
from overt.evaluation.image_test import image_test
from overt.evaluation.open_set import score_open_set
from overt.services.evaluate_images import embed_images

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from overt.evaluation.group_sweep import GroupErrors
    from overt.evaluation.image_test import ImageTest
    from overt.evaluation.open_set import OpenSetScores
    from overt.services.evaluate_images import EmbeddedImages
    from overt.settings import Settings


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """What is to be tested, and on what.

    Attributes:
        gallery: Folder of the gallery's photographs.
        probes: Folder of the photographs to search.
        subjects: CSV that says whose photographs are whose, or None: the folders' names do.
        model_pack: Which pack; the machine's default without it.
        seed: Of every draw: parts of the gallery, resamples.
    """

    gallery: Path
    probes: Path
    subjects: Path | None = None
    model_pack: str | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class ScoredImages:
    """Photographs, embedded and searched.

    Attributes:
        images: Templates, and what became of the photographs.
        scores: Of every search, by parts of the gallery.
        groups: By grouping, the group of each subject.
        pack_name: Which pack made the templates.
        pack_digest: Its digest.
        point: The pack's operating point.
        generator: For every further draw.
    """

    images: EmbeddedImages
    scores: OpenSetScores
    groups: Mapping[str, Mapping[str, str]]
    pack_name: str
    pack_digest: str
    point: OperatingPoint
    generator: np.random.Generator

    def source(self) -> dict[str, object]:
        """Return what the figures come from, as plain values."""
        submissions = self.images.submissions
        return {
            "model_pack": self.pack_name,
            "model_pack_digest": self.pack_digest,
            "photographs_sha256": self.images.sha256,
            "n_gallery_photographs": submissions.n_gallery,
            "n_gallery_people": len(self.images.gallery.subject_ids),
            "n_probe_photographs": len(submissions.probe_ids),
            "n_probe_people": len(set(self.images.probes.subject_ids)),
        }


def score_images(
    request: ImageRequest,
    settings: Settings,
    *,
    on_total: Callable[[int], None] = lambda _: None,
    on_photograph: Callable[[], None] = lambda: None,
) -> ScoredImages:
    """Return the scores of photographs, searched with a model pack of this machine.

    Args:
        request: What is to be tested, and on what.
        settings: Of this machine.
        on_total: Called with the number of photographs.
        on_photograph: Called after each.

    Raises:
        TrialError: Anything that stops it, each with its code.
    """
    from overt.adapters.files.subjects_csv import SubjectsFile, read_subjects
    from overt.adapters.models.packs import find_pack, load_pack

    subjects = read_subjects(request.subjects) if request.subjects else SubjectsFile()
    gallery, probes = (
        _whose(folder, subjects.subject_of) for folder in (request.gallery, request.probes)
    )
    on_total(len(gallery) + len(probes))
    pack = find_pack(request.model_pack or settings.model_pack, settings.models_home)
    loaded = load_pack(pack, cache_home=settings.cache, n_threads=settings.threads)
    point = OperatingPoint(pack.manifest.threshold.value)
    images = embed_images(
        _photographs(gallery), _photographs(probes), loaded, point, on_photograph=on_photograph
    )
    generator = np.random.default_rng(request.seed)
    n_parts = images.n_parts()
    scores = score_open_set(images.probes, images.gallery, generator, n_parts=n_parts)
    return ScoredImages(
        images,
        scores,
        subjects.groups,
        pack.manifest.name,
        pack.manifest.digest(),
        point,
        generator,
    )


def image_test_of(scored: ScoredImages, threshold: float | None, max_rank: int) -> ImageTest:
    """Return every figure of a test on photographs.

    Args:
        scored: Embedded and searched.
        threshold: T; the pack's own without it.
        max_rank: R, at least 1.

    Raises:
        SettingInvalidError: The threshold is no score.
    """
    point = scored.point if threshold is None else OperatingPoint(threshold)
    comparisons = compare(scored.images.probes, scored.images.gallery, scored.generator)
    return image_test(
        scored.scores,
        comparisons,
        scored.images.submissions,
        scored.generator,
        threshold=point.threshold,
        max_rank=max_rank,
    )


def group_errors_of(
    scored: ScoredImages,
    test: ImageTest,
    settings: Settings,
    *,
    missed_margin: float,
    false_margin: float,
    others: Sequence[float],
) -> tuple[GroupErrors, ...]:
    """Return both errors by group of people, at the test's threshold first, then at others.

    Groups of fewer people than the policy of this machine prints are withheld.

    Args:
        scored: Embedded and searched.
        test: With its threshold and rank.
        settings: Of this machine.
        missed_margin: Difference of FNIR that does not matter.
        false_margin: Difference of FPIR that does not matter.
        others: Further thresholds.

    Raises:
        PolicyInvalidError: The policy of this machine cannot be used.
    """
    from overt.bootstrap.policies import policies_of

    least = policies_of(settings).current().publication.small_number
    return group_sweep(
        scored.scores.in_galleries_of(len(scored.scores.part_sizes)),
        scored.groups,
        tuple(dict.fromkeys((test.threshold, *others))),
        GroupLimits(missed_margin, false_margin, least),
        scored.generator,
        max_rank=test.max_rank,
    )


def _whose(folder: Path, subject_of: Mapping[str, str]) -> list[tuple[str, Path]]:
    """Return each photograph with its person, in order of person and name."""
    from overt.adapters.video.photographs import photographs_of_people

    found = [(who, path) for who, paths in photographs_of_people(folder).items() for path in paths]
    if not subject_of:
        return found
    named = [(subject_of.get(path.relative_to(folder).as_posix()), path) for _, path in found]
    n_nobodys = sum(who is None for who, _ in named)
    if n_nobodys:
        msg = f"{n_nobodys} of {len(named)} photographs in {folder.name!r} are in no row"
        raise EvaluationDataInvalidError(msg, n_missing=n_nobodys)
    return sorted((who, path) for who, path in named if who is not None)


def _photographs(whose: list[tuple[str, Path]]) -> Iterator[Photograph]:
    from overt.adapters.video.photographs import read_photograph

    for person, path in whose:
        try:
            pixels = read_photograph(path)
        except ImageUnreadableError:
            pixels = None
        yield Photograph(person, path.name, pixels)
