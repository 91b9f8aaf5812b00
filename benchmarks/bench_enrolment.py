"""Enrolment: photographs a second, from the file to the template.

Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from itertools import cycle, islice
from time import perf_counter
from typing import TYPE_CHECKING

import inputs
from measuring import Report, bar, spread

from overt.adapters.video.photographs_ahead import PhotographsAhead
from overt.adapters.video.portraits import portrait_bytes
from overt.services.enrol_portraits import Enroller, PortraitRefused, enrol_portraits
from overt.services.enrol_watchlist import enrol

if TYPE_CHECKING:
    from pathlib import Path

REQUIRED = 25.0


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photographs", type=int, default=220)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args(arguments)

    everybody, note = inputs.people()
    pack, point = inputs.loaded_pack()
    paths = [path for paths in everybody.values() for path in paths]
    offered = {
        f"entry-{number:04d}": (path,)
        for number, path in enumerate(islice(cycle(paths), options.photographs))
    }
    enroller = Enroller(pack, "measured", point, portrait_bytes)
    sides = {
        "a rehearsal's, from a folder": lambda: len(
            enrol(inputs.photographs(offered), pack, point).refusals
        ),
        "a deployment's, with a portrait kept of each": lambda: listed(offered, enroller),
    }
    found = {side: Enrolled() for side in sides}
    for _ in range(options.turns):
        for side, call in sides.items():
            busy_s, started = pack.busy_s(), perf_counter()
            found[side].n_refused = call()
            wall_s = perf_counter() - started
            found[side].rates.append(len(offered) / wall_s)
            found[side].in_networks.append((pack.busy_s() - busy_s) / wall_s)
    report = Report(
        "enrolment",
        "Enrolment",
        "photographs a second, read from disk, found, checked, aligned, embedded",
        ("list", "photographs", "refused", "photographs/s", "share of time in the networks"),
        rows=[
            (
                side,
                str(len(offered)),
                str(one.n_refused),
                spread(one.rates).text(),
                spread(one.in_networks).text(digits=2),
            )
            for side, one in found.items()
        ],
        bars=[
            bar(
                f"Photographs enrolled a second, {side}",
                f"at least {REQUIRED:g}",
                spread(one.rates).text(),
                is_met=spread(one.rates).median >= REQUIRED,
            )
            for side, one in found.items()
        ],
        notes=[
            note,
            f"{len(paths)} files, taken in turn, each time as another entry.",
            "What a list costs the store, on SQLite and PostgreSQL: see Large watchlists.",
        ],
        figures={side: vars(one) for side, one in found.items()},
        arguments=arguments,
    )
    report.publish()


@dataclass
class Enrolled:
    """What came of a side's turns.

    Attributes:
        rates: Photographs a second, by turn.
        in_networks: Share of the time spent in the networks, by turn.
        n_refused: Photographs refused in a turn.
    """

    rates: list[float] = field(default_factory=list)
    in_networks: list[float] = field(default_factory=list)
    n_refused: int = 0


def listed(offered: dict[str, tuple[Path, ...]], enroller: Enroller) -> int:
    """Enrol as a list of a deployment is; return how many photographs were refused."""
    with PhotographsAhead() as ahead:
        readers = [ahead.reader(path) for (path,) in offered.values()]
        outcomes = list(enrol_portraits(readers, enroller))
    return sum(isinstance(outcome, PortraitRefused) for outcome in outcomes)


if __name__ == "__main__":
    main(sys.argv[1:])
