"""Options that many commands share: who acts, why, and how the answer is printed."""

from __future__ import annotations

from typing import Annotated

import typer

AccountId = Annotated[
    str, typer.Argument(help="The account's identifier, never a name.", metavar="ACCOUNT")
]
ActorId = Annotated[
    str, typer.Option("--as", help="Who acts, by account.", envvar="OVERT_ACTOR", metavar="ACTOR")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the log.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DeploymentId = Annotated[
    str, typer.Argument(help="Which deployment, by identifier.", metavar="DEPLOYMENT")
]
