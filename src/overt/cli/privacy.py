"""``overt privacy``: what is promised about faces, shown."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from overt.cli.actor_options import AsJson, DeploymentId
from overt.errors import PrivacyUnprovenError

if TYPE_CHECKING:
    from overt.core.destruction import ScanReport
    from overt.core.live_counts import LiveCounts
    from overt.services.verify_privacy import PrivacyProof

app = typer.Typer(
    help="What is kept of faces, and that nothing else is.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def privacy() -> None:
    """What is kept of faces, and that nothing else is."""


@app.command(short_help="Prove that nothing else is kept of faces.")
def verify(deployment_id: DeploymentId, *, as_json: AsJson = False) -> None:
    """Prove that templates made are erased or in alerts, and that the disk holds nothing else.

    Counts are taken from the store and from the audit log. Every file under OVERT_HOME, the store,
    its log and temporary files are searched for bytes of every picture and template: unencrypted
    they may be nowhere; once purged, not even encrypted. The exit status is 3 where it fails.
    """
    from overt.bootstrap.purging import prove_privacy
    from overt.settings import read_settings

    proof = prove_privacy(deployment_id, read_settings())
    typer.echo(json.dumps(_document(proof), indent=2) if as_json else _text(proof))
    if proof.findings:
        msg = f"{len(proof.findings)} findings: {'; '.join(proof.findings)}"
        raise PrivacyUnprovenError(msg, deployment_id=deployment_id)


def _text(proof: PrivacyProof) -> str:
    stored, kept = proof.stored, proof.kept
    gone = proof.erased.by_purge + proof.erased.by_retention
    lines = [
        f"deployment   {proof.deployment_id}, {proof.state}",
        f"templates    {_sum_of(stored)} + in memory now {proof.n_in_memory:,}",
        f"in the log   {_sum_of(proof.logged)}",
        f"alerts       kept {kept.n_alerts:,}, erased {gone.n_alerts:,}",
        f"in the clear {_scan(proof.in_clear, 'the key is destroyed: nothing to open')}",
        f"purged bytes {_scan(proof.marked, 'nothing is purged yet')}",
        f"certificate  {proof.certificate_id or 'none yet'}",
        *(f"NOT PROVEN   {finding}" for finding in proof.findings),
    ]
    return "\n".join(lines)


def _sum_of(counts: LiveCounts) -> str:
    return f"made {counts.made:,} = erased {counts.erased:,} + in alerts {counts.in_alerts:,}"


def _scan(report: ScanReport | None, otherwise: str) -> str:
    if report is None:
        return otherwise
    store = "" if report.is_store_reached else "; the database server's own files are not reached"
    return (
        f"{len(report.remains)} found; {report.n_windows:,} searched for in {report.n_files:,} "
        f"files, {report.n_bytes:,} bytes{store}"
    )


def _document(proof: PrivacyProof) -> dict[str, object]:
    return {
        "deployment": proof.deployment_id,
        "state": proof.state.value,
        "stored": asdict(proof.stored),
        "logged": asdict(proof.logged),
        "in_memory": proof.n_in_memory,
        "alerts_kept": asdict(proof.kept),
        "in_clear": asdict(proof.in_clear) if proof.in_clear else None,
        "purged": asdict(proof.marked) if proof.marked else None,
        "certificate": proof.certificate_id,
        "findings": proof.findings,
    }
