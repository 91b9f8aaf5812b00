"""The figures of an algorithm's test: what the evaluation makes of scores, drawn into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.evaluation.image_figures import image_figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from overt.bootstrap.evaluations import ScoredImages
    from overt.evaluation.group_sweep import GroupErrors
    from overt.evaluation.image_figures import ImageFigures
    from overt.evaluation.image_test import ImageTest


def figures_into_folder(
    folder: Path, scored: ScoredImages, test: ImageTest, by_group: Sequence[GroupErrors]
) -> ImageFigures:
    """Draw the figures of a test into a new folder, each as SVG, and return them.

    Args:
        folder: The folder to make; an empty one may be there.
        scored: Embedded and searched.
        test: Its figures.
        by_group: Both errors by group; may be empty.

    Raises:
        OutputUnwritableError: Something is there already, or it cannot be written.
    """
    from overt.adapters.files.new_folder import write_new_folder
    from overt.adapters.reports.figures import figure_svg

    figures = image_figures(scored.scores, test, by_group, scored.generator)
    write_new_folder(
        folder, ((f"{each['id']}.svg", figure_svg(each).encode()) for each in figures.drawn)
    )
    return figures
