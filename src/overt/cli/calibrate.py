"""``overt calibrate``: the threshold that data show to hold a target, and the evidence for it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import AsJson
from overt.cli.evaluate import PackName, Quiet, Seed, Subjects, scored_images
from overt.errors import SettingInvalidError

if TYPE_CHECKING:
    from overt.bootstrap.evaluations import ImageRequest
    from overt.evaluation.calibration import CalibratedThreshold, Target


def calibrate_command(
    *,
    target_fpir: Annotated[
        float,
        typer.Option(help="Largest share of searches of others that may raise an alert, as 0.001."),
    ],
    watchlist_size: Annotated[int, typer.Option(min=1, help="Entries of the watchlist.")],
    gallery: Annotated[
        Path | None, typer.Option(help="Folder of the gallery: a file or sub-folder a person.")
    ] = None,
    probes: Annotated[
        Path | None, typer.Option(help="Folder of the photographs to search, laid out alike.")
    ] = None,
    subjects: Subjects = None,
    pack: PackName = None,
    scores: Annotated[
        Path | None, typer.Option(help="CSV of scores made elsewhere, in place of photographs.")
    ] = None,
    gallery_size: Annotated[
        int | None, typer.Option(min=1, help="Entries searched for those scores.")
    ] = None,
    faces_per_hour: Annotated[
        float | None, typer.Option(help="Faces searched an hour, to expect false alerts of.")
    ] = None,
    compare_with: Annotated[
        float | None,
        typer.Option(help="A threshold whose misses are shown beside; the pack's own without it."),
    ] = None,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option(help="The evidence, a file to make; it must not be there yet.")
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Choose the lowest threshold that data show to hold a target, or say what is missing.

    Each person counts once, by their highest score. The threshold is given with the interval
    in which the exact one lies, what it misses, and the false alerts to expect an hour; where
    the watchlist is larger than the gallery, that is said. Too few people: refused, with how
    many more are needed. `overt deployment calibrate --evidence` names the file by its digest.
    """
    from overt.bootstrap.calibrations_of_data import calibrated_images, calibrated_scores
    from overt.evaluation.calibration_evidence import evidence_values

    target = _target(target_fpir, watchlist_size, faces_per_hour)
    by_scores, by_images = (scores, gallery_size), (gallery, probes)
    if scores is not None and gallery_size is not None and by_images == (None, None):
        found, source = calibrated_scores(scores, gallery_size, target, seed, compare_with)
    elif gallery is not None and probes is not None and by_scores == (None, None):
        scored = scored_images(
            _request(gallery, probes, subjects, pack, seed), quiet=quiet or as_json
        )
        found, source = calibrated_images(scored, target, compare_with)
    else:
        msg = "expected --gallery with --probes, or --scores with --gallery-size"
        raise SettingInvalidError(msg, setting="scores")
    document = evidence_values(found, source, seed)
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if out is not None:
        from overt.adapters.files.new_file import write_new_text

        write_new_text(out, text)
    if as_json:
        typer.echo(text, nl=False)
    else:
        _print(found)
        typer.echo(f"evidence, SHA-256: {hashlib.sha256(text.encode()).hexdigest()}")


def _target(fpir: float, watchlist_size: int, faces_per_hour: float | None) -> Target:
    from overt.evaluation.calibration import Target

    try:
        return Target(fpir, watchlist_size, faces_per_hour)
    except ValueError as error:
        raise SettingInvalidError(str(error), setting="target_fpir") from error


def _request(
    gallery: Path, probes: Path, subjects: Path | None, pack: str | None, seed: int
) -> ImageRequest:
    from overt.bootstrap.evaluations import ImageRequest

    return ImageRequest(gallery, probes, subjects, pack, seed)


def _print(found: CalibratedThreshold) -> None:
    from overt.evaluation.calibration_evidence import notes

    target = found.target
    low, share, high = (100 * value for value in found.fpir_of_watchlist())
    typer.echo(f"threshold {found.threshold:.4f}")
    typer.echo(
        f"the one for FPIR {target.fpir:g} in a watchlist of {target.watchlist_size:,} lies "
        f"between {found.lowest:.4f} and {found.threshold:.4f}; the upper end is chosen"
    )
    typer.echo(f"people with a false search: {found.people.text()}")
    typer.echo(f"FPIR in the watchlist: {share:.3g} %, 95 % interval {low:.3g} % to {high:.3g} %")
    if per_hour := found.false_alerts_per_hour():
        typer.echo(
            f"false alerts expected an hour at {target.faces_per_hour:,g} faces: "
            f"{per_hour[1]:.3g}, 95 % interval {per_hour[0]:.3g} to {per_hour[2]:.3g}"
        )
    for at in found.at:
        typer.echo(f"missed at {at.threshold:.4f}: {at.fnir.text()}")
    for note in notes(found):
        typer.echo(f"NOTE: {note}")
