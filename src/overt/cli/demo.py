"""``overt demo``: the default rehearsal, end to end."""

from __future__ import annotations

from typing import Annotated

import typer

CONSENT = "public-domain portraits that installed packages carry; nobody was filmed"
N_PASSAGES = 4


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Run it once and stop.")] = True,  # noqa: ARG001  the only mode until there is a console
) -> None:
    """Run a short rehearsal on a generated street.

    Two people walk past, one of them is on the watchlist. Needs no camera, network
    or photograph. Exits with 0 only if every passage of the listed person raised an
    alert and nobody else did.
    """
    from overt.adapters.video.scene_settings import SceneSettings
    from overt.bootstrap.rehearsal import RehearsalRequest, run_rehearsal
    from overt.cli.progress import frame_progress
    from overt.cli.rehearsal_table import print_rehearsal
    from overt.settings import read_settings

    typer.echo(
        "A generated street: two people, known from public-domain portraits, walk past\n"
        "a camera. One of them is on the watchlist. An alert is a suggestion; people\n"
        "decide.\n"
    )
    settings = read_settings()
    scene = SceneSettings(seed=1, n_passages=N_PASSAGES, max_at_once=4)
    with frame_progress("rehearsal", quiet=False) as bar:
        run = run_rehearsal(
            RehearsalRequest(CONSENT, scene=scene),
            settings,
            on_total=bar.set_total,
            on_frame=bar.advance,
        )
    print_rehearsal(run, kept_in=settings.home)
    if not run.result.is_flawless():
        typer.echo("\nThe demo missed a passage or raised a false alert: exit status 1.")
        raise typer.Exit(1)
    typer.echo("\nEvery passage of the listed person raised an alert, and nobody else did.")
