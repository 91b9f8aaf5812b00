"""Figures of a test over the score: both errors at every threshold, and how searches scored."""

from __future__ import annotations

from collections import Counter
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from overt.evaluation.search_rates import fnir, fpir, mated_scores, nonmated_scores
from overt.evaluation.trial_document import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from overt.core.canonical_json import JsonValue
    from overt.evaluation.image_test import ImageTest
    from overt.evaluation.open_set import OpenSetScores
    from overt.evaluation.rates import Rate
    from overt.evaluation.trial_document import Document

_SWEPT = 65
_MOST_STEPS = 50
_STEPS_A_UNIT = (100, 50, 20)  # in hundredths, fiftieths or twentieths


def sweep_figure(
    whole: OpenSetScores, test: ImageTest, generator: np.random.Generator
) -> Document | str:
    """Return both errors over the threshold, with intervals; why not where nothing was searched.

    At the test's own threshold they are the test's figures, not another draw of the interval.

    Args:
        whole: Scores in the whole gallery.
        test: Figures at its threshold.
        generator: Draws the resamples.
    """
    if not whole.subject_ids:
        return "threshold sweep: nothing was searched"
    thresholds = _thresholds(whole, test)
    own = test.sizes[-1]
    series: list[JsonValue] = []
    said = []
    missed = [
        own.fnir if at == test.threshold else fnir(whole, at, generator, max_rank=test.max_rank)
        for at in thresholds
    ]
    false = [own.fpir if at == test.threshold else fpir(whole, at, generator) for at in thresholds]
    for label, at_own, rates in (
        ("missed, FNIR", own.fnir, missed),
        ("false, FPIR", own.fpir, false),
    ):
        said.append(f"At the threshold of the test, {test.threshold:g}, {label}: {at_own.text()}.")
        if at_own.total:
            series.append(_with_intervals(label, thresholds, rates))
            said.append(_sweep_words(label, thresholds, rates))
    alt = (
        f"Both errors in {own.n_entries:,} entries over the threshold, each with its 95 % "
        f"interval. {' '.join(said)}"
    )
    axes: dict[str, JsonValue] = {"x": "threshold", "y": "share of searches", "unit": "share"}
    title = "Both errors of a search over the threshold"
    return figure("threshold-sweep", "lines", title, alt, {**axes, **_upright(test)}, series=series)


def histogram_figure(whole: OpenSetScores, test: ImageTest) -> Document | str:
    """Return how mated and non-mated searches scored; why not where nothing was searched.

    Args:
        whole: Scores in the whole gallery.
        test: With its threshold.
    """
    kinds = {
        "mated, score of the mate": whole.mate_scores[whole.is_mated],
        "non-mated, best score": nonmated_scores(whole),
    }
    known = np.concatenate(list(kinds.values()))
    if not len(known):
        return "score histograms: nothing was searched"
    fits = [each for each in _STEPS_A_UNIT if np.ptp(known) * each <= _MOST_STEPS]
    per_unit = max(fits, default=_STEPS_A_UNIT[-1])
    series: list[JsonValue] = []
    said = []
    for label, found in kinds.items():
        series += [_steps(label, found, per_unit)] if len(found) else []
        said.append(_score_words(label, found, test.threshold))
    alt = (
        f"Scores of searches in {whole.n_gallery:,} entries, in steps of {1 / per_unit:g}, as a "
        f"share of the searches of each kind. {' '.join(said)}"
    )
    axes: dict[str, JsonValue] = {"x": "score", "y": "share of searches", "unit": "share"}
    title = "Scores of mated and non-mated searches"
    return figure("scores", "steps", title, alt, {**axes, **_upright(test)}, series=series)


def _upright(test: ImageTest) -> Document:
    """Return the mark of the test's threshold: a line from bottom to top."""
    label = f"threshold {test.threshold:g}"
    return {"marks": [{"label": label, "x": test.threshold, "y": None, "series": None}]}


def _thresholds(whole: OpenSetScores, test: ImageTest) -> list[float]:
    found = np.concatenate([mated_scores(whole, max_rank=test.max_rank), nonmated_scores(whole)])
    known = np.append(found[np.isfinite(found)], test.threshold)
    evenly = np.linspace(known.min(), known.max(), _SWEPT)
    return sorted({*evenly.tolist(), test.threshold})


def _with_intervals(label: str, thresholds: Sequence[float], rates: Sequence[Rate]) -> Document:
    ends = [each.interval for each in rates if each.interval is not None]
    is_known = len(ends) == len(rates)  # with one person there is none at any threshold
    return {
        "label": label,
        "x": list(thresholds),
        "y": [each.value for each in rates],
        "low": [each.low for each in ends] if is_known else None,
        "high": [each.high for each in ends] if is_known else None,
    }


def _sweep_words(label: str, thresholds: Sequence[float], rates: Sequence[Rate]) -> str:
    first, last = (
        f"{100 * rates[at].value:.3g} % at {thresholds[at]:.3f}" for at in (0, len(rates) - 1)
    )
    return f"Over the threshold, {label}: {first}, {last}."


def _steps(label: str, found: NDArray[np.float64], per_unit: int) -> Document:
    bins = Counter(floor(round(score * per_unit, 6)) for score in found.tolist())
    places = range(min(bins), max(bins) + 1)
    edges = [place / per_unit for place in (*places, places[-1] + 1)]
    return {
        "label": label,
        "x": [edges[0], *edges],
        "y": [0.0, *(bins[place] / len(found) for place in places), 0.0],
        "low": None,
        "high": None,
    }


def _score_words(label: str, found: NDArray[np.float64], threshold: float) -> str:
    if not len(found):
        return f"{label}: no such search."
    lowest, median, highest = np.quantile(found, (0, 0.5, 1)).tolist()
    n_above = int((found >= threshold).sum())
    return (
        f"{label}: {lowest:.3f} to {highest:.3f}, median {median:.3f}; {n_above:,} of "
        f"{len(found):,} at or above the threshold, {threshold:g}."
    )
