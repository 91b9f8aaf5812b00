"""Pipeline: overt against the face_recognition library on the same clip with known truth.

Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from time import perf_counter

import inputs
from measuring import Report, Spread, bar, ratios, spread
from peer_face_recognition import HOW_TO_INSTALL, Peer, face_recognition

from overt.adapters.video.scene_settings import SceneSettings

REQUIRED = 20.0


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    options = _options(arguments)
    everybody, note = inputs.people()
    for_list, for_walk = inputs.split(everybody)
    listed = dict(islice(for_list.items(), max(1, len(for_list) * 3 // 5)))
    pack, point = inputs.loaded_pack()
    gallery = inputs.gallery_of(listed, pack, point)
    # Whoever returns sooner than the cool-down would count as missed.
    point = replace(point, cool_down_s=min(point.cool_down_s, options.return_after))
    settings = SceneSettings(
        seed=options.seed,
        n_passages=options.passages,
        max_at_once=5,
        return_after_s=options.return_after,
    )
    settings = inputs.small(settings) if options.small else settings
    scene = inputs.scene_of(inputs.cutouts(for_walk, pack, point), settings)
    width, height = settings.size_wh
    n_frames, truth = scene.n_frames, scene.ground_truth()
    peer = Peer(library) if (library := face_recognition()) else None

    overt_fps, peer_fps = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rehearsal.mp4"
        inputs.write_clip(path, scene, range(n_frames), settings.fps)
        if peer:
            peer.enrol(listed)
        result = inputs.rehearse_clip(path, pack, gallery, point, truth)  # warm
        for turn in range(options.turns):
            result = inputs.rehearse_clip(path, pack, gallery, point, truth)
            overt_fps.append(result.analysed_fps)
            if peer:
                part = range(
                    turn * n_frames // options.turns, (turn + 1) * n_frames // options.turns
                )
                peer_fps.append(_peer_fps(peer, path, part, options.every, truth))

    report = Report(
        "pipeline",
        "Whole pipeline",
        "frames a second, and who was recognised, on one clip with known truth",
        ("", "frames/s", "opportunities", "recognised", "false alerts", "frames looked at"),
        notes=[
            note,
            (
                f"Clip: {n_frames} frames of {width} x {height} at {settings.fps:g} a second, "
                f"{len(truth.passages)} passages, up to 5 faces at once; nobody returns within "
                f"{options.return_after:g} s of leaving; {len(listed)} of "
                f"{len(everybody)} people on the list. The photographs that walk are not those on "
                "the list, if a person has more than one."
            ),
            (
                "overt decodes, finds, follows and searches every frame, as `overt rehearse` "
                "does with a clip. False alerts of overt: alerts that named the wrong person."
            ),
        ],
        arguments=arguments,
    )
    _add_overt(report, result, overt_fps)
    if peer:
        _add_peer(report, peer, peer_fps, options.every, truth, frozenset(listed))
        ratio = ratios(overt_fps, peer_fps)
        report.figures["ratio"] = ratio.median
        report.bars.append(_faster(ratio))
        report.bars += _no_worse(result, peer)
    else:
        report.notes.append(HOW_TO_INSTALL)
        report.bars.append(
            bar(
                "Frames a second against face_recognition",
                f"at least {REQUIRED:g} times",
                HOW_TO_INSTALL,
                is_met=None,
            )
        )
    report.publish()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=14)
    parser.add_argument(
        "--return-after", type=float, default=0.0, help="seconds; 0 makes the busiest scene"
    )
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--every", type=int, default=3, help="the peer looks at each Nth frame")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="a tiny scene, to try this out")
    return parser.parse_args(arguments)


def _peer_fps(peer: Peer, path: Path, part: range, every: int, truth: object) -> float:
    wanted = set(part[::every])
    busy_s, n_looked_at = 0.0, 0
    with inputs.clip(path) as frames:
        for frame in frames:
            if frame.index >= part.stop:
                break
            if frame.index in wanted:
                started = perf_counter()
                found = peer.look(frame.pixels_rgb)
                busy_s += perf_counter() - started
                n_looked_at += 1
                peer.score(frame, found, truth)
    return n_looked_at / busy_s


def _add_overt(report: Report, result: object, fps: list[float]) -> None:
    scored = result.scored
    recognised = scored.recognition_opportunities - scored.missed
    report.rows.append(
        (
            "overt",
            spread(fps).text(),
            str(scored.recognition_opportunities),
            str(recognised),
            str(scored.false_alerts),
            f"every one, {result.frames.analysed}",
        )
    )
    report.figures["overt"] = {
        "fps": fps,
        "recognition_opportunities": scored.recognition_opportunities,
        "true_alerts": scored.true_alerts,
        "missed": scored.missed,
        "false_alerts": scored.false_alerts,
    }


def _add_peer(
    report: Report,
    peer: Peer,
    fps: list[float],
    every: int,
    truth: object,
    listed: frozenset[str],
) -> None:
    n_opportunities = len(truth.of_subjects(listed))
    report.rows.append(
        (
            "face_recognition",
            spread(fps).text(),
            str(n_opportunities),
            str(len(peer.recognised)),
            str(len(peer.wrong) + len(peer.nobody)),
            "every one" if every == 1 else f"one in {every}",
        )
    )
    report.notes.append(
        f"face_recognition {version('face-recognition')} at its defaults: HOG detector, picture "
        f"enlarged once, tolerance 0.6; it looked at one in {every} frames, found "
        f"{peer.n_faces} faces; its frames a second are those that it looked at over the "
        "time that these took, decoding left out. Recognised: a passage that it named rightly "
        "in at least one frame. False alerts: passages that it named wrongly at least once, "
        f"counted once a passage and name, {len(peer.wrong)}, and names given to what is no "
        f"passage, {len(peer.nobody)}. "
        "Fewer frames give it fewer chances for either."
    )
    report.figures["face_recognition"] = {
        "fps": fps,
        "every": every,
        "recognised": len(peer.recognised),
        "wrong": sorted(peer.wrong),
        "nobody": sorted(peer.nobody),
        "n_faces": peer.n_faces,
    }


def _faster(ratio: Spread) -> object:
    return bar(
        "Frames a second against face_recognition",
        f"at least {REQUIRED:g} times",
        ratio.text(unit="times"),
        is_met=ratio.median >= REQUIRED,
    )


def _no_worse(result: object, peer: Peer) -> list:
    scored = result.scored
    recognised = scored.recognition_opportunities - scored.missed
    false_of_peer = len(peer.wrong) + len(peer.nobody)
    return [
        bar(
            "Opportunities recognised",
            "no fewer than face_recognition",
            f"{recognised} against {len(peer.recognised)}",
            is_met=recognised >= len(peer.recognised),
        ),
        bar(
            "False alerts",
            "no more than face_recognition",
            f"{scored.false_alerts} against {false_of_peer}",
            is_met=scored.false_alerts <= false_of_peer,
        ),
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
