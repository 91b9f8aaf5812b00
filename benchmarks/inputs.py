"""What the benchmarks run on: people, their photographs, clips made of them.

``OVERT_TEST_DATA`` names a folder with a sub-folder ``johns`` (5 people, 11 photographs
each, the example set of the dlib library); without it, a folder ``shared/data`` beside
the repository is looked for. Without either, the two portraits of the default cast stand in.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from overt.adapters.clock import SystemClock
from overt.adapters.video.clip import Clip
from overt.adapters.video.clip_writer import ClipWriter
from overt.adapters.video.cutout import cut_out
from overt.adapters.video.default_cast import default_cast
from overt.adapters.video.photographs import photographs_of_people, read_photograph
from overt.adapters.video.read_ahead import ReadAhead
from overt.adapters.video.scene import Scene
from overt.bootstrap.rehearsal import open_pack
from overt.core.gallery import freeze_gallery
from overt.core.operating_point import OperatingPoint
from overt.core.photograph import Photograph
from overt.services.enrol_watchlist import EnrolledFace, enrol, find_portraits
from overt.services.recognition import Recogniser
from overt.services.rehearse import RehearsalPlan, rehearse
from overt.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from overt.adapters.models.packs import LoadedPack
    from overt.adapters.video.cutout import Cutout
    from overt.adapters.video.scene_settings import SceneSettings
    from overt.core.gallery import Gallery
    from overt.core.passage import GroundTruth
    from overt.services.rehearse import RehearsalResult

ROOT = Path(__file__).resolve().parents[1]
STARTED_AT = datetime(2020, 1, 1, 12, tzinfo=UTC)
CAMERA = "rehearsal"

People = dict[str, tuple[Path, ...]]


def people() -> tuple[People, str]:
    """Return photographs by person, and a note that says whose they are."""
    data = Path(os.environ.get("OVERT_TEST_DATA", ROOT.parent / "shared" / "data"))
    if (data / "johns").is_dir():
        found = photographs_of_people(data / "johns")
        n_photographs = sum(map(len, found.values()))
        return found, f"People: johns, {len(found)} people, {n_photographs} photographs."
    note = "People: the default cast, two portraits, as OVERT_TEST_DATA names no folder of johns."
    return dict(default_cast()), note


def split(everybody: People) -> tuple[People, People]:
    """Return each person's photographs in two halves, so that none is in both.

    A person with one photograph has it in both halves.

    Args:
        everybody: Photographs by person.
    """
    for_list = {person: paths[0::2] for person, paths in everybody.items()}
    for_walk = {person: paths[1::2] or paths for person, paths in everybody.items()}
    return for_list, for_walk


def one_walker_a_photograph(everybody: People, at_least: int) -> People:
    """Return every photograph as a walker of its own, as often as needed.

    Args:
        everybody: Photographs by person.
        at_least: How many walkers are needed.
    """
    pictures = [(person, path) for person, paths in everybody.items() for path in paths]
    n_walkers = max(at_least, len(pictures))
    return {
        f"{pictures[number % len(pictures)][0]}-{number}": (pictures[number % len(pictures)][1],)
        for number in range(n_walkers)
    }


def photographs(whose: Mapping[str, Sequence[Path]]) -> Iterator[Photograph]:
    """Yield each person's photographs, read now.

    Args:
        whose: Photographs by person.
    """
    for person, paths in whose.items():
        for path in paths:
            yield Photograph(person, path.name, read_photograph(path))


def loaded_pack() -> tuple[LoadedPack, OperatingPoint]:
    """Return the default model pack and its operating point, as ``overt`` would load them."""
    pack = open_pack(read_settings())
    return pack, OperatingPoint(pack.manifest.threshold.value)


def cutouts(
    whose: Mapping[str, Sequence[Path]], pack: LoadedPack, point: OperatingPoint
) -> dict[str, list[Cutout]]:
    """Return the heads of those photographs that show one clear face.

    Args:
        whose: Photographs by person.
        pack: Finds the faces.
        point: Limits for photographs.
    """
    cast: dict[str, list[Cutout]] = {}
    for photograph in photographs(whose):
        (portrait,) = find_portraits([photograph], pack, point)
        if isinstance(portrait, EnrolledFace):
            cut = cut_out(photograph.pixels_rgb, portrait.box_xyxy)
            cast.setdefault(photograph.entry_id, []).append(cut)
    return cast


def chips(whose: Mapping[str, Sequence[Path]], pack: LoadedPack, point: OperatingPoint) -> list:
    """Return the aligned chip of each photograph that shows one clear face.

    Args:
        whose: Photographs by person.
        pack: Finds and aligns.
        point: Limits for photographs.
    """
    found = find_portraits(list(photographs(whose)), pack, point)
    return [portrait.chip_rgb for portrait in found if isinstance(portrait, EnrolledFace)]


def gallery_of(
    listed: Mapping[str, Sequence[Path]], pack: LoadedPack, point: OperatingPoint
) -> Gallery:
    """Return the gallery of a watchlist.

    Args:
        listed: Photographs by entry.
        pack: Makes the templates.
        point: Limits for photographs.
    """
    enrolment = enrol(photographs(listed), pack, point)
    return freeze_gallery(enrolment.references, pack_digest=pack.embedder.pack_digest)


def scene_of(cast: Mapping[str, Sequence[Cutout]], settings: SceneSettings) -> Scene:
    """Return a scene.

    Args:
        cast: Cutouts by person.
        settings: What it looks like.
    """
    return Scene(cast, replace(settings, camera_id=CAMERA), started_at=STARTED_AT)


def small(settings: SceneSettings) -> SceneSettings:
    """Return a scene that is quick to draw, for trying a benchmark out.

    Args:
        settings: Of the real scene.
    """
    return replace(settings, size_wh=(480, 270), fps=10.0, walk_s=(1.0, 1.2), face_px=(40, 80))


def write_clip(path: Path, scene: Scene, wanted: range, fps: float) -> None:
    """Write some of a scene's frames to a clip.

    Args:
        path: Where.
        scene: Draws the frames.
        wanted: Which frames, one after the other.
        fps: Of the clip.
    """
    with ClipWriter(path, fps=fps) as writer:
        for frame in scene:
            if frame.index >= wanted.stop:
                break
            if frame.index in wanted:
                writer.write(frame.pixels_rgb)


def longest_run(truth: GroundTruth, n_frames: int, n_faces: Iterable[int], most: int) -> range:
    """Return the longest stretch of frames that each show one of these numbers of faces.

    Args:
        truth: Of the scene.
        n_frames: Of the scene.
        n_faces: Numbers of faces that are wanted.
        most: Longest stretch wanted; a longer one is cut off.
    """
    wanted, best, start = set(n_faces), range(0), 0
    for index in range(n_frames + 1):
        if index == n_frames or len(truth.boxes_at(index)[0]) not in wanted:
            best = max(best, range(start, index), key=len)
            start = index + 1
    return best[:most]


def clip(path: Path) -> ReadAhead:
    """Return a clip, decoded ahead as ``overt rehearse --clip`` does it.

    Args:
        path: Where it lies.
    """
    return ReadAhead(Clip(path, camera_id=CAMERA, started_at=STARTED_AT))


def rehearse_clip(
    path: Path,
    pack: LoadedPack,
    gallery: Gallery,
    point: OperatingPoint,
    truth: GroundTruth | None = None,
) -> RehearsalResult:
    """Return what a clip showed, run as ``overt rehearse --clip`` runs it.

    Args:
        path: The clip.
        pack: The networks.
        gallery: Who is on the list.
        point: Every number that decides.
        truth: Every passage, where known.
    """
    plan = RehearsalPlan("benchmark", frozenset(gallery.entry_ids))
    recogniser = Recogniser(pack, gallery, point)
    return rehearse(clip(path), recogniser, plan, clock=SystemClock(), truth=truth)
