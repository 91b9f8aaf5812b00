"""``overt rehearse``: frames in, alerts out, on people who volunteered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from overt.adapters.video.scene_settings import SceneSettings
from overt.bootstrap.rehearsal import RehearsalRequest, run_rehearsal
from overt.cli.progress import frame_progress
from overt.cli.rehearsal_table import print_rehearsal
from overt.cli.zone_option import parse_zone
from overt.settings import read_settings


def rehearse_command(
    *,
    consent: Annotated[
        str,
        typer.Option(
            help="Reference or text of the volunteers' consent; kept with the result. Required."
        ),
    ] = "",
    volunteers: Annotated[
        Path | None,
        typer.Option(
            help="The watchlist: a folder with one photograph or one sub-folder a person."
        ),
    ] = None,
    cast: Annotated[
        Path | None,
        typer.Option(
            help="Who walks through the scene: a folder with one sub-folder a person. "
            "A person of the same name as a volunteer is that volunteer."
        ),
    ] = None,
    clip: Annotated[
        str | None,
        typer.Option(
            help="A video, a folder of pictures, or a camera (rtsp://, http://, /dev/video0) "
            "in place of the generated scene."
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.1, help="Stop after this much media time; a camera runs for ever."),
    ] = None,
    fps: Annotated[
        float, typer.Option(min=0.1, max=240, help="Frames a second of a folder of pictures.")
    ] = 25.0,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same scene.")] = 1,
    passages: Annotated[int, typer.Option(min=1, help="How many people walk through.")] = 12,
    at_once: Annotated[
        int, typer.Option(min=1, max=12, help="Most people in the picture at one time.")
    ] = 4,
    pack: Annotated[str | None, typer.Option(help="Model pack; see `overt models list`.")] = None,
    threshold: Annotated[
        float | None,
        typer.Option(min=-1, max=1, help="Alert at this score and above; the pack's default."),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            help="Zone of recognition: corners x,y as fractions of the picture, "
            'for example "0.1,0.2 0.9,0.2 0.9,1 0.1,1". The whole picture without it.'
        ),
    ] = None,
    annotated: Annotated[
        Path | None,
        typer.Option(help="Write a video in which everyone without an alert is pixelated."),
    ] = None,
    contact_sheet: Annotated[
        Path | None, typer.Option(help="Write a sheet (PNG or JPEG) of the frames with alerts.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON on standard output.")
    ] = False,
) -> None:
    """Rehearse with volunteers: a generated scene, a clip or a camera.

    The result counts every alert against the truth where it is known. It is kept,
    without pictures or templates, under the home folder.
    """
    request = RehearsalRequest(
        consent=consent,
        volunteers=volunteers,
        cast=cast,
        location=clip,
        seconds=seconds,
        pictures_fps=fps,
        model_pack=pack,
        threshold=threshold,
        zone=None if zone is None else parse_zone(zone),
        scene=SceneSettings(seed=seed, n_passages=passages, max_at_once=at_once),
        annotated=annotated,
        contact_sheet=contact_sheet,
    )
    with frame_progress("rehearsal", quiet=as_json) as bar:
        run = run_rehearsal(request, read_settings(), on_total=bar.set_total, on_frame=bar.advance)
    if as_json:
        typer.echo(json.dumps(run.record, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print_rehearsal(run, Console())
