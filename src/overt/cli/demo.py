"""``overt demo``: the default rehearsal, end to end."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from overt.adapters.video.scene_settings import SceneSettings
from overt.bootstrap.rehearsal import RehearsalRequest, run_rehearsal
from overt.cli.progress import frame_progress
from overt.cli.rehearsal_table import print_rehearsal
from overt.settings import read_settings

CONSENT = "public-domain portraits that installed packages carry; nobody was filmed"
DEMO_SCENE = SceneSettings(seed=1, n_passages=6, max_at_once=4)


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Run it once and stop.")] = True,  # noqa: ARG001  the only mode until there is a console
) -> None:
    """Run the default rehearsal: two people walk, one of them is on the watchlist.

    Exits with 0 only if every passage of the listed person raised an alert and
    nobody else did.
    """
    console = Console()
    console.print(
        "A generated street: two people, known from public-domain portraits, walk past a\n"
        "camera. One of them is on the watchlist. An alert is a suggestion; people decide.\n"
    )
    with frame_progress("rehearsal", quiet=False) as bar:
        run = run_rehearsal(
            RehearsalRequest(CONSENT, scene=DEMO_SCENE),
            read_settings(),
            on_total=bar.set_total,
            on_frame=bar.advance,
        )
    print_rehearsal(run, console)
    if not run.result.is_flawless():
        console.print("The demo missed a passage or raised a false alert: exit 1.")
        raise typer.Exit(1)
    console.print("Every passage of the listed person raised an alert, and nobody else did.")
