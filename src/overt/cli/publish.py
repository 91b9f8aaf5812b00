"""``overt publish``: the public register as a folder of files."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import AsJson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.bootstrap.register import PublishProgress


def publish_command(
    *,
    site: Annotated[
        Path, typer.Option(help="The folder; an older site in it is replaced, nothing else.")
    ],
    notices: Annotated[
        Path | None,
        typer.Option(help="Folder that `overt notices make` made, or a folder of such folders."),
    ] = None,
    details: Annotated[
        Path | None,
        typer.Option(
            help="What the force adds, in TOML (`overt notices template`): notices are made, in"
            " English, of each deployment that has none."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the public register: pages, tables, feed, and a signed checkpoint of the log.

    It needs no server: it works from any folder, and for a reader without JavaScript. Every
    event of the log is verified first. Every file is searched for what identifies a person: a
    listed reference, an account, a camera's address; if one is found, nothing is published and
    the exit status is 3. A deployment is in it once public notice was given, or, where the
    policy's exception allowed none, once it is over. Rehearsals are never in it, but in a
    demonstration's home, where every page says so, and their notices are those of a sample force.
    """
    from overt.bootstrap.register import NoticeSource, publish_site
    from overt.settings import read_settings

    with _shown(quiet=as_json) as progress:
        done = publish_site(read_settings(), site, NoticeSource(notices, details), progress)
    if as_json:
        typer.echo(json.dumps({"site": str(site), **asdict(done)}))
        return
    what = "rehearsals and deployments" if done.is_demonstration else "deployments"
    typer.echo(f"{done.n_files:,} files in {site}")
    typer.echo(f"{what}: {done.n_deployments:,}, published records: {done.n_records:,}")
    typer.echo(f"begin with {site / 'index.html'}")


@contextmanager
def _shown(*, quiet: bool) -> Iterator[PublishProgress]:
    """Show how far it is on standard error; nothing where nobody looks."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from overt.bootstrap.register import PublishProgress

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed} {task.description}"))
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    ) as progress:
        verified = progress.add_task("events verified", total=None)
        notices = progress.add_task("files of notices made", total=None)
        written = progress.add_task("deployments written", total=None)
        yield PublishProgress(
            lambda n: progress.update(verified, completed=n),
            lambda _: progress.advance(notices),
            lambda n, n_all: progress.update(written, completed=n, total=n_all),
        )
