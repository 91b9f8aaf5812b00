"""``overt purge``, ``overt certificate``: what a deployment knew is gone, and this shows it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from overt.cli.actor_options import AsJson, DeploymentId
from overt.errors import SettingInvalidError


def purge_command(
    deployment_id: Annotated[
        str | None,
        typer.Argument(
            help="Which deployment; all whose deadline has come without it.", metavar="DEPLOYMENT"
        ),
    ] = None,
    *,
    by: Annotated[
        str | None,
        typer.Option("--as", help="Who asks: a system engineer.", envvar="OVERT_ACTOR"),
    ] = None,
) -> None:
    """Purge: delete pictures, templates, alerts, passes and the key; scan the disk; certify.

    A deployment can be purged once it has ended, before its deadline too. An attempt that was cut
    off goes on where it was. Without a deployment, everything that is due is done once. While
    `overt run` runs on this store it purges by itself, and this command is refused.
    """
    from overt.bootstrap.purging import purge_all_due, purge_one
    from overt.settings import read_settings

    settings = read_settings()
    if deployment_id is None:
        done = purge_all_due(settings)
        typer.echo(
            f"purged {len(done.purged)}{''.join(f' {one}' for one in done.purged)}, "
            f"alerts erased {done.n_alerts}, steps taken {done.n_steps}"
        )
        return
    if by is None:
        msg = "to purge one deployment, --as must name a system engineer; found nobody"
        raise SettingInvalidError(msg, setting="--as")
    typer.echo(purge_one(deployment_id, by, settings).text, nl=False)


def certificate_command(deployment_id: DeploymentId, *, as_json: AsJson = False) -> None:
    """Print a purged deployment's certificate of destruction, after verifying it.

    Its signature, its digest in the log and the whole log are checked; the exit status is 3 where
    one does not hold. The text is also a checkpoint: `overt audit verify --checkpoint FILE`.
    """
    from overt.bootstrap.purging import certificate_of
    from overt.settings import read_settings

    verified = certificate_of(deployment_id, read_settings())
    if as_json:
        document = {
            "certificate": verified.certificate.certificate_id,
            "signed_by": verified.signer,
            "log_size": verified.log_size,
            **{_key(name): value for name, value in verified.stated.items()},
        }
        typer.echo(json.dumps(document, indent=2))
        return
    typer.echo(verified.certificate.text, nl=False)
    typer.echo(
        f"verified: signed by {verified.signer}, and the log is the one it speaks of", err=True
    )


def _key(name: str) -> str:
    return name.replace(",", "").replace("'", "").replace(" ", "_")
