"""``overt rehearse``: frames in, alerts out, on people who volunteered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from overt.errors import SettingInvalidError

# What shapes a generated scene has no meaning for recorded or live frames, and the other way round.
_OF_A_SCENE = ("cast", "seed", "passages", "at_once")
_OF_A_CLIP = ("seconds", "fps")


def rehearse_command(
    context: typer.Context,
    *,
    consent: Annotated[
        str,
        typer.Option(
            help="Required. Reference or text of the volunteers' consent, kept with the result."
        ),
    ] = "",
    volunteers: Annotated[
        Path | None,
        typer.Option(
            help="The watchlist: a folder with one photograph or one sub-folder of photographs "
            "a person, named after them. Without it, one bundled portrait."
        ),
    ] = None,
    cast: Annotated[
        Path | None,
        typer.Option(
            help="Who walks through the generated scene: a folder like --volunteers. A person of "
            "the same name as a volunteer is that volunteer. Without it, the volunteers and two "
            "bundled portraits."
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
        typer.Option(
            min=0.1,
            help="With --clip: stop after this much media time. A camera without it runs until "
            "Ctrl-C, which ends the rehearsal and prints the result.",
        ),
    ] = None,
    fps: Annotated[
        float,
        typer.Option(
            min=0.1,
            max=240,
            help="With --clip: frames a second of a folder of pictures, and of --annotated.",
        ),
    ] = 25.0,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same scene.")] = 1,
    passages: Annotated[
        int, typer.Option(min=1, help="How many times somebody walks through the scene.")
    ] = 12,
    at_once: Annotated[
        int, typer.Option(min=1, max=12, help="Most people in the scene at one time.")
    ] = 4,
    pack: Annotated[
        str | None,
        typer.Option(
            help="Model pack; `overt models list` names them. OVERT_MODEL_PACK's without."
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(min=-1, max=1, help="Alert at this score and above. The pack's without it."),
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
        typer.Option(help="Write an MP4 video in which everyone without an alert is pixelated."),
    ] = None,
    contact_sheet: Annotated[
        Path | None, typer.Option(help="Write a sheet (PNG or JPEG) of the frames with alerts.")
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print the record as JSON; an error too, on standard error, on one line."
        ),
    ] = False,
) -> None:
    """Rehearse with volunteers: a generated scene, a clip or a camera.

    In a generated scene the truth is known: every alert is counted as true or
    false, every missed person too. A clip or a camera gives alerts and counts, but
    no rates. The record is kept, without pictures or templates, under OVERT_HOME.
    """
    _refuse_options_without_effect(context, has_clip=clip is not None)

    from overt.adapters.video.scene_settings import SceneSettings
    from overt.bootstrap.rehearsal import RehearsalRequest, run_rehearsal
    from overt.cli.progress import frame_progress
    from overt.cli.rehearsal_table import print_rehearsal
    from overt.cli.zone_option import parse_zone
    from overt.settings import read_settings

    settings = read_settings()
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
        run = run_rehearsal(request, settings, on_total=bar.set_total, on_frame=bar.advance)
    if as_json:
        typer.echo(json.dumps(run.record, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print_rehearsal(run, kept_in=settings.home)
        for written in (annotated, contact_sheet):
            if written is not None:
                typer.echo(f"Written: {written}")


def _refuse_options_without_effect(context: typer.Context, *, has_clip: bool) -> None:
    for name in _OF_A_SCENE if has_clip else _OF_A_CLIP:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            place = "a generated scene, without" if has_clip else "frames of"
            option = f"--{name.replace('_', '-')}"
            msg = f"expected {option} only for {place} --clip; it would have no effect here"
            raise SettingInvalidError(msg, setting=option)
