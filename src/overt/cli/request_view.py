"""How the command line shows what people ask."""

from __future__ import annotations

import json
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

import typer

from overt.core.plain_document import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rich.table import Table

    from overt.core.public_request import PublicRequest
    from overt.services.view_requests import RequestView


def document_of(request: PublicRequest) -> dict[str, object]:
    """Return a request as plain JSON, without the digest of its receipt.

    Args:
        request: As it stands.
    """
    told = plain(request)
    found = told if isinstance(told, dict) else {}
    return {name: each for name, each in found.items() if name != "receipt_sha256"}


def print_request(request: PublicRequest, *, as_json: bool) -> None:
    """Print where a request stands.

    Args:
        request: As it stands.
        as_json: Whether as JSON.
    """
    if as_json:
        typer.echo(json.dumps(document_of(request), indent=2))
        return
    due = f"{request.due_at:%Y-%m-%d}"
    typer.echo(f"{request.request_id}: {request.kind}, {request.state}, due {due}")


def print_view(view: RequestView, *, as_json: bool) -> None:
    """Print a request with what was written and answered.

    Args:
        view: As seen now.
        as_json: Whether as JSON.
    """
    if as_json:
        words = None if view.words is None else plain(view.words)
        told = {**document_of(view.request), "words": words, "answer": view.answer}
        typer.echo(json.dumps(told, indent=2))
        return
    print_request(view.request, as_json=False)
    if view.words is None:
        typer.echo("what was written is erased")
        return
    words = view.words
    typer.echo(f"receipt  {words.receipt}\nreach    {words.contact}")
    if words.place:
        typer.echo(f"place    {words.place}")
    typer.echo(f"\n{words.text}")
    if view.answer is not None:
        typer.echo(f"\nANSWER\n{view.answer}", nl=False)


def table_of(requests: Iterable[PublicRequest], now: datetime) -> Table:
    """Return requests as a table, without a word of what was asked.

    Args:
        requests: In their order.
        now: Aware UTC.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table("what", "stands", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("due", no_wrap=True, min_width=10)
    table.add_column("days", justify="right", no_wrap=True)
    table.add_column("request", overflow="fold", no_wrap=True)
    for each in requests:
        left = each.time_left(now)
        days = "-" if left is None else f"{_days(left):+d}"
        due = f"{each.due_at:%Y-%m-%d}"
        table.add_row(each.kind.value, each.state.value, due, days, each.request_id)
    return table


def _days(left: timedelta) -> int:
    """Return days left, or below zero days late; one that has begun counts either way."""
    return left.days if left < timedelta() else ceil(left / timedelta(days=1))
