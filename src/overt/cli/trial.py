"""``overt trial``: several deployments under one plan that was fixed before them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from overt.cli.actor_options import ActorId, AsJson, DeploymentId
from overt.cli.deployment_view import print_json
from overt.core.deployment import DeploymentKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from overt.core.deployment import Deployment
    from overt.core.trial import Trial

TrialId = Annotated[
    str, typer.Argument(help="Which trial, by identifier.", metavar="TRIAL", show_default=False)
]

app = typer.Typer(
    help="Trials: a plan, registered before its deployments go live; and what became of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(short_help="Print an empty plan.")
def template() -> None:
    """Print an empty plan with every field, and what each takes."""
    from overt.adapters.files.trial_plan_file import TEMPLATE

    typer.echo(TEMPLATE, nl=False)


@app.command(short_help="Register a plan; prints the trial's identifier.")
def register(
    file: Annotated[Path, typer.Argument(help="The plan in TOML; see `template`.")],
    *,
    by: ActorId,
    rehearsal: Annotated[
        bool, typer.Option("--rehearsal", help="A trial of rehearsals only.")
    ] = False,
    deployment: Annotated[
        list[str] | None,
        typer.Option(help="Put this deployment in at once; repeatable.", metavar="DEPLOYMENT"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Register the plan of a trial; prints its identifier.

    The audit log then holds the whole plan, and nobody changes it. Rehearsals and operational
    deployments are never in one trial. A deployment that has been live is refused, and with it
    the registration.
    """
    from overt.adapters.files.trial_plan_file import read_trial_plan
    from overt.bootstrap.store import open_workplace
    from overt.services.register_trial import register_trial
    from overt.settings import read_settings

    plan = read_trial_plan(file)
    kind = DeploymentKind.REHEARSAL if rehearsal else DeploymentKind.OPERATIONAL
    with open_workplace(read_settings()) as workplace:
        trial = register_trial(workplace, by, plan, kind, deployment or ())
    _print_step(trial, as_json=as_json)


@app.command(short_help="Put a deployment into a trial, before it goes live.")
def add(
    trial_id: TrialId, deployment_id: DeploymentId, *, by: ActorId, as_json: AsJson = False
) -> None:
    """Put a deployment into a trial, before it first goes live; it can be in one only."""
    from overt.bootstrap.store import open_workplace
    from overt.services.add_to_trial import add_to_trial
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        _print_step(add_to_trial(workplace, by, trial_id, deployment_id), as_json=as_json)


@app.command(short_help="End a trial.")
def end(
    trial_id: TrialId,
    *,
    by: ActorId,
    stop_rule: Annotated[
        int | None, typer.Option(min=1, help="Number of the plan's stop rule that ends it.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, where neither plan nor rule says it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """End a trial: all planned deployments are done, a stop rule holds, or for a reason.

    None of its deployments may be running. Without --stop-rule and --reason, as many deployments
    as planned must have ended.
    """
    from overt.bootstrap.store import open_workplace
    from overt.services.end_trial import end_trial
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        ended = end_trial(workplace, by, trial_id, stop_rule=stop_rule, note=reason)
    _print_step(ended, as_json=as_json)


@app.command("list", short_help="List the trials.")
def list_trials(*, as_json: AsJson = False) -> None:
    """List the trials, in the order of their registration."""
    from overt.bootstrap.store import open_reader
    from overt.services.view_trials import trials_of
    from overt.settings import read_settings

    with open_reader(read_settings()) as reading, reading() as uow:
        trials = trials_of(uow)
    if as_json:
        print_json([trial.document() for trial in trials])
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("trial", no_wrap=True)
    for heading in ("title", "kind", "deployments", "state"):
        table.add_column(heading, overflow="fold")
    for trial in trials:
        n_planned = trial.plan.n_deployments
        n_in = f"{len(trial.deployment_ids)} of {n_planned}"
        title = _shown(trial.plan.title)
        table.add_row(trial.trial_id, title, trial.deployment_kind.value, n_in, _state(trial))
    Console(markup=False, highlight=False).print(table)


@app.command(short_help="Show a trial: its plan and its deployments.")
def show(trial_id: TrialId, *, as_json: AsJson = False) -> None:
    """Show a trial: its plan as it was registered, and where its deployments stand."""
    from overt.bootstrap.store import open_reader
    from overt.services.view_trials import members_of, trial_of
    from overt.settings import read_settings

    with open_reader(read_settings()) as reading, reading() as uow:
        trial = trial_of(uow, trial_id)
        members = members_of(uow, trial)
    if as_json:
        states = {each.deployment_id: each.state for each in members}
        print_json(trial.document() | {"states": states})
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in _rows(trial, members):
        table.add_row(name, _shown(text))
    Console(markup=False, highlight=False).print(table)


def _rows(trial: Trial, members: Sequence[Deployment]) -> Iterator[tuple[str, str]]:
    plan = trial.plan
    yield "trial", trial.trial_id
    yield "title", plan.title
    yield "kind", trial.deployment_kind.value
    yield "state", _state(trial)
    yield "registered", f"{trial.registered_at:%Y-%m-%d %H:%M} UTC by {trial.registered_by}"
    yield "plan's sha256", plan.sha256()
    yield "aim", plan.aim
    for text in plan.objectives:
        yield "objective", text
    for each in plan.hypotheses:
        said = f"{each.figure.value} {each.relation.value.replace('_', ' ')} {each.value:g}"
        yield f"hypothesis {each.hypothesis_id}", f"{each.text} ({said})"
    yield "faces planned", f"{plan.faces_planned:,}"
    yield "passes planned", f"{plan.passes_planned:,}"
    for number, text in enumerate(plan.stop_rules, start=1):
        yield f"stop rule {number}", text
    yield "deployments", f"{len(members)} of {plan.n_deployments} planned"
    for each_member in members:
        yield "", f"{each_member.deployment_id}: {each_member.name}, {each_member.state}"


def _print_step(trial: Trial, *, as_json: bool) -> None:
    if as_json:
        print_json(trial.document())
    else:
        n_planned = trial.plan.n_deployments
        n_in = len(trial.deployment_ids)
        typer.echo(f"{trial.trial_id}: {_state(trial)}, {n_in} of {n_planned} deployments")


def _state(trial: Trial) -> str:
    return "under way" if trial.ended_at is None else f"ended: {_shown(trial.reason)}"


def _shown(text: str) -> str:
    """Return a text of the log without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
