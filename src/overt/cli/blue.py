"""``overt blue``: volunteers with their consent, and their passes past the cameras."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import ActorId, AsJson
from overt.core.watchlist import ListKind
from overt.errors import RecordNotFoundError, SettingInvalidError

if TYPE_CHECKING:
    from overt.core.blue_list import BluePass

DeploymentId = Annotated[
    str, typer.Argument(help="Which deployment, by identifier.", metavar="DEPLOYMENT")
]
VolunteerId = Annotated[
    str, typer.Argument(help="Which volunteer, by identifier.", metavar="VOLUNTEER")
]
Camera = Annotated[str, typer.Option("--camera", help="Past which camera.")]
Notes = Annotated[str, typer.Option("--notes", help="What may matter: hat, rain, crowd. No name.")]

app = typer.Typer(
    help="The blue list: volunteers who agreed, and their logged passes. Kept apart.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def add(
    deployment_id: DeploymentId,
    photograph: Annotated[Path, typer.Argument(help="Photograph of the volunteer.")],
    *,
    reference: Annotated[str, typer.Option(help="Reference of the volunteer; no name.")],
    consent: Annotated[Path, typer.Option(help="The signed consent; only its SHA-256 is kept.")],
    by: ActorId,
) -> None:
    """Add a volunteer; prints their identifier. A second person approves the entry."""
    from overt.bootstrap.store import open_workplace
    from overt.bootstrap.watchlists import add_volunteer_from_files
    from overt.settings import read_settings

    settings = read_settings()
    with open_workplace(settings) as workplace:
        volunteer = add_volunteer_from_files(
            workplace,
            by,
            deployment_id,
            settings,
            reference=reference,
            photograph=photograph,
            consent=consent,
        )
    typer.echo(f"{volunteer.volunteer_id} {volunteer.entry_id}")


@app.command(short_help="Take a volunteer off the list; their face is deleted.")
def remove(volunteer_id: VolunteerId, *, by: ActorId) -> None:
    """Take a volunteer off the list who withdraws consent; their face is deleted at once."""
    from overt.bootstrap.store import open_workplace
    from overt.services.volunteers import withdraw_consent
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        withdraw_consent(workplace, by, volunteer_id)
    typer.echo(f"{volunteer_id}: consent withdrawn, face deleted")


@app.command("pass")
def log_pass(
    volunteer_id: VolunteerId,
    *,
    camera: Camera,
    started: Annotated[str, typer.Option("--from", help="Such as 2026-03-31T10:15:00+01:00.")],
    stopped: Annotated[str, typer.Option("--until", help="In the same form.")],
    notes: Notes = "",
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Log a pass that has been walked, with both its times."""
    from overt.bootstrap.store import open_workplace
    from overt.services.blue_passes import Walk, log_walk
    from overt.settings import read_settings

    walk = Walk(camera, _moment("--from", started), _moment("--until", stopped), notes)
    with open_workplace(read_settings()) as workplace:
        _print(log_walk(workplace, by, volunteer_id, walk), as_json=as_json)


@app.command()
def start(
    volunteer_id: VolunteerId,
    *,
    camera: Camera,
    notes: Notes = "",
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Start a pass now; the deployment is live."""
    from overt.bootstrap.store import open_workplace
    from overt.services.blue_passes import start_pass
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        _print(start_pass(workplace, by, volunteer_id, camera, notes=notes), as_json=as_json)


@app.command()
def stop(
    volunteer_id: VolunteerId, *, notes: Notes = "", by: ActorId, as_json: AsJson = False
) -> None:
    """Stop the pass that a volunteer is walking."""
    from overt.bootstrap.store import open_workplace
    from overt.services.blue_passes import open_pass, stop_pass
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        walking = open_pass(workplace, volunteer_id)
        if walking is None:
            msg = f"{volunteer_id} is not walking a pass"
            raise RecordNotFoundError(msg, key=volunteer_id)
        _print(stop_pass(workplace, by, walking.pass_id, notes=notes), as_json=as_json)


@app.command(short_help="Put a pair of different people in front of reviewers.")
def pair(
    alert_id: Annotated[str, typer.Argument(help="Alert whose picture is shown.", metavar="ALERT")],
    volunteer_id: VolunteerId,
    *,
    by: ActorId,
) -> None:
    """Raise an alert that suggests a volunteer for the picture of another one; prints its id.

    In a live rehearsal only. The picture is that of an alert that the person's own logged walk
    raised. Operators and officers cannot tell it from another alert; the log marks it, and it
    counts in no figure but those about reviewers.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.seed_pair import seed_pair
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        typer.echo(seed_pair(workplace, by, alert_id, volunteer_id).alert_id)


@app.command("list", short_help="Show the volunteers and their passes.")
def list_blue(deployment_id: DeploymentId, *, by: ActorId, as_json: AsJson = False) -> None:
    """Show a deployment's volunteers and how many passes each has walked; this is logged."""
    from overt.bootstrap.store import open_workplace
    from overt.services.view_watchlist import view_watchlist
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        entries = view_watchlist(workplace, by, deployment_id, ListKind.BLUE)
        with workplace.open() as uow:
            volunteers = uow.passes.volunteers(deployment_id)
            passes = uow.passes.of_deployment(deployment_id)
    by_id = {entry.entry_id: entry for entry in entries}
    rows = [
        {
            "volunteer_id": volunteer.volunteer_id,
            "entry_id": volunteer.entry_id,
            "reference": by_id[volunteer.entry_id].reference,
            "status": by_id[volunteer.entry_id].status.value,
            "n_passes": sum(p.volunteer_id == volunteer.volunteer_id for p in passes),
        }
        for volunteer in volunteers
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        typer.echo("  ".join(str(cell) for cell in row.values()))


def _moment(option: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        msg = f"{option} takes a time with its offset, such as 2026-03-31T10:15:00+01:00"
        raise SettingInvalidError(msg, setting=option)
    return moment.astimezone(UTC)


def _print(blue_pass: BluePass, *, as_json: bool) -> None:
    document = asdict(blue_pass)
    for name in ("started_at", "stopped_at"):
        document[name] = None if document[name] is None else document[name].isoformat()
    if as_json:
        typer.echo(json.dumps(document))
        return
    until = document["stopped_at"] or "walking"
    typer.echo(f"{blue_pass.pass_id}: {blue_pass.camera_id} {document['started_at']} - {until}")
