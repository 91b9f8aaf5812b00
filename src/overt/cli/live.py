"""``overt run``: a deployment live, with all its cameras, until it has to stop."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import ActorId, AsJson, DeploymentId
from overt.core.deployment import DeploymentState
from overt.errors import DeploymentNotReadyError, SettingInvalidError, TrialError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from overt.core.adjudication import AlertRecord
    from overt.core.unmet import Unmet
    from overt.services.live_status import LiveStatus
    from overt.services.run_deployment import LiveEnd


def run_command(
    deployment_id: DeploymentId,
    *,
    by: ActorId,
    site: Annotated[
        list[str] | None,
        typer.Option(help="Where; repeatable. Every site whose window is open without it."),
    ] = None,
    feed: Annotated[
        Path | None,
        typer.Option(
            help='CSV of those "no longer wanted": checked before, and whenever it changes.'
        ),
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0.01, help="Stop after this time; else at the window's end.")
    ] = None,
    camera: Annotated[
        list[str] | None,
        typer.Option(
            help="In a rehearsal: NAME=ADDRESS of a camera, NAME=FILE of a clip, or NAME=loop:FILE "
            "for one that is played again and again; repeatable.",
            metavar="NAME=ADDRESS",
        ),
    ] = None,
    observers_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the observers' page; 0 takes a free one.")
    ] = 0,
    reason: Annotated[
        str, typer.Option(help="Why a suspended deployment goes on; it stands in the log.")
    ] = "run again",
    wait: Annotated[
        bool,
        typer.Option("--wait", help="Before the window: wait for it, then go live on its minute."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a deployment: go live if nothing is missing, and stop by itself with the authority.

    Every condition that is not met is named by its requirement. Each alert stands encrypted in
    the store before it is told. Ctrl-C or SIGTERM suspends the deployment; `overt run` goes on
    with it. A lost camera leaves the others going; without any, a full disk or a lost store, it
    is suspended with the reason. Purges and retentions go on meanwhile.
    """
    from overt.bootstrap.live import run
    from overt.bootstrap.live_request import Follower, RunRequest
    from overt.settings import read_settings

    request = RunRequest(
        deployment_id=deployment_id,
        actor_id=by,
        site_ids=tuple(site or ()),
        feed=feed,
        minutes=minutes,
        cameras=_cameras(camera or ()),
        observers_port=observers_port,
        reason=reason,
        waits=wait,
    )
    try:
        with _status_line(quiet=as_json) as on_status:
            end = run(
                request,
                read_settings(),
                Follower(
                    on_page=lambda address: _say(f"observers' page: {address}"),
                    on_alert=lambda alert: _say(_alert_line(alert)),
                    on_status=on_status,
                    on_wait=_say_what_is_waited_for,
                ),
            )
    except DeploymentNotReadyError as error:
        _say_unmet(error.unmet)
        raise
    typer.echo(json.dumps(_document(end), indent=2) if as_json else _ending(end))
    if end.problem is not None:
        raise end.problem
    if end.stop.code is not None:  # a device or the store ended it, and the reason is recorded
        raise typer.Exit(TrialError.exit_status)


def _cameras(given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    named = [text.partition("=") for text in given]
    if not all(name and location for name, _, location in named):
        msg = "--camera must be NAME=ADDRESS"
        raise SettingInvalidError(msg, setting="--camera")
    names = [name for name, _, _ in named]
    if len(set(names)) < len(names):
        msg = "each --camera needs a name of its own"
        raise SettingInvalidError(msg, setting="--camera")
    return tuple((name, location) for name, _, location in named)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _say_unmet(unmet: Iterable[tuple[str, str, str]]) -> None:
    for requirement, condition, found in unmet:
        _say(f"{requirement:<9} {condition}; found: {found}")


def _say_what_is_waited_for(opens_at: datetime, unmet: tuple[Unmet, ...]) -> None:
    _say(f"waits for the window that opens at {opens_at:%Y-%m-%d %H:%M:%SZ}; Ctrl-C ends it")
    if unmet:
        _say("as it stands, this would be missing then:")
    _say_unmet(unmet)


def _alert_line(alert: AlertRecord) -> str:
    at = alert.captured_at.strftime("%H:%M:%SZ")
    return f"{at}  alert {alert.alert_id}  {alert.camera_id}  {alert.list_kind}"


@contextmanager
def _status_line(*, quiet: bool) -> Iterator[Callable[[LiveStatus], None]]:
    """Show one line that changes in place; without a terminal, a line a minute or piece of news."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        told: list[tuple[object, ...]] = []

        def each_minute(status: LiveStatus) -> None:
            limit = status.look and (status.look.finding, status.look.advice)
            now = status.now.strftime("%H:%M"), tuple(status.lost), status.feed_problem, limit
            if not quiet and told != [now]:
                told[:] = [now]
                _say(status_text(status))

        yield each_minute
        return
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        yield lambda status: live.update(Text(status_text(status)))


def status_text(status: LiveStatus) -> str:
    """Return the figures of a run in one line.

    Args:
        status: As they stand.
    """
    left, look = status.time_left, status.look
    parts = [
        status.now.strftime("%H:%M:%SZ"),
        f"left {_span(left.total_seconds())}" if left is not None else "no end set",
        f"faces seen {status.faces_seen:,}",
        f"alerts {status.n_alerts:,}",
    ]
    if look is not None and look.rate is not None and look.finding is not None:
        above = ", point above limit: review" if look.finding.is_point_above_limit else ""
        parts.append(f"false alerts {look.rate.text()}: {look.finding.status}{above}")
    if look is not None and look.advice is not None:
        parts.append(f"SUSPEND ADVISED: {look.advice.text()}")
    dropped, failed = status.frames.dropped, status.frames.failed
    parts.append(f"frames {status.frames_analysed:,}, dropped {dropped:,}, failed {failed:,}")
    n_well = status.n_cameras - len(status.lost)
    lost = f", lost: {', '.join(sorted(status.lost))}" if status.lost else ""
    parts.append(f"cameras {n_well}/{status.n_cameras}{lost}")
    if status.feed_problem:
        parts.append(f"feed: {status.feed_problem}")
    return "  ".join(parts)


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def _ending(end: LiveEnd) -> str:
    status, state = end.status, str(end.deployment.state)
    if end.deployment.state is DeploymentState.LIVE:  # the store did not take that it stopped
        state = "stopped, and live in the store until the next service starts"
    return (
        f"{end.deployment.deployment_id} is {state}: {end.stop.reason}\n"
        f"faces seen {status.faces_seen:,}, alerts {status.n_alerts:,}, "
        f"templates in memory {status.templates_in_memory:,}"
    )


def _document(end: LiveEnd) -> dict[str, object]:
    status = end.status
    return {
        "deployment": end.deployment.deployment_id,
        "state": end.deployment.state.value,
        "reason": end.stop.reason,
        "code": end.stop.code,
        "faces_seen": status.faces_seen,
        "alerts": status.n_alerts,
        "frames": {
            "decoded": status.frames.decoded,
            "analysed": status.frames_analysed,
            "dropped": status.frames.dropped,
            "failed": status.frames.failed,
        },
        "templates_in_memory": status.templates_in_memory,
        "cameras_lost": dict(status.lost),
    }
