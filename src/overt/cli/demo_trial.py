"""The demonstration's trial in a terminal: what its report says first, and whether it verifies."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

import typer

from overt.errors import ReportDiffersError

if TYPE_CHECKING:
    from pathlib import Path

    from overt.settings import Settings

_WIDTH = 80


def print_trial(settings: Settings, report: Path) -> bool:
    """Print a report's summary and check it; return whether there was any false alert.

    Args:
        settings: Of the demonstration.
        report: Its folder.

    Raises:
        ReportDiffersError: It does not follow from its log.
    """
    from overt.bootstrap.reports import verify_folder

    document = json.loads((report / "report.json").read_text(encoding="utf-8"))
    for sentence in document["summary"]:
        typer.echo(textwrap.fill(sentence, _WIDTH, initial_indent="- ", subsequent_indent="  "))
    for finding in document["findings"]:
        said = f"{finding['hypothesis_id']}: {finding['text']} {finding['verdict'].capitalize()}."
        typer.echo(textwrap.fill(said, _WIDTH, subsequent_indent="    "))
    check = verify_folder(settings, report, None)
    if check.differences:
        raise ReportDiffersError(check.differences[0].text(), n_differences=len(check.differences))
    typer.echo(
        f"\nVerified: {check.n_numbers:,} numbers derived again from {check.n_events:,} events of "
        f"the signed log,\n{check.n_rendered} files made again byte for byte."
    )
    typer.echo(f"The report for readers: {report / 'report.html'} and report.pdf")
    counted = document["numbers"]["false_alerts_per_face_seen.all"]
    return bool(counted["count"])
