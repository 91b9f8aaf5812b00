"""``overt notices``: posters, leaflets and cards of a deployment, from its own record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import AsJson, DeploymentId

if TYPE_CHECKING:
    from overt.bootstrap.notices import NoticesChecked

NOT_WELL = 1

app = typer.Typer(
    help="Notices on paper: posters, leaflet, card, in several languages.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Details = Annotated[Path | None, typer.Option(help="What the force adds, in TOML; see `template`.")]
ZoneFile = Annotated[
    Path | None, typer.Option("--zone", help="GeoJSON of the zone on the ground, a Polygon.")
]
Languages = Annotated[
    list[str] | None,
    typer.Option(help="Code such as cy; repeatable. All that there are without it."),
]
RouteFile = Annotated[
    Path | None, typer.Option("--route", help="GeoJSON of a way round it, a LineString.")
]


@app.command(short_help="Print an empty file of what a force adds.")
def template() -> None:
    """Print an empty file of what a force adds: its name, whom to ask, reviewed translations."""
    from overt.adapters.files.notice_details_file import TEMPLATE

    typer.echo(TEMPLATE, nl=False)


@app.command(short_help="Make a deployment's notices.")
def make(
    deployment_id: DeploymentId,
    *,
    details: Annotated[Path, typer.Option(help="What the force adds, in TOML; see `template`.")],
    out: Annotated[Path, typer.Option(help="A new folder; one that is there is not replaced.")],
    language: Languages = None,
    zone: ZoneFile = None,
    route: RouteFile = None,
    site: Annotated[str | None, typer.Option(help="Only this site of the application.")] = None,
    large_print: Annotated[
        bool, typer.Option("--large-print", help="Also everything at 18 points or more.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make posters (A2, A4), leaflet, card and texts to post, as PDF, PNG and plain text.

    Places, times, reasons, list and retention come from the deployment and its policy. A
    translation that the force has not reviewed says so on every page.
    """
    from overt.bootstrap.notices import NoticeFiles, NoticeWishes, make_into_folder
    from overt.settings import read_settings

    n_files = make_into_folder(
        read_settings(),
        deployment_id,
        NoticeFiles(details, zone, route),
        out,
        NoticeWishes(tuple(language or ()), site, large_print),
        progress=(lambda _: None) if as_json else lambda name: typer.echo(name, err=True),
    )
    if as_json:
        typer.echo(json.dumps({"folder": str(out), "n_files": n_files}))
    else:
        typer.echo(f"{n_files} files in {out}")


@app.command(short_help="Check that notices fit and can be read.")
def check(
    deployment_id: Annotated[
        str | None, typer.Argument(help="Of this one; a sample without it.", metavar="DEPLOYMENT")
    ] = None,
    *,
    details: Details = None,
    language: Languages = None,
    zone: ZoneFile = None,
    route: RouteFile = None,
    as_json: AsJson = False,
) -> None:
    """Set every notice in every language without keeping it, and say what does not hold.

    It prints the digest of each catalogue, which an approval names, and the reading age of the
    English text. The exit status is 1 where something does not fit, a letter is missing, or
    the text asks for readers of more than twelve years.
    """
    from overt.bootstrap.notices import NoticeFiles, check_all
    from overt.settings import read_settings

    files = NoticeFiles(details, zone, route) if details else None
    checked = check_all(read_settings(), files, deployment_id, languages=tuple(language or ()))
    if as_json:
        typer.echo(json.dumps(_document(checked), ensure_ascii=False, indent=2))
    else:
        _print(checked)
    if not checked.is_well:
        raise typer.Exit(NOT_WELL)


def _document(checked: NoticesChecked) -> dict[str, object]:
    return {
        "is_well": checked.is_well,
        "reading_age_years": round(checked.age_years, 1),
        "languages": [
            {
                "code": one.code,
                "catalogue_sha256": one.sha256,
                "is_reviewed": one.is_reviewed,
                "pages": {kind.value: count for kind, count in one.n_pages.items()},
                "problems": list(one.problems),
            }
            for one in checked.languages
        ],
    }


def _print(checked: NoticesChecked) -> None:
    from overt.bootstrap.notices import MAX_READING_AGE

    for one in checked.languages:
        review = "reviewed" if one.is_reviewed else "to be reviewed"
        pages = sum(one.n_pages.values())
        typer.echo(f"{one.code}: {len(one.n_pages)} notices, {pages} pages; {review}")
        typer.echo(f"  catalogue {one.sha256}")
        for problem in one.problems:
            typer.echo(f"  PROBLEM {problem}")
    age = f"{checked.age_years:.1f} years, at most {MAX_READING_AGE}"
    typer.echo(f"reading age of the English text: {age}")
