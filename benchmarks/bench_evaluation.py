"""Evaluation: open-set searches of many probes in a large gallery, and intervals by person.

Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from time import perf_counter, process_time

import numpy as np
from measuring import Report, bar, spread

from overt.core.template import unit_rows
from overt.evaluation.by_subject import SubjectCounts, rate_by_subject
from overt.evaluation.open_set import LabelledTemplates, score_open_set

LENGTH = 128
MOST_S, MOST_BOOTSTRAP_S = 60.0, 2.0
_MIB = 2**20


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probes", type=int, default=10_000)
    parser.add_argument("--gallery", type=int, default=1_000_000)
    parser.add_argument("--passages", type=int, default=5000)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args(arguments)

    n_scores = options.probes * options.gallery
    report = Report(
        "evaluation",
        "Evaluation",
        "seconds to search probes in a gallery, and to make an interval by person",
        ("what", "size", "wall, s", "processor, s", "memory grown, MiB"),
        notes=[
            (
                "Open set: every score is made, exactly; best others, ranks of mates and sixteen "
                "parts of the gallery are kept, the scores are not. The processor's seconds are "
                "those of all threads; on a busy machine they include waiting for each other."
            ),
            f"All scores at once would take {n_scores * 4 / _MIB:,.0f} MiB.",
            "By person: 2,000 resamples.",
        ],
        arguments=arguments,
    )
    wall_s = _open_set(report, options.probes, options.gallery)
    longest_s = _by_person(report, options.passages, options.turns)
    size = f"{options.probes:,} probes, {options.gallery:,} entries"
    report.bars.append(
        bar(
            f"Open set, {size}, {len(os.sched_getaffinity(0))} cores",
            f"at most {MOST_S:g} s",
            f"{wall_s:.1f} s",
            is_met=wall_s <= MOST_S,
        )
    )
    report.bars.append(
        bar(
            f"2,000 resamples of {options.passages:,} passages",
            f"at most {MOST_BOOTSTRAP_S:g} s",
            f"{longest_s:.4f} s",
            is_met=longest_s <= MOST_BOOTSTRAP_S,
        )
    )
    report.publish()


def _open_set(report: Report, n_probes: int, n_gallery: int) -> float:
    generator = np.random.default_rng(1)
    gallery = unit_rows(generator.standard_normal((n_gallery, LENGTH), np.float32))
    n_mated = n_probes // 2
    near = gallery[:n_mated] + 0.07 * generator.standard_normal((n_mated, LENGTH), np.float32)
    others = generator.standard_normal((n_probes - n_mated, LENGTH), np.float32)
    probes = unit_rows(np.concatenate([near, others]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    entries = LabelledTemplates(gallery, tuple(f"{i}" for i in range(n_gallery)))
    searched = LabelledTemplates(
        probes, tuple(f"{i}" if i < n_mated else f"x{i}" for i in range(n_probes))
    )
    wall, processor = perf_counter(), process_time()
    scores = score_open_set(searched, entries, generator, n_parts=min(16, n_gallery))
    wall, processor = perf_counter() - wall, process_time() - processor
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / _MIB
    assert scores.is_mated.sum() == n_mated
    size = f"{n_probes} probes, {n_gallery} entries of {LENGTH} numbers"
    report.rows.append(("open set", size, f"{wall:.1f}", f"{processor:.1f}", f"{grown:.0f}"))
    report.figures["open_set"] = {"wall_s": wall, "processor_s": processor, "grown_mib": grown}
    return wall


def _by_person(report: Report, n_passages: int, turns: int) -> float:
    generator = np.random.default_rng(1)
    longest = 0.0
    for each in (1, 5, 25):
        trials = generator.integers(1, 2 * each, max(n_passages // each, 2))
        counts = SubjectCounts(generator.binomial(trials, 0.7), trials)
        taken = []
        for _ in range(turns):
            started = perf_counter()
            rate_by_subject(counts, "passages", generator, n_resamples=2000)
            taken.append(perf_counter() - started)
        size = f"{counts.total} passages of {counts.n_subjects} people"
        found = spread(taken)
        report.rows.append(("interval by person", size, found.text(), "-", "-"))
        report.figures[f"by_person_{each}"] = taken
        longest = max(longest, found.high)
    return longest


if __name__ == "__main__":
    main(sys.argv[1:])
