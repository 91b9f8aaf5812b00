"""Descriptor: the same network through onnxruntime and in dlib itself, same chips.

Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import sys
from itertools import cycle, islice

import dlib
import inputs
import numpy as np
from measuring import Report, bar, in_turns, ratios, spread

from overt.adapters.models.pack_files import locate

REQUIRED = 20.0
MAX_DIFFERENCE = 1e-4


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--faces", type=int, default=55, help="faces to compare the outputs on")
    parser.add_argument("--at-least-s", type=float, default=0.5, help="length of a measurement")
    options = parser.parse_args(arguments)

    everybody, note = inputs.people()
    pack, point = inputs.loaded_pack()
    peer = dlib.face_recognition_model_v1(
        str(locate(pack.manifest.file(pack.manifest.embedder.file), inputs.ROOT))
    )
    found = inputs.chips(everybody, pack, point)[: options.faces]

    report = Report(
        "descriptor",
        "Descriptor",
        "milliseconds a face of dlib's ResNet descriptor, run by overt and by dlib itself",
        ("batch", "overt, ms a face", "dlib, ms a face", "dlib / overt"),
        notes=[
            note,
            (
                f"overt runs the network in onnxruntime with {_threads()} threads; dlib's own "
                "network code for the processor runs in one thread, and its package offers no "
                "other."
            ),
            "Chips are aligned beforehand; neither side mirrors them.",
        ],
        arguments=arguments,
    )
    difference = _largest_difference(found, pack, peer)
    for batch in options.batches:
        chips = list(islice(cycle(found), batch))
        stacked = np.stack(chips)
        measured = in_turns(
            {
                "overt": lambda stacked=stacked: pack.embedder.describe(stacked),
                "dlib": lambda chips=chips: peer.compute_face_descriptor(chips),
            },
            turns=options.turns,
            at_least_s=options.at_least_s,
        )
        ratio = ratios(measured["dlib"], measured["overt"])
        ours, theirs = (spread(measured[side]) for side in ("overt", "dlib"))
        report.rows.append(
            (
                str(batch),
                ours.text(1000 / batch),
                theirs.text(1000 / batch),
                ratio.text(),
            )
        )
        report.figures[f"batch_{batch}"] = {
            "overt_s": measured["overt"],
            "dlib_s": measured["dlib"],
            "ratio": ratio.median,
        }
        if batch == 8:
            report.bars.append(
                bar(
                    "Descriptor at batch 8 against dlib",
                    f"at least {REQUIRED:g} times",
                    ratio.text(unit="times"),
                    is_met=ratio.median >= REQUIRED,
                )
            )
    report.figures["largest_difference"] = difference
    report.bars.append(
        bar(
            f"Largest difference from dlib's numbers, {len(found)} real faces",
            f"at most {MAX_DIFFERENCE:g}",
            f"{difference:.2g}",
            is_met=difference <= MAX_DIFFERENCE,
        )
    )
    report.publish()


def _largest_difference(chips: list, pack: object, peer: object) -> float:
    ours = pack.embedder.describe(np.stack(chips))
    theirs = np.array(peer.compute_face_descriptor(chips))
    return float(np.abs(ours - theirs).max())


def _threads() -> int:
    return int(os.environ.get("OVERT_THREADS") or 0) or len(os.sched_getaffinity(0))


if __name__ == "__main__":
    main(sys.argv[1:])
