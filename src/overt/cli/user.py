"""``overt user``: who may do what, and how they sign in."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated

import typer

from overt.cli import user_sign_in
from overt.cli.actor_options import AccountId, ActorId, AsJson, Reason
from overt.cli.time_option import parse_day
from overt.cli.user_view import document_of, print_link, print_user, table_of
from overt.core.roles import Actor, Role, rank_named
from overt.errors import RoleForbiddenError

_LINK_LIFETIME = timedelta(hours=24)

Roles = Annotated[
    list[Role],
    typer.Option("--role", help="What they may do; repeatable.", metavar="ROLE"),
]
RankName = Annotated[
    str | None,
    typer.Option("--rank", help="Police rank, such as superintendent; nobody else has one."),
]

app = typer.Typer(
    help="Accounts: who may do what, and how they sign in. Kept by authorising officers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(short_help="Add an account.")
def add(
    actor_id: AccountId,
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

    Prints the secret of a sign-in link, once: with it the person signs in within 24 hours and
    sets a password of their own. Hand it to nobody else.

    Roles: applicant, authorising_officer, operator, engagement_officer, system_engineer,
    evaluator, auditor, observer. An auditor or observer has no other role; an engineer or
    evaluator never sees alerts. An identifier is never given twice.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.manage_actors import add_actor, add_first_actor
    from overt.services.passwords import make_sign_in_link
    from overt.settings import read_settings

    actor = _actor(actor_id, roles, rank)
    with open_workplace(read_settings()) as workplace:
        if bootstrap:
            added, by = add_first_actor(workplace, actor), None
        elif by is None:
            msg = "to add an account, --as ACTOR is needed, or --bootstrap for the very first one"
            raise RoleForbiddenError(msg)
        else:
            added = add_actor(workplace, by, actor)
        token = make_sign_in_link(workplace, by, actor_id, _LINK_LIFETIME)
    if as_json:
        typer.echo(json.dumps({**document_of(added), "sign_in_link": token}, indent=2))
    else:
        print_user(added, as_json=False)
        print_link(token, _LINK_LIFETIME)


@app.command("roles", short_help="Give an account other roles and rank.")
def change(
    actor_id: AccountId,
    *,
    roles: Roles,
    rank: RankName = None,
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Give an account other roles and rank in place of those that it has; nobody their own."""
    from overt.bootstrap.store import open_workplace
    from overt.services.manage_actors import change_roles
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        changed = change_roles(workplace, by, _actor(actor_id, roles, rank))
    print_user(changed, as_json=as_json)


@app.command()
def disable(actor_id: AccountId, *, by: ActorId, reason: Reason, as_json: AsJson = False) -> None:
    """Close an account, for good; nobody closes their own. Its sessions are over at once."""
    from overt.bootstrap.store import open_workplace
    from overt.services.manage_actors import deactivate_actor
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        closed = deactivate_actor(workplace, by, actor_id, reason=reason)
    print_user(closed, as_json=as_json)


@app.command()
def trained(
    actor_id: AccountId,
    *,
    on: Annotated[str, typer.Option("--on", help="Day of the training, such as 2026-03-31.")],
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Record somebody's last training; nobody their own.

    Operators and engagement officers see and decide no alert in the console without a
    training that holds: `overt policy show` says for how long (training.validity).
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.manage_actors import record_training
    from overt.settings import read_settings

    day = parse_day(on, "--on")
    with open_workplace(read_settings()) as workplace:
        recorded = record_training(workplace, by, actor_id, day)
    print_user(recorded, as_json=as_json)


@app.command("list")
def list_users(*, as_json: AsJson = False) -> None:
    """List all accounts, closed ones too."""
    from rich.console import Console

    from overt.bootstrap.store import open_reader
    from overt.settings import read_settings

    with open_reader(read_settings()) as reading, reading() as uow:
        actors = uow.actors.list()
    if as_json:
        typer.echo(json.dumps([document_of(actor) for actor in actors], indent=2))
    else:
        Console(markup=False, emoji=False, highlight=False).print(table_of(actors))


app.command(short_help="Set a password here, at the machine.")(user_sign_in.password)
app.command("sign-in-link", short_help="Print a link with which somebody signs in, once.")(
    user_sign_in.sign_in_link
)
app.command("sign-out", short_help="End every session of an account.")(user_sign_in.sign_out)
app.command(short_help="Tie an account at the sign-in service to one here.")(user_sign_in.link)
app.command(short_help="Untie an account at the sign-in service.")(user_sign_in.unlink)


def _actor(actor_id: str, roles: list[Role], rank: str | None) -> Actor:
    return Actor(actor_id, frozenset(roles), None if rank is None else rank_named(rank))
