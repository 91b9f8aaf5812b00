"""Thresholds from photographs or scores: what the scores come from, joined to the calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from overt.core.operating_point import OperatingPoint
from overt.evaluation.calibration import calibrated_threshold

if TYPE_CHECKING:
    from pathlib import Path

    from overt.bootstrap.evaluations import ScoredImages
    from overt.evaluation.calibration import CalibratedThreshold, Target


def calibrated_images(
    scored: ScoredImages, target: Target, compare_with: float | None
) -> tuple[CalibratedThreshold, dict[str, object]]:
    """Return the threshold that photographs show to hold a target, and what it comes from.

    Args:
        scored: Embedded and searched.
        target: What must hold.
        compare_with: Another threshold; the pack's own without it.

    Raises:
        TooFewDataError: They cannot show it.
        SettingInvalidError: Only a threshold that is no score would hold it.
    """
    other = scored.point.threshold if compare_with is None else compare_with
    found = calibrated_threshold(scored.scores, target, scored.generator, compare_with=other)
    digest = OperatingPoint(found.threshold).digest()
    return found, {**scored.source(), "operating_point_digest": digest}


def calibrated_scores(
    path: Path, n_gallery: int, target: Target, seed: int, compare_with: float | None
) -> tuple[CalibratedThreshold, dict[str, object]]:
    """Return the threshold that scores of a file show to hold a target, and what it comes from.

    Args:
        path: CSV.
        n_gallery: Entries of the gallery that was searched.
        target: What must hold.
        seed: Of every draw.
        compare_with: Another threshold, or None.

    Raises:
        EvaluationDataInvalidError: It is no such file.
        TooFewDataError: They cannot show it.
    """
    from overt.adapters.files.scores_csv import read_scores

    scores, sha256 = read_scores(path, n_gallery)
    generator = np.random.default_rng(seed)
    found = calibrated_threshold(scores, target, generator, compare_with=compare_with)
    return found, {
        "scores_sha256": sha256,
        "n_searches": len(scores.subject_ids),
        "n_people": len(set(scores.subject_ids)),
    }
