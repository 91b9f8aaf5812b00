"""``overt deployment``: from the draft to the published record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from overt.cli import (
    deployment_authority,
    deployment_notices,
    deployment_running,
)
from overt.cli.actor_options import ActorId, AsJson, DeploymentId
from overt.cli.deployment_view import (
    print_conditions,
    print_deployment,
    print_deployments,
    print_json,
    print_step,
)
from overt.cli.time_option import parse_moment
from overt.core.deployment import DeploymentKind, DeploymentState
from overt.errors import ApplicationFileInvalidError, ApplicationIncompleteError

UNMET = 1

app = typer.Typer(
    help="Deployments: apply, authorise, announce, prepare, end, publish.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(short_help="Print an empty application.")
def template() -> None:
    """Print an empty application with every field and the policy's closed lists."""
    from overt.adapters.files.application_template import application_template
    from overt.bootstrap.policies import policies_of
    from overt.settings import read_settings

    typer.echo(application_template(policies_of(read_settings()).current()), nl=False)


@app.command(short_help="Draft a deployment; prints its identifier.")
def draft(
    name: Annotated[str, typer.Argument(help="For people, such as a place and a day.")],
    *,
    by: ActorId,
    rehearsal: Annotated[
        bool, typer.Option("--rehearsal", help="With volunteers; never with the watchlist.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Draft a deployment, under the policy that is in force now; prints its identifier."""
    from overt.bootstrap.store import open_workplace
    from overt.services.draft_deployment import draft_deployment
    from overt.settings import read_settings

    kind = DeploymentKind.REHEARSAL if rehearsal else DeploymentKind.OPERATIONAL
    with open_workplace(read_settings()) as workplace:
        drafted = draft_deployment(workplace, by, name=name, kind=kind)
    print_step(drafted, as_json=as_json)


@app.command("apply")
def apply_from_file(
    deployment_id: DeploymentId,
    file: Annotated[Path, typer.Argument(help="The application in TOML; see `template`.")],
    *,
    by: ActorId,
    as_json: AsJson = False,
) -> None:
    """Apply for a written authority with a filled-in application.

    Everything that is missing or wrong is named at once, one a line; nothing is then stored.
    Addresses of cameras are kept encrypted and stand in no document; of the governing
    documents only digest and review date are kept.
    """
    from overt.bootstrap.applications import apply_from_file as apply
    from overt.bootstrap.store import open_workplace
    from overt.settings import read_settings

    with open_workplace(read_settings()) as workplace:
        try:
            applied = apply(workplace, by, deployment_id, file)
        except ApplicationFileInvalidError as error:
            raise _listed(error, file) from error
        except ApplicationIncompleteError as error:
            if not as_json:
                print_conditions(error.unmet)
            raise
    print_step(applied, as_json=as_json)


@app.command(short_help="Record the volunteers' consent to a rehearsal.")
def consent(
    deployment_id: DeploymentId,
    forms: Annotated[Path, typer.Argument(help="The signed forms; only their digest is kept.")],
    *,
    by: ActorId,
    volunteers: Annotated[int, typer.Option(min=0, help="How many people consented.")],
    until: Annotated[str, typer.Option(help="The rehearsal ends then: 2026-06-12T16:00+01:00.")],
    live_cameras: Annotated[
        bool, typer.Option("--live-cameras", help="Cameras look at a real place: signs needed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Record the volunteers' consent, which stands for the authority in a rehearsal."""
    from overt.adapters.files.file_digest import sha256_of_file
    from overt.bootstrap.store import open_workplace
    from overt.core.deployment import ConsentRecord
    from overt.services.draft_deployment import record_consent
    from overt.settings import read_settings

    ends, digest = parse_moment(until, "--until"), sha256_of_file(forms)
    with open_workplace(read_settings()) as workplace:
        now = workplace.clock.now()
        record = ConsentRecord(digest, volunteers, by, now, ends, live_cameras)
        print_step(record_consent(workplace, by, deployment_id, record), as_json=as_json)


@app.command(short_help="Show where a deployment stands.")
def show(deployment_id: DeploymentId, *, as_json: AsJson = False) -> None:
    """Show where a deployment stands, with all that its gates look at."""
    from overt.bootstrap.store import open_reader
    from overt.settings import read_settings

    with open_reader(read_settings()) as reading, reading() as uow:
        deployment = uow.deployments.get(deployment_id)
    if as_json:
        print_json(deployment)
    else:
        print_deployment(deployment)


@app.command("list")
def list_deployments(
    *,
    state: Annotated[
        list[DeploymentState] | None,
        typer.Option(help="Only in this state; repeatable.", metavar="STATE"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List deployments by the time of their draft."""
    from overt.bootstrap.store import open_reader
    from overt.settings import read_settings

    with open_reader(read_settings()) as reading, reading() as uow:
        deployments = uow.deployments.list(state)
    if as_json:
        print_json(deployments)
    else:
        print_deployments(deployments)


@app.command(short_help="List what keeps it from being live now.")
def conditions(
    deployment_id: DeploymentId,
    *,
    site: Annotated[
        list[str] | None,
        typer.Option(help="Where cameras shall run; the sites whose window is open without it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List every condition that keeps a deployment from being live now, by requirement.

    The exit status is 1 where there is one. Nothing is changed.
    """
    from overt.bootstrap.live_conditions import conditions_now
    from overt.settings import read_settings

    unmet = conditions_now(deployment_id, read_settings(), tuple(site or ()))
    if as_json:
        print_json([condition._asdict() for condition in unmet])
    else:
        print_conditions(unmet)
    if unmet:
        raise typer.Exit(UNMET)


def _listed(error: ApplicationFileInvalidError, file: Path) -> ApplicationFileInvalidError:
    """Print every problem on a line of its own and return what is left to say."""
    if not (problems := error.fields.get("problems")):
        return error
    typer.echo(problems)
    msg = f"application {file.name}: refused, problems: {error.fields['n_problems']}"
    return ApplicationFileInvalidError(msg, file=file.name)


app.command("authorise", short_help="Grant the authority.")(deployment_authority.authorise)
app.command("refuse")(deployment_authority.refuse)
app.command("ratify", short_help="Ratify an urgent oral authority in writing.")(
    deployment_authority.ratify
)
app.command("withdraw", short_help="Withdraw the authority.")(deployment_authority.withdraw)
app.command("cancel")(deployment_authority.cancel)
app.command("suspend", short_help="Suspend a live deployment: its cameras stop.")(
    deployment_authority.suspend
)
app.command("resume", short_help="Put a suspended authority in force again.")(
    deployment_authority.resume
)
app.command("announce", short_help="Log the public notice ahead of the day.")(
    deployment_notices.announce
)
app.command("plan-signs", short_help="Log where signs shall stand.")(deployment_notices.plan_signs)
app.command("place-notice", short_help="Log where a sign stands.")(deployment_notices.place_notice)
app.command("remove-notice")(deployment_notices.remove_notice)
app.command("calibrate", short_help="Fix the operating point.")(deployment_running.calibrate)
app.command("end", short_help="End a deployment; its purge comes due.")(deployment_running.end)
app.command("publish", short_help="Publish the record of a purged deployment.")(
    deployment_running.publish
)
app.command("record", short_help="Print the record as it was published.")(deployment_running.record)
