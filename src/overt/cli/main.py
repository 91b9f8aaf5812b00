"""The ``overt`` command: one group a file; errors become one line and an exit status."""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.main import get_command

from overt import __version__
from overt.cli import (
    alert,
    audit,
    blue,
    calibrate,
    demo,
    deployment,
    evaluate,
    init,
    live,
    models,
    notices,
    plan_trial,
    policy,
    privacy,
    publish,
    purge,
    record_check,
    rehearse,
    report,
    request,
    serve,
    trial,
    user,
    watchlist,
)
from overt.errors import TrialError

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_INTERRUPTED = 130

app = typer.Typer(
    name="overt",
    help="Run overt live facial recognition trials that those who question them can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("calibrate", short_help="Choose a threshold that data show to hold a target.")(
    calibrate.calibrate_command
)
app.command("certificate", short_help="Print a purge's certificate, verified.")(
    purge.certificate_command
)
app.command("demo", short_help="Show everything on a generated street.")(demo.demo)
app.command("init", short_help="Set this machine up, once.")(init.init)
app.command("listed", short_help="Say whether a reference was listed on a day.")(watchlist.listed)
app.command("plan-trial", short_help="Say how many faces and passes a trial needs.")(
    plan_trial.plan_trial_command
)
app.command("publish", short_help="Write the public register to a folder.")(publish.publish_command)
app.command("purge", short_help="Delete a deployment's biometrics for good.")(purge.purge_command)
app.command("rehearse", short_help="Rehearse with volunteers who consented.")(
    rehearse.rehearse_command
)
app.command("run", short_help="Run a deployment live, within its authority.")(live.run_command)
app.command("serve", short_help="Serve the console to browsers.")(serve.serve_command)
app.add_typer(alert.app, name="alert")
app.add_typer(audit.app, name="audit")
app.add_typer(blue.app, name="blue", short_help="Volunteers who agreed, and their passes.")
app.add_typer(
    deployment.app, name="deployment", short_help="Apply, authorise, announce, end, publish."
)
app.add_typer(evaluate.app, name="evaluate", short_help="Test an algorithm on photographs.")
app.add_typer(models.app, name="models")
app.add_typer(notices.app, name="notices", short_help="Posters, leaflet, card, from the record.")
app.add_typer(policy.app, name="policy", short_help="Show, check and compare policies.")
app.add_typer(privacy.app, name="privacy")
app.add_typer(
    record_check.app, name="record", short_help="Check the arithmetic of published records."
)
app.add_typer(request.app, name="request", short_help="What people ask: take down, answer, close.")
app.add_typer(trial.app, name="trial", short_help="Plan a trial, put deployments into it, end it.")
app.add_typer(report.app, name="report", short_help="The report of a trial: make it, check it.")
app.add_typer(user.app, name="user", short_help="Accounts: who may do what, and sign-in.")
app.add_typer(watchlist.app, name="watchlist", short_help="Compose, approve, refresh, show.")


_command_of = cache(get_command)  # options are read from the functions once in a process


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


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; exit 0 fine, 1 rule or device, 2 input, 3 integrity.

    Args:
        arguments: What follows the command's name; those of this process without it.

    Raises:
        SystemExit: Always, with the exit status.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        _command_of(app)(given, prog_name="overt")
    except TrialError as error:
        typer.echo(_described(error, as_json="--json" in given), err=True)
        sys.exit(error.exit_status)
    except SystemExit as ended:
        if ended.code == EXIT_INTERRUPTED:
            typer.echo("overt: stopped; nothing half-written is left", err=True)
        raise
    sys.exit(0)


def _described(error: TrialError, *, as_json: bool) -> str:
    message = " ".join(error.message.split())
    if as_json:
        shape = {"error": {"code": error.code, "message": message}}
        return json.dumps(shape, ensure_ascii=False)
    return f"overt: {message} [{error.code}]"
