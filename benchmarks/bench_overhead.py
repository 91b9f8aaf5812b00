"""Overhead: the pipeline's wall time over the time that its models run, in the same run.

Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import inputs
from measuring import Report, bar, spread

from overt.adapters.video.scene_settings import SceneSettings

REQUIRED_RATIO = 1.3
REQUIRED_FPS = 10.0


class TimedAligner:
    """An aligner that knows how long it took."""

    def __init__(self, aligner: object) -> None:
        """Wrap an aligner.

        Args:
            aligner: The pack's own.
        """
        self._aligner = aligner
        self.busy_s = 0.0
        self.n_faces = 0

    def align(self, image_rgb: object, box_xyxy: object, landmarks_xy: object) -> object:
        """Return the chip of one face.

        Args:
            image_rgb: Picture.
            box_xyxy: Face box.
            landmarks_xy: Landmarks.
        """
        started = perf_counter()
        chip = self._aligner.align(image_rgb, box_xyxy, landmarks_xy)
        self.busy_s += perf_counter() - started
        self.n_faces += 1
        return chip


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=250, help="longest clip")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--walkers", type=int, default=24, help="at least so many")
    parser.add_argument("--passages", type=int, default=48)
    parser.add_argument("--faces", nargs="+", default=["3-5", "12"], help="faces at once")
    parser.add_argument("--small", action="store_true", help="tiny scenes, to try this out")
    options = parser.parse_args(arguments)

    everybody, note = inputs.people()
    for_list, _ = inputs.split(everybody)
    pack, point = inputs.loaded_pack()
    aligner = TimedAligner(pack.aligner)
    timed = replace(pack, aligner=aligner)
    gallery = inputs.gallery_of(for_list, timed, point)
    cast = inputs.cutouts(inputs.one_walker_a_photograph(everybody, options.walkers), pack, point)
    report = Report(
        "overhead",
        "Overhead",
        "wall time of the whole loop over the run time of the models in it",
        (
            "faces at once",
            "frames",
            "frames/s",
            "wall / networks",
            "wall / networks and landmarks",
            "templates",
        ),
        notes=[
            note,
            (
                "Clips of 1280 x 720; every walker shows another photograph. Wall: from opening "
                "the clip to the last track's end; the clip is decoded in a thread of its own "
                "meanwhile, on the same cores, which slows the networks and so counts in both. "
                "Networks: runs of detector and descriptor in onnxruntime. Landmarks: dlib's "
                "predictor with the cutting of the chip."
            ),
        ],
        arguments=arguments,
    )
    with tempfile.TemporaryDirectory() as folder:
        clips = {}
        for label in options.faces:
            fewest, most = int(label.split("-")[0]), int(label.split("-")[-1])
            settings = SceneSettings(
                seed=1, n_passages=options.passages, max_at_once=most, walk_s=(5.0, 6.0)
            )
            settings = inputs.small(settings) if options.small else settings
            scene = inputs.scene_of(cast, settings)
            truth = scene.ground_truth()
            n_faces = range(fewest, most + 1)
            stretch = inputs.longest_run(truth, scene.n_frames, n_faces, options.frames)
            clips[label] = (Path(folder) / f"{label}.mp4", stretch)
            inputs.write_clip(clips[label][0], scene, stretch, settings.fps)
        inputs.rehearse_clip(clips[options.faces[-1]][0], timed, gallery, point)  # warm
        measured = {label: [] for label in clips}
        for _ in range(options.turns):
            for label, (path, _) in clips.items():
                measured[label].append(_run(path, timed, aligner, gallery, point))
    for label, runs in measured.items():
        _add(report, label, len(clips[label][1]), runs)
    report.publish()


def _run(
    path: Path, pack: object, aligner: TimedAligner, gallery: object, point: object
) -> dict[str, float]:
    networks_s, alignment_s, n_aligned = pack.busy_s(), aligner.busy_s, aligner.n_faces
    started = perf_counter()
    result = inputs.rehearse_clip(path, pack, gallery, point)
    return {
        "wall_s": perf_counter() - started,
        "networks_s": pack.busy_s() - networks_s,
        "alignment_s": aligner.busy_s - alignment_s,
        "n_aligned": aligner.n_faces - n_aligned,
        "n_frames": result.frames.analysed,
        "n_templates": result.templates.made,
        "n_faces_seen": result.counts.faces_seen,
    }


def _add(report: Report, label: str, n_frames: int, runs: list[dict[str, float]]) -> None:
    bare = spread([run["wall_s"] / run["networks_s"] for run in runs])
    whole = spread([run["wall_s"] / (run["networks_s"] + run["alignment_s"]) for run in runs])
    fps = spread([run["n_frames"] / run["wall_s"] for run in runs])
    report.rows.append(
        (
            label,
            str(n_frames),
            fps.text(),
            bare.text(),
            whole.text(),
            f"{statistics.median(run['n_templates'] for run in runs):g}",
        )
    )
    report.figures[label] = runs
    report.bars.append(
        bar(
            f"Wall time over the networks' run time, {label} faces",
            f"at most {REQUIRED_RATIO} times",
            bare.text(unit="times"),
            is_met=bare.median <= REQUIRED_RATIO,
        )
    )
    if label == "12":
        report.bars.append(
            bar(
                "Analysed frames a second with 12 faces at once",
                f"at least {REQUIRED_FPS:g}",
                fps.text(),
                is_met=fps.median >= REQUIRED_FPS,
            )
        )


if __name__ == "__main__":
    main(sys.argv[1:])
