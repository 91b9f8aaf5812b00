"""Accounts as commands print them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from overt.core.roles import Actor


def print_user(actor: Actor, *, as_json: bool) -> None:
    """Print one account.

    Args:
        actor: Whose.
        as_json: As JSON, else as a line.
    """
    if as_json:
        typer.echo(json.dumps(document_of(actor), indent=2))
        return
    rank = f", {actor.rank.title}" if actor.rank else ""
    training = f", trained on {actor.trained_on}" if actor.trained_on else ""
    state = "" if actor.is_active else " (closed)"
    typer.echo(f"{actor.actor_id}: {', '.join(sorted(actor.roles))}{rank}{training}{state}")


def print_link(token: str, lifetime: timedelta) -> None:
    """Print the secret of a sign-in link; it is stored nowhere and printed this once.

    Args:
        token: The secret.
        lifetime: How long it can be used.
    """
    typer.echo(f"sign-in link, once, within {lifetime / timedelta(hours=1):g} h: {token}")


def document_of(actor: Actor) -> dict[str, object]:
    """Return an account as plain values.

    Args:
        actor: Whose.
    """
    return {
        "actor_id": actor.actor_id,
        "roles": sorted(actor.roles),
        "rank": actor.rank.title if actor.rank else None,
        "trained_on": actor.trained_on.isoformat() if actor.trained_on else None,
        "is_active": actor.is_active,
    }


def table_of(actors: Iterable[Actor]) -> Table:
    """Return accounts as a table.

    Args:
        actors: By identifier.
    """
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("account", "roles", "rank", "trained", "state"):
        table.add_column(heading, overflow="fold")
    for actor in actors:
        state = "open" if actor.is_active else "closed"
        rank = actor.rank.title if actor.rank else "-"
        training = actor.trained_on.isoformat() if actor.trained_on else "-"
        table.add_row(actor.actor_id, ", ".join(sorted(actor.roles)), rank, training, state)
    return table
