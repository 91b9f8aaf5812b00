"""``overt record``: what a force has published, worked out again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overt.cli.actor_options import AsJson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.evaluation.record_check import CheckedRow
    from overt.evaluation.record_flags import Flag
    from overt.evaluation.record_shares import RateAgain

app = typer.Typer(
    help="Published records: check their arithmetic.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def group() -> None:
    """Check the arithmetic of published records."""


@app.command(short_help="Work every rate of a published record out again.")
def check(
    file: Annotated[Path, typer.Argument(help="What was published, in CSV; docs/evaluation.md.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Work every rate of a published record out again, and flag what cannot be right.

    Any column may be empty. Each rate is given with its counts and its exact interval. The
    exit status is 1 when something is flagged: what no explanation could make right
    ("cannot be"), or what the record leaves unexplained ("unexplained").
    """
    from overt.bootstrap.record_checks import check_file

    rows = check_file(file)
    n_flags = sum(len(row.flags) for row in rows)
    if as_json:
        document = {"file": file.name, "rows": [_document(r) for r in rows], "n_flags": n_flags}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        _print(rows, n_flags)
    if n_flags:
        raise typer.Exit(1)


def _print(rows: Sequence[CheckedRow], n_flags: int) -> None:
    for row in rows:
        names = [row.reported.name, row.reported.texts.get("operation", "")]
        typer.echo(_printable(" ".join(dict.fromkeys(names)).rstrip()))
        for again in row.rates:
            status = f"; at 1 in 1,000: {again.status.value}" if again.status else ""
            typer.echo(f"  {again.columns.name}: {again.observed.text()}{status}")
        for flag in row.flags:
            typer.echo(_printable(f"  {_kind(flag)}: {flag.message} [{flag.code}]"))
    n_rates = sum(len(row.rates) for row in rows)
    typer.echo(f"rows: {len(rows)}, rates worked out: {n_rates}, flags: {n_flags}")


def _kind(flag: Flag) -> str:
    return "CANNOT BE" if flag.is_impossible else "UNEXPLAINED"


def _printable(text: str) -> str:
    """Return a text of the file without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _document(row: CheckedRow) -> dict[str, object]:
    return {
        "row": row.reported.row,
        "key": row.reported.texts.get("key"),
        "operation": row.reported.texts.get("operation"),
        "rates": [_rate(again, row) for again in row.rates],
        "flags": [
            {
                "code": flag.code.value,
                "cannot_be": flag.is_impossible,
                "message": flag.message,
                "columns": list(flag.columns),
            }
            for flag in row.flags
        ],
    }


def _rate(again: RateAgain, row: CheckedRow) -> dict[str, object]:
    from overt.evaluation.published_record import rate_values

    shares = row.reported.shares
    stated = {column: shares[column].text for column in again.columns.columns() if column in shares}
    document = {"name": again.columns.name, **rate_values(again.observed), "stated": stated}
    return document | ({"status_at_1_in_1000": again.status.value} if again.status else {})
