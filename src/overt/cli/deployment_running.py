"""``overt deployment``: the operating point before LIVE, the end, the published record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from overt.cli.actor_options import ActorId, AsJson, DeploymentId, Reason
from overt.cli.deployment_view import print_step


def calibrate(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    reason: Reason,
    evidence: Annotated[
        str, typer.Option(help="Reference of the calibration that the threshold comes from.")
    ],
    pack: Annotated[
        str | None, typer.Option(help="Model pack; OVERT_MODEL_PACK's without it.")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(min=-1, max=1, help="The pack's own without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fix the operating point: a model pack on this machine, verified, and a threshold.

    A pack for research only is refused for an operational deployment. No camera may run.
    """
    from overt.bootstrap.calibrations import calibration_of_pack
    from overt.bootstrap.store import open_workplace
    from overt.services.calibrate import calibrate as fix
    from overt.settings import read_settings

    settings = read_settings()
    with open_workplace(settings) as workplace:
        calibration = calibration_of_pack(
            settings,
            pack,
            threshold,
            evidence=evidence,
            actor_id=by,
            now=workplace.clock.now(),
        )
        fixed = fix(workplace, by, deployment_id, calibration, reason=reason)
    print_step(fixed, as_json=as_json)


def end(
    deployment_id: DeploymentId, *, by: ActorId, reason: Reason, as_json: AsJson = False
) -> None:
    """End a deployment that is live or suspended; the deadline of its purge runs from now.

    The reason is published with the record: write nobody's name or reference into it.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services import go_live
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        ended = go_live.end(workplace, by, deployment_id, reason=reason)
    print_step(ended, as_json=as_json)


def publish(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    out: Annotated[Path, typer.Option(help="The file to make; it must not be there yet.")],
) -> None:
    """Publish the record of a purged deployment, counted from the audit log, as JSON.

    Also of one without any alert, and of one that was broken off. Nothing personal is in it:
    no reference, no identifier of a person or an officer; small groups are withheld. Its
    digest stands in the log, the text stays in the store (`overt deployment record`).
    """
    from overt.bootstrap.publication import publish_to_file
    from overt.bootstrap.store import open_workplace
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        publish_to_file(workplace, by, deployment_id, out)
    typer.echo(f"{deployment_id}: published; written to {out}")


def record(deployment_id: DeploymentId) -> None:
    """Print the record of a deployment as it was published, in JSON."""
    from overt.bootstrap.store import open_reader
    from overt.services.publish_record import record_of
    from overt.settings import read_settings

    with open_reader(read_settings()) as reading:
        typer.echo(record_of(reading, deployment_id), nl=False)
