"""``overt actor``: who may do what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import ActorId, AsJson, Reason
from overt.core.roles import Actor, Role, rank_named
from overt.errors import RoleForbiddenError

if TYPE_CHECKING:
    from rich.table import Table

Roles = Annotated[
    list[Role],
    typer.Option("--role", help="What they may do; repeatable.", metavar="ROLE"),
]
RankName = Annotated[
    str | None,
    typer.Option("--rank", help="Police rank, such as superintendent; nobody else has one."),
]
Account = Annotated[
    str, typer.Argument(help="The account's identifier, never a name.", metavar="ID")
]

app = typer.Typer(
    help="Accounts: who may do what. Kept by authorising officers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def add(
    actor_id: Account,
    *,
    roles: Roles,
    rank: RankName = None,
    by: Annotated[
        str | None,
        typer.Option("--as", help="Who acts, by account.", envvar="OVERT_ACTOR", metavar="ACTOR"),
    ] = None,
    bootstrap: Annotated[
        bool,
        typer.Option(
            "--bootstrap",
            help="Add the very first account: an authorising officer. Refused once there is one.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add an account; an authorising officer does it, of the rank for written authorities.

    Roles: applicant, authorising_officer, operator, engagement_officer, system_engineer,
    evaluator, auditor, observer. An auditor or observer has no other role; an engineer or
    evaluator never sees alerts. An identifier is never given twice.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.manage_actors import add_actor, add_first_actor
    from overt.settings import read_settings

    actor = _actor(actor_id, roles, rank)
    with open_workplace(read_settings()) as workplace:
        if bootstrap:
            added = add_first_actor(workplace, actor)
        elif by is None:
            msg = "to add an account, --as ACTOR is needed, or --bootstrap for the very first one"
            raise RoleForbiddenError(msg)
        else:
            added = add_actor(workplace, by, actor)
    _print(added, as_json=as_json)


@app.command("roles")
def change(
    actor_id: Account, *, roles: Roles, rank: RankName = None, by: ActorId, as_json: AsJson = False
) -> None:
    """Give an account other roles and rank in place of those that it has; nobody their own."""
    from overt.bootstrap.store import open_workplace
    from overt.services.manage_actors import change_roles
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        changed = change_roles(workplace, by, _actor(actor_id, roles, rank))
    _print(changed, as_json=as_json)


@app.command()
def deactivate(actor_id: Account, *, by: ActorId, reason: Reason, as_json: AsJson = False) -> None:
    """Close an account, for good; nobody closes their own."""
    from overt.bootstrap.store import open_workplace
    from overt.services.manage_actors import deactivate_actor
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        closed = deactivate_actor(workplace, by, actor_id, reason=reason)
    _print(closed, as_json=as_json)


@app.command("list")
def list_actors(*, as_json: AsJson = False) -> None:
    """List all accounts, closed ones too."""
    from rich.console import Console

    from overt.bootstrap.store import open_reader
    from overt.settings import read_settings

    with open_reader(read_settings()) as reading, reading() as uow:
        actors = uow.actors.list()
    if as_json:
        typer.echo(json.dumps([_document(actor) for actor in actors], indent=2))
    else:
        Console(markup=False, emoji=False, highlight=False).print(_table(actors))


def _actor(actor_id: str, roles: list[Role], rank: str | None) -> Actor:
    return Actor(actor_id, frozenset(roles), None if rank is None else rank_named(rank))


def _print(actor: Actor, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_document(actor), indent=2))
        return
    rank = f", {actor.rank.title}" if actor.rank else ""
    state = "" if actor.is_active else " (closed)"
    typer.echo(f"{actor.actor_id}: {', '.join(sorted(actor.roles))}{rank}{state}")


def _document(actor: Actor) -> dict[str, object]:
    return {
        "actor_id": actor.actor_id,
        "roles": sorted(actor.roles),
        "rank": actor.rank.title if actor.rank else None,
        "is_active": actor.is_active,
    }


def _table(actors: tuple[Actor, ...]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("account", "roles", "rank", "state"):
        table.add_column(heading, overflow="fold")
    for actor in actors:
        state = "open" if actor.is_active else "closed"
        rank = actor.rank.title if actor.rank else "-"
        table.add_row(actor.actor_id, ", ".join(sorted(actor.roles)), rank, state)
    return table
