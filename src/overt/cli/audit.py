"""``overt audit``: what was recorded, and whether it still is what was recorded."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import ActorId
from overt.core.audit_events import EventKind
from overt.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overt.core.audit import LoggedEvent
    from overt.services.verify_audit import VerifiedLog

app = typer.Typer(
    help="The audit log: verify, export, sign, show.", no_args_is_help=True, rich_markup_mode=None
)


@app.command(short_help="Check that the log is as it was recorded.")
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="An exported log; this machine's own without.")
    ] = None,
    *,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            "--checkpoint", help="A signed checkpoint from elsewhere, of any age; repeatable."
        ),
    ] = None,
    public_key: Annotated[
        str | None,
        typer.Option(
            "--public-key", help="The log's key, or a file with it; this machine's own without."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check that every event is there, unchanged, in its place, and was signed.

    A file is checked without any database or network. The first event that is not as it was
    recorded is named on standard error; the exit status is then 3. Whoever can replace the
    whole file and its checkpoint is found out only by a checkpoint that was published before.
    """
    from overt.bootstrap import audit

    evidence = audit.Evidence(tuple(checkpoint or ()), public_key)
    with _counting("events verified") as progress:
        settings = read_settings()
        if file:
            log = audit.verify_file(file, evidence, settings, progress)
        else:
            log = audit.verify_store(evidence, settings, progress)
    typer.echo(json.dumps(_document(log), indent=2) if as_json else _text(log))


@app.command(short_help="Write the log to a file that anybody can verify.")
def export(
    file: Annotated[Path, typer.Argument(help="What to make; an older file is replaced.")],
    *,
    by: ActorId,
) -> None:
    """Write the whole log to a file that anybody can verify, with a signed checkpoint.

    One event a line in canonical JSON, an empty line, the checkpoint. The log is verified on the
    way. Only an auditor may; that it was exported is its last event.
    """
    from overt.bootstrap import audit

    n_events = audit.export(file, by, read_settings())
    typer.echo(f"{file}: {n_events} events")


@app.command()
def checkpoint() -> None:
    """Print a signed checkpoint of the log, after verifying it.

    Whoever keeps it can show later that no event of today was changed or removed. That it was
    signed is the next event of the log.
    """
    from overt.bootstrap import audit

    with _counting("events verified") as progress:
        note = audit.checkpoint(read_settings(), progress)
    typer.echo(note, nl=False)


@app.command(short_help="Show an auditor the latest events.")
def show(
    *,
    by: ActorId,
    last: Annotated[int, typer.Option("--last", min=1, help="How many events.")] = 20,
    kind: Annotated[
        EventKind | None, typer.Option("--kind", help="Only events of this kind.", metavar="KIND")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each event as it stands in the log.")
    ] = False,
) -> None:
    """Show an auditor the latest events, oldest first; that they were read is logged."""
    from overt.bootstrap import audit

    for logged in audit.last_events(read_settings(), by, last, kind):
        typer.echo(_stored(logged) if as_json else _row(logged))


@contextmanager
def _counting(what: str) -> Iterator[Callable[[int], None]]:
    """Show how many events were read while the body runs; nothing where nobody looks."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed} {task.description}"))
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(what, total=None)
        yield lambda n_events: progress.update(task, completed=n_events)


def _text(log: VerifiedLog) -> str:
    counted = ", ".join(map(str, log.checkpoint_sizes)) or "none"
    return "\n".join(
        [
            f"events       {log.size}, each as it was recorded",
            f"root         {base64.b64encode(log.root).decode()}",
            f"log          {log.origin or 'no checkpoint names it'}",
            f"signed by    {_signer(log)}",
            f"checkpoints  {counted}",
        ]
    )


def _signer(log: VerifiedLog) -> str:
    if log.signer:
        return log.signer
    return "not checked: give --public-key" if log.checkpoint_sizes else "nobody: no checkpoint"


def _document(log: VerifiedLog) -> dict[str, object]:
    return {
        "events": log.size,
        "root": base64.b64encode(log.root).decode(),
        "log": log.origin,
        "signed_by": log.signer,
        "checkpoints": log.checkpoint_sizes,
    }


def _stored(logged: LoggedEvent) -> str:
    from overt.core.audit import line_of

    return line_of(logged).decode()


def _row(logged: LoggedEvent) -> str:
    from overt.core.canonical_json import canonical_json

    event = logged.event
    time = event.occurred_at.strftime("%Y-%m-%d %H:%M:%SZ")
    where = event.deployment_id or "-"
    details = canonical_json(event.details).decode()
    return f"{logged.seq:>6}  {time}  {event.kind:<24}  {event.actor_id}  {where}  {details}"
