"""``overt watchlist`` and ``overt listed``: who is sought at a deployment, and who was."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from overt.cli.actor_options import ActorId, AsJson
from overt.cli.time_option import parse_day
from overt.core.watchlist import ListKind
from overt.errors import SettingInvalidError, TimeZoneUnknownError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from overt.core.listed_period import ListedPeriod
    from overt.core.watchlist import WatchlistEntry
    from overt.services.compose_watchlist import ComposeProgress, Composition
    from overt.services.judge_rows import RefusedRow

DEFAULT_ZONE = "Europe/London"
_MINUTES = "%Y-%m-%d %H:%M"

DeploymentId = Annotated[
    str, typer.Argument(help="Which deployment, by identifier.", metavar="DEPLOYMENT")
]

app = typer.Typer(
    help="The watchlist of a deployment: compose, approve, check for freshness, show.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(short_help="Make a watchlist of a list and photographs.")
def compose(
    deployment_id: DeploymentId,
    folder: Annotated[Path, typer.Argument(help="Folder of the photographs.")],
    *,
    csv_file: Annotated[Path, typer.Option("--csv", help="The list; docs/watchlist.md.")],
    by: ActorId,
    failed: Annotated[
        Path | None,
        typer.Option(help="Write refused rows with their reasons here; delete it after use."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a deployment's watchlist of a list in CSV and a folder of photographs.

    Every row is checked; those that are refused are named with every reason. The others wait
    for a second person. An earlier list of the same deployment is replaced.
    """
    from overt.bootstrap.store import open_workplace
    from overt.bootstrap.watchlists import (
        compose_from_folder,
        open_offers,
        require_place_for_failed,
        write_failed,
    )
    from overt.settings import read_settings

    settings = read_settings()
    if failed is not None:
        require_place_for_failed(failed, csv_file)
    refused: list[RefusedRow] = []
    with open_workplace(settings) as workplace, open_offers(csv_file, folder) as offers:
        try:
            with _counted_rows(refused, quiet=quiet or as_json) as progress:
                composed = compose_from_folder(
                    workplace, by, deployment_id, offers, settings, progress
                )
        finally:
            if not as_json:
                _print_refused(refused)
            if failed is not None and refused:
                write_failed(failed, refused)
    _print_composition(composed, as_json=as_json)


@app.command(short_help="Approve a watchlist as the second person.")
def approve(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    refuse: Annotated[
        list[str] | None,
        typer.Option(help="Entries that are not approved, as ENTRY=REASON; repeatable."),
    ] = None,
    entry: Annotated[
        list[str] | None,
        typer.Option(help="Approve only these entries, one by one; repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Approve a watchlist as the second person, after looking at every portrait.

    An entry under 18 is approved by the officer who granted the exception, with --entry.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.approve_watchlist import approve_one_entry, approve_watchlist
    from overt.settings import read_settings

    reasons = _reasons(refuse or [])
    with open_workplace(read_settings()) as workplace:
        if entry:
            for entry_id in entry:
                approve_one_entry(workplace, by, entry_id)
            document = {"n_approved": len(entry), "n_refused": 0}
        else:
            done = approve_watchlist(workplace, by, deployment_id, reasons)
            document = {"n_approved": done.n_approved, "n_refused": done.n_refused}
    words = f"entries approved: {document['n_approved']}, refused: {document['n_refused']}"
    typer.echo(json.dumps(document) if as_json else words)


@app.command(short_help="Take off who is no longer wanted.")
def refresh(
    deployment_id: DeploymentId,
    feed: Annotated[Path, typer.Argument(help='CSV of references "no longer wanted".')],
    *,
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Check the watchlist against the "no longer wanted" feed; who is on it leaves at once."""
    from overt.bootstrap.store import open_workplace
    from overt.bootstrap.watchlists import read_feed_file
    from overt.services.check_freshness import check_freshness
    from overt.settings import read_settings

    read = read_feed_file(feed)
    with open_workplace(read_settings()) as workplace:
        done = check_freshness(workplace, by, deployment_id, read)
    document = {
        "feed_sha256": read.sha256,
        "n_rows": read.n_rows,
        "removed": list(done.no_longer_wanted),
        "expired": list(done.expired),
    }
    counts = f"entries no longer wanted: {len(done.no_longer_wanted)}, expired: {len(done.expired)}"
    typer.echo(json.dumps(document) if as_json else f"rows read: {read.n_rows}; {counts}")


@app.command(short_help="Show the entries without pictures; logged.")
def show(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Show the watchlist's entries without pictures; that somebody looked is logged."""
    from overt.bootstrap.store import open_workplace
    from overt.services.view_watchlist import view_watchlist
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        entries = view_watchlist(workplace, by, deployment_id, ListKind.OPERATIONAL)
    print_entries(entries, as_json=as_json)


def listed(
    reference: Annotated[str, typer.Argument(help="The force's reference of the person.")],
    *,
    on: Annotated[str, typer.Option(help="The day, such as 2026-03-31.")],
    by: ActorId,
    time_zone: Annotated[
        str, typer.Option(help="Time zone of the day, from the IANA database.")
    ] = DEFAULT_ZONE,
    as_json: AsJson = False,
) -> None:
    """Say whether a reference was on a watchlist on a day; for auditors.

    Rehearsals with volunteers are not covered: volunteers know from their own consent.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.was_listed import was_listed
    from overt.settings import read_settings

    day, zone = parse_day(on, "--on"), _zone(time_zone)
    with open_workplace(read_settings()) as workplace:
        found = was_listed(workplace, by, reference, day, zone)
    periods = found.periods
    if as_json:
        typer.echo(json.dumps([_period(period, zone) for period in periods], indent=2))
        return
    if not periods:
        typer.echo(f"not listed on {day.isoformat()}")
    if not found.is_known:
        typer.echo("this reference was never used: a misspelt one gives the same answer", err=True)
    for period in periods:
        told = _period(period, zone)
        until = told["listed_until"] or "still listed"
        words = f"listed at {told['deployment_id']} ({told['category']})"
        typer.echo(f"{words} from {told['listed_from']} until {until}")


def print_entries(entries: Sequence[WatchlistEntry], *, as_json: bool) -> None:
    """Print entries without pictures.

    Args:
        entries: Of one list.
        as_json: As JSON, else as a table.
    """
    if as_json:
        typer.echo(json.dumps([_entry(entry) for entry in entries], indent=2))
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("entry", no_wrap=True, overflow="ignore")  # to be copied into a command
    for column in ("reference", "category", "urgency", "under 18", "status"):
        table.add_column(column, overflow="fold")
    for e in entries:
        under_18 = "yes" if e.is_under_18 else "no"
        table.add_row(e.entry_id, e.reference, e.category, e.urgency, under_18, e.status)
    Console(markup=False, emoji=False, highlight=False).print(table)


@contextmanager
def _counted_rows(refused: list[RefusedRow], *, quiet: bool) -> Iterator[ComposeProgress]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from overt.services.compose_watchlist import ComposeProgress

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("photographs"),
        TimeRemainingColumn(),
    )
    disabled = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disabled) as bar:
        task = bar.add_task("enrolling", total=None)
        yield ComposeProgress(
            on_total=lambda n_rows: bar.update(task, total=n_rows),
            on_row=lambda: bar.advance(task),
            on_refused=refused.append,
        )


def _print_refused(refused: Sequence[RefusedRow]) -> None:
    for one in refused:
        more = (*one.quality, *(f"row {row}" for row in one.same_face_rows))
        typer.echo(f"row {one.row}: {', '.join((*one.reasons, *more))}", err=True)


def _print_composition(composed: Composition, *, as_json: bool) -> None:
    refused = [
        {
            "row": one.row,
            "reasons": list(one.reasons),
            "quality": list(one.quality),
            "same_face_rows": list(one.same_face_rows),
        }
        for one in composed.refused
    ]
    if as_json:
        counts = {"n_entries": composed.n_entries, "n_replaced": composed.n_replaced}
        typer.echo(json.dumps({**counts, "refused": refused}))
        return
    n_refused = len(composed.refused)
    typer.echo(f"entries that wait for approval: {composed.n_entries}, rows refused: {n_refused}")


def _reasons(refused: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in refused]
    if any(not reason.strip() for _, _, reason in pairs):
        msg = "--refuse takes ENTRY=REASON; found no reason"
        raise SettingInvalidError(msg, setting="--refuse")
    return {entry_id.strip(): reason for entry_id, _, reason in pairs}


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"{name!r} is not in the IANA database of time zones"
        raise TimeZoneUnknownError(msg) from error


def _entry(entry: WatchlistEntry) -> dict[str, object]:
    expires_at = entry.expires_at
    return {
        "entry_id": entry.entry_id,
        "reference": entry.reference,
        "category": entry.category,
        "urgency": entry.urgency,
        "is_under_18": entry.is_under_18,
        "status": entry.status,
        "approved_by": entry.approved_by,
        "expires_at": None if expires_at is None else expires_at.isoformat(),
    }


def _period(period: ListedPeriod, zone: ZoneInfo) -> dict[str, str | None]:
    until = period.listed_until
    return {
        "deployment_id": period.deployment_id,
        "category": period.category,
        "listed_from": _local(period.listed_from, zone),
        "listed_until": None if until is None else _local(until, zone),
    }


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime(f"{_MINUTES} %Z")
