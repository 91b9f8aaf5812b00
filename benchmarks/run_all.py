"""Run every benchmark, keep its JSON under build/benchmarks, write docs/benchmarks.md.

With ``--only-page`` nothing runs: the page is written from the JSON that is there.
With names, only those benchmarks run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from machine import as_words

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "build" / "benchmarks"
PAGE = ROOT / "docs" / "benchmarks.md"
NAMES = (
    "descriptor",
    "pipeline",
    "overhead",
    "search",
    "enrolment",
    "memory",
    "audit",
    "evaluation",
)

_HEAD = """# Benchmarks

Written by `make bench` from what each benchmark printed; not to be edited. Every command prints
JSON that says on which machine it ran, and how busy that was before. Two sides are measured in
turns in one process, so that both meet the same moments. Figures are a median and, in brackets, the
smallest and the largest; a ratio is taken within a turn. No test asserts a time.
"""


def main(arguments: list[str]) -> None:
    """Run the benchmarks that are asked for and write the page.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which of {', '.join(NAMES)}; all of them")
    parser.add_argument("--only-page", action="store_true")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    if not options.only_page:
        for name in options.names or NAMES:
            run(name)
    PAGE.write_text(page(RESULTS), encoding="utf-8")


def run(name: str) -> None:
    """Run one benchmark and keep its JSON.

    Args:
        name: Of the benchmark.
    """
    script = Path(__file__).with_name(f"bench_{name}.py")
    done = subprocess.run(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT
    )
    (RESULTS / f"{name}.json").write_text(done.stdout, encoding="utf-8")


def page(results: Path) -> str:
    """Return the page of the results that are there.

    Args:
        results: Folder of one JSON file a benchmark.
    """
    found = [results / f"{name}.json" for name in NAMES]
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in found if path.is_file()]
    bars = [(report, bar) for report in reports for bar in report["bars"]]
    summary = table(
        ("what", "required", "found", "verdict"),
        [(b["claim"], b["required"], b["found"], b["verdict"]) for _, b in bars],
    )
    return (
        "\n".join([_HEAD, "## Promises", "", summary, "", *map(section, reports)]).rstrip() + "\n"
    )


def section(report: dict) -> str:
    """Return one benchmark's part of the page.

    Args:
        report: What it printed.
    """
    command = " ".join(["python", f"benchmarks/bench_{report['name']}.py", *report["arguments"]])
    parts = [
        f"## {report['title']}",
        f"{report['question'][0].upper()}{report['question'][1:]}.",
        f"```\n{command}\n```",
        table(report["columns"], report["rows"]),
        "\n".join(
            f"- {b['claim']}: {b['required']} was required, {b['found']} was found: "
            f"**{b['verdict']}**."
            for b in report["bars"]
        ),
        "\n".join(f"- {note}" for note in report["notes"]),
        f"Machine: {as_words(report['machine'])}.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(columns: list[str] | tuple[str, ...], rows: list) -> str:
    """Return a Markdown table.

    Args:
        columns: Headings.
        rows: Cells as text.
    """
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main(sys.argv[1:])
