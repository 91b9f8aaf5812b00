"""Enrolment: photographs a second, from the file to the template.

Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
from itertools import cycle, islice
from time import perf_counter

import inputs
from measuring import Report, bar, spread

from overt.services.enrol_watchlist import enrol

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
    rates, networks, n_refused = [], [], 0
    for _ in range(options.turns):
        busy_s, started = pack.busy_s(), perf_counter()
        enrolment = enrol(inputs.photographs(offered), pack, point)
        wall_s = perf_counter() - started
        rates.append(len(offered) / wall_s)
        networks.append((pack.busy_s() - busy_s) / wall_s)
        n_refused = len(enrolment.refusals)
    report = Report(
        "enrolment",
        "Enrolment",
        "photographs a second, read from disk, found, checked, aligned, embedded",
        ("photographs", "refused", "photographs/s", "share of time in the networks"),
        rows=[
            (
                str(len(offered)),
                str(n_refused),
                spread(rates).text(),
                spread(networks).text(digits=2),
            )
        ],
        bars=[
            bar(
                "Photographs enrolled a second",
                f"at least {REQUIRED:g}",
                spread(rates).text(),
                is_met=spread(rates).median >= REQUIRED,
            )
        ],
        notes=[note, f"{len(paths)} files, taken in turn, each time as another entry."],
        figures={"photographs_per_s": rates, "share_in_networks": networks},
        arguments=arguments,
    )
    report.publish()


if __name__ == "__main__":
    main(sys.argv[1:])
