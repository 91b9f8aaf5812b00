"""Measure the bundled pack on photographs: mated and non-mated scores, by alignment.

    python benchmarks/measure_accuracy.py [DATA] > build/accuracy.json

DATA holds ``johns`` and ``att_faces``; ``../shared/data`` without it. Every pair of
photographs is compared once: pairs of one person are mated, of two people
non-mated. The att_faces copies are small; they are enlarged eight times first.

Then an open-set test with the pack's own alignment: every other person's first photograph is
in the gallery, all others are searched. Its intervals are by person.
"""

from __future__ import annotations

import json
import sys
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from overt.adapters.models.dlib_alignment import DlibAligner
from overt.adapters.models.five_point_alignment import FivePointAligner
from overt.adapters.models.pack_files import locate
from overt.adapters.models.packs import DEFAULT_PACK, find_pack, load_pack
from overt.adapters.video.photographs import photographs_of_people, read_photograph
from overt.core.operating_point import OperatingPoint
from overt.evaluation.comparisons import compare
from overt.evaluation.image_test import Submissions, image_test
from overt.evaluation.open_set import LabelledTemplates, score_open_set
from overt.evaluation.rates import rate
from overt.settings import read_settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overt.adapters.models.packs import LoadedPack
    from overt.ports import FaceAligner

ENLARGE = {"att_faces": 8, "johns": 1}
FALSE_MATCH_RATES = (1e-3, 1e-2)
BORDER_SHARE = 0.4


def main() -> None:
    """Print the figures of both sets as JSON."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    settings = read_settings()
    installed = find_pack(DEFAULT_PACK, settings.models_home)
    pack = load_pack(installed, cache_home=settings.cache, n_threads=settings.threads)
    predictor = locate(installed.manifest.file(installed.manifest.aligner.file), installed.folder)
    results = {
        name: measure(pack, alignments(predictor), data / name, factor)
        for name, factor in ENLARGE.items()
    }
    json.dump(results, sys.stdout, indent=2)


def alignments(predictor: Path) -> dict[str, FaceAligner]:
    """Return the alignments to compare; the pack's own is ``dlib``."""
    own = {"side_px": 150, "padding": 0.25, "box_scale": 1.0, "box_drop": 0.05}

    def changed(**numbers: float) -> DlibAligner:
        return DlibAligner(predictor, **{**own, **numbers})

    return {
        "dlib": changed(),
        "dlib, box 15 % smaller": changed(box_scale=0.85),
        "dlib, box 15 % larger": changed(box_scale=1.15),
        "dlib, padding 0.20": changed(padding=0.20),
        "dlib, padding 0.35": changed(padding=0.35),
        "CenterFace's own landmarks": FivePointAligner(side_px=150),
    }


def measure(
    pack: LoadedPack, aligners: dict[str, FaceAligner], folder: Path, factor: int
) -> dict[str, object]:
    """Return the figures of one set of photographs under each alignment."""
    people = photographs_of_people(folder)
    labels, pictures, faces, n_missing = [], [], [], 0
    for person, paths in people.items():
        for path in paths:
            picture = framed(read_photograph(path), factor)
            found = pack.detector.detect([picture], OperatingPoint(0.0).detection)[0]
            if not len(found):
                n_missing += 1
                continue
            best = int(found.scores.argmax())
            labels.append(person)
            pictures.append(picture)
            faces.append((found.boxes_xyxy[best], found.landmarks_xy[best]))
    threshold = pack.manifest.threshold.value
    own = embedded(pack, next(iter(aligners.values())), pictures, faces)
    return {
        "people": len(people),
        "photographs": len(labels) + n_missing,
        "without_a_face": n_missing,
        "median_face_px": float(np.median([min(b[2] - b[0], b[3] - b[1]) for b, _ in faces])),
        "threshold": threshold,
        "alignments": {
            name: compared(pack, aligner, labels, pictures, faces, threshold)
            for name, aligner in aligners.items()
        },
        "open_set": searched(own, labels, threshold),
    }


def searched(rows: NDArray[np.float32], labels: list[str], threshold: float) -> dict[str, object]:
    """Return the open-set test of templates, every other person's first one in the gallery."""
    generator = np.random.default_rng(1)
    people = sorted(set(labels))
    entries = [labels.index(person) for person in people[::2]]
    probes = [place for place in range(len(labels)) if place not in entries]
    gallery = LabelledTemplates(rows[entries], tuple(people[::2]))
    asked = LabelledTemplates(rows[probes], tuple(labels[place] for place in probes))
    n_parts = 1 << (len(entries) // 2).bit_length() - 1
    submissions = Submissions(
        n_gallery=len(entries),
        n_gallery_refused=0,
        n_people=len(entries),
        n_people_refused=0,
        probe_ids=asked.subject_ids,
        is_refused=(False,) * len(probes),
        lost_ids=(),
    )
    return image_test(
        score_open_set(asked, gallery, generator, n_parts=n_parts),
        compare(asked, gallery, generator),
        submissions,
        generator,
        threshold=threshold,
    ).values()


def embedded(
    pack: LoadedPack,
    aligner: FaceAligner,
    pictures: list[NDArray[np.uint8]],
    faces: list[tuple[NDArray[np.float32], NDArray[np.float32]]],
) -> NDArray[np.float32]:
    """Return the templates of faces under one alignment."""
    chips = [aligner.align(p, *face) for p, face in zip(pictures, faces, strict=True)]
    return pack.embedder.embed(np.stack(chips))


def framed(photograph: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Return a photograph enlarged, with its border continued so that a tight crop is found."""
    picture = Image.fromarray(photograph)
    size = (picture.width * factor, picture.height * factor)
    pixels = np.asarray(picture.resize(size, Image.Resampling.BICUBIC))
    border = round(max(size) * BORDER_SHARE)
    return np.pad(pixels, ((border, border), (border, border), (0, 0)), mode="edge")


def compared(
    pack: LoadedPack,
    aligner: FaceAligner,
    labels: list[str],
    pictures: list[NDArray[np.uint8]],
    faces: list[tuple[NDArray[np.float32], NDArray[np.float32]]],
    threshold: float,
) -> dict[str, object]:
    """Return mated and non-mated counts at the pack's threshold, and TMR at two FMR."""
    rows = embedded(pack, aligner, pictures, faces)
    scores = rows @ rows.T
    pairs = list(combinations(range(len(labels)), 2))
    mated = np.array([scores[a, b] for a, b in pairs if labels[a] == labels[b]])
    nonmated = np.array([scores[a, b] for a, b in pairs if labels[a] != labels[b]])
    missed = rate(int((mated < threshold).sum()), len(mated), "mated comparisons")
    false = rate(int((nonmated >= threshold).sum()), len(nonmated), "non-mated comparisons")
    return {
        "false_non_match": {"text": missed.text(), "count": missed.count, "total": missed.total},
        "false_match": {
            "text": false.text(),
            "count": false.count,
            "total": false.total,
            "high": None if false.interval is None else false.interval.high,
        },
        "lowest_mated": float(mated.min()),
        "highest_nonmated": float(nonmated.max()),
        "tmr_at_fmr": {f"{fmr:g}": tmr_at(mated, nonmated, fmr) for fmr in FALSE_MATCH_RATES},
    }


def tmr_at(mated: NDArray[np.float32], nonmated: NDArray[np.float32], fmr: float) -> float:
    """Return the share of mated scores above the threshold that lets this share of others by."""
    limit = np.sort(nonmated)[::-1][int(fmr * len(nonmated))]
    return float((mated > limit).mean())


if __name__ == "__main__":
    main()
