"""``overt init``: set this machine up, once."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overt.bootstrap.installation import Installation


def init(
    *,
    log_name: Annotated[
        str,
        typer.Option(
            help="What the audit log and its key are called, such as force.example/lfr; it stands "
            "in every checkpoint. No space and no plus sign."
        ),
    ] = "overt/audit",
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; say whether everything is there and safe."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Set this machine up: home folder, master key, signing key, store, first line of the log.

    Nothing that is there is replaced: a second call is refused. Keep a copy of `master.key`
    under lock elsewhere; without it no stored picture opens again. Publish the public key: with
    it anybody can verify the log. The first account is added with `overt user add --bootstrap`.
    """
    from overt.bootstrap import installation
    from overt.settings import read_settings

    settings = read_settings()
    found = installation.check(settings) if check else installation.set_up(settings, log_name)
    typer.echo(json.dumps(asdict(found), indent=2) if as_json else _text(found))


def _text(found: Installation) -> str:
    return "\n".join(
        [
            f"public key  {found.public_key}",
            f"policy      {found.policy_hash}",
            f"master key  {found.master_key_id} (an identifier, not the key)",
            f"store       schema {found.schema_version}",
        ]
    )
