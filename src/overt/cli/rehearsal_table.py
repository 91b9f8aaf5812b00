"""A rehearsal's figures for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from rich.console import Console

    from overt.bootstrap.rehearsal import RehearsalRun


def print_rehearsal(run: RehearsalRun, console: Console) -> None:
    """Print alerts, refusals and counts.

    Args:
        run: A rehearsal that has ended.
        console: Where to print.
    """
    console.print(_alerts(run))
    for refusal in run.enrolment.refusals:
        reasons = ", ".join(refusal.reasons)
        console.print(f"refused: {refusal.entry_id} ({refusal.photograph}): {reasons}")
    console.print(_figures(run))


def _alerts(run: RehearsalRun) -> Table:
    table = Table(title="Alerts: possible matches for people to look at", title_justify="left")
    for heading in ("at", "entry", "score", "threshold", "margin to runner-up", "shots", "truth"):
        table.add_column(heading, justify="left" if heading in ("entry", "truth") else "right")
    for number, alert in enumerate(run.result.alerts):
        margin = alert.runner_up_margin
        table.add_row(
            f"{alert.elapsed_s:.2f} s",
            alert.entry_id,
            f"{alert.score:.3f}",
            f"{alert.threshold:.3f}",
            "no second entry" if margin is None else f"{margin:.3f}",
            str(alert.n_shots),
            _truth(run, number),
        )
    return table


def _truth(run: RehearsalRun, number: int) -> str:
    if run.result.scored is None:
        return "not known"
    return "true" if run.result.is_true[number] else "false"


def _figures(run: RehearsalRun) -> Table:
    result = run.result
    table = Table(title="Counts and rates", title_justify="left", show_header=False)
    table.add_column("what")
    table.add_column("figure")
    table.add_row("faces seen (tracks through the zone)", str(result.counts.faces_seen))
    table.add_row("searches", str(result.counts.searches))
    if result.scored is not None:
        scored = result.scored
        table.add_row("passages", str(result.passages))
        table.add_row("true recognition rate", scored.true_recognition_rate().text())
        table.add_row("false alerts per face seen", scored.false_alerts_per_face_seen().text())
        table.add_row("false alerts per alert", scored.false_alerts_per_alert().text())
    ledger = result.templates
    table.add_row(
        "templates made = erased + in alerts",
        f"{ledger.made} = {ledger.erased} + {ledger.in_alerts}",
    )
    frames = result.frames
    table.add_row(
        "frames",
        f"{frames.decoded} decoded, {frames.analysed} analysed, "
        f"{frames.dropped} dropped, {frames.failed} failed",
    )
    speed = "" if result.analysed_fps is None else f", {result.analysed_fps:.1f} frames a second"
    table.add_row("time", f"{result.wall_s:.1f} s{speed}")
    return table
