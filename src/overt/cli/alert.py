"""``overt alert``: what the machine suggests, and what people decide about it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import ActorId, AsJson, DeploymentId
from overt.cli.deployment_view import print_json
from overt.core.adjudication import Step
from overt.core.watchlist import ListKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from overt.core.adjudication import AlertRecord
    from overt.services.decide_step import Decided
    from overt.services.view_alert import AlertView

AlertId = Annotated[str, typer.Argument(help="Which alert, by identifier.", metavar="ALERT")]

app = typer.Typer(
    help="Alerts: list, show, decide. Each look and each decision is in the log.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", short_help="List the alerts that you may see.")
def list_alerts(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    blue: Annotated[
        bool, typer.Option("--blue", help="Those about volunteers; never together with others.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the alerts of a deployment that you may see: an officer those passed on."""
    from overt.bootstrap.store import open_workplace
    from overt.services.view_alert import view_alerts
    from overt.settings import read_settings

    kind = ListKind.BLUE if blue else ListKind.OPERATIONAL
    with open_workplace(read_settings()) as workplace:
        alerts = view_alerts(workplace, by, deployment_id, kind)
    if as_json:
        print_json(alerts)
    else:
        _print(_list_table(alerts))


@app.command(short_help="Show an alert, and whom it suggests.")
def show(
    alert_id: AlertId,
    *,
    by: ActorId,
    save_crop: Annotated[
        Path | None,
        typer.Option(help="Write the picture of the face to this new file; delete it after use."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show an alert with whom it suggests and what was decided; from now on it was shown.

    The machine suggests; a score is no probability. Pictures are for the console: no terminal
    shows them, and an operator alone may have one written to a file.
    """
    from overt.adapters.files.new_file import write_new_private
    from overt.bootstrap.store import open_workplace
    from overt.services.view_alert import save_crop as saved, view_alert
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        view = view_alert(workplace, by, alert_id)
        if save_crop is not None:
            saved(workplace, by, alert_id, lambda data: write_new_private(save_crop, data))
    if as_json:
        print_json(view)
    else:
        _print(_view_table(view))


@app.command(short_help="Decide one step of an alert.")
def decide(
    alert_id: AlertId,
    step: Annotated[Step, typer.Argument(metavar="STEP", help=", ".join(Step))],
    verdict: Annotated[str, typer.Argument(help="There is no default; see below.")],
    *,
    by: ActorId,
    reason_code: Annotated[
        list[str] | None,
        typer.Option("--code", help="Why, from the policy's list; several for an arrest."),
    ] = None,
    factor: Annotated[
        list[str] | None,
        typer.Option(help="What may have mattered to the picture, from the policy's list."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(help="The same key again decides nothing a second time; a new one without."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decide one step of an alert; whoever comes second is told who was first.

    operator: dismissed, passed_on. officer: engaged, no_engagement, not_located (another person
    than the operator). identity: confirmed_true, confirmed_false, inconclusive. disposal: arrest,
    other, no_further_action. Each needs a reason. An operator decides what `show` has shown them.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.decide_step import Choice, decide_step, verdict_named
    from overt.services.view_alert import first_shown
    from overt.settings import read_settings

    chosen = verdict_named(step, verdict)
    with open_workplace(read_settings()) as workplace:
        with workplace.open() as uow:
            shown_at = first_shown(uow, alert_id, by)
        codes, factors = tuple(reason_code or ()), tuple(factor or ())
        own_key = key or uuid.uuid4().hex
        choice = Choice(alert_id, step, chosen, codes, shown_at, own_key, factors)
        decided = decide_step(workplace, by, choice)
    if as_json:
        print_json(decided)
    else:
        typer.echo(_decided_text(decided))


@app.command("end-engagement", short_help="Record the end of an engagement.")
def end_engagement(
    alert_id: AlertId,
    *,
    by: ActorId,
    leaflet: Annotated[
        bool, typer.Option("--leaflet/--no-leaflet", help="Whether they were given the leaflet.")
    ],
    perceived_ethnicity: Annotated[
        str | None, typer.Option(help="As you perceived it, from the policy's list.")
    ] = None,
    self_defined_ethnicity: Annotated[
        str | None, typer.Option(help="As the person said, from the same list.")
    ] = None,
    age_band: Annotated[
        str | None, typer.Option(help="As said or perceived, from the policy's list.")
    ] = None,
    sex: Annotated[
        str | None, typer.Option(help="As said or perceived, from the policy's list.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record the end of the engagement that began with an alert: the officer who engaged.

    Ethnicity, age band and sex are for equality monitoring: what people said or perceived, never
    what a picture shows.
    """
    from overt.bootstrap.store import open_workplace
    from overt.core.engagement import EqualityDetails
    from overt.services.engage import end_engagement as end, engagement_of_alert
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        with workplace.open() as uow:
            engagement_id = engagement_of_alert(uow, alert_id).engagement_id
        details = EqualityDetails(perceived_ethnicity, self_defined_ethnicity, age_band, sex)
        ended = end(workplace, by, engagement_id, is_leaflet_given=leaflet, details=details)
    if as_json:
        print_json(ended)
    else:
        minutes = ended.duration.total_seconds() / 60 if ended.duration else 0
        typer.echo(f"{ended.engagement_id}: ended after {minutes:.1f} min")


def _decided_text(decided: Decided) -> str:
    repeated = " (was decided before, with the same key)" if decided.is_repeated else ""
    quick = "; marked as quick" if decided.is_quick else ""
    return f"{decided.alert.alert_id}: {decided.alert.state}{repeated}{quick}"


def _list_table(alerts: Iterable[AlertRecord]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("alert", "at (UTC)", "camera", "state"):
        table.add_column(heading, overflow="fold")
    table.add_column("score", justify="right")
    for alert in alerts:
        at = f"{alert.captured_at:%m-%d %H:%M:%S}"
        score = f"{alert.score:.3f}"
        table.add_row(alert.alert_id, at, alert.camera_id, alert.state.value, score)
    return table


def _view_table(view: AlertView) -> Table:
    from rich.table import Table

    alert, entry = view.alert, view.entry
    margin = "-" if alert.runner_up_margin is None else f"{alert.runner_up_margin:.3f}"
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("alert", f"{alert.alert_id}: {alert.state}")
    table.add_row("seen", f"{alert.captured_at:%Y-%m-%d %H:%M:%S}Z, {alert.camera_id}")
    table.add_row("score", f"{alert.score:.3f}, threshold {alert.threshold:.3f}, lead {margin}")
    table.add_row("quality", f"{alert.quality:.2f}, {alert.n_shots} shots")
    table.add_row("suggests", f"{entry.reference} ({entry.category}, {entry.urgency})")
    table.add_row("image", f"of {entry.image_date.isoformat()}, {entry.image_source}")
    for decision in view.decisions:
        noted = (*decision.reason_codes, *decision.factor_codes)
        codes = f" ({', '.join(noted)})" if noted else ""
        at = f"{decision.decided_at:%H:%M:%S}Z"
        table.add_row(
            decision.step.value, f"{decision.verdict}{codes}, {decision.decided_by}, {at}"
        )
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    Console(markup=False, emoji=False, highlight=False).print(table)
