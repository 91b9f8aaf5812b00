"""Measure two sides in turns, A B A B, and report what came of it.

A shared machine is slow for seconds at a time. Taken in turns, both sides meet the
same moments, and a ratio is taken within a turn, where both met the same.
"""

from __future__ import annotations

import json
import statistics
import sys
from dataclasses import asdict, dataclass, field
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from machine import as_words, machine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MET, NOT_MET, NOT_MEASURED = "met", "not met", "not measured"


@dataclass(frozen=True)
class Spread:
    """Median, smallest and largest of some measurements."""

    median: float
    low: float
    high: float

    def text(self, scale: float = 1.0, unit: str = "", digits: int = 3) -> str:
        """Return "median (low..high) unit", to so many significant digits.

        Args:
            scale: What to multiply by.
            unit: What comes after.
            digits: Significant digits.
        """
        middle, low, high = (
            _significant(value * scale, digits) for value in (self.median, self.low, self.high)
        )
        return f"{middle} ({low}..{high}){' ' if unit else ''}{unit}"


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of at least one measurement.

    Args:
        values: The measurements.
    """
    return Spread(statistics.median(values), min(values), max(values))


def ratios(over: Sequence[float], under: Sequence[float]) -> Spread:
    """Return the spread of the ratios, each within one turn.

    Args:
        over: One side's measurements, by turn.
        under: The other side's.
    """
    return spread([a / b for a, b in zip(over, under, strict=True)])


def in_turns(
    sides: Mapping[str, Callable[[], object]],
    *,
    turns: int,
    at_least_s: float = 0.05,
    pause_s: float = 0.05,
) -> dict[str, list[float]]:
    """Return the seconds a call of each side, one measurement a turn.

    A short call is repeated within its turn until about ``at_least_s`` have passed. Before
    each measurement there is a pause, in which the threads of the side before go to sleep
    instead of waiting busily on a core, and one call that is not measured.

    Args:
        sides: What to call, by name; each is called once beforehand, unmeasured.
        turns: How many turns, at least 1.
        at_least_s: Wished length of a measurement.
        pause_s: Length of the pause.
    """
    repeats = {}
    for name, call in sides.items():
        call()
        repeats[name] = max(1, int(at_least_s / max(_seconds(call, 1), 1e-7)))
    measured: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(turns):
        for name, call in sides.items():
            sleep(pause_s)
            call()
            measured[name].append(_seconds(call, repeats[name]))
    return measured


@dataclass(frozen=True)
class Bar:
    """What was promised, and what was found.

    Attributes:
        claim: In words.
        required: The bar.
        found: The measurement; why there is none, where there is none.
        verdict: Met, not met or not measured.
    """

    claim: str
    required: str
    found: str
    verdict: str


def bar(claim: str, required: str, found: str, *, is_met: bool | None) -> Bar:
    """Return a bar with its verdict.

    Args:
        claim: In words.
        required: The bar.
        found: The measurement, or why there is none.
        is_met: None where it was not measured.
    """
    verdict = NOT_MEASURED if is_met is None else MET if is_met else NOT_MET
    return Bar(claim, required, found, verdict)


@dataclass
class Report:
    """What one benchmark found.

    Attributes:
        name: Of the benchmark, as in its file's name.
        title: Heading.
        question: What it measures, in a sentence or two.
        columns: Of the table.
        rows: Of the table, as text.
        bars: Promises held against the figures.
        notes: What a reader must know: settings, what was left out and why.
        figures: The same as numbers, for whoever reads the JSON.
        arguments: How it was called.
        machine: Where.
    """

    name: str
    title: str
    question: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    machine: dict[str, object] = field(default_factory=machine)

    def publish(self) -> None:
        """Print the JSON to standard output and a table to standard error."""
        print(json.dumps(asdict(self), indent=1, default=float))
        print(self.table(), file=sys.stderr)

    def table(self) -> str:
        """Return the report for a terminal."""
        lines = [f"{self.title}: {self.question}", as_words(self.machine), ""]
        lines += aligned([self.columns, *self.rows])
        lines += ["", *(f"{b.claim}: {b.required}; {b.found}: {b.verdict}" for b in self.bars)]
        return "\n".join([*lines, *self.notes, ""])


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows of a table as lines with straight columns.

    Args:
        rows: Of equal length.
    """
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _seconds(call: Callable[[], object], repeats: int) -> float:
    started = perf_counter()
    for _ in range(repeats):
        call()
    return (perf_counter() - started) / repeats


def _significant(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    return f"{value:.0f}" if "e+" in text else text
