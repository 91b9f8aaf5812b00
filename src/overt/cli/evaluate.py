"""``overt evaluate``: what an algorithm does on photographs whose people are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import AsJson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.bootstrap.evaluations import ImageRequest, ScoredImages
    from overt.evaluation.group_sweep import GroupErrors
    from overt.evaluation.image_test import ImageTest, TargetFigures

GalleryFolder = Annotated[
    Path, typer.Option("--gallery", help="Folder of the gallery: a file or sub-folder a person.")
]
ProbesFolder = Annotated[
    Path, typer.Option("--probes", help="Folder of the photographs to search, laid out alike.")
]
Subjects = Annotated[
    Path | None,
    typer.Option("--subjects", help="CSV of people, photographs and groups; docs/evaluation.md."),
]
PackName = Annotated[
    str | None, typer.Option("--pack", help="Model pack; OVERT_MODEL_PACK's without it.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Of every draw: the same, the same.")]
OutFile = Annotated[Path | None, typer.Option("--out", help="Write the figures here too, as JSON.")]
FiguresFolder = Annotated[
    Path | None, typer.Option("--figures", help="Draw the figures as SVG into this new folder.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]

app = typer.Typer(
    help="Test an algorithm on photographs.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def group() -> None:
    """Test an algorithm on photographs."""


@app.command(short_help="Print both kinds of error of a search, with intervals.")
def images(
    *,
    gallery: GalleryFolder,
    probes: ProbesFolder,
    subjects: Subjects = None,
    pack: PackName = None,
    threshold: Annotated[
        float | None, typer.Option(min=-1, max=1, help="T; the pack's own without it.")
    ] = None,
    max_rank: Annotated[
        int, typer.Option(min=1, max=100, help="R: how many candidates are looked at.")
    ] = 1,
    missed_margin: Annotated[
        float, typer.Option(min=0, max=1, help="Difference of FNIR of groups that does not matter.")
    ] = 0.05,
    false_margin: Annotated[
        float, typer.Option(min=0, max=1, help="Difference of FPIR of groups that does not matter.")
    ] = 0.001,
    sweep: Annotated[
        list[float] | None,
        typer.Option(help="A further threshold for the errors by group; repeatable."),
    ] = None,
    seed: Seed = 1,
    out: OutFile = None,
    figures: FiguresFolder = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Search photographs in a gallery and print both errors, with intervals by person.

    A probe whose person is in the gallery is a mated search, any other a non-mated one; the
    same photograph may not be in both. Failures to enrol and to acquire are counted apart, and
    everybody missed for any reason together. Several gallery sizes come from parts of one.
    Where --subjects names groups, both errors are compared between them.
    """
    from overt.bootstrap.evaluations import ImageRequest, group_errors_of, image_test_of
    from overt.settings import read_settings

    if figures is not None:
        from overt.adapters.files.new_folder import check_new_folder

        check_new_folder(figures)
    request = ImageRequest(gallery, probes, subjects, pack, seed)
    scored = scored_images(request, quiet=quiet or as_json)
    test = image_test_of(scored, threshold, max_rank)
    by_group = group_errors_of(
        scored,
        test,
        read_settings(),
        missed_margin=missed_margin,
        false_margin=false_margin,
        others=sweep or (),
    )
    document = {"source": scored.source(), "seed": seed, **test.values()}
    document["by_group"] = [errors.values() for errors in by_group]
    if out is not None:
        from overt.adapters.files.json_file import write_json

        write_json(out, document)
    if figures is not None:
        _draw(figures, scored, test, by_group)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        _print(scored, test)
        for errors in by_group:
            _print_groups(errors)


def scored_images(request: ImageRequest, *, quiet: bool) -> ScoredImages:
    """Return the scores of photographs, with a progress bar where somebody is looking.

    Args:
        request: What is to be tested, and on what.
        quiet: Never show it.
    """
    from overt.bootstrap.evaluations import score_images
    from overt.cli.progress import step_progress
    from overt.settings import read_settings

    with step_progress("photographs", quiet=quiet) as progress:
        return score_images(
            request,
            read_settings(),
            on_total=progress.set_total,
            on_photograph=progress.advance,
        )


def _draw(
    folder: Path, scored: ScoredImages, test: ImageTest, by_group: Sequence[GroupErrors]
) -> None:
    from overt.bootstrap.evaluation_figures import figures_into_folder

    made = figures_into_folder(folder, scored, test, by_group)
    typer.echo(f"{len(made.drawn)} figures in {folder}", err=True)
    for each in made.left_out:
        typer.echo(f"left out: {each}", err=True)


def _print(scored: ScoredImages, test: ImageTest) -> None:
    typer.echo(f"{scored.pack_name}, threshold {test.threshold:g}, rank {test.max_rank}")
    for name, observed in (
        ("failure to enrol", test.fte),
        ("people not enrolled", test.people_not_enrolled),
        ("failure to acquire", test.fta),
    ):
        typer.echo(f"{name}: {observed.text()}")
    for size in test.sizes:
        typer.echo(f"in {size.n_galleries} galleries of {size.n_entries:,}:")
        typer.echo(f"  missed, FNIR: {size.fnir.text()}")
        typer.echo(f"  false, FPIR: {size.fpir.text()}")
    typer.echo(f"missed for any reason: {test.missed.text()}")
    typer.echo("one to one:")
    typer.echo(f"  missed, FNMR: {test.fnmr.text()}")
    typer.echo(f"  false, FMR: {test.fmr.text()}")
    for target in test.targets:
        typer.echo(f"for FPIR 1 in {1 / target.fpir:.0f}: {_target(target)}")


def _print_groups(errors: GroupErrors) -> None:
    for name, compared in (("missed, FNIR", errors.missed), ("false, FPIR", errors.false)):
        typer.echo(f"by {errors.grouping.replace('_', ' ')} at {errors.threshold:g}, {name}:")
        for each in compared.groups:
            stated = each.rate.text() if each.rate else "withheld: too few people"
            typer.echo(f"  {each.group}: {stated}")
        for pair in compared.pairs:
            typer.echo(f"  {pair.text(compared.margin)}")


def _target(target: TargetFigures) -> str:
    if target.n_needed:
        return f"not shown; non-mated searches of {target.n_needed:,} more people are needed"
    if target.threshold is None or target.fnir is None:
        return "no score that occurs is high enough"
    return f"threshold {target.threshold:.4f}; missed, FNIR: {target.fnir.text()}"
