"""Memory: peak, and growth while the pipeline runs on, one clip after the other.

Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
from dataclasses import replace
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import inputs
from measuring import Report, bar

from overt.adapters.video.scene_settings import SceneSettings
from overt.services.recognition import Recogniser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from overt.core.frame import Frame

MAX_GROWTH_SHARE = 0.10
_MIB = 2**20


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--passages", type=int, default=12)
    parser.add_argument("--small", action="store_true", help="a tiny scene, to try this out")
    options = parser.parse_args(arguments)

    everybody, note = inputs.people()
    for_list, for_walk = inputs.split(everybody)
    pack, point = inputs.loaded_pack()
    recogniser = Recogniser(pack, inputs.gallery_of(for_list, pack, point), point)
    settings = SceneSettings(seed=1, n_passages=options.passages, max_at_once=5)
    settings = inputs.small(settings) if options.small else settings
    scene = inputs.scene_of(inputs.cutouts(for_walk, pack, point), settings)
    until_s = options.minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rehearsal.mp4"
        inputs.write_clip(path, scene, range(scene.n_frames), settings.fps)
        samples, n_frames, n_alerts = _run_on(path, settings.fps, recogniser, until_s)
    recogniser.finish()
    templates = recogniser.templates
    early, late = _around(samples, min(60.0, until_s / 3)), _around(samples, until_s)
    growth = (late - early) / early
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    report = Report(
        "memory",
        "Memory",
        "resident memory of a pipeline that runs on without a pause",
        ("minutes", "frames", "alerts", "after 1 min, MiB", "at the end, MiB", "peak, MiB"),
        rows=[
            (
                f"{options.minutes:g}",
                str(n_frames),
                str(n_alerts),
                f"{early / _MIB:.1f}",
                f"{late / _MIB:.1f}",
                f"{peak / _MIB:.1f}",
            )
        ],
        bars=[
            bar(
                "Growth after the first minute",
                f"at most {MAX_GROWTH_SHARE:.0%}",
                f"{growth:+.2%} in {options.minutes:g} min",
                is_met=growth <= MAX_GROWTH_SHARE if options.minutes >= 2 else None,
            ),
            bar(
                "Templates made, less those erased and those in alerts",
                "0",
                f"{templates.balance()} ({templates.made} made, {templates.erased} erased, "
                f"{templates.in_alerts} in alerts)",
                is_met=templates.balance() == 0,
            ),
        ],
        notes=[
            note,
            (
                "One recogniser, one clip over and over with time running on. Alerts are counted "
                "and let go, as by a caller that has stored them. Memory: the median of the "
                "samples, one a second, within 10 s of the time stated; after a third of a run "
                "under 3 minutes. The peak holds the making of the clip and the loading of the "
                "models as well."
            ),
        ],
        figures={"rss_by_s": samples, "peak": peak, "growth": growth},
        arguments=arguments,
    )
    report.publish()


def _run_on(
    path: Path, fps: float, recogniser: Recogniser, until_s: float
) -> tuple[list[tuple[float, int]], int, int]:
    import psutil

    process = psutil.Process()
    samples: list[tuple[float, int]] = []
    n_frames = n_alerts = 0
    started = perf_counter()
    frames = _over_and_over(path, fps)
    while (now_s := perf_counter() - started) < until_s:
        for analysed in recogniser.analyse(list(islice(frames, 4))):
            n_frames += 1
            n_alerts += len(analysed.alerts)
        if not samples or now_s - samples[-1][0] >= 1:
            samples.append((now_s, process.memory_info().rss))
    frames.close()
    return samples, n_frames, n_alerts


def _over_and_over(path: Path, fps: float) -> Iterator[Frame]:
    index = 0
    while True:
        with inputs.clip(path) as frames:
            for frame in frames:
                yield replace(frame, index=index, elapsed_s=index / fps)
                index += 1


def _around(samples: list[tuple[float, int]], at_s: float) -> float:
    near = [rss for second, rss in samples if abs(second - at_s) <= 10]
    return statistics.median(near or [samples[-1][1]])


if __name__ == "__main__":
    main(sys.argv[1:])
