"""``overt demo``: what a newcomer sees first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from overt.errors import SettingInvalidError

if TYPE_CHECKING:
    from overt.settings import Settings


def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="No console: the trial, its report, and the end.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port of the console; 8000 without it, or a free one if taken."
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Go on with what the last demonstration left.")
    ] = False,
    no_trial: Annotated[
        bool, typer.Option("--no-trial", help="Begin at once, without a finished trial.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print address and links as JSON, one line.")
    ] = False,
) -> None:
    """Show everything on a generated street: no camera, network or photograph is needed.

    Serves the console on this machine with a rehearsal that is live: people known from
    public-domain portraits walk past a camera, one of them is on the watchlist, and an alert
    comes about every 16 seconds. Behind it lies a finished trial of three rehearsals, which takes
    half a minute to run. Prints a sign-in link for each role. Ctrl-C ends it. All of it lies in
    the folder `demo` under OVERT_HOME, made anew at each start.

    With --once, the trial is run, its report made and verified, and nothing served; exits with
    0 only if nobody but the people on the list raised an alert and the report verifies.
    """
    from overt.settings import read_settings

    if once and (port is not None or keep or no_trial or as_json):
        msg = "--once serves no console: it goes without --port, --keep, --no-trial and --json"
        raise SettingInvalidError(msg, setting="--once")
    if once:
        _run_trial_once(read_settings())
    else:
        choice = _Choice(is_kept=keep, has_trial=not no_trial, as_json=as_json)
        _serve(read_settings(), port, choice)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What somebody asked of the console."""

    is_kept: bool
    has_trial: bool
    as_json: bool


def _serve(settings: Settings, port: int | None, choice: _Choice) -> None:
    from overt.bootstrap.demo import DemoProgress, demo_home, prepare_demo
    from overt.cli.demo_console import DemoConsole, port_for
    from overt.cli.progress import step_progress

    chosen = port_for(port)
    with demo_home(settings, is_kept=choice.is_kept) as own:
        typer.echo("Preparing a street, its people and a trial of three rehearsals ...", err=True)
        with step_progress("frames", quiet=choice.as_json) as bar:
            progress = DemoProgress(bar.set_total, bar.advance)
            prepared = prepare_demo(own, progress, has_trial=choice.has_trial)
        DemoConsole(prepared, as_json=choice.as_json).serve(chosen)


def _run_trial_once(settings: Settings) -> None:
    from overt.bootstrap.demo import demo_home, prepare_trial
    from overt.cli.demo_trial import print_trial
    from overt.cli.progress import step_progress

    typer.echo(
        "Three generated streets: two people, known from public-domain portraits, walk\n"
        "past a camera in quiet, in a crowd, in poor light. An alert is a suggestion;\n"
        "here a program that knows who walked decides.\n"
    )
    with demo_home(settings) as own:
        with step_progress("frames", quiet=False) as bar:
            report = prepare_trial(own, bar.advance)
        has_false_alert = print_trial(own, report)
    if has_false_alert:
        typer.echo("\nSomebody who is not on the list raised an alert: exit status 1.")
        raise typer.Exit(1)
