"""Search: overt's exact search against faiss's flat index and a plain pass over the bytes.

Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from measuring import Report, Spread, bar, in_turns, ratios, spread

from overt.core.gallery import Gallery
from overt.core.matching import best_rows, search
from overt.core.template import Template, TemplateRole, unit_rows

LENGTH = 128
BEST = 3
REQUIRED = 1.3
_SIDES = ("faiss", "kernel", "search", "plain max", "plain sum")


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--at-least-s", type=float, default=0.05, help="length of a measurement")
    options = parser.parse_args(arguments)

    faiss, reason = _faiss()
    report = Report(
        "search",
        "Search",
        f"milliseconds a search of templates of {LENGTH} numbers, the {BEST} best returned",
        (
            "templates",
            "probes",
            "overt kernel, ms",
            "overt search, ms",
            "faiss, ms",
            "kernel / faiss",
            "plain pass, ms",
            "kernel / plain",
        ),
        notes=[
            reason,
            (
                "Kernel: overt.core.matching.best_rows, arrays in, arrays out, as faiss's "
                "search. It sums the best rows again in double precision, which faiss does not. "
                "Search: the same with checks of the model pack and the candidates made."
            ),
            "Plain pass: the quicker of numpy's max and sum over the gallery's bytes, one thread.",
        ],
        arguments=arguments,
    )
    worst: dict[str, tuple[float, str]] = {}
    for n_templates in options.sizes:
        generator = np.random.default_rng(n_templates)
        matrix = unit_rows(generator.standard_normal((n_templates, LENGTH), np.float32))
        gallery = Gallery(matrix, tuple(f"{i:08d}" for i in range(n_templates)), "benchmark")
        index = faiss.IndexFlatIP(LENGTH) if faiss else None
        if index is not None:
            index.add(matrix)
        for n_probes in options.batches:
            probes = _probes(matrix, n_probes, generator)
            if index is not None:
                _check_same(probes, matrix, index)
            measured = in_turns(
                _sides(probes, gallery, index),
                turns=options.turns,
                at_least_s=options.at_least_s,
            )
            _add(report, worst, n_templates, n_probes, measured)
    for claim, (ratio, found) in worst.items():
        report.bars.append(bar(claim, f"at most {REQUIRED} times", found, is_met=ratio <= REQUIRED))
    if faiss is None:
        report.bars.append(
            bar("Kernel against faiss", f"at most {REQUIRED} times", reason, is_met=None)
        )
    report.publish()


def _faiss() -> tuple[object, str]:
    try:
        import faiss
    except ImportError:
        return None, "faiss is not installed: pip install 'overt[bench]'."
    note = (
        f"faiss-cpu IndexFlatIP, {faiss.omp_get_max_threads()} threads; numpy's BLAS has as many. "
        "Both return the same rows for every probe here, which is checked."
    )
    return faiss, note


def _probes(matrix: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    chosen = matrix[generator.integers(0, len(matrix), count)]
    return unit_rows(chosen + 0.05 * generator.standard_normal(chosen.shape, np.float32))


def _check_same(probes: np.ndarray, matrix: np.ndarray, index: object) -> None:
    rows, scores = best_rows(probes, matrix, count=BEST)
    their_scores, their_rows = index.search(probes, BEST)
    assert (rows == their_rows).all()
    assert np.abs(scores - their_scores).max() < 1e-5


def _sides(probes: np.ndarray, gallery: Gallery, index: object) -> dict:
    templates = [Template(probe, TemplateRole.PROBE, gallery.pack_digest) for probe in probes]
    sides = {
        "kernel": lambda: best_rows(probes, gallery.matrix, count=BEST),
        "search": lambda: search(templates, gallery, threshold=0.92, max_rank=BEST),
        "plain max": gallery.matrix.max,
        "plain sum": lambda: np.add.reduce(gallery.matrix, axis=None),
    }
    return {"faiss": lambda: index.search(probes, BEST), **sides} if index is not None else sides


def _add(
    report: Report,
    worst: dict[str, tuple[float, str]],
    n_templates: int,
    n_probes: int,
    measured: dict[str, list[float]],
) -> None:
    plain = list(map(min, measured["plain max"], measured["plain sum"]))
    to_plain = ratios(measured["kernel"], plain)
    to_faiss = ratios(measured["kernel"], measured["faiss"]) if "faiss" in measured else None
    report.rows.append(
        (
            f"{n_templates}",
            f"{n_probes}",
            _ms(measured["kernel"]),
            _ms(measured["search"]),
            _ms(measured["faiss"]) if to_faiss else "-",
            to_faiss.text() if to_faiss else "-",
            _ms(plain),
            to_plain.text(),
        )
    )
    report.figures[f"{n_templates}x{n_probes}"] = {side: measured.get(side) for side in _SIDES}
    place = f"{n_templates} templates, {n_probes} probe{'s' * (n_probes > 1)}"
    if to_faiss:
        _keep_worst(worst, f"Kernel against faiss, {place}", to_faiss)
    if n_probes == 1 and n_templates >= 100_000:
        _keep_worst(worst, f"Kernel against a plain pass over the bytes, {place}", to_plain)


def _keep_worst(worst: dict[str, tuple[float, str]], claim: str, ratio: Spread) -> None:
    worst[claim] = (ratio.median, ratio.text(unit="times"))


def _ms(seconds: list[float]) -> str:
    return spread(seconds).text(1000)


if __name__ == "__main__":
    main(sys.argv[1:])
