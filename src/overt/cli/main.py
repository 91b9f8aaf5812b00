"""The ``overt`` command: one group a file; errors become one line and an exit status."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from overt import __version__
from overt.cli import demo, models, rehearse
from overt.errors import TrialError

EXIT_INTERRUPTED = 130

app = typer.Typer(
    name="overt",
    help="Run overt live facial recognition trials that those who question them can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("rehearse")(rehearse.rehearse_command)
app.add_typer(models.app, name="models")


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"overt {__version__}")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Run overt live facial recognition trials that those who question them can check."""


def run() -> None:
    """Run the command line; exit 0 fine, 1 rule or device, 2 input, 3 integrity."""
    try:
        app()
    except TrialError as error:
        typer.echo(f"overt: {error.message} [{error.code}]", err=True)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        typer.echo("overt: stopped; nothing half-written is left", err=True)
        sys.exit(EXIT_INTERRUPTED)
