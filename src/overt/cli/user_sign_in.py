"""``overt user``: passwords, sign-in links, identities at the force's own service."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Annotated

import typer

from overt.cli.actor_options import AccountId, ActorId, AsJson, Reason
from overt.cli.user_view import print_link
from overt.errors import SettingInvalidError

_LONGEST_LINE = 4096

Issuer = Annotated[str, typer.Option(help="Address of the force's own sign-in service.")]
Subject = Annotated[str, typer.Option(help="What that service calls the person, for ever.")]


def password(
    actor_id: AccountId,
    *,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read it from standard input, one line.")
    ] = False,
) -> None:
    """Set an account's password here, at the machine; it is asked for twice and not shown.

    For the first officer, and for a machine without a console. Whoever works elsewhere sets
    their own with a sign-in link. Every session of the account is over.
    """
    from overt.adapters.secrets.passwords import Argon2Hasher
    from overt.bootstrap.store import open_workplace
    from overt.services.passwords import replace_password
    from overt.settings import read_settings

    new = _line() if stdin else _typed_twice()
    with open_workplace(read_settings()) as workplace:
        replace_password(workplace, Argon2Hasher(), actor_id, new)
    typer.echo(f"{actor_id}: password set")


def sign_in_link(
    actor_id: AccountId,
    *,
    by: ActorId,
    hours: Annotated[
        int, typer.Option("--hours", min=1, max=168, help="How long it can be used.")
    ] = 24,
    as_json: AsJson = False,
) -> None:
    """Print the secret of a link with which somebody signs in once and sets a password.

    It takes the place of the old password, which opens nothing any more, and of earlier links;
    every session of the account is over. It opens an account that is locked, too.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.passwords import make_sign_in_link
    from overt.settings import read_settings

    lifetime = timedelta(hours=hours)
    with open_workplace(read_settings()) as workplace:
        token = make_sign_in_link(workplace, by, actor_id, lifetime)
    if as_json:
        typer.echo(json.dumps({"actor_id": actor_id, "sign_in_link": token}, indent=2))
    else:
        print_link(token, lifetime)


def sign_out(actor_id: AccountId, *, by: ActorId, reason: Reason, as_json: AsJson = False) -> None:
    """End every session of an account: one's own, or as an authorising officer."""
    from overt.bootstrap.store import open_workplace
    from overt.services.sign_in import revoke_sessions
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        n_ended = revoke_sessions(workplace, by, actor_id, reason)
    if as_json:
        typer.echo(json.dumps({"actor_id": actor_id, "n_sessions": n_ended}, indent=2))
    else:
        typer.echo(f"{actor_id}: {n_ended} {'session' if n_ended == 1 else 'sessions'} ended")


def link(
    actor_id: AccountId, *, issuer: Issuer, subject: Subject, by: ActorId, as_json: AsJson = False
) -> None:
    """Tie an account at the force's own sign-in service to an account here; nobody their own.

    The subject is the value of the claim that OVERT_OIDC_ACCOUNT_CLAIM names (`sub` as it is).
    Signing in never makes an account.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.link_identity import link_identity
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        linked = link_identity(workplace, by, actor_id, issuer, subject)
    if as_json:
        typer.echo(json.dumps({"actor_id": actor_id, "issuer": linked.issuer}, indent=2))
    else:
        typer.echo(f"{actor_id}: opened by an account at {linked.issuer}")


def unlink(
    actor_id: AccountId, *, issuer: Issuer, subject: Subject, by: ActorId, as_json: AsJson = False
) -> None:
    """Untie an account at the force's own sign-in service; every session here is over."""
    from overt.bootstrap.store import open_workplace
    from overt.services.link_identity import unlink_identity
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        unlink_identity(workplace, by, actor_id, issuer, subject)
    if as_json:
        typer.echo(json.dumps({"actor_id": actor_id}, indent=2))
    else:
        typer.echo(f"{actor_id}: no longer opened by that account")


def _typed_twice() -> str:
    if not sys.stdin.isatty():
        msg = "a password is typed on a terminal; --stdin reads it from elsewhere"
        raise SettingInvalidError(msg, setting="--stdin")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    return typed


def _line() -> str:
    """Return the first line of standard input without its end.

    Raises:
        SettingInvalidError: There is none.
    """
    line = sys.stdin.readline(_LONGEST_LINE).rstrip("\r\n")
    if not line:
        msg = "--stdin: expected a password in the first line, found nothing"
        raise SettingInvalidError(msg, setting="--stdin")
    return line
