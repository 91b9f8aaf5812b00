"""The figures of a test on photographs as values: what is drawn, and what it says in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.evaluation.curves import det_curve
from overt.evaluation.image_score_figures import histogram_figure, sweep_figure
from overt.evaluation.search_rates import mated_scores, nonmated_scores
from overt.evaluation.trial_document import figure, forest_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from overt.core.canonical_json import JsonValue
    from overt.evaluation.curves import DetCurve
    from overt.evaluation.group_sweep import GroupErrors
    from overt.evaluation.image_test import ImageTest, SizeFigures
    from overt.evaluation.open_set import OpenSetScores
    from overt.evaluation.subgroups import Comparison
    from overt.evaluation.trial_document import Document

_CURVE_POINTS = 200
_FEWEST_GROUPS = 2


@dataclass(frozen=True, slots=True)
class ImageFigures:
    """What can be drawn of a test, and what cannot.

    Attributes:
        drawn: Figures, as those of a trial report.
        left_out: A sentence for each figure that there is not, with the reason.
    """

    drawn: tuple[Document, ...]
    left_out: tuple[str, ...]


def image_figures(
    scores: OpenSetScores,
    test: ImageTest,
    by_group: Sequence[GroupErrors],
    generator: np.random.Generator,
) -> ImageFigures:
    """Return the figures of a test: DET curve, threshold sweep, scores, errors by group.

    Args:
        scores: Of the searches that the test is made from.
        test: Its figures, at its threshold.
        by_group: Both errors by group; may be empty.
        generator: Draws the resamples of intervals over the threshold.
    """
    whole = scores.in_galleries_of(len(scores.part_sizes))
    made = [
        _det(scores, test),
        sweep_figure(whole, test, generator),
        histogram_figure(whole, test),
        *(
            _forest(errors, test, name, compared)
            for errors in by_group
            for name, compared in (("missed, FNIR", errors.missed), ("false, FPIR", errors.false))
        ),
    ]
    return ImageFigures(
        tuple(each for each in made if not isinstance(each, str)),
        tuple(each for each in made if isinstance(each, str)),
    )


def _det(scores: OpenSetScores, test: ImageTest) -> Document | str:
    if test.searches is None:
        return "DET curve: it needs mated and non-mated searches"
    series: list[JsonValue] = []
    marks: list[JsonValue] = []
    said = []
    for doubled, size in enumerate(test.sizes):
        galleries = scores.in_galleries_of(2**doubled)
        curve = det_curve(
            mated_scores(galleries, max_rank=test.max_rank), nonmated_scores(galleries)
        )
        said.append(_det_words(curve, size, test))
        points = list(curve.on_logarithms(_CURVE_POINTS))
        if points:
            at: Document = {"x": size.fpir.value, "y": size.fnir.value, "series": len(series)}
            marks.append({"label": f"threshold {test.threshold:g}", **at})
            series.append(
                {
                    "label": _galleries(size),
                    "x": [point.n_false / curve.n_nonmated for point in points],
                    "y": [point.n_missed / curve.n_mated for point in points],
                    "low": None,
                    "high": None,
                }
            )
    if not series:
        return "DET curve: at no threshold do both errors occur"
    alt = (
        "Mated searches missed (FNIR) against non-mated searches that returned anybody (FPIR), at "
        "thresholds where both occur. Both axes are logarithmic and have no place for none: "
        f"a mark that belongs there lies at the edge. {' '.join(said)}"
    )
    axes: dict[str, JsonValue] = {"x": "false, FPIR", "y": "missed, FNIR", "unit": "share"}
    axes |= {"log_x": True, "log_y": True, "marks": marks}
    title = "Both errors of a search, by size of the gallery (DET)"
    return figure("det", "lines", title, alt, axes, series=series)


def _det_words(curve: DetCurve, size: SizeFigures, test: ImageTest) -> str:
    reached = []
    for target in test.targets:
        found = None if target.n_needed else curve.threshold_for(target.fpir)
        if found is not None:
            reached.append(
                f"with at most {100 * target.fpir:g} % false, {curve.at(found).n_missed:,} of "
                f"{curve.n_mated:,} missed"
            )
    at = f"at threshold {test.threshold:g} missed {size.fnir.text()}, false {size.fpir.text()}"
    return f"In {_galleries(size)}: {'; '.join([at, *reached])}."


def _galleries(size: SizeFigures) -> str:
    plural = "gallery" if size.n_galleries == 1 else "galleries"
    return f"{size.n_galleries} {plural} of {size.n_entries:,}"


def _forest(
    errors: GroupErrors, test: ImageTest, name: str, compared: Comparison
) -> Document | str:
    title = f"{name} at {errors.threshold:g}, by {errors.grouping.replace('_', ' ')}"
    rows: list[JsonValue] = []
    said = []
    for each in compared.groups:
        words = each.rate.text() if each.rate else "withheld, too few people"
        row = forest_row(each.group, each.rate, words) if each.rate else None
        rows += [row] if row else []
        said.append(f"{each.group}: {words}")
    if len(rows) < _FEWEST_GROUPS:
        return f"{title}: fewer than two groups have an interval that can be shown"
    pairs = [f" {pair.text(compared.margin)}." for pair in compared.pairs]
    alt = f"{title}, each group with its 95 % interval. {'; '.join(said)}.{''.join(pairs)}"
    axes: dict[str, JsonValue] = {"x": title, "unit": "share"}
    of = name.partition(", ")[2].lower()
    at = "" if errors.threshold == test.threshold else f"-at-{errors.threshold}"
    figure_id = f"{of}-by-{errors.grouping.replace('_', '-')}{at}"
    return figure(figure_id, "forest", title, alt, axes, rows=rows)
