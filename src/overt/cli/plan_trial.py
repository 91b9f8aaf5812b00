"""``overt plan-trial``: how many faces and passes a trial needs, before it starts."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import AsJson
from overt.errors import SettingInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.evaluation.trial_sizes import FaceSizes, PassSizes


def plan_trial_command(
    *,
    target_far: Annotated[
        float, typer.Option(help="Limit of false alerts per face seen, as 0.001.")
    ],
    trr_margin: Annotated[
        float, typer.Option(help="Margin of the true recognition rate, as 0.05: to 5 points.")
    ],
    expected_trr: Annotated[
        float, typer.Option(help="The rate that is expected; a half takes the most passes.")
    ] = 0.5,
    passes_per_person: Annotated[int, typer.Option(help="Passes of each volunteer.")] = 5,
    likeness: Annotated[
        float, typer.Option(help="How alike passes of one volunteer are, from 0 to 1.")
    ] = 0.3,
    assumed_far: Annotated[
        float | None,
        typer.Option(help="True rate for the chance of success; half of the limit without it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how many faces and how many passes of volunteers a trial needs.

    A trial that is too small shows nothing, whatever it finds: fix the sizes first. Walks of
    one volunteer are alike, so that more of them are needed than of different people.
    """
    from overt.evaluation.trial_sizes import face_sizes, pass_sizes

    try:
        faces = face_sizes(target_far, assumed=assumed_far)
        passes = pass_sizes(
            trr_margin,
            expected=expected_trr,
            passes_per_person=passes_per_person,
            likeness=likeness,
        )
    except ValueError as error:
        raise SettingInvalidError(str(error), setting="plan") from error
    if as_json:
        document = {"false_alerts": _faces_document(faces), "recognition": asdict(passes)}
        typer.echo(json.dumps(document, indent=2, allow_nan=False))
        return
    for line in (*_faces(faces), *_passes(passes)):
        typer.echo(line)


def _faces_document(faces: FaceSizes) -> dict[str, object]:
    within = [{"false_alerts": n, "faces": n_faces} for n, n_faces in faces.within]
    return asdict(faces) | {"within": within}


def _faces(faces: FaceSizes) -> Iterator[str]:
    yield f"false alerts per face seen, limit {100 * faces.limit:g} %:"
    yield (
        f"  {faces.without_one:,} faces without a false alert show it, one-sided 95 % "
        f"(rule of three: about {3 / faces.limit:,.0f})"
    )
    counts = ", ".join(f"{n}: {n_faces:,}" for n, n_faces in faces.within)
    yield f'  faces for the status "within", by false alerts seen: {counts}'
    yield (
        f"  {faces.rule_of_thirty:,} faces to know the rate to about 30 % of itself (rule of 30)"
    )
    if faces.for_chance is None:
        yield f"  at a true rate of {100 * faces.assumed:g} % no number of faces shows the limit"
    else:
        yield (
            f"  {faces.for_chance:,} faces for a chance of 80 % to show it, if the true rate is "
            f"{100 * faces.assumed:g} %"
        )


def _passes(passes: PassSizes) -> Iterator[str]:
    yield (
        f"true recognition rate to {100 * passes.margin:g} points, "
        f"{100 * passes.expected:g} % expected:"
    )
    yield f"  {passes.independent:,} passes, each by another person"
    yield (
        f"  {passes.passes:,} passes of {passes.people:,} people who pass "
        f"{passes.passes_per_person} times, design effect {passes.design_effect:g} "
        f"(likeness {passes.likeness:g})"
    )
