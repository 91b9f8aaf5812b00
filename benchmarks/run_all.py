"""Run every benchmark, keep its JSON under build/benchmarks, write docs/benchmarks.md.

With names, only those benchmarks run; with ``--only-page`` none does. A benchmark without JSON
keeps the section that the page has of it.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

from machine import as_words

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "build" / "benchmarks"
PAGE = ROOT / "docs" / "benchmarks.md"
NAMES = (
    *("descriptor", "pipeline", "overhead", "search", "evaluation", "enrolment", "watchlist"),
    *("audit", "console", "live_alert", "register", "memory", "soak_live"),
)
_BAR = re.compile(r"^- (.+): (.+) was required, (.+) was found: \*\*(.+)\*\*\.$", re.MULTILINE)
_COMMAND = re.compile(r"^python benchmarks/(?:bench_)?(\w+)\.py", re.MULTILINE)

_HEAD = """# Benchmarks

Written by `make bench` from what each benchmark printed; not to be edited. Every command prints
JSON that says on which machine it ran, and how busy that was before. Two sides are measured in
turns in one process, so that both meet the same moments. Figures are a median and, in brackets, the
smallest and the largest; a ratio is taken within a turn. No test asserts a time. Where the load
before a run is far above the number of cores, other programs ran beside it, and it had priority.
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
    before = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page(RESULTS, before), encoding="utf-8")


def run(name: str) -> None:
    """Run one benchmark and keep its JSON.

    Args:
        name: Of the benchmark.
    """
    script = Path(__file__).with_name(script_of(name))
    done = subprocess.run(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT
    )
    (RESULTS / f"{name}.json").write_text(done.stdout, encoding="utf-8")


def script_of(name: str) -> str:
    """Return the file of a benchmark.

    Args:
        name: Of the benchmark.
    """
    return f"{name}.py" if name.startswith("soak_") else f"bench_{name}.py"


def page(results: Path, before: str = "") -> str:
    """Return the page: of the results that are there, else of what it says already.

    Args:
        results: Folder of one JSON file a benchmark.
        before: The page as it is.
    """
    sections = kept(before)
    for name in NAMES:
        path = results / f"{name}.json"
        if path.is_file():
            sections[name] = section(json.loads(path.read_text(encoding="utf-8")))
    in_order = [sections[name] for name in NAMES if name in sections]
    bars = [bar for text in in_order for bar in _BAR.findall(text)]
    summary = table(("what", "required", "found", "verdict"), bars)
    return "\n".join([_HEAD, "## Promises", "", summary, "", *in_order]).rstrip() + "\n"


def kept(page: str) -> dict[str, str]:
    """Return the sections of a page by the benchmark that its command names.

    Args:
        page: As written before; may be empty.
    """
    parts = [f"## {part.rstrip()}\n" for part in page.split("\n## ")[1:]]
    return {found[1]: part for part in parts if (found := _COMMAND.search(part))}


def section(report: dict) -> str:
    """Return one benchmark's part of the page.

    Args:
        report: What it printed.
    """
    command = " ".join(["python", f"benchmarks/{script_of(report['name'])}", *report["arguments"]])
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
