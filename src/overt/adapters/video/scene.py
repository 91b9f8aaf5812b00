"""A generated rehearsal: volunteers' photographs walk along a painted street.

It stands in for a camera where nobody may be filmed: every passage is known, so
alerts can be counted as true, false or missed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Self

import numpy as np
from PIL import Image

from overt.adapters.video.scene_background import paint_street
from overt.adapters.video.scene_people import Costume, draw_occluder
from overt.adapters.video.scene_plan import plan_scene
from overt.core.frame import Frame, FrameCounts
from overt.errors import SettingInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from numpy.random import Generator
    from numpy.typing import NDArray

    from overt.adapters.video.cutout import Cutout
    from overt.adapters.video.scene_plan import Walker
    from overt.adapters.video.scene_settings import SceneSettings
    from overt.core.passage import GroundTruth

_NOISE_REACH = 3.5
_NOISE_TILES = 2
_NOISE_MARGIN_PX = 64
_PLAN, _STREET, _NOISE = range(3)


class Scene:
    """A frame source that draws its frames; the same settings and cast give the same bytes.

    Iterating again gives the same frames again.

    Attributes:
        camera_id: Which camera the scene plays.
        n_frames: Number of frames.
        duration_s: Length of the scene in seconds.
    """

    def __init__(
        self,
        cast: Mapping[str, Sequence[Cutout]],
        settings: SceneSettings,
        *,
        started_at: datetime,
    ) -> None:
        """Plan the scene; nothing is drawn yet.

        Args:
            cast: Cutouts by subject id; at least one person, at least one cutout each.
            settings: What the scene looks like.
            started_at: Aware UTC time that the first frame is given.

        Raises:
            SettingInvalidError: The cast is empty, or somebody has no cutout.
        """
        if not cast or not all(cast.values()):
            msg = "a scene needs at least one person and at least one photograph of each"
            raise SettingInvalidError(msg, setting="cast", value=len(cast))
        self.camera_id = settings.camera_id
        self._settings = settings
        self._started_at = started_at
        self._plan = plan_scene(cast, settings, _generator(settings.seed, _PLAN))
        self._counts = FrameCounts()

    @property
    def n_frames(self) -> int:
        """Return the number of frames."""
        return self._plan.n_frames

    @property
    def duration_s(self) -> float:
        """Return the length of the scene in seconds."""
        return self._plan.n_frames / self._settings.fps

    def ground_truth(self) -> GroundTruth:
        """Return every passage of the scene; known before a frame is drawn."""
        return self._plan.ground_truth()

    def counts(self) -> FrameCounts:
        """Return the number of frames drawn so far."""
        return self._counts

    def __enter__(self) -> Self:
        """Return the scene; there is nothing to open."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Leave; there is nothing to close."""

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order."""
        settings = self._settings
        reach = math.ceil(_NOISE_REACH * settings.noise_sigma)
        limits = (reach, 255 - reach)
        street = np.clip(
            paint_street(settings.size_wh, _generator(settings.seed, _STREET)), *limits
        )
        background = Image.fromarray(street)
        noise = _SensorNoise(settings, reach)
        costumes: dict[str, Costume] = {}
        for index in range(self.n_frames):
            picture = background.copy()
            self._draw_people(picture, index, costumes, limits)
            yield self._frame(noise.added_to(picture), index)

    def _draw_people(
        self,
        picture: Image.Image,
        index: int,
        costumes: dict[str, Costume],
        limits: tuple[int, int],
    ) -> None:
        present = [walker for walker in self._plan.walkers if _step(walker, index) is not None]
        for gone in costumes.keys() - {walker.passage.passage_id for walker in present}:
            del costumes[gone]
        present.sort(key=lambda walker: walker.walk.unit_px[index - walker.walk.first_frame])
        for walker in present:
            name = walker.passage.passage_id
            if name not in costumes:
                costumes[name] = Costume(walker, limits)
            step = index - walker.walk.first_frame
            costumes[name].draw(picture, step, self._settings.shutter_share)
            _draw_occluder_of(walker, picture, index)

    def _frame(self, pixels_rgb: NDArray[np.uint8], index: int) -> Frame:
        elapsed_s = index / self._settings.fps
        captured_at = self._started_at + timedelta(seconds=elapsed_s)
        self._counts = replace(self._counts, decoded=self._counts.decoded + 1)
        return Frame(pixels_rgb, index, captured_at, elapsed_s, self.camera_id)


class _SensorNoise:
    """Noise that never wraps: pictures keep ``reach`` away from black and white."""

    def __init__(self, settings: SceneSettings, reach: int) -> None:
        self._rng = _generator(settings.seed, _NOISE)
        width, height = (side + _NOISE_MARGIN_PX for side in settings.size_wh)
        self._tiles = []
        for _ in range(_NOISE_TILES if settings.noise_sigma else 0):
            grain = self._rng.standard_normal((height, width, 3), np.float32)
            whole = np.rint(np.clip(grain * settings.noise_sigma, -reach, reach))
            self._tiles.append(whole.astype(np.int8).view(np.uint8))

    def added_to(self, picture: Image.Image) -> NDArray[np.uint8]:
        pixels = np.asarray(picture)
        if not self._tiles:
            return pixels.copy()
        tile = self._tiles[int(self._rng.integers(_NOISE_TILES))]
        x, y = (int(offset) for offset in self._rng.integers(0, _NOISE_MARGIN_PX, 2))
        # Two's complement: adding 255 modulo 256 takes 1 away.
        noisy: NDArray[np.uint8] = pixels + tile[y : y + picture.height, x : x + picture.width]
        return noisy


def _generator(seed: int, purpose: int) -> Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, purpose])))


def _step(walker: Walker, index: int) -> int | None:
    step = index - walker.walk.first_frame
    return step if 0 <= step < walker.walk.n_frames else None


def _draw_occluder_of(walker: Walker, picture: Image.Image, index: int) -> None:
    occluder = walker.occluder
    if occluder and 0 <= index - occluder.first_frame < occluder.n_frames:
        draw_occluder(picture, occluder, index - occluder.first_frame)
