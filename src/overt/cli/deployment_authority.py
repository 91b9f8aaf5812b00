"""``overt deployment``: what the authorising officer decides."""

from __future__ import annotations

from typing import Annotated

import typer

from overt.cli.actor_options import ActorId, AsJson, DeploymentId, Reason
from overt.cli.deployment_view import print_step


def authorise(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    reason: Reason,
    conditions: Annotated[str, typer.Option(help="What is asked for beyond the application.")] = "",
    oral: Annotated[
        bool,
        typer.Option("--oral", help="By word of mouth in urgency: lapses unless ratified in time."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Grant the authority: an authorising officer who did not apply."""
    from overt.bootstrap.store import open_workplace
    from overt.services import decide_authority
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        granted = decide_authority.authorise(
            workplace, by, deployment_id, reason=reason, conditions=conditions, is_oral=oral
        )
    print_step(granted, as_json=as_json)


def refuse(
    deployment_id: DeploymentId, *, by: ActorId, reason: Reason, as_json: AsJson = False
) -> None:
    """Refuse the authority, for good."""
    from overt.bootstrap.store import open_workplace
    from overt.services import decide_authority
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        refused = decide_authority.refuse(workplace, by, deployment_id, reason=reason)
    print_step(refused, as_json=as_json)


def ratify(deployment_id: DeploymentId, *, by: ActorId, as_json: AsJson = False) -> None:
    """Ratify an urgent oral authority in writing: another officer, before its deadline."""
    from overt.bootstrap.store import open_workplace
    from overt.services import decide_authority
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        ratified = decide_authority.ratify(workplace, by, deployment_id)
    print_step(ratified, as_json=as_json)


def withdraw(
    deployment_id: DeploymentId, *, by: ActorId, reason: Reason, as_json: AsJson = False
) -> None:
    """Withdraw the authority: the deployment ends if it was live, else it is cancelled."""
    from overt.bootstrap.store import open_workplace
    from overt.services import decide_authority
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        withdrawn = decide_authority.withdraw(workplace, by, deployment_id, reason=reason)
    print_step(withdrawn, as_json=as_json)


def cancel(
    deployment_id: DeploymentId, *, by: ActorId, reason: Reason, as_json: AsJson = False
) -> None:
    """Cancel a deployment that was never live."""
    from overt.bootstrap.store import open_workplace
    from overt.services import decide_authority
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        cancelled = decide_authority.cancel(workplace, by, deployment_id, reason=reason)
    print_step(cancelled, as_json=as_json)


def suspend(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    reason: Reason,
    authority: Annotated[
        bool,
        typer.Option(
            "--authority",
            help="The authority itself, which only an authorising officer can: no camera runs "
            "until it is in force again.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Suspend a live deployment at all its sites: its cameras stop.

    An operator, system engineer or authorising officer. With --authority also before LIVE.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services import decide_authority, go_live
    from overt.settings import read_settings

    step = decide_authority.suspend_authority if authority else go_live.suspend
    with open_workplace(read_settings()) as workplace:
        print_step(step(workplace, by, deployment_id, reason=reason), as_json=as_json)


def resume(
    deployment_id: DeploymentId, *, by: ActorId, reason: Reason, as_json: AsJson = False
) -> None:
    """Put a suspended authority in force again: an authorising officer who did not apply.

    No camera starts by this. `overt run` starts them again, after looking at every condition.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services import decide_authority
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        restored = decide_authority.restore_authority(workplace, by, deployment_id, reason=reason)
    print_step(restored, as_json=as_json)
