"""What a report says around its content, the same on the page and on paper."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.adapters.reports.content import Part

_MONTHS = (  # in English, whatever the machine's language is
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_COME_WITH_LOG = (
    "Every number in this report is worked out from the log of the trial, which lies in the same "
    "folder. Any copy of the program can do it again, without asking anybody:"
)
_HOW = (
    "FOLDER is where this report lies. KEY is the public key of the log, one line, from a place "
    "that you trust, and not from the same message. The command checks the signature, every line "
    "of the log and every number by its own query; then it makes each file of the folder again "
    "and compares it byte for byte. For the digests alone, sha256sum -c SHA256SUMS is enough."
)


def moment_text(moment: str) -> str:
    """Return a moment in words, in UTC.

    Args:
        moment: ISO 8601, UTC.
    """
    read = datetime.fromisoformat(moment)
    return f"{read.day} {_MONTHS[read.month - 1]} {read.year}, {read:%H:%M} UTC"


def kind_text(document: Part) -> str:
    """Return what kind of trial it was.

    Args:
        document: Of a report.
    """
    is_rehearsal = document["trial"]["deployment_kind"] == "rehearsal"
    return "Rehearsal with volunteers" if is_rehearsal else "Operational deployments"


def progress_text(document: Part) -> str:
    """Return how far the trial came.

    Args:
        document: Of a report.
    """
    trial = document["trial"]
    came = f"{trial['n_deployments']} of {trial['n_planned']} planned deployments"
    if not trial["is_ended"]:
        return f"{came}; the trial is not over yet"
    return f"{came}; ended on {moment_text(trial['ended_at'])}: {trial['end_reason']}"


def planned(document: Part) -> tuple[tuple[str, str], ...]:
    """Return what was planned, each with its name.

    Args:
        document: Of a report.
    """
    plan = document["plan"]
    sizes = f"{plan['n_deployments']:,} deployments, {plan['faces_planned']:,} faces"
    return (
        ("Planned", f"{sizes}, {plan['passes_planned']:,} passes of volunteers"),
        ("Groups are equal within", f"a difference of {100 * plan['equality_margin']:g} %"),
        ("Seed of every draw", str(plan["seed"])),
    )


def checking(document: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how a reader checks the report: sentences, and commands.

    Args:
        document: Of a report.
    """
    return (
        (_COME_WITH_LOG, _HOW),
        (
            f"pip install {_requirements(document['software_version'])}",
            "overt report verify FOLDER --key KEY",
        ),
    )


def proof(document: Part) -> tuple[tuple[str, str], ...]:
    """Return what the report was made from, each with its name.

    Args:
        document: Of a report.
    """
    log = document["log"]
    return (
        ("Trial", document["trial"]["trial_id"]),
        ("Log", f"{log['size']:,} events up to {moment_text(document['made_at'])}"),
        ("Root of the log", log["root"]),
        ("Made with", document["software_version"]),
    )


def _requirements(software_version: str) -> str:
    """Return versions as they are written to install them."""
    return " ".join(each.replace(" ", "==") for each in software_version.split(", "))
