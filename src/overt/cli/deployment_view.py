"""A deployment for people, within 80 columns, and as a document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from overt.core.plain_document import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from overt.core.authority import Site, Window
    from overt.core.deployment import Deployment


def print_json(value: object) -> None:
    """Print a value of the core as JSON on standard output.

    Args:
        value: A dataclass, or a collection of such.
    """
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def print_step(deployment: Deployment, *, as_json: bool) -> None:
    """Print where a deployment stands after a step.

    Args:
        deployment: After the step.
        as_json: The whole of it as JSON.
    """
    if as_json:
        print_json(deployment)
    else:
        typer.echo(f"{deployment.deployment_id}: {deployment.state}")


def print_deployment(deployment: Deployment) -> None:
    """Print everything about a deployment that its gates look at.

    Args:
        deployment: As it stands.
    """
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in _rows(deployment):
        table.add_row(_shown(name), _shown(text))
    _console().print(table)


def print_deployments(deployments: Iterable[Deployment]) -> None:
    """Print one line a deployment.

    Args:
        deployments: In the order to print.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("deployment", no_wrap=True)
    for heading in ("name", "state", "purge due"):
        table.add_column(heading, overflow="fold")
    for each in deployments:
        is_open = each.purge_due_at is not None and each.purged_at is None
        due = _utc(each.purge_due_at) if is_open and each.purge_due_at else "-"
        table.add_row(each.deployment_id, _shown(each.name), each.state.value, due)
    _console().print(table)


def print_conditions(unmet: Sequence[tuple[str, str, str]]) -> None:
    """Print every condition that is not met, by the number of its requirement.

    Args:
        unmet: Requirement, condition and what was found; may be empty.
    """
    if not unmet:
        typer.echo("nothing is missing: the deployment may be live now")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("asked by", no_wrap=True)
    table.add_column("condition", overflow="fold")
    table.add_column("found", overflow="fold")
    for requirement, condition, found in unmet:
        table.add_row(requirement, _shown(condition), _shown(found))
    _console().print(table)


def _rows(deployment: Deployment) -> Iterator[tuple[str, str]]:
    yield "deployment", deployment.deployment_id
    yield "name", deployment.name
    yield "state", f"{deployment.state} ({deployment.kind})"
    yield "drafted", f"by {deployment.created_by}, {_utc(deployment.created_at)}"
    if deployment.applied_by and deployment.applied_at:
        yield "applied", f"by {deployment.applied_by}, {_utc(deployment.applied_at)}"
    yield from _application_rows(deployment)
    yield from _authority_rows(deployment)
    yield from _preparation_rows(deployment)
    yield from _end_rows(deployment)
    yield "policy", deployment.policy_hash


def _application_rows(deployment: Deployment) -> Iterator[tuple[str, str]]:
    application = deployment.application
    if application is None:
        return
    yield "aim", application.aim
    yield "legal basis", application.legal_basis
    yield "necessity", application.necessity
    yield "tried else", application.less_intrusive_options
    yield "proportion", application.proportionality
    yield "categories", ", ".join(application.categories)
    yield "size cap", f"{application.size_cap:,} entries"
    yield "threshold", f"{application.threshold:g} or higher ({application.threshold_evidence})"
    for site in application.sites:
        yield f"site {site.site_id}", site.place
        yield from (("", line) for line in _site_lines(site))


def _site_lines(site: Site) -> Iterator[str]:
    zone = ZoneInfo(site.time_zone)
    yield f"why here: {site.reason_code} ({site.reason_evidence})"
    yield f"why they may be here: {site.presence_grounds}"
    for nearby in site.sensitive_places:
        yield f"nearby, {nearby.kind}: {nearby.finding}"
    for window in sorted(site.windows):
        yield f"{_local(window, zone)} {site.time_zone}"
    cameras = ", ".join(camera.camera_id for camera in site.cameras)
    yield f"cameras: {cameras}"


def _authority_rows(deployment: Deployment) -> Iterator[tuple[str, str]]:
    authority = deployment.authority
    if authority is None:
        return
    kind = "oral" if authority.is_oral else "written"
    who = f"{authority.granted_by} ({authority.rank.title})"
    yield "authority", f"{authority.status}, {kind}, by {who}, {_utc(authority.granted_at)}"
    yield "", f"reason: {authority.reason}"
    if authority.conditions:
        yield "", f"conditions: {authority.conditions}"
    if authority.ratify_by:
        done = authority.ratified_by and f"ratified by {authority.ratified_by}"
        yield "", done or f"to be ratified before {_utc(authority.ratify_by)}"
    if authority.status_reason:
        yield "", f"{authority.status}: {authority.status_reason}"


def _preparation_rows(deployment: Deployment) -> Iterator[tuple[str, str]]:
    watchlist, calibration = deployment.watchlist, deployment.calibration
    if deployment.consent:
        until = _utc(deployment.consent.valid_until)
        yield "consent", f"{deployment.consent.n_volunteers} volunteers, until {until}"
    if watchlist:
        approved = watchlist.approved_by or "nobody yet"
        text = f"version {watchlist.version}, {watchlist.n_entries:,} entries, "
        yield "watchlist", f"{text}by {watchlist.built_by}, {_utc(watchlist.built_at)}"
        checked = watchlist.freshness_checked_at
        fresh = _utc(checked) if checked else "never"
        yield "", f"approved by {approved}; checked against the feed: {fresh}"
    if deployment.public_notice:
        notice = deployment.public_notice
        yield "public notice", f"{_utc(notice.announced_at)}, {notice.where}"
    for planned in deployment.sign_plan:
        place = f"{planned.position.text()}, {planned.distance_m:g} m"
        yield "sign planned", f"{planned.plan_id} at {planned.site_id}, {place}"
    standing = [notice for notice in deployment.notices if notice.removed_at is None]
    if deployment.notices:
        yield "signs", f"{len(standing)} standing of {len(deployment.notices)} logged"
        for sign in standing:
            yield "", f"{sign.notice_id} at {sign.site_id}, {sign.distance_m:g} m"
    if calibration:
        text = f"threshold {calibration.threshold:g}, pack {calibration.pack_name}"
        yield "calibration", f"{text}, by {calibration.fixed_by}"
        yield "", f"evidence: {calibration.evidence}"


def _end_rows(deployment: Deployment) -> Iterator[tuple[str, str]]:
    if deployment.live_since:
        sites = ", ".join(site.site_id for site in deployment.live_sites)
        yield "live", f"since {_utc(deployment.live_since)} at {sites}"
    if deployment.suspended_reason:
        yield "suspended", f"by {deployment.suspended_by}: {deployment.suspended_reason}"
    if deployment.ended_at:
        yield "over", f"{_utc(deployment.ended_at)}: {deployment.end_reason}"
    if deployment.purged_at:
        yield "purged", _utc(deployment.purged_at)
    elif deployment.purge_due_at:
        yield "purge due", _utc(deployment.purge_due_at)
    if deployment.published_at:
        yield "published", _utc(deployment.published_at)


def _local(window: Window, zone: ZoneInfo) -> str:
    start, end = window.starts_at.astimezone(zone), window.ends_at.astimezone(zone)
    same_day = start.date() == end.date()
    until = end.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M")
    return f"{start:%Y-%m-%d %H:%M} to {until}"


def _shown(text: str) -> str:
    """Return a text that somebody wrote without what would steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


def _console() -> Console:
    return Console(markup=False, emoji=False, highlight=False)
