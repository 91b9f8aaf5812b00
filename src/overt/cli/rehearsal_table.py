"""A rehearsal's figures for people, within 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from overt.bootstrap.rehearsal import RehearsalRun
    from overt.services.rehearse import RehearsalResult


def print_rehearsal(run: RehearsalRun, *, kept_in: Path) -> None:
    """Print alerts, refusals, counts and rates on standard output.

    Args:
        run: A rehearsal that has ended.
        kept_in: Home folder, where its record was kept.
    """
    # Names of folders are shown as they are, whatever brackets and colons they hold.
    console = Console(markup=False, emoji=False, highlight=False)
    _print_alerts(run, console)
    _print_refusals(run, console)
    _print_counts(run.result, console)
    _print_rates(run.result, console)
    pack, digest = run.record["model_pack"], str(run.record["operating_point_digest"])
    console.print(f"\nModel pack {pack}, threshold {run.threshold:.3f}, operating point")
    console.print(digest)
    console.print(f"Record kept in {kept_in / 'rehearsals'}", soft_wrap=True)


def _print_alerts(run: RehearsalRun, console: Console) -> None:
    if not run.result.alerts:
        console.print(f"No alerts: nobody's score reached the threshold, {run.threshold:.3f}.\n")
        return
    console.print(f"Alerts, score {run.threshold:.3f} or above: suggestions for people to judge")
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("at", "score", "lead", "shots"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("entry", overflow="fold")
    table.add_column("truth")
    for number, alert in enumerate(run.result.alerts):
        margin = alert.runner_up_margin
        table.add_row(
            f"{alert.elapsed_s:.2f} s",
            f"{alert.score:.3f}",
            "-" if margin is None else f"{margin:.3f}",
            str(alert.n_shots),
            shown(alert.entry_id),
            _truth(run.result, number),
        )
    console.print(table)
    console.print("lead: over the next entry's score; - where the watchlist has no other entry\n")


def _truth(result: RehearsalResult, number: int) -> str:
    if result.scored is None:
        return "not known"
    return "true" if result.is_true[number] else "false"


def _print_refusals(run: RehearsalRun, console: Console) -> None:
    enrolment = run.enrolment
    if not enrolment.refusals:
        return
    n_refused, n_all = len(enrolment.refusals), enrolment.n_photographs
    console.print(f"Photographs refused for the watchlist: {n_refused:,} of {n_all:,}")
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("entry", "photograph", "reasons"):
        table.add_column(heading, overflow="fold")
    for refusal in enrolment.refusals:
        reasons = ", ".join(refusal.reasons)
        table.add_row(shown(refusal.entry_id), shown(refusal.photograph), reasons)
    console.print(table)
    if absent := enrolment.entries_refused():
        names = ", ".join(shown(name) for name in absent)
        console.print(f"Not searched for, without any usable photograph: {names}\n")


def _print_counts(result: RehearsalResult, console: Console) -> None:
    console.print("Counts")
    table = Table(box=None, show_header=False, pad_edge=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    if result.scored is not None:
        scored = result.scored
        table.add_row("passages", f"{result.passages:,}")
        table.add_row(
            "of listed people",
            f"{scored.recognition_opportunities:,} recognition opportunities, "
            f"{scored.missed:,} missed",
        )
        table.add_row("alerts", f"{scored.true_alerts:,} true, {scored.false_alerts:,} false")
    table.add_row("faces seen", f"{result.counts.faces_seen:,} (confirmed tracks in the zone)")
    table.add_row("searches", f"{result.counts.searches:,}")
    if result.counts.rejected:
        reasons = sorted(result.counts.rejected.items())
        table.add_row(
            "shots refused", ", ".join(f"{count:,} {reason}" for reason, count in reasons)
        )
    made = result.templates
    table.add_row(
        "templates", f"{made.made:,} made = {made.erased:,} erased + {made.in_alerts:,} in alerts"
    )
    table.add_row("frames", _frames(result))
    speed = "" if result.analysed_fps is None else f", {result.analysed_fps:.1f} frames a second"
    table.add_row("time", f"{result.wall_s:.1f} s{speed}")
    console.print(table)


def _frames(result: RehearsalResult) -> str:
    taken = result.frames
    return (
        f"{taken.decoded:,} decoded, {taken.analysed:,} analysed, "
        f"{taken.dropped:,} dropped, {taken.failed:,} failed"
    )


def _print_rates(result: RehearsalResult, console: Console) -> None:
    if result.scored is None:
        console.print("\nNo rates: only a generated scene says who walked past.")
        return
    per_face = result.false_alerts_per_face_seen()
    rates = {
        "true recognition rate": result.scored.true_recognition_rate().text(),
        "false alerts per face seen": (
            "not defined: more false alerts than faces seen"
            if per_face is None
            else per_face.text()
        ),
        "false alerts per alert": result.scored.false_alerts_per_alert().text(),
    }
    console.print("\nRates")
    for name, text in rates.items():
        console.print(f" {name}\n   {text}", soft_wrap=True)


def shown(name: str) -> str:
    """Return a name fit for a terminal: control characters become question marks.

    Args:
        name: Of a file or a folder, chosen by whoever made it.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in name)
