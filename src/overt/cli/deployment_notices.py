"""``overt deployment``: how the public is told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from overt.cli.actor_options import ActorId, AsJson, DeploymentId, Reason
from overt.cli.deployment_view import print_step
from overt.cli.time_option import parse_moment
from overt.errors import SettingInvalidError


def announce(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    where: Annotated[str, typer.Option(help="Address or publication.")],
    as_json: AsJson = False,
) -> None:
    """Log the public notice ahead of the day; the first one counts."""
    from overt.bootstrap.store import open_workplace
    from overt.services import place_notice as service
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        announced = service.announce(workplace, by, deployment_id, where=where)
    print_step(announced, as_json=as_json)


def plan_signs(
    deployment_id: DeploymentId,
    file: Annotated[
        Path, typer.Argument(help="GeoJSON: a Point a sign, with name, site and distance_m.")
    ],
    *,
    by: ActorId,
    reason: Reason,
    zone: Annotated[
        Path | None, typer.Option(help="GeoJSON of the zone on the ground: distances by it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Log where signs shall stand; the cameras do not start before each position is filled."""
    from overt.adapters.files.geojson_file import read_geojson
    from overt.bootstrap.store import open_workplace
    from overt.core.geojson import signs_of, zone_of
    from overt.services import place_notice as service
    from overt.settings import read_settings

    ground = None if zone is None else zone_of(read_geojson(zone))
    signs = signs_of(read_geojson(file), ground)
    with open_workplace(read_settings()) as workplace:
        planned = service.plan_signs(workplace, by, deployment_id, signs, reason=reason)
    print_step(planned, as_json=as_json)


def place_notice(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    site: Annotated[str, typer.Option(help="At which site of the application.")],
    position: Annotated[
        str, typer.Option(metavar="LAT,LON", help="Where it stands, such as 51.5074,-0.1278.")
    ],
    distance: Annotated[
        float, typer.Option(metavar="METRES", help="Of walking before a camera's zone.")
    ],
    photo: Annotated[
        Path, typer.Option(help="Photograph that shows it standing; only its digest is kept.")
    ],
    at: Annotated[
        str | None, typer.Option(help="When it was put up: 2026-06-12T08:00+01:00; now without.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Log a sign: where it stands, since when, how far ahead of the cameras."""
    from overt.adapters.files.file_digest import sha256_of_file
    from overt.bootstrap.store import open_workplace
    from overt.core.notice import NoticePlacement
    from overt.services import place_notice as service
    from overt.settings import read_settings

    latitude, longitude = _position(position)
    placed_at = None if at is None else parse_moment(at, "--at")
    digest = sha256_of_file(photo)
    with open_workplace(read_settings()) as workplace:
        notice = NoticePlacement(
            notice_id=workplace.ids.new("notice"),
            site_id=site,
            placed_at=placed_at or workplace.clock.now(),
            latitude_deg=latitude,
            longitude_deg=longitude,
            distance_m=distance,
            photo_sha256=digest,
            placed_by=by,
        )
        placed = service.place_notice(workplace, by, deployment_id, notice)
    if not as_json:
        typer.echo(f"{notice.notice_id}: stands at {site}, {distance:g} m")
    print_step(placed, as_json=as_json)


def remove_notice(
    deployment_id: DeploymentId,
    notice_id: Annotated[str, typer.Argument(help="Which sign; `show` lists them.")],
    *,
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Log that a sign was taken down or is gone."""
    from overt.bootstrap.store import open_workplace
    from overt.services import place_notice as service
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        removed = service.remove_notice(workplace, by, deployment_id, notice_id)
    print_step(removed, as_json=as_json)


def _position(text: str) -> tuple[float, float]:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError as error:
        msg = f"--position: expected LAT,LON such as 51.5074,-0.1278, found {text!r}"
        raise SettingInvalidError(msg, setting="--position") from error
    return latitude, longitude
