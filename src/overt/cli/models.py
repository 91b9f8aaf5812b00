"""``overt models``: which networks are here, and whether they are what they should be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import TaskID
    from rich.table import Table

    from overt.bootstrap.model_packs import PackState
    from overt.settings import Settings

app = typer.Typer(
    help="Model packs: list, verify, pull, import.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("list")
def list_packs(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the model packs that this machine knows.

    Each with its state, licences, threshold and the evidence behind that.
    """
    from rich.console import Console

    from overt.bootstrap import model_packs
    from overt.settings import read_settings

    states = model_packs.pack_states(read_settings())
    if as_json:
        rows = [_row(state) for state in states]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    console = Console(markup=False, emoji=False, highlight=False)
    for state in states:
        console.print(_table(state))


@app.command()
def verify(
    name: Annotated[
        str | None, typer.Argument(help="Which pack; every one that is here without it.")
    ] = None,
) -> None:
    """Check the SHA-256 of every file of a pack.

    Prints each file that is right; exits with 3 at the first one that is not.
    """
    from overt.bootstrap import model_packs
    from overt.settings import read_settings

    settings = read_settings()
    names = [name] if name else _names_here(settings)
    for each in names:
        pack = model_packs.verify_pack(each, settings)
        for file in pack.manifest.files:
            typer.echo(f"{file.sha256}  {each}/{file.name}")


@app.command()
def pull(name: Annotated[str, typer.Argument(help="Which pack.")]) -> None:
    """Fetch the files of a pack that are not here yet.

    A file is kept only once it is whole and its SHA-256 is right.
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    from overt.bootstrap import model_packs
    from overt.settings import read_settings

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = Console(stderr=True)
    disabled = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disabled) as progress:
        tasks: dict[str, TaskID] = {}

        def show(file: str, received: int, total: int) -> None:
            if file not in tasks:
                tasks[file] = progress.add_task(file, total=total)
            progress.update(tasks[file], completed=received)

        fetched = model_packs.pull(name, read_settings(), show)
    typer.echo(f"{name}: fetched {', '.join(fetched)}" if fetched else f"{name}: already here")


@app.command("import")
def import_folder(
    folder: Annotated[Path, typer.Argument(help="Folder with pack.toml and the files it names.")],
) -> None:
    """Copy a pack from a folder, for machines without a network.

    All of it is copied, or nothing.
    """
    from overt.bootstrap import model_packs
    from overt.settings import read_settings

    pack = model_packs.import_folder(folder, read_settings())
    typer.echo(f"imported {pack.manifest.name}: {pack.manifest.title}")


def _names_here(settings: Settings) -> list[str]:
    from overt.bootstrap import model_packs

    states = model_packs.pack_states(settings)
    return [
        state.pack.manifest.name
        for state in states
        if state.problem is None or state.problem.code == "models.digest_mismatch"
    ]


def _table(state: PackState) -> Table:
    from rich.table import Table

    manifest = state.pack.manifest
    threshold = manifest.threshold
    table = Table(title=manifest.name, title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("what", manifest.title)
    table.add_row("state", "ready" if state.problem is None else state.problem.message)
    table.add_row("use", manifest.use.value)
    table.add_row("licences", ", ".join(sorted({file.licence for file in manifest.files})))
    table.add_row("threshold", f"{threshold.value:g}: {threshold.data}")
    table.add_row("digest", manifest.digest())
    return table


def _row(state: PackState) -> dict[str, object]:
    manifest = state.pack.manifest
    return {
        "name": manifest.name,
        "title": manifest.title,
        "version": manifest.version,
        "state": "ready" if state.problem is None else state.problem.code,
        "use": manifest.use.value,
        "digest": manifest.digest(),
        "threshold": manifest.threshold.model_dump(),
        "files": [file.model_dump() for file in manifest.files],
    }
