"""``overt report``: a trial's report with everything it takes to check it, and the check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import ActorId, AsJson
from overt.errors import ReportDiffersError
from overt.settings import read_settings

if TYPE_CHECKING:
    from overt.services.verify_report import ReportCheck

app = typer.Typer(
    help="The report of a trial: make it, and check it from its folder alone.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(short_help="Make a trial's report, signed, with its log.")
def make(
    trial_id: Annotated[str, typer.Argument(help="Which trial, by identifier.", metavar="TRIAL")],
    *,
    out: Annotated[Path, typer.Option(help="A new folder; one that is there is not replaced.")],
    by: ActorId,
) -> None:
    """Make a trial's report: page, PDF, tables, figures, JSON, the log they come from, a signature.

    Only an evaluator may. Everything follows from the audit log; that a report was made is the
    next event of the log, with the report's digest.
    """
    from overt.bootstrap.reports import make_into_folder

    n_files = make_into_folder(
        read_settings(), trial_id, by, out, tell=lambda name: typer.echo(name, err=True)
    )
    typer.echo(f"{n_files} files in {out}")


@app.command(short_help="Check a report: signature, log, every number, every byte.")
def verify(
    folder: Annotated[Path, typer.Argument(help="The folder of a report.", metavar="DIR")],
    *,
    key: Annotated[
        str | None,
        typer.Option("--key", help="The log's key, or a file with it; this machine's own without."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a report from its folder alone: no store, no network, nobody asked.

    The log's events and checkpoint, every number by its own query, the whole document, every file
    made again and compared byte for byte, the digests, the signature. Whatever differs is named:
    file, place, what is printed, what was derived; the exit status is then 3. A report that other
    versions made has its numbers checked, and a note says what was not.
    """
    from overt.bootstrap.reports import verify_folder

    tell = (lambda _: None) if as_json else (lambda what: typer.echo(f"checking {what}", err=True))
    check = verify_folder(read_settings(), folder, key, tell)
    typer.echo(
        json.dumps(_document(check), ensure_ascii=False, indent=2) if as_json else _text(check)
    )
    for found in () if as_json else check.differences[1:]:
        typer.echo(found.text(), err=True)
    if check.differences:
        raise ReportDiffersError(check.differences[0].text(), n_differences=len(check.differences))


def _text(check: ReportCheck) -> str:
    lines = [
        f"trial        {check.trial_id or '-'}",
        f"made with    {check.software_version or '-'}",
        f"events       {check.n_events:,} in its log",
        f"numbers      {check.n_numbers:,} derived again, each by its own query",
        f"files        {check.n_rendered:,} made again and compared byte for byte",
        f"signed by    {check.signer or _not_signed(check)}",
        *(f"note         {note}" for note in check.notes),
        f"differences  {len(check.differences) or 'none'}",
    ]
    return "\n".join(lines)


def _not_signed(check: ReportCheck) -> str:
    if check.has_key:
        return "NOT RIGHT: the signature does not hold with this key"
    return "NOT CHECKED: no key was given"


def _document(check: ReportCheck) -> dict[str, object]:
    return {
        "is_well": check.is_well,
        "trial_id": check.trial_id,
        "software_version": check.software_version,
        "n_events": check.n_events,
        "n_numbers": check.n_numbers,
        "n_rendered": check.n_rendered,
        "signed_by": check.signer,
        "is_signature_checked": check.has_key,
        "notes": check.notes,
        "differences": [
            {
                "file": each.file,
                "place": each.place,
                "printed": each.printed,
                "derived": each.derived,
            }
            for each in check.differences
        ],
    }
