"""The streets of the demonstration: generated scenes, each drawn once into a clip in the cache."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from overt import __version__
from overt.adapters.files.file_digest import sha256_of_file
from overt.adapters.video.clip_writer import ClipWriter
from overt.adapters.video.default_cast import default_cast
from overt.adapters.video.scene import Scene
from overt.adapters.video.scene_settings import SceneSettings
from overt.bootstrap.rehearsal import cutouts_of, open_pack
from overt.core.operating_point import OperatingPoint
from overt.errors import OutputUnwritableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from overt.settings import Settings

STREET = SceneSettings(
    seed=5,
    n_passages=8,
    max_at_once=2,
    size_wh=(640, 360),
    fps=6.0,
    camera_id="street",
    face_px=(44.0, 118.0),
    walk_s=(6.0, 9.0),
    return_after_s=7.0,
)
"""Small and slow: a third of one core analyses it, and a machine that keeps up with two frames
a second still raises every alert."""

_NO_DATE = datetime(2020, 1, 1, 12, tzinfo=UTC)  # a clip that is looped has no date of its own
_DIGITS = 16


def scene_of(settings: Settings, scene: SceneSettings) -> Scene:
    """Return a generated street with those who walk in it; nothing is drawn yet.

    Args:
        settings: With the model pack that finds the heads to cut out.
        scene: What it looks like.

    Raises:
        FolderUnusableError: A portrait is missing.
    """
    pack = open_pack(settings)
    point = OperatingPoint(pack.manifest.threshold.value)
    return Scene(cutouts_of(default_cast(), pack, point), scene, started_at=_NO_DATE)


def clip_of(
    settings: Settings,
    scene: SceneSettings = STREET,
    *,
    on_total: Callable[[int | None], None] = lambda _: None,
    on_frame: Callable[[], None] = lambda: None,
) -> Path:
    """Return the clip of a generated street, drawn now if the cache has it not.

    Args:
        settings: With the cache, and the model pack that finds the heads to cut out.
        scene: What it looks like; the street of the demonstration without it.
        on_total: Called with the number of frames to draw.
        on_frame: Called after each.

    Raises:
        FolderUnusableError: A portrait is missing.
        OutputUnwritableError: The clip cannot be written.
    """
    path = settings.cache / "demo" / f"street-{_digest(scene)}.mp4"
    if path.is_file():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        msg = f"the cache for the demonstration cannot be made ({type(error).__name__})"
        raise OutputUnwritableError(msg) from error
    drawn = scene_of(settings, scene)
    on_total(drawn.n_frames)
    own = path.with_stem(f"{path.stem}-{os.getpid()}")  # another process may draw the same
    with ClipWriter(own, fps=scene.fps) as writer:
        for frame in drawn:
            writer.write(frame.pixels_rgb)
            on_frame()
    own.replace(path)
    return path


def _digest(scene: SceneSettings) -> str:
    """Return a digest of all that decides what is drawn."""
    portraits = [sha256_of_file(path) for paths in default_cast().values() for path in paths]
    text = "\n".join([__version__, repr(scene), *portraits])
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
